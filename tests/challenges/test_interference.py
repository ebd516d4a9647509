"""Non-interference: everything that anybody else can see is the same with k answers and with more.

The supplier has answered in both worlds; their own pages do not change either.
"""

import pytest
import time_machine
from django.utils import timezone

from . import worlds

pytestmark = pytest.mark.django_db
STAGES = {
    "open": (
        ("stranger", "rival", "supplier", "colleague", "superuser", "team", "opener"),
        (),
    ),
    "closed": (
        ("stranger", "buyer", "supplier", "owner", "superuser", "team", "opener", "panelist"),
        (worlds.close,),
    ),
    "opened": (
        ("stranger", "user", "rival", "supplier", "colleague", "owner", "former", "superuser"),
        (worlds.close, worlds.open_answers),
    ),
    "decisions sent, not public": (
        ("stranger", "user", "rival", "supplier", "colleague", "owner", "former", "superuser"),
        (worlds.close, worlds.open_answers, worlds.send_decisions),
    ),
}


@pytest.fixture
def arena(cast):
    return worlds.prepared(cast)


@pytest.mark.parametrize("stage", STAGES)
def test_nobody_else_can_tell_how_many_have_answered(arena, sign_in, stage):
    roles, steps = STAGES[stage]
    with time_machine.travel(timezone.now(), tick=False):
        few, many = (look(arena, sign_in, roles, steps, more) for more in (False, True))

    assert list(differences(few, many)) == []
    assert all(sum(one[0] == 200 for one in pages(few[role])) > 15 for role in roles)


def look(arena, sign_in, roles, steps, more):
    with worlds.world(arena):
        if more:
            worlds.answer_more(arena)
        for step in steps:
            step(arena)
        if more and steps:
            worlds.refuse_late(arena)
        return {role: worlds.everything_seen(arena, sign_in, role) for role in roles}


def pages(found):
    return [one for one in found.values() if isinstance(one, tuple)]


def differences(few, many):
    parts = ("status", "headers", "body", "queries")
    for role, found in few.items():
        for url, before in found.items():
            after = many[role][url]
            if before != after:
                named = isinstance(before, tuple)
                which = [parts[i] for i in range(4) if named and before[i] != after[i]]
                yield role, url, which or (before, after)
