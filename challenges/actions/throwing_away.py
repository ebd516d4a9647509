"""Throwing a draft away. History keeps what it said last and who did it."""

import pghistory
from django.db import transaction
from django.utils.translation import gettext as _

from afori.common.states import Refused
from afori.notifications.actions import notify_all

from ..models import ChallengeKey, Submission
from ..notifications.people import THROWN_AWAY
from ..notifications.watching import team
from .writing import draft_of


@transaction.atomic
def throw_away(challenge, *, by):
    """Delete a draft with all that is written in it, and tell the others who work on it.

    Raises Refused for all but drafts, and where anything but its own text hangs on it.
    """
    challenge = draft_of(challenge, by)
    require_untouched(challenge)
    others = list(team(challenge).exclude(pk=by.pk))
    last = pghistory.create_event(challenge, label="thrown_away")
    challenge.delete()
    notify_all(others, THROWN_AWAY, last)


def require_untouched(challenge):
    rows = (
        ChallengeKey.objects.filter(challenge=challenge),
        Submission.objects.filter(challenge=challenge),
        challenge.questions,
        challenge.events,
    )
    if any(one.exists() for one in rows):
        raise Refused(
            _("Something belongs to the challenge already, such as a meeting. It stays."),
            code="used",
        )
