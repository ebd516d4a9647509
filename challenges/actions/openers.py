"""Who opens the answers to a challenge, two people together. The only writer of `Opener`."""

from django.db import transaction
from django.utils.translation import gettext as _

from afori.common.states import Refused

from ..models import Challenge, Opener
from .challenges import locked

FEWEST, MOST = 2, 4


@transaction.atomic
def name_opener(challenge, person, *, by):
    """Name one of two to four people. Possible until publishing; naming again does nothing."""
    challenge = written(challenge)
    others = challenge.openers.exclude(user=person)
    if others.count() >= MOST:
        raise Refused(_("Name at most four people: two and two substitutes."), code="full")
    return Opener.objects.get_or_create(challenge=challenge, user=person)[0]


@transaction.atomic
def remove_opener(opener, *, by):
    written(opener.challenge)
    opener.delete()


def written(challenge):
    challenge = locked(challenge)
    if challenge.state not in Challenge.WRITTEN:
        raise Refused(_("The openers are named before the challenge is published."), code="state")
    return challenge
