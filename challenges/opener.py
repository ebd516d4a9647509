"""The opener's own key, and the verify key by which all others know the opener.

The first is in the environment of its process alone and in no setting: settings are shown by too
many tools. The second is in every process's settings, where nobody who can write in the database
reaches it.
"""

import base64
import binascii
import os

from django.conf import settings

from . import seal

KEK = "AFORI_OPENER_KEK"
BYTES = 32


class NotTheOpener(Exception):
    """This process does not hold the opener's key."""


def has_kek():
    return bool(os.environ.get(KEK))


def kek():
    """The key-encryption key, 32 bytes. Raises NotTheOpener in every other process."""
    key = decoded(os.environ.get(KEK, ""))
    if len(key) != BYTES:
        raise NotTheOpener(f"{KEK} is missing or does not hold {BYTES} bytes in base64")
    return key


def pinned():
    """The opener's verify key as the settings have it, b"" if they have none."""
    return decoded(settings.AFORI_OPENER_VERIFY_KEY)


def decoded(text):
    try:
        return base64.urlsafe_b64decode(text)
    except (binascii.Error, ValueError):
        return b""


def is_ready(challenge, key):
    """Whether answers can be sealed: the key is the opener's own, and promised for the very time
    that the challenge closes.
    """
    if key is None or key.made_at is None or key.not_before != challenge.closes_at:
        return False
    return is_promised(key, pinned())


def is_own(key):
    """Whether this opener made the key, and can open with it."""
    try:
        seal.unwrap(kek(), key.token, key.wrapped_private)
    except seal.Broken:
        return False
    return is_promised(key, seal.verify_key(kek()))


def is_promised(key, verify_key):
    try:
        require_promise(key, verify_key)
    except seal.Broken:
        return False
    return True


def require_promise(key, verify_key):
    seal.require_promise(verify_key, key.token, key.public_key, key.not_before, key.signature)
