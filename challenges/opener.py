"""The opener's own key. Its process alone has it, in its environment."""

import base64
import binascii

from django.conf import settings

BYTES = 32


class NotTheOpener(Exception):
    """This process does not hold the opener's key."""


def kek():
    """The key-encryption key, 32 bytes. Raises NotTheOpener in every other process."""
    try:
        key = base64.urlsafe_b64decode(settings.AFORI_OPENER_KEK)
    except (binascii.Error, ValueError) as error:
        raise NotTheOpener("AFORI_OPENER_KEK is not base64") from error
    if len(key) != BYTES:
        raise NotTheOpener("AFORI_OPENER_KEK is missing or does not hold 32 bytes")
    return key
