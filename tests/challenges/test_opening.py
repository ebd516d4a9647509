"""Opening: two named people, and the deadline by two clocks."""

import json
from datetime import timedelta

import pgtrigger
import pytest

from afori.common.states import Refused
from challenges import actions, parcels
from challenges.locks import database_now
from challenges.models import (
    Approval,
    AuditEntry,
    Challenge,
    ChallengeKey,
    Opening,
    SealedPart,
)
from challenges.openings import OpeningState
from challenges.tasks import work_as_opener
from tests import factories as make

from .openers import approve_both, move_approval
from .support import (
    approve,
    closes,
    guards_off,
    name_openers,
    opened,
    refuse_writes,
    submit,
)

pytestmark = pytest.mark.django_db


# Who may approve, and when


def test_two_named_people_open_what_was_received(closed, openers):
    approve_both(closed, openers)
    actions.open_approved()
    [answer] = Opening.objects.get(challenge=closed).answers.all()
    text, file = answer.version.parts.all()

    content = parcels.opened_text(text, closed.key)
    assert content["answers"][0]["text"] == "Ett kort svar"
    assert b"".join(parcels.opened_chunks(file, closed.key)) == b"En skiss"
    assert (answer.letter, answer.is_damaged) == ("A", False)


@pytest.mark.parametrize("role", ["owner", "member", "staff", "superuser", "supplier", "buyer"])
def test_nobody_else_approves(arena, closed, role):
    with pytest.raises(Refused) as refusal:
        approve(closed, getattr(arena, role))
    assert refusal.value.code == "opener"
    assert not Approval.objects.exists()


def test_one_person_twice_is_one_approval(closed, openers):
    first = approve(closed, openers[0])
    assert approve(closed, openers[0]) == first
    actions.open_approved()
    assert not Opening.objects.exists()
    with pytest.raises(actions.NotNow, match="approved by two"):
        actions.open_submissions(closed)


def test_approvals_too_far_apart_do_not_count_together(closed, openers):
    approve(closed, openers[0])
    closes(closed, hours=-2)
    move_approval(openers[0], minutes=31)
    approve(closed, openers[1])
    actions.open_approved()
    assert not Opening.objects.exists()

    approve(closed, openers[2])
    actions.open_approved()
    protocol = json.loads(Opening.objects.get().protocol)
    assert [one["name"] for one in protocol["approvals"]] == [p.name for p in openers[1:]]


def test_who_has_not_confirmed_just_now_does_not_approve(closed, openers):
    late = database_now() - timedelta(minutes=5, seconds=1)
    with pytest.raises(Refused) as refusal:
        actions.approve_opening(closed, by=openers[0], confirmed_at=late)
    assert refusal.value.code == "confirm"


def test_not_before_the_deadline(arena, openers):
    closes(arena.challenge, seconds=30)
    with pytest.raises(Refused) as refusal:
        approve(arena.challenge, openers[0])
    assert refusal.value.code == "early"


@pytest.mark.parametrize("state", ["draft", "in_review", "cancelled"])
def test_only_a_published_challenge_is_opened(closed, openers, state):
    approve_both(closed, openers)
    Challenge.objects.filter(pk=closed.pk).update(state=state)
    with pytest.raises(actions.NotNow, match="not published"):
        actions.open_submissions(closed)
    with pytest.raises(Refused):
        approve(closed, openers[0])


def test_a_closed_account_opens_nothing(closed, openers):
    approve_both(closed, openers)
    type(openers[0]).objects.filter(pk=openers[0].pk).update(is_active=False)
    with pytest.raises(actions.NotNow, match="approved by two"):
        actions.open_submissions(closed)


# What the opener checks for itself


def test_moving_the_deadline_in_the_database_opens_nothing(arena, draft, openers):
    """The promise that was signed still tells the time that suppliers were told."""
    submit(draft, by=arena.supplier)
    past = database_now() - timedelta(hours=1)
    with pgtrigger.ignore():
        Challenge.objects.filter(pk=arena.challenge.pk).update(closes_at=past, questions_until=None)
    approve_both(arena.challenge, openers)
    with pytest.raises(actions.NotNow, match="not yet"):
        actions.open_submissions(arena.challenge)


@pytest.mark.parametrize("field", ["not_before", "signature", "public_key", "token"])
def test_a_forged_promise_opens_nothing(closed, openers, field):
    approve_both(closed, openers)
    key = ChallengeKey.objects.get(challenge=closed)
    value = getattr(key, field)
    forged = {
        "not_before": key.not_before - timedelta(days=1),
        "token": "another-token",
    }.get(field) or bytes(value)[:-1] + bytes([bytes(value)[-1] ^ 1])
    ChallengeKey.objects.filter(pk=key.pk).update(**{field: forged})
    with pytest.raises(actions.NotNow):
        actions.open_submissions(closed)
    assert not Opening.objects.exists()
    assert not SealedPart.objects.filter(data_key__isnull=False).exists()


def test_approvals_written_in_advance_do_not_count(closed, openers):
    approve_both(closed, openers)
    Approval.objects.update(at=closed.closes_at - timedelta(minutes=1))
    with pytest.raises(actions.NotNow, match="approved by two"):
        actions.open_submissions(closed)


@pytest.mark.parametrize("fault", ["account closed", "in advance"])
def test_a_later_pair_counts_when_the_first_does_not(closed, openers, fault):
    approve_both(closed, openers)
    if fault == "account closed":
        type(openers[0]).objects.filter(pk=openers[0].pk).update(is_active=False)
    else:
        Approval.objects.update(at=closed.closes_at - timedelta(minutes=1))
        approve(closed, openers[1])
    state = OpeningState(closed, openers[2], database_now())
    assert (state.phase, state.standing.opener.user) == ("waiting", openers[1])

    approve(closed, openers[2])
    assert OpeningState(closed, openers[2], database_now()).phase == "approved"
    actions.open_approved()
    protocol = json.loads(Opening.objects.get().protocol)
    assert [one["name"] for one in protocol["approvals"]] == [p.name for p in openers[1:]]


@pytest.mark.parametrize("key", ["missing", "unmade"])
def test_without_a_key_nothing_opens(closed, openers, key):
    approve_both(closed, openers)
    if key == "missing":
        ChallengeKey.objects.all().delete()
    else:
        names = ["public_key", "wrapped_private", "not_before", "signature", "made_at"]
        ChallengeKey.objects.update(**dict.fromkeys(names))
    with pytest.raises(actions.NotNow, match="no key"):
        actions.open_submissions(closed)


def test_without_the_openers_key_nothing_opens(closed, openers, monkeypatch):
    approve_both(closed, openers)
    monkeypatch.delenv("AFORI_OPENER_KEK")
    with pytest.raises(actions.NotNow):
        actions.open_submissions(closed)
    assert not Opening.objects.exists()


def test_a_refused_opening_is_noted_once_for_each_reason(closed, openers):
    approve(closed, openers[0])
    for _each in range(3):
        with pytest.raises(actions.NotNow):
            actions.open_submissions(closed)
    assert AuditEntry.objects.filter(event="opening refused").count() == 1


def test_a_refusal_is_noted_anew_for_another_pair(closed, openers):
    ChallengeKey.objects.update(signature=b"x" * 64)
    approve_both(closed, openers)
    actions.open_approved()
    closes(closed, hours=-2)
    ChallengeKey.objects.update(signature=b"x" * 64)
    move_approval(openers[0], minutes=40)
    assert not OpeningState(closed, openers[2], database_now()).pair

    approve(closed, openers[2])
    assert not OpeningState(closed, openers[2], database_now()).is_declined
    actions.open_approved()
    assert OpeningState(closed, openers[2], database_now()).is_declined
    assert AuditEntry.objects.filter(event="opening refused").count() == 2


REFUSALS = ["opener", "early", "confirm", "state", "opened"]


@pytest.mark.parametrize("code", REFUSALS)
def test_a_refused_approval_is_noted_once_an_hour(arena, closed, openers, code):
    person = arena.owner if code == "opener" else openers[2]
    if code == "early":
        closes(closed, seconds=30)
    elif code == "state":
        Challenge.objects.filter(pk=closed.pk).update(state="cancelled")
    elif code == "opened":
        opened(closed)
    age = timedelta(minutes=6 if code == "confirm" else 0)
    for _each in range(3):
        with pytest.raises(Refused) as refusal:
            actions.approve_opening(closed, by=person, confirmed_at=database_now() - age)
    assert refusal.value.code == code

    entry = AuditEntry.objects.get(event="approval refused")
    told = {"challenge": closed.slug, "person": person.pk, "code": code}
    assert json.loads(entry.facts) == told
    with guards_off():
        AuditEntry.objects.filter(pk=entry.pk).update(at=entry.at - timedelta(hours=1))
    with pytest.raises(Refused):
        actions.approve_opening(closed, by=person, confirmed_at=database_now() - age)
    assert AuditEntry.objects.filter(event="approval refused").count() == 2


def test_a_failure_at_one_is_noted_and_stops_no_other(arena, closed, openers):
    approve_both(closed, openers)
    other = make.ChallengeFactory(owner=arena.municipality)
    people = name_openers(other)
    closes(other, seconds=-1)
    approve_both(other, people)
    refuse_writes("challenges_opening", f"NEW.challenge_id = {closed.pk}")
    work_as_opener()
    assert [one.challenge for one in Opening.objects.all()] == [other]
    noted = AuditEntry.objects.get(event="opening refused")
    assert json.loads(noted.facts)["challenge"] == closed.slug


def test_one_that_cannot_be_opened_stops_no_other(arena, closed, openers):
    approve_both(closed, openers)
    other = make.ChallengeFactory(owner=arena.municipality)
    people = name_openers(other)
    closes(other, seconds=-1)
    approve_both(other, people)
    ChallengeKey.objects.filter(challenge=closed).update(signature=b"x" * 64)
    actions.open_approved()
    assert [one.challenge for one in Opening.objects.all()] == [other]
