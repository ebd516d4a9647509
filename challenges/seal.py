"""The seal's cryptography, on libsodium: bytes in, bytes out. docs/security.md explains it.

A part is sealed in chunks under a random key of its own (XChaCha20-Poly1305 secretstream, each
chunk bound to where it belongs), and that key in a sealed box to the challenge's public key. The
private key is kept wrapped under the opener's own key, its KEK.
"""

from dataclasses import dataclass
from datetime import UTC

from nacl import bindings, secret, signing
from nacl import hash as hashes
from nacl.encoding import RawEncoder
from nacl.exceptions import BadSignatureError, CryptoError
from nacl.public import PrivateKey, PublicKey, SealedBox
from nacl.utils import random

CHUNK = 1 << 20
SPARE = bindings.crypto_secretstream_xchacha20poly1305_ABYTES
HEADER = bindings.crypto_secretstream_xchacha20poly1305_HEADERBYTES
MORE = bindings.crypto_secretstream_xchacha20poly1305_TAG_MESSAGE
LAST = bindings.crypto_secretstream_xchacha20poly1305_TAG_FINAL


class Broken(Exception):
    """What is sealed was changed, cut, moved elsewhere, or sealed to another key."""


@dataclass(frozen=True)
class Pair:
    public_key: bytes
    wrapped_private: bytes
    signature: bytes


# The opener's side: all of it needs the KEK.


def new_pair(kek, token, not_before):
    """A challenge's key pair: the private key wrapped, and a promise not to use it earlier."""
    private = PrivateKey.generate()
    public_key = bytes(private.public_key)
    wrapped = secret.Aead(derived(kek, b"wrap")).encrypt(bytes(private), aad=token.encode())
    return Pair(public_key, bytes(wrapped), promise(kek, token, public_key, not_before))


def unwrap(kek, token, wrapped_private):
    """The private key. Raises Broken if it is another opener's or another challenge's."""
    try:
        aead = secret.Aead(derived(kek, b"wrap"))
        return PrivateKey(aead.decrypt(bytes(wrapped_private), aad=token.encode()))
    except CryptoError as error:
        raise Broken("key") from error


def promise(kek, token, public_key, not_before):
    """The opener's signature: this key opens nothing before that moment."""
    return signer(kek).sign(promised(token, public_key, not_before)).signature


def verify_key(kek):
    """The public key by which everybody can tell the opener's promises from others."""
    return bytes(signer(kek).verify_key)


def signer(kek):
    return signing.SigningKey(derived(kek, b"sign"))


def derived(kek, purpose):
    return hashes.blake2b(b"afori seal 1", key=kek, person=purpose, encoder=RawEncoder)


def open_key(private_key, sealed_key):
    """A part's own key. Raises Broken."""
    try:
        return SealedBox(private_key).decrypt(bytes(sealed_key))
    except CryptoError as error:
        raise Broken("sealed key") from error


# A promise is checked by the opener's verify key, which is no secret.


def require_promise(verify_key, token, public_key, not_before, signature):
    """Raise Broken if the promise is not the opener's own, word for word."""
    promise = promised(token, public_key, not_before)
    try:
        signing.VerifyKey(verify_key).verify(promise, bytes(signature))
    except (BadSignatureError, ValueError) as error:
        raise Broken("promise") from error


def promised(token, public_key, not_before):
    moment = not_before.astimezone(UTC).isoformat(timespec="microseconds")
    return f"afori seal 1\n{token}\n{bytes(public_key).hex()}\n{moment}".encode()


# Sealing needs the public key alone, reading a part only the part's own key.


def new_part_key(public_key):
    """A random key for one part, and the same in a sealed box."""
    key = random(bindings.crypto_secretstream_xchacha20poly1305_KEYBYTES)
    return key, SealedBox(PublicKey(bytes(public_key))).encrypt(key)


def sealed(key, content, place):
    """Yield the sealed chunks of `content`, bound to `place`: a header, then chunk by chunk."""
    state = bindings.crypto_secretstream_xchacha20poly1305_state()
    yield bindings.crypto_secretstream_xchacha20poly1305_init_push(state, key)
    view = memoryview(content)
    for start in range(0, max(len(view), 1), CHUNK):
        tag = LAST if start + CHUNK >= len(view) else MORE
        chunk = bytes(view[start : start + CHUNK])
        yield bindings.crypto_secretstream_xchacha20poly1305_push(state, chunk, place, tag)


def unsealed(key, stream, place):
    """Yield the plain chunks of a binary stream. Raises Broken unless all of it is as sealed."""
    state = bindings.crypto_secretstream_xchacha20poly1305_state()
    tag = None
    try:
        header = stream.read(HEADER)
        bindings.crypto_secretstream_xchacha20poly1305_init_pull(state, header, key)
        while chunk := stream.read(CHUNK + SPARE):
            if tag == LAST:
                raise Broken("tail")
            plain, tag = bindings.crypto_secretstream_xchacha20poly1305_pull(state, chunk, place)
            yield plain
    except (CryptoError, ValueError, TypeError) as error:
        raise Broken("content") from error
    if tag != LAST:
        raise Broken("cut")


def place(token, reference, version, position):
    """Where a part belongs. Sealed for one place, it cannot be read as if from another."""
    return f"afori part 1\n{token}\n{reference}\n{version}\n{position}".encode()
