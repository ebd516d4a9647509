"""Non-interference before the opening: all that anybody else can see is the same with k answers
and with more.

The supplier has answered in both worlds; their own pages do not change either.
"""

import pytest

from . import worlds

pytestmark = pytest.mark.django_db


@pytest.fixture
def arena(cast):
    return worlds.prepared(cast)


def test_while_answers_come(arena, sign_in):
    roles = ["stranger", "rival", "supplier", "colleague", "superuser", "team", "opener"]
    differences, readable = worlds.compare(arena, sign_in, roles)
    assert differences == []
    assert readable > 15


def test_between_deadline_and_opening(arena, sign_in):
    roles = ["stranger", "buyer", "supplier", "owner", "superuser", "team", "opener", "panelist"]
    differences, readable = worlds.compare(arena, sign_in, roles, worlds.close)
    assert differences == []
    assert readable > 15
