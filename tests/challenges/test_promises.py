"""What keeps somebody who can write in the database from moving a challenge's keys or times."""

import base64
import os
from datetime import timedelta
from io import StringIO

import pgtrigger
import pytest
from django.core.management import CommandError, call_command
from django.test import Client
from django.urls import reverse
from nacl.public import PrivateKey

from afori.common.states import Refused
from challenges import actions, opener, seal
from challenges.actions import keys
from challenges.checks import check_opener, check_pin
from challenges.locks import database_now
from challenges.models import AuditEntry, Challenge, ChallengeKey, Opening, SubmissionVersion
from challenges.tasks import work_as_opener

from .support import approve, guards_off, name_openers, opened, submit, text_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def key(arena):
    return ChallengeKey.objects.get(challenge=arena.challenge)


@pytest.fixture
def waiting(arena):
    """A challenge that waits to be published."""
    Challenge.objects.update(state=Challenge.State.IN_REVIEW)
    arena.challenge.refresh_from_db()
    return arena.challenge


def change_public_key(key):
    key.public_key = bytes(PrivateKey.generate().public_key)


def sign_by_another(key):
    kek = os.urandom(32)
    key.signature = seal.promise(kek, key.token, key.public_key, key.not_before)


def promise_another_time(key):
    key.not_before -= timedelta(days=1)
    key.signature = seal.promise(opener.kek(), key.token, key.public_key, key.not_before)


@pytest.mark.parametrize("change", [change_public_key, sign_by_another, promise_another_time])
def test_nothing_is_sealed_with_keys_that_are_not_the_openers(arena, draft, key, change):
    change(key)
    key.save()
    client = Client()
    client.force_login(arena.supplier)
    address = reverse("challenges:submit", args=[arena.challenge.slug, draft.reference])
    page = client.get(address)
    assert not page.context["is_ready"]
    answer = client.post(address, page.context["form"].initial | {"confirmed": "on"}, follow=True)

    assert "förseglingen" in answer.content.decode().lower()
    assert not SubmissionVersion.objects.exists()
    assert draft.answers.count() == 2
    with pytest.raises(Refused):
        submit(draft, by=arena.supplier)
    assert AuditEntry.objects.filter(event="not sealed").count() == 1


def test_without_the_openers_verify_key_nothing_is_sealed(arena, draft, settings):
    settings.AFORI_OPENER_VERIFY_KEY = ""
    with pytest.raises(actions.submitting.NotSealed):
        submit(draft, by=arena.supplier)
    assert check_pin(None)


def test_no_key_is_made_for_a_time_that_has_passed(waiting):
    ChallengeKey.objects.all().delete()
    Challenge.objects.update(closes_at=database_now() - timedelta(seconds=1))
    actions.ask_for_key(waiting)
    assert actions.make_keys() == 0
    Challenge.objects.update(closes_at=database_now() + timedelta(minutes=1))
    assert actions.make_keys() == 1


def test_an_earlier_promise_put_back_opens_nothing(arena, draft, key):
    """Kept from before the time was moved, it is the opener's own all the same."""
    people = name_openers(arena.challenge)
    Challenge.objects.update(closes_at=key.not_before + timedelta(days=3))
    actions.renew_promises()
    submit(draft, by=arena.supplier)
    past = database_now() - timedelta(hours=1)
    with pgtrigger.ignore():
        Challenge.objects.update(closes_at=past, questions_until=None)
    keys.promise(key, past)
    for person in people:
        approve(arena.challenge, person)
    with pytest.raises(actions.NotNow, match="latest promise"):
        actions.open_submissions(arena.challenge)
    assert not Opening.objects.exists()


def test_nothing_is_opened_while_the_chain_is_broken(arena, draft):
    submit(draft, by=arena.supplier)
    with guards_off() as cursor:
        cursor.execute("UPDATE challenges_auditentry SET facts = '{}' WHERE id = 1")
    with pytest.raises(actions.NotNow, match="chain"):
        actions.open_submissions(arena.challenge)


def test_a_key_that_the_chain_does_not_tell_of_opens_nothing(arena, draft, key):
    ChallengeKey.objects.all().delete()
    keys.fill(actions.ask_for_key(arena.challenge), arena.challenge.closes_at)
    submit(draft, by=arena.supplier)
    with pytest.raises(actions.NotNow, match="latest promise"):
        opened(arena.challenge)


def become_another_opener(monkeypatch, settings):
    kek = os.urandom(32)
    monkeypatch.setenv("AFORI_OPENER_KEK", base64.urlsafe_b64encode(kek).decode())
    pin = base64.urlsafe_b64encode(seal.verify_key(kek)).decode()
    settings.AFORI_OPENER_VERIFY_KEY = pin
    return pin


def test_a_new_opener_makes_unusable_keys_anew(arena, draft, waiting, key, monkeypatch, settings):
    become_another_opener(monkeypatch, settings)
    assert actions.publish_due() == 0
    work_as_opener()
    Challenge.objects.update(state=Challenge.State.PUBLISHED)
    assert ChallengeKey.objects.get().token != key.token
    assert text_of(submit(draft, by=arena.supplier))


def test_a_new_opener_says_what_it_cannot_open(arena, draft, key, monkeypatch, settings, caplog):
    become_another_opener(monkeypatch, settings)
    for _each in range(2):
        work_as_opener()
    assert ChallengeKey.objects.get().token == key.token
    assert AuditEntry.objects.filter(event="key of another opener").count() == 1
    assert "cannot be opened" in caplog.text
    with pytest.raises(actions.submitting.NotSealed):
        submit(draft, by=arena.supplier)


def test_the_command_prints_what_others_know_the_opener_by(monkeypatch, settings):
    pin = become_another_opener(monkeypatch, settings)
    said = StringIO()
    call_command("opener_verify_key", stdout=said)
    assert said.getvalue().strip() == pin
    monkeypatch.delenv("AFORI_OPENER_KEK")
    with pytest.raises(CommandError):
        call_command("opener_verify_key")


def test_check_notices_a_verify_key_of_another(monkeypatch, settings):
    assert not check_opener(None)
    pinned = settings.AFORI_OPENER_VERIFY_KEY
    become_another_opener(monkeypatch, settings)
    settings.AFORI_OPENER_VERIFY_KEY = pinned
    assert check_opener(None)[0].id == "challenges.E002"
    monkeypatch.setenv("AFORI_OPENER_KEK", "short")
    assert check_opener(None)[0].id == "challenges.E001"
