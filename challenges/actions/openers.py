"""Who opens the answers to a challenge, two people together. The only writer of `Opener`."""

from django.db import transaction
from django.utils.translation import gettext as _

from afori.common.states import Refused
from afori.notifications.actions import notify

from .. import audit
from ..completeness import OPENERS
from ..locks import database_now
from ..models import Approval, Challenge, ChallengeKey, Opener
from ..notifications import NAMED_OPENER
from .challenges import locked
from .keys import ask_for_key

FEWEST, MOST = OPENERS


@transaction.atomic
def name_opener(challenge, person, *, by):
    """Name one of those who open; naming again does nothing. Possible while it is a draft, and for
    one that was published without: the second one named there asks for its keys.
    """
    challenge = locked(challenge)
    if not is_nameable(challenge):
        raise Refused(
            _("Those who open are named while the challenge is a draft. Nothing was changed."),
            code="state",
        )
    if challenge.openers.exclude(user=person).count() >= MOST:
        raise Refused(_("Name at most four people: two and two substitutes."), code="full")
    opener, is_new = Opener.objects.get_or_create(challenge=challenge, user=person)
    if is_new and person != by:
        notify(person, NAMED_OPENER, opener)
    if challenge.state == Challenge.State.PUBLISHED and able(challenge).count() >= FEWEST:
        ask_for_key(challenge)
    return opener


@transaction.atomic
def remove_opener(opener, *, by):
    """Take one from those who open. Once suppliers rely on them, only where two others stay."""
    challenge = locked(opener.challenge)
    if reason := why_not_remove(challenge, opener):
        raise Refused(reason, code="state")
    if challenge.state == Challenge.State.PUBLISHED:
        audit.record("opener left", challenge=challenge.slug, opener=opener.user_id, by=by.pk)
    opener.delete()


def is_nameable(challenge):
    """Whether those who open can still be named: in a draft, or while no key is asked for."""
    if challenge.state == Challenge.State.DRAFT:
        return True
    is_open = challenge.state == Challenge.State.PUBLISHED and challenge.closes_at > database_now()
    return is_open and not ChallengeKey.objects.filter(challenge=challenge).exists()


def why_not_remove(challenge, opener):
    """In words, or None where the person can go."""
    if is_nameable(challenge):
        return None
    if challenge.state != Challenge.State.PUBLISHED or hasattr(challenge, "opening"):
        return _("Those who open are named while the challenge is a draft. Nothing was changed.")
    if Approval.objects.filter(opener=opener).exists():
        return _("%(name)s has approved the opening, and stays.") % {"name": opener.user}
    if able(challenge).exclude(pk=opener.pk).count() < FEWEST:
        return _(
            "Two have to be left who can open the answers, and nobody can be named after "
            "publishing. Nothing was changed."
        )
    return None


def able(challenge):
    """Those named who can log in."""
    return challenge.openers.filter(user__is_active=True)
