"""Reminders of what is still to be done or told. Each comes once, whoever runs this how often."""

from datetime import timedelta

from django.db import transaction
from django.utils import timezone

from afori.notifications.actions import notify, notify_all

from .actions.keys import each_alone
from .locks import database_now
from .models import Challenge, FollowUp, Opener
from .notifications.outcomes import FOLLOW_UP_DUE, OUTCOME_MISSING
from .notifications.people import OPENING_DUE
from .notifications.watching import team

BETWEEN = timedelta(days=30)
MOST = 3
UNOPENED = timedelta(days=3)


def remind_of_follow_ups(today=None):
    """When due, again after thirty days, and a third and last time after thirty more."""
    today = today or timezone.localdate()
    since = today - BETWEEN * MOST
    due = FollowUp.objects.due(on=today).filter(due_on__gt=since)

    @transaction.atomic
    def remind(follow_up):
        number = (today - follow_up.due_on) // BETWEEN + 1
        people = team(follow_up.outcome.challenge)
        once = f"{follow_up.due_on.isoformat()}-{number}"
        notify_all(people, FOLLOW_UP_DUE, follow_up, once=once)

    each_alone(remind, due.select_related("outcome__challenge"))


def remind_of_outcomes(today=None):
    """The day after the outcome should have been told, and every thirty days from then on."""
    today = today or timezone.localdate()

    @transaction.atomic
    def remind(challenge):
        first = challenge.outcome_due + timedelta(days=1)
        latest = first + (today - first) // BETWEEN * BETWEEN
        notify_all(team(challenge), OUTCOME_MISSING, challenge, once=latest.isoformat())

    each_alone(remind, Challenge.objects.lacking_outcome(on=today).filter(outcome=None))


def remind_openers():
    """When the time to answer is over, and once more if nobody has opened three days later. It
    comes whether anybody has answered or not.
    """
    now = database_now()

    @transaction.atomic
    def remind(opener):
        is_late = opener.challenge.closes_at + UNOPENED < now
        notify(opener.user, OPENING_DUE, opener, once="late" if is_late else "closed")

    waiting = Opener.objects.filter(
        challenge__state=Challenge.State.PUBLISHED,
        challenge__closes_at__lt=now,
        challenge__key__made_at__isnull=False,
        challenge__opening=None,
        user__is_active=True,
    )
    each_alone(remind, waiting.select_related("challenge", "user"))
