"""Texts and files at rest under the application's own keys (the first encrypts, all decrypt)."""

from functools import lru_cache

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from django.conf import settings
from django.db import models
from django.utils.crypto import salted_hmac


@lru_cache(maxsize=1)
def _keys():
    return MultiFernet([Fernet(key) for key in settings.AFORI_DATA_KEYS])


def encrypt(content: bytes) -> bytes:
    """Fernet writes the time into what it makes, readable without a key: ours is always zero, for
    the moment may tell who wrote.
    """
    return _keys().encrypt_at_time(content, 0)


def decrypt(content: bytes) -> bytes:
    """The plain bytes. Raises `cryptography.fernet.InvalidToken` if they were changed."""
    return _keys().decrypt(bytes(content))


def marks(text: str) -> list[str]:
    """What stands for a text that may not be stored, one for each key, that of the first key first.

    The same text has the same mark; without the key nobody can make it or tell what it is of.
    """
    return [
        salted_hmac("afori.mark", text, secret=key, algorithm="sha256").hexdigest()
        for key in settings.AFORI_DATA_KEYS
    ]


class EncryptedTextField(models.BinaryField):
    """A text that the database, its dumps and its logs only ever hold encrypted."""

    def __init__(self, *args, **kwargs):
        kwargs.setdefault("editable", True)
        super().__init__(*args, **kwargs)

    def get_default(self):
        return "" if not self.has_default() else super().get_default()

    def to_python(self, value):
        return value

    def from_db_value(self, value, expression, connection):
        return "" if value is None else decrypt(value).decode()

    def get_db_prep_value(self, value, connection, prepared=False):
        if isinstance(value, str):
            value = encrypt(value.encode())
        return super().get_db_prep_value(value, connection, prepared)


class LosableTextField(EncryptedTextField):
    """One whose damage must not take the rest of its row away: what cannot be decrypted is read
    as empty, which nothing that was stored is.
    """

    def from_db_value(self, value, expression, connection):
        try:
            return super().from_db_value(value, expression, connection)
        except (InvalidToken, UnicodeDecodeError):
            return ""
