"""Deadlines move later only: by the database itself, and whoever races."""

import threading
import time

import pytest
from django.db import IntegrityError, connections, transaction

from afori.common.states import Refused
from challenges import actions
from challenges.locks import database_now
from challenges.models import Challenge
from tests import factories as make

from ..support import closes, submit
from .support import DAY, change, moved

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("by", [{"seconds": -1}, {"days": -1}])
def test_the_database_itself_moves_no_deadline_earlier(arena, by):
    with pytest.raises(IntegrityError, match="later only"), transaction.atomic():
        moved(arena.challenge, **by)
    with pytest.raises(IntegrityError, match="later only"), transaction.atomic():
        Challenge.objects.filter(pk=arena.challenge.pk).update(closes_at=None, state="draft")


def test_the_database_itself_moves_no_deadline_that_has_passed(arena):
    moved(arena.challenge, days=1)
    closes(arena.challenge, minutes=-5)
    with pytest.raises(IntegrityError, match="later only"), transaction.atomic():
        moved(arena.challenge, days=1)


def test_the_database_lets_drafts_change(arena):
    draft = make.ChallengeFactory(state="draft", published_at=None)
    moved(draft, days=-2)


@pytest.mark.django_db(transaction=True)
def test_no_deadline_moves_once_it_has_passed_however_one_races(arena):
    """Whoever gets the lock after the deadline is refused, though the request came before."""
    closes_at = closes(arena.challenge, seconds=1.2)
    results = []

    def keep_amending():
        seen, patience = 0, time.monotonic() + 30
        while time.monotonic() < patience:
            try:
                change(arena.challenge, arena.owner, seen=seen, contact=f"Kontakt {seen}")
                seen += 1
            except Refused as refusal:
                results.append((refusal.code, database_now()))
                return
            finally:
                connections.close_all()

    amending = threading.Thread(target=keep_amending)
    amending.start()
    amending.join(40)
    [(code, at)] = results
    assert code == "closed"
    assert at > closes_at
    published = arena.challenge.amendments.values_list("published_at", flat=True)
    assert published
    assert max(published) <= closes_at


@pytest.mark.django_db(transaction=True)
def test_waiting_for_the_lock_past_the_deadline_is_too_late_to_move_it(arena):
    closes_at = closes(arena.challenge, seconds=0.6)
    results = []

    def move():
        try:
            results.append(change(arena.challenge, arena.owner, closes_at=closes_at + DAY))
        except Refused as refusal:
            results.append(refusal.code)
        finally:
            connections.close_all()

    with transaction.atomic():
        Challenge.objects.select_for_update().get(pk=arena.challenge.pk)
        waiting = threading.Thread(target=move)
        waiting.start()
        time.sleep(1)
    waiting.join(30)
    assert results == ["closed"]
    assert Challenge.objects.get(pk=arena.challenge.pk).closes_at == closes_at


@pytest.mark.django_db(transaction=True)
def test_a_later_deadline_counts_for_submits_that_waited_for_it(arena, draft):
    """A submit that waits for the amendment is not too late. It is received as soon as the opener
    has promised the new deadline.
    """
    closes_at = closes(arena.challenge, seconds=0.8)
    results = []

    def hand_in():
        try:
            results.append(submit(draft, by=arena.supplier))
        except Refused as refusal:
            results.append(refusal)
        finally:
            connections.close_all()

    with transaction.atomic():
        change(arena.challenge, arena.owner, closes_at=closes_at + DAY)
        waiting = threading.Thread(target=hand_in)
        waiting.start()
        time.sleep(1.2)
        assert waiting.is_alive()
    waiting.join(30)
    assert [refusal.code for refusal in results] == ["seal"]
    actions.renew_promises()
    assert submit(draft, by=arena.supplier).received_at > closes_at
