"""Opening: two named people, the deadline by two clocks, one protocol however often it starts."""

import hashlib
import json
import time
from datetime import timedelta

import pgtrigger
import pytest
from django.db import connection, transaction
from django.urls import reverse

from afori.common.crypto import encrypt
from afori.common.states import Refused
from challenges import actions, audit, parcels
from challenges.actions import opening
from challenges.locks import database_now
from challenges.models import (
    Approval,
    AuditEntry,
    Challenge,
    ChallengeKey,
    OpenedAnswer,
    Opening,
    SealedPart,
    Submission,
    SubmissionVersion,
)
from challenges.openings import OpeningState
from challenges.protocols import DEVIATIONS
from challenges.tasks import work_as_opener
from tests import factories as make

from .support import (
    approve,
    closes,
    fill,
    guards_off,
    name_openers,
    opened,
    rechain,
    refuse_writes,
    submit,
    upload,
)
from .test_deadline import in_threads

pytestmark = pytest.mark.django_db


@pytest.fixture
def openers(arena):
    return name_openers(arena.challenge, 3)


@pytest.fixture
def closed(arena, draft, openers):
    """A challenge with one answer, closed a moment ago."""
    actions.add_file(draft, upload(), by=arena.supplier)
    submit(draft, by=arena.supplier)
    closes(arena.challenge, seconds=-1)
    return arena.challenge


def approve_both(challenge, openers):
    for person in openers[:2]:
        approve(challenge, person)


def move_approval(person, **ago):
    Approval.objects.filter(opener__user=person).update(at=database_now() - timedelta(**ago))


def answered_by_rival(arena, *, text="Rivalens svar"):
    draft = actions.start_submission(
        arena.challenge, organisation=arena.rival_company, by=arena.rival
    )
    fill(draft, by=arena.rival, text=text)
    return draft


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


# What is opened


def test_only_the_latest_version_of_what_stands_is_opened(arena, draft, openers):
    submit(draft, by=arena.supplier)
    fill(draft, by=arena.supplier, text="Det senaste")
    latest = submit(draft, by=arena.supplier)
    withdrawn = answered_by_rival(arena)
    submit(withdrawn, by=arena.rival)
    actions.withdraw(withdrawn, by=arena.rival)
    opened(arena.challenge)

    assert [answer.version for answer in OpenedAnswer.objects.all()] == [latest]
    readable = SealedPart.objects.filter(data_key__isnull=False)
    assert {part.version for part in readable} == {latest}


def test_of_two_that_became_one_the_version_received_last_is_opened(arena, draft, openers):
    rival = answered_by_rival(arena)
    submit(rival, by=arena.rival)
    last = submit(draft, by=arena.supplier)
    type(arena.company).objects.filter(pk=arena.rival_company.pk).update(
        merged_into=arena.company, closed_at=database_now(), closing_reason="Uppgått"
    )
    opened(arena.challenge)
    assert [answer.version for answer in OpenedAnswer.objects.all()] == [last]


def test_nobody_answered_is_a_protocol_too(arena, openers):
    opening = opened(arena.challenge)
    assert json.loads(opening.protocol)["answers"] == []


def test_the_protocol_tells_what_receipts_told(closed, openers):
    opening = opened(closed)
    version = SubmissionVersion.objects.get()
    [answer] = json.loads(opening.protocol)["answers"]

    assert answer["receipt"] == version.printed_number
    assert answer["sha256"] == version.sha256
    assert answer["organisation"] == "Ljusglimt AB"
    assert answer["files"] == [
        {"name": "skiss.txt", "size": 8, "sha256": hashlib.sha256(b"En skiss").hexdigest()}
    ]
    assert opening.protocol_sha256 == hashlib.sha256(opening.protocol.encode()).hexdigest()
    last = AuditEntry.objects.get(event="opened")
    assert opening.protocol_sha256 in last.facts
    assert audit.verify().broken == ""


@pytest.mark.parametrize("harm", ["changed", "swapped", "missing", "file gone"])
def test_damage_is_told_and_stops_nothing_else(arena, closed, openers, harm):
    version = SubmissionVersion.objects.get()
    text, file = version.parts.all()
    if harm == "changed":
        SealedPart.objects.filter(pk=text.pk).update(text=bytes(text.text)[:-1] + b"0")
    elif harm == "swapped":
        SealedPart.objects.filter(pk=file.pk).update(position=2)
    elif harm == "missing":
        file.delete()
    else:
        file.file.delete(save=False)
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
    opening = opened(closed)

    [answer] = json.loads(opening.protocol)["answers"]
    assert answer["damaged"]
    assert opening.answers.get().is_damaged


def take_away(version):
    """Its parts and all, as if it had never been received."""
    with guards_off():
        SealedPart.objects.filter(version=version).delete()
        SubmissionVersion.objects.filter(pk=version.pk).delete()


def forget(version):
    with guards_off():
        AuditEntry.objects.filter(hash=version.audit_head).update(event="something else")
        rechain()


PAST_THE_CHAIN = {
    "missing": take_away,
    "unknown": forget,
    "changed": lambda version: SubmissionVersion.objects.update(sha256="0" * 64),
    "state": lambda version: Submission.objects.update(state="withdrawn"),
}


@pytest.mark.parametrize("what", PAST_THE_CHAIN)
def test_what_was_lost_or_changed_past_the_chain_is_told(closed, openers, client, what):
    version = SubmissionVersion.objects.get()
    PAST_THE_CHAIN[what](version)
    opening = opened(closed)
    told = [{"receipt": version.printed_number, "what": what}]
    assert json.loads(opening.protocol)["deviations"] == told

    client.force_login(openers[0])
    page = client.get(reverse("challenges:protocol", args=[closed.slug])).content.decode()
    assert str(DEVIATIONS[what]) in page


def test_nothing_is_told_of_what_fits_the_chain(arena, closed, openers):
    closes(closed, days=1)
    other = answered_by_rival(arena)
    submit(other, by=arena.rival)
    submit(other, by=arena.rival)
    actions.withdraw(other, by=arena.rival)
    assert json.loads(opened(closed).protocol)["deviations"] == []


def test_a_part_that_the_receipt_does_not_tell_of_is_damage(closed, openers):
    version = SubmissionVersion.objects.get()
    extra = SealedPart(version=version, position=2)
    extra.text = b"".join(parcels.seal_part(extra, version, b"Mer", closed.key))
    extra.save()
    [answer] = json.loads(opened(closed).protocol)["answers"]
    assert answer["damaged"] == [{"part": 2, "reason": "unknown part"}]


@pytest.mark.parametrize("manifest", [b"x", b"{", b"7", b'[{"name": "skiss.txt"}]'])
def test_an_unreadable_list_of_files_damages_its_answer_alone(arena, closed, openers, manifest):
    closes(closed, days=1)
    rival = answered_by_rival(arena)
    submit(rival, by=arena.rival)
    content = manifest if manifest == b"x" else encrypt(manifest)
    harmed = SubmissionVersion.objects.filter(submission__organisation=arena.company)
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE challenges_submissionversion SET manifest = %s WHERE id = %s",
            [content, harmed.values_list("pk", flat=True).get()],
        )
    answers = {
        one["organisation"]: one["damaged"]
        for one in json.loads(opened(closed).protocol)["answers"]
    }
    assert answers == {
        arena.company.name: [
            {"part": -1, "reason": "unreadable"},
            {"part": 1, "reason": "unknown part"},
        ],
        arena.rival_company.name: [],
    }


def test_letters_never_run_out():
    letters = opening.letters()
    made = [next(letters) for _each in range(800)]
    assert made[:2] + made[25:28] + made[701:703] == ["A", "B", "Z", "AA", "AB", "ZZ", "AAA"]
    assert len(set(made)) == 800


# Once, and the same


def test_stopped_half_way_it_comes_to_the_same_protocol(closed, openers):
    approve_both(closed, openers)
    with transaction.atomic():
        first = opening.opened(closed).protocol
        transaction.set_rollback(True)
    assert not Opening.objects.exists()
    assert not SealedPart.objects.filter(data_key__isnull=False).exists()

    time.sleep(0.01)
    assert actions.open_submissions(closed).protocol == first


def test_an_opening_is_made_once(closed, openers):
    assert opened(closed) is not None
    assert actions.open_submissions(closed) is None
    with pytest.raises(Refused) as refusal:
        approve(closed, openers[2])
    assert refusal.value.code == "opened"


@pytest.mark.django_db(transaction=True)
def test_two_openers_processes_at_once_make_one_opening(closed, openers):
    approve_both(closed, openers)
    results = in_threads(4, lambda _index: actions.open_submissions(closed))
    assert sorted(result is None for result in results) == [False, True, True, True]


@pytest.mark.django_db(transaction=True)
def test_approving_at_the_same_moment_is_seen_by_both(closed, openers):
    in_threads(2, lambda index: approve(closed, openers[index]))
    assert opening.deciding_pair(closed) is not None
