"""The opener's own key. Its process alone has it, in its environment and in no setting: settings
are shown by too many tools.
"""

import base64
import binascii
import os

KEK = "AFORI_OPENER_KEK"
BYTES = 32


class NotTheOpener(Exception):
    """This process does not hold the opener's key."""


def has_kek():
    return bool(os.environ.get(KEK))


def kek():
    """The key-encryption key, 32 bytes. Raises NotTheOpener in every other process."""
    try:
        key = base64.urlsafe_b64decode(os.environ.get(KEK, ""))
    except (binascii.Error, ValueError) as error:
        raise NotTheOpener(f"{KEK} is not base64") from error
    if len(key) != BYTES:
        raise NotTheOpener(f"{KEK} is missing or does not hold {BYTES} bytes")
    return key
