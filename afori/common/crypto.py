"""Texts and files at rest under the application's own keys (the first encrypts, all decrypt)."""

from functools import lru_cache

from cryptography.fernet import Fernet, MultiFernet
from django.conf import settings
from django.db import models


@lru_cache(maxsize=1)
def _keys():
    return MultiFernet([Fernet(key) for key in settings.AFORI_DATA_KEYS])


def encrypt(content: bytes) -> bytes:
    return _keys().encrypt(content)


def decrypt(content: bytes) -> bytes:
    """The plain bytes. Raises `cryptography.fernet.InvalidToken` if they were changed."""
    return _keys().decrypt(bytes(content))


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
