import json
import re

import pytest
from django.core.cache import cache

from afori.notifications.models import OutgoingMail


@pytest.fixture(autouse=True)
def fresh_limits(db):
    """Rate limits are kept in the cache; no test inherits another's."""
    cache.clear()


@pytest.fixture
def last_code():
    """Reads the code of the latest mail to an address, as its receiver would."""

    def read(address):
        mail = OutgoingMail.objects.filter(address=address, kind="account").latest("created_at")
        return json.loads(mail.secret)["context"]["code"]

    return read


@pytest.fixture
def text_of():
    """The words of a page, without markup, tokens and space."""

    def words(response):
        html = re.sub(r"<(script|style).*?</\1>", "", response.content.decode(), flags=re.S)
        return " ".join(re.sub(r"<[^>]+>", " ", html).split())

    return words
