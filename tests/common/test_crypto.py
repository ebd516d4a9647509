import pytest
from cryptography.fernet import Fernet, InvalidToken

from afori.common import crypto


@pytest.fixture
def keys(settings):
    def use(*values):
        settings.AFORI_DATA_KEYS = list(values)
        crypto._keys.cache_clear()

    yield use
    crypto._keys.cache_clear()


def test_text_survives_and_never_shows():
    sealed = crypto.encrypt("Hemligt svar åäö".encode())
    assert b"Hemligt" not in sealed
    assert crypto.decrypt(sealed).decode() == "Hemligt svar åäö"


def test_changed_text_is_refused():
    sealed = bytearray(crypto.encrypt(b"x" * 40))
    sealed[30] ^= 1
    with pytest.raises(InvalidToken):
        crypto.decrypt(bytes(sealed))


def test_old_key_still_opens_after_a_new_one_comes_first(keys):
    old, new = Fernet.generate_key().decode(), Fernet.generate_key().decode()
    keys(old)
    sealed = crypto.encrypt(b"x")
    keys(new, old)
    assert crypto.decrypt(sealed) == b"x"
    keys(new)
    with pytest.raises(InvalidToken):
        crypto.decrypt(sealed)
