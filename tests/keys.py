"""A passkey as a device would have made it. Nobody has its private part."""

import base64
import hashlib

from allauth.mfa.models import Authenticator
from cryptography.hazmat.primitives.asymmetric import ec
from fido2.cose import ES256
from fido2.webauthn import (
    AttestationObject,
    AttestedCredentialData,
    AuthenticatorData,
    CollectedClientData,
)

PRESENT_AND_VERIFIED = 0x45


def passkey_of(user, name="Min telefon", number=b"nyckel-1"):
    public = ES256.from_cryptography_key(ec.generate_private_key(ec.SECP256R1()).public_key())
    made = AuthenticatorData.create(
        hashlib.sha256(b"localhost").digest(),
        PRESENT_AND_VERIFIED,
        0,
        AttestedCredentialData.create(bytes(16), number, public),
    )
    client = CollectedClientData.create("webauthn.create", b"fraga", "http://localhost")
    credential = {
        "id": text(number),
        "rawId": text(number),
        "type": "public-key",
        "response": {
            "clientDataJSON": text(client),
            "attestationObject": text(AttestationObject.create("none", made, {})),
        },
        "clientExtensionResults": {"credProps": {"rk": True}},
    }
    data = {"name": name, "credential": credential}
    return Authenticator.objects.create(user=user, type="webauthn", data=data)


def text(raw):
    return base64.urlsafe_b64encode(bytes(raw)).decode().rstrip("=")
