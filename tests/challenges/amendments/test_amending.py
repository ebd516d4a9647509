"""Amendments: the one way to change what is published."""

import json
from datetime import timedelta

import pytest
from django.utils import timezone

from afori.common.states import Refused
from afori.notifications.following import follow
from afori.notifications.models import OutgoingMail
from challenges.actions import Overtaken
from challenges.actions.amending import NotPossible
from challenges.locks import database_now
from challenges.models import AuditEntry, Challenge
from tests import factories as make
from tests.telling import notified

from ..support import closes
from .support import DAY, change

pytestmark = pytest.mark.django_db


def test_an_amendment_is_numbered_dated_and_tells_the_watchers(arena, published, draft):
    follow("challenge", published, by=arena.user)
    before = published.closes_at
    first = change(published, arena.member, closes_at=before + DAY, contact="Ny kontakt")
    second = change(published, arena.member, seen=1, contact="Nyare")
    assert [first.number, second.number] == [1, 2]
    assert abs(database_now() - first.published_at) < timedelta(minutes=1)
    kept = {one.name: (one.before, one.after) for one in first.fields.all()}
    assert kept["contact"] == ('"Karin Almgren"', '"Ny kontakt"')
    assert kept["closes_at"][0].endswith('+00:00"')
    published.refresh_from_db()
    assert (published.closes_at, published.contact) == (before + DAY, "Nyare")
    told = notified(kind="challenges.amended", subject_id=first.pk)
    assert {one.user for one in told} == {arena.user, arena.supplier}
    assert OutgoingMail.objects.filter(kind="challenges.amended").count() == 4


def test_an_amendment_is_chained(arena, published):
    at = published.closes_at + DAY
    change(published, arena.member, closes_at=at)
    entry = AuditEntry.objects.get(event="amended")
    facts = json.loads(entry.facts)
    assert (facts["number"], facts["fields"]) == (1, ["closes_at"])
    assert facts["closes_at"] == at.isoformat()


@pytest.mark.parametrize("followers", [1, 30])
def test_telling_takes_the_same_queries_for_many(
    arena, published, django_assert_num_queries, followers
):
    for _each in range(followers):
        follow("challenge", published, by=make.UserFactory())
    with django_assert_num_queries(16):
        change(published, arena.member, contact="Ny kontakt")


WRONG = {
    "an earlier deadline": {"closes_at": -1},
    "no deadline": {"closes_at": None},
    "an opening that has been": {"opens_at": 1},
    "an earlier last day to ask": {"questions_until": -1},
    "asking after the deadline": {"questions_until": 6},
    "answers before the last day to ask": {"answers_by": -3},
    "answers after the deadline": {"answers_by": 4},
    "no answers": {"answers_by": None},
}


@pytest.mark.parametrize("name", WRONG)
def test_times_keep_their_order(arena, published, name):
    [(field, days)] = WRONG[name].items()
    value = None if days is None else getattr(published, field) + days * DAY
    with pytest.raises(NotPossible) as refusal:
        change(published, arena.member, **{field: value})
    assert field in refusal.value.problems


@pytest.mark.parametrize(
    "changes",
    [
        {"contact": ""},
        {"adoption_plan_sv": ""},
        {"budget_min": 5, "budget_max": 4},
        {"decision_expected_on": timezone.localdate()},
    ],
)
def test_values_that_cannot_be(arena, published, changes):
    with pytest.raises(NotPossible):
        change(published, arena.member, **changes)


@pytest.mark.parametrize("name", ["state", "slug", "owner_id", "wait_days", "weight"])
def test_other_fields_are_not_amended(arena, published, name):
    with pytest.raises(Refused) as refusal:
        change(published, arena.member, **{name: "x"})
    assert refusal.value.code == "fields"


def test_an_upcoming_challenge_may_open_at_another_time(arena, published):
    Challenge.objects.filter(pk=published.pk).update(opens_at=database_now() + DAY)
    change(published, arena.member, opens_at=database_now() + 2 * DAY)
    with pytest.raises(NotPossible):
        change(published, arena.member, seen=1, opens_at=database_now() - DAY)


def test_nothing_is_amended_once_it_is_closed_or_before_it_is_published(arena, published):
    closes(published, seconds=-1)
    with pytest.raises(Refused) as refusal:
        change(published, arena.member, contact="Ny")
    assert refusal.value.code == "closed"
    for state in ("draft", "in_review", "decided", "cancelled"):
        Challenge.objects.filter(pk=published.pk).update(state=state)
        with pytest.raises(Refused) as refusal:
            change(published, arena.member, contact="Ny")
        assert refusal.value.code == "state"


def test_who_comes_second_is_told(arena, published):
    change(published, arena.member, contact="Först")
    with pytest.raises(Overtaken):
        change(published, arena.member, contact="Sedan")
