"""What an opening opens, and its protocol: the same however often it starts."""

import hashlib
import json
import time

import pytest
from django.db import connection, transaction
from django.urls import reverse

from afori.common.crypto import encrypt
from afori.common.states import Refused
from challenges import actions, audit, parcels
from challenges.actions import opening
from challenges.locks import database_now
from challenges.models import (
    AuditEntry,
    OpenedAnswer,
    Opening,
    SealedPart,
    Submission,
    SubmissionVersion,
)
from challenges.protocols import DEVIATIONS

from .openers import answered_by_rival, approve_both
from .support import (
    approve,
    closes,
    fill,
    guards_off,
    opened,
    rechain,
    submit,
)
from .test_deadline import in_threads

pytestmark = pytest.mark.django_db


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
