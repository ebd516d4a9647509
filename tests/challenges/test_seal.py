"""The seal itself: what is sealed, for whom, and what breaks it."""

import base64
import io
import os
import subprocess
import sys
from datetime import UTC, datetime, timedelta

import pgtrigger
import pytest
from celery.app.registry import TaskRegistry
from celery.signals import beat_init, celeryd_after_setup
from cryptography.fernet import Fernet, InvalidToken
from django.conf import settings
from django.db.models import F

from afori.celery import OPENERS_TASK, app
from afori.common.states import Refused
from challenges import actions, opener, seal
from challenges.models import Challenge, ChallengeKey, SealedPart
from tests import factories as make

from .support import closes, refuse_writes, submit, unsealed, upload

KEK, OTHER = os.urandom(32), os.urandom(32)
WHEN = datetime(2026, 12, 2, 11, 0, tzinfo=UTC)
PLACE = seal.place("token", "reference", 1, 0)


def pair():
    return seal.new_pair(KEK, "token", WHEN)


def whole(key, sealed, place=PLACE):
    return b"".join(seal.unsealed(key, io.BytesIO(sealed), place))


@pytest.mark.parametrize("size", [0, 1, seal.CHUNK - 1, seal.CHUNK, seal.CHUNK + 1, 3 * seal.CHUNK])
def test_what_is_sealed_comes_out_whole(size):
    key, box = seal.new_part_key(pair().public_key)
    content = os.urandom(size)
    sealed = b"".join(seal.sealed(key, content, PLACE))

    assert whole(key, sealed) == content
    assert len(sealed) == seal.HEADER + size + seal.SPARE * max(1, -(-size // seal.CHUNK))
    assert len(box) > len(key)


@pytest.mark.parametrize(
    "change",
    [
        lambda sealed: sealed[:-1],
        lambda sealed: sealed + b"0",
        lambda sealed: sealed[: seal.HEADER + seal.CHUNK + seal.SPARE],
        lambda sealed: sealed[: seal.HEADER],
        lambda sealed: b"",
        lambda sealed: sealed[:100] + bytes([sealed[100] ^ 1]) + sealed[101:],
    ],
    ids=["cut", "longer", "first chunk alone", "header alone", "empty", "one bit"],
)
def test_any_change_is_noticed(change):
    key, _box = seal.new_part_key(pair().public_key)
    sealed = b"".join(seal.sealed(key, os.urandom(2 * seal.CHUNK), PLACE))
    with pytest.raises(seal.Broken):
        whole(key, change(sealed))


@pytest.mark.parametrize(
    "place",
    [
        ("other", "reference", 1, 0),
        ("token", "other", 1, 0),
        ("token", "reference", 2, 0),
        ("token", "reference", 1, 1),
    ],
)
def test_a_part_cannot_stand_in_for_another(place):
    key, _box = seal.new_part_key(pair().public_key)
    sealed = b"".join(seal.sealed(key, b"content", PLACE))
    with pytest.raises(seal.Broken):
        whole(key, sealed, seal.place(*place))


def test_only_this_opener_unwraps_this_challenges_key():
    made = pair()
    key, box = seal.new_part_key(made.public_key)
    assert seal.open_key(seal.unwrap(KEK, "token", made.wrapped_private), box) == key
    for kek, token in [(OTHER, "token"), (KEK, "other")]:
        with pytest.raises(seal.Broken):
            seal.unwrap(kek, token, made.wrapped_private)
    with pytest.raises(seal.Broken):
        seal.open_key(seal.unwrap(KEK, "token", made.wrapped_private), box[:-1] + b"0")


def test_a_promise_holds_for_its_key_and_time_alone():
    made = pair()
    mine = seal.verify_key(KEK)
    seal.require_promise(mine, "token", made.public_key, WHEN, made.signature)
    earlier = WHEN - timedelta(microseconds=1)
    for verify_key, token, public_key, not_before in [
        (seal.verify_key(OTHER), "token", made.public_key, WHEN),
        (b"", "token", made.public_key, WHEN),
        (mine, "other", made.public_key, WHEN),
        (mine, "token", pair().public_key, WHEN),
        (mine, "token", made.public_key, earlier),
    ]:
        with pytest.raises(seal.Broken):
            seal.require_promise(verify_key, token, public_key, not_before, made.signature)


@pytest.mark.parametrize(
    "key", ["", "kort", "å" * 32, base64.urlsafe_b64encode(b"x" * 31).decode()]
)
def test_a_process_without_the_key_is_not_the_opener(monkeypatch, key):
    monkeypatch.setenv("AFORI_OPENER_KEK", key)
    with pytest.raises(opener.NotTheOpener):
        opener.kek()


class Worker:
    def __init__(self, *queues):
        self.app = type("App", (), {})()
        self.app.amqp = type("Amqp", (), {})()
        self.app.amqp.queues = type("Queues", (), {"consume_from": dict.fromkeys(queues)})()
        app.loader.import_default_modules()
        self.app.tasks = TaskRegistry(app.tasks)


def starts(worker):
    """As Celery starts a worker: it logs exceptions of ours and goes on all the same."""
    celeryd_after_setup.send(sender="opener@host", instance=worker, conf=app.conf)


@pytest.mark.parametrize(
    ("queues", "kek", "fine"),
    [
        (["opener"], "key", True),
        (["celery"], "", True),
        (["opener"], "", False),
        (["celery"], "key", False),
        (["celery", "opener"], "key", False),
        (["celery", "opener"], "", False),
    ],
)
def test_no_worker_starts_with_keys_that_are_not_its_own(monkeypatch, queues, kek, fine):
    monkeypatch.setenv("AFORI_OPENER_KEK", kek)
    if fine:
        starts(Worker(*queues))
    else:
        with pytest.raises(SystemExit):
            starts(Worker(*queues))


def test_beat_does_not_start_with_the_openers_key(monkeypatch):
    with pytest.raises(SystemExit):
        beat_init.send(sender=None)
    monkeypatch.setenv("AFORI_OPENER_KEK", "")
    beat_init.send(sender=None)


def test_the_openers_worker_can_do_nothing_else(monkeypatch):
    worker = Worker("opener")
    starts(worker)
    assert set(worker.app.tasks) == {OPENERS_TASK}
    monkeypatch.setenv("AFORI_OPENER_KEK", "")
    worker = Worker("celery")
    starts(worker)
    assert len(worker.app.tasks) > 1


def test_no_setting_holds_the_openers_key():
    held = os.environ["AFORI_OPENER_KEK"]
    assert opener.kek() == base64.urlsafe_b64decode(held)
    assert [
        name for name in dir(settings) if name.isupper() and held in repr(getattr(settings, name))
    ] == []


@pytest.mark.parametrize(("kek", "answers"), [("key", False), ("", True)])
def test_the_opener_takes_no_commands_over_the_broker(kek, answers):
    """Remote control shows settings, and gives a worker more queues."""
    said = subprocess.run(
        [
            sys.executable,
            "-c",
            "from afori.celery import app; print(app.conf.worker_enable_remote_control)",
        ],
        env=os.environ | {"AFORI_OPENER_KEK": kek},
        capture_output=True,
        text=True,
        check=True,
    )
    assert said.stdout.strip() == str(answers)


def test_the_openers_work_has_a_queue_of_its_own():
    [entry] = [e for e in app.conf.beat_schedule.values() if e["task"].endswith("work_as_opener")]
    assert entry["options"]["queue"] == "opener"


@pytest.mark.django_db
def test_with_the_applications_keys_alone_nothing_received_can_be_read(arena, draft, media):
    actions.add_file(draft, upload(), by=arena.supplier)
    version = submit(draft, by=arena.supplier)
    key = ChallengeKey.objects.get()
    fernet = Fernet(settings.AFORI_DATA_KEYS[0])
    held = [bytes(key.wrapped_private), bytes(key.public_key)]
    assert not SealedPart.objects.filter(data_key__isnull=False).exists()
    for part in SealedPart.objects.all():
        held += [bytes(part.sealed_key), bytes(part.text or part.file.read())]
        part.file.close()
    for content in held:
        with pytest.raises(InvalidToken):
            fernet.decrypt(content)
    with pytest.raises(seal.Broken):
        seal.unwrap(b"\0" * 32, key.token, key.wrapped_private)
    assert unsealed(version)[1] == b"En skiss"


@pytest.mark.django_db
def test_keys_are_made_once_and_promise_the_deadline():
    challenge = make.ChallengeFactory(state=Challenge.State.DRAFT, published_at=None)
    key = actions.ask_for_key(challenge)
    assert actions.ask_for_key(challenge) == key
    assert actions.make_keys() == 1
    assert actions.make_keys() == 0
    key.refresh_from_db()
    assert key.not_before == challenge.closes_at
    assert opener.is_ready(challenge, key)


@pytest.mark.django_db
def test_a_moved_deadline_is_promised_and_an_earlier_one_never(arena):
    key = ChallengeKey.objects.get()
    later = arena.challenge.closes_at + timedelta(days=3)
    Challenge.objects.update(closes_at=later)
    assert actions.renew_promises() == 1
    key.refresh_from_db()
    assert key.not_before == later
    arena.challenge.refresh_from_db()
    assert opener.is_ready(arena.challenge, key)

    with pgtrigger.ignore():
        Challenge.objects.update(closes_at=later - timedelta(days=5))
    assert actions.renew_promises() == 0
    key.refresh_from_db()
    assert key.not_before == later


@pytest.mark.django_db
def test_a_key_that_cannot_be_made_stops_no_other():
    drafts = [make.ChallengeFactory(state="draft", published_at=None) for _each in range(2)]
    stuck, other = [actions.ask_for_key(one) for one in drafts]
    refuse_writes("challenges_challengekey", f"NEW.id = {stuck.pk}")
    assert actions.make_keys() == 1
    assert ChallengeKey.objects.get(pk=other.pk).made_at
    assert ChallengeKey.objects.get(pk=stuck.pk).made_at is None


@pytest.mark.django_db
def test_a_forged_promise_is_not_renewed_and_stops_no_other(arena):
    other = make.ChallengeFactory(owner=arena.municipality)
    Challenge.objects.update(closes_at=F("closes_at") + timedelta(days=1))
    forged = ChallengeKey.objects.filter(challenge=arena.challenge)
    forged.update(signature=b"x" * 64)
    assert actions.renew_promises() == 1
    other.refresh_from_db()
    assert other.key.not_before == other.closes_at
    assert forged.get().not_before < other.closes_at


@pytest.mark.django_db
def test_nothing_is_received_before_the_seal_is_ready(arena, draft):
    ChallengeKey.objects.all().delete()
    with pytest.raises(Refused):
        submit(draft, by=arena.supplier)
    assert not draft.versions.exists()


@pytest.mark.django_db
def test_keys_of_a_draft_are_dropped_and_those_of_a_published_one_stay(arena):
    actions.drop_key(arena.challenge)
    assert ChallengeKey.objects.exists()
    Challenge.objects.update(state=Challenge.State.IN_REVIEW)
    actions.drop_key(arena.challenge)
    assert not ChallengeKey.objects.exists()


@pytest.mark.django_db
def test_a_deadline_that_passed_is_still_promised_as_it_was(arena):
    closes(arena.challenge, seconds=-1)
    assert actions.renew_promises() == 0
