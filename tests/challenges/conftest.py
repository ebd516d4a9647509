from types import SimpleNamespace

import pytest

from challenges import actions
from tests import factories as make
from tests.cast import employee

from .support import fill


@pytest.fixture(autouse=True)
def media(settings, tmp_path):
    """Files of a test land in a folder of its own; people are made fast."""
    settings.MEDIA_ROOT = tmp_path / "media"
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    return tmp_path / "media"


@pytest.fixture
def arena(cast):
    """The cast, criteria on the challenge and a colleague of the supplier who is no author."""
    for position, limit in enumerate([10, 20], start=1):
        make.CriterionFactory(challenge=cast.challenge, position=position, word_limit=limit)
    cast.criteria = list(cast.challenge.criteria.all())
    cast.colleague = employee(cast.company, name="Kim Kollega")
    return cast


@pytest.fixture
def draft(arena):
    """An answer of the supplier that is ready to submit."""
    submission = actions.start_submission(
        arena.challenge, organisation=arena.company, by=arena.supplier
    )
    fill(submission, by=arena.supplier)
    return submission


@pytest.fixture
def two(arena, draft):
    """Two authors of one draft."""
    actions.add_author(draft, arena.colleague, by=arena.supplier)
    return SimpleNamespace(draft=draft, one=arena.supplier, other=arena.colleague)
