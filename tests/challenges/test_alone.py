"""What runs by itself: one row that cannot be written stops no other, and openers are told."""

from datetime import timedelta

import pytest
from django.db import connection
from django.utils import timezone

from afori.notifications.models import Notification, OutgoingMail
from challenges import actions, reminders, tasks
from challenges.locks import database_now
from challenges.models import Challenge, ChallengeKey, Outcome, Question
from tests import factories as make

from .support import closes, complete, name_openers, on_team, opened, refuse_writes

pytestmark = pytest.mark.django_db
State = Challenge.State


@pytest.fixture
def two(arena):
    """Two challenges of the same team, the first of which nobody can write to."""
    first, second = arena.challenge, make.ChallengeFactory(owner=arena.municipality)
    for one in (first, second):
        on_team(one, arena.member)
    return first, second


def states():
    return list(Challenge.objects.order_by("pk").values_list("state", flat=True))


def poison(challenge):
    refuse_writes("challenges_challenge", f"NEW.id = {challenge.pk}")


def poison_notifications(subject):
    refuse_writes("notifications_notification", f"NEW.subject_id = {subject.pk}")


def told(kind):
    return set(
        Notification.objects.filter(kind=f"challenges.{kind}").values_list("subject_id", flat=True)
    )


def test_publishing_goes_on(arena, two):
    ChallengeKey.objects.all().delete()
    for one in two:
        Challenge.objects.filter(pk=one.pk).update(state="in_review", published_at=None)
        one.refresh_from_db()
        complete(one)
        actions.approve(one, by=arena.staff)
        actions.plan_publishing(one, by=arena.member)
    actions.make_keys()
    poison(two[0])
    assert actions.publish_due() == 1
    assert states() == ["in_review", "published"]


def test_outcomes_go_on(two):
    for one in two:
        closes(one, days=-20)
        ChallengeKey.objects.filter(challenge=one).delete()
        Challenge.objects.filter(pk=one.pk).update(decisions_sent_at=database_now())
        Outcome.objects.create(challenge=one, kind="none", text_sv="Inget")
    poison(two[0])
    tasks.publish_outcomes()
    assert states() == ["published", "decided"]


def test_reminders_of_outcomes_go_on(two):
    for one in two:
        closes(one, days=-200)
        Challenge.objects.filter(pk=one.pk).update(decision_expected_on="2026-01-01")
    poison_notifications(two[0])
    tasks.remind_teams()
    assert told("outcome_missing") == {two[1].pk}


def test_reminders_of_follow_ups_go_on(two):
    follow_ups = []
    for one in two:
        Challenge.objects.filter(pk=one.pk).update(state="decided")
        outcome = Outcome.objects.create(challenge=one, kind="none", text_sv="Inget")
        follow_ups.append(outcome.follow_ups.create(months=12, due_on=timezone.localdate()))
    poison_notifications(follow_ups[0])
    tasks.remind_teams()
    assert told("follow_up_due") == {follow_ups[1].pk}


def test_news_of_questions_go_on(arena, two):
    yesterday = timezone.localdate() - timedelta(days=1)
    for one in two:
        actions.ask(one, text="Hur?", language="sv", by=arena.supplier)
    Question.objects.update(asked_on=yesterday)
    poison_notifications(two[0])
    tasks.tell_of_questions()
    assert told("questions_wait") == {two[1].pk}


# Those who open


def openings():
    kinds = {"kind": "challenges.opening_due"}
    return Notification.objects.filter(**kinds).count(), OutgoingMail.objects.filter(
        **kinds
    ).count()


def test_openers_are_told_at_the_deadline_and_once_more(arena):
    name_openers(arena.challenge)
    tasks.remind_openers()
    assert openings() == (0, 0)
    for ago, number in (
        ({"seconds": -1}, 2),
        ({"days": -2}, 2),
        ({"days": -4}, 4),
        ({"days": -90}, 4),
    ):
        closes(arena.challenge, **ago)
        for _twice in range(2):
            tasks.remind_openers()
        assert openings() == (number, number)


@pytest.mark.parametrize("why", ["opened", "cancelled", "no key", "closed account"])
def test_openers_are_not_told_in_vain(arena, why):
    people = name_openers(arena.challenge)
    closes(arena.challenge, seconds=-1)
    if why == "opened":
        opened(arena.challenge)
    elif why == "cancelled":
        Challenge.objects.update(state="cancelled")
    elif why == "no key":
        ChallengeKey.objects.all().delete()
    else:
        for person in people:
            person.is_active = False
            person.save()
    tasks.remind_openers()
    assert openings() == (0, 0)


def test_one_opener_who_cannot_be_told_stops_no_other(arena):
    first, second = name_openers(arena.challenge)
    closes(arena.challenge, seconds=-1)
    poison_notifications(arena.challenge.openers.get(user=first))
    tasks.remind_openers()
    assert Notification.objects.get(kind="challenges.opening_due").user == second


def test_openers_cost_the_same_however_many_challenges(arena, django_assert_max_num_queries):
    with django_assert_max_num_queries(3):
        reminders.remind_openers()
    assert connection.in_atomic_block
