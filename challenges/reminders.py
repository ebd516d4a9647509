"""Reminders of what the team has still to tell. Each comes once, whoever runs this how often."""

from datetime import timedelta

from django.utils import timezone

from afori.notifications.actions import notify_all

from .models import Challenge, FollowUp
from .notifications.outcomes import FOLLOW_UP_DUE, OUTCOME_MISSING
from .notifications.watching import team

BETWEEN = timedelta(days=30)
MOST = 3


def remind_of_follow_ups(today=None):
    """When due, again after thirty days, and a third and last time after thirty more."""
    today = today or timezone.localdate()
    since = today - BETWEEN * MOST
    due = FollowUp.objects.due(on=today).filter(due_on__gt=since)
    for follow_up in due.select_related("outcome__challenge"):
        number = (today - follow_up.due_on) // BETWEEN + 1
        people = team(follow_up.outcome.challenge)
        once = f"{follow_up.due_on.isoformat()}-{number}"
        notify_all(people, FOLLOW_UP_DUE, follow_up, once=once)


def remind_of_outcomes(today=None):
    """The day after the outcome should have been told, and every thirty days from then on."""
    today = today or timezone.localdate()
    for challenge in Challenge.objects.lacking_outcome(on=today).filter(outcome=None):
        first = challenge.outcome_due + timedelta(days=1)
        latest = first + (today - first) // BETWEEN * BETWEEN
        notify_all(team(challenge), OUTCOME_MISSING, challenge, once=latest.isoformat())
