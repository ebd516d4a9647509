"""Who opens the answers to a challenge, two people together. The only writer of `Opener`."""

from django.db import transaction
from django.utils.translation import gettext as _

from afori.common.states import Refused
from afori.notifications.actions import notify

from ..completeness import OPENERS
from ..models import Challenge, Opener
from ..notifications import NAMED_OPENER
from .challenges import locked

FEWEST, MOST = OPENERS


@transaction.atomic
def name_opener(challenge, person, *, by):
    """Name one of those who open. Possible while it is a draft; naming again does nothing."""
    challenge = drafted(challenge)
    if challenge.openers.exclude(user=person).count() >= MOST:
        raise Refused(_("Name at most four people: two and two substitutes."), code="full")
    opener, is_new = Opener.objects.get_or_create(challenge=challenge, user=person)
    if is_new and person != by:
        notify(person, NAMED_OPENER, opener)
    return opener


@transaction.atomic
def remove_opener(opener, *, by):
    drafted(opener.challenge)
    opener.delete()


def drafted(challenge):
    challenge = locked(challenge)
    if challenge.state != Challenge.State.DRAFT:
        raise Refused(
            _("Those who open are named while the challenge is a draft. Nothing was changed."),
            code="state",
        )
    return challenge
