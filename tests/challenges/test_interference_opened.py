"""Non-interference after the opening: all that anybody else can see is the same with k answers
and with more.

The supplier has answered in both worlds; their own pages do not change either.
"""

import pytest

from . import worlds

pytestmark = pytest.mark.django_db


@pytest.fixture
def arena(cast):
    return worlds.prepared(cast)


def test_while_answers_are_judged(arena, sign_in):
    roles = ["stranger", "user", "rival", "supplier", "colleague", "owner", "former", "superuser"]
    differences, readable = worlds.compare(arena, sign_in, roles, worlds.close, worlds.open_answers)
    assert differences == []
    assert readable > 15


def test_while_the_decisions_wait_for_publicity(arena, sign_in):
    roles = ["stranger", "user", "rival", "supplier", "colleague", "owner", "former", "superuser"]
    differences, readable = worlds.compare(
        arena, sign_in, roles, worlds.close, worlds.open_answers, worlds.send_decisions
    )
    assert differences == []
    assert readable > 15
