"""What lists show of a challenge, formatted once per page."""

from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from afori.common import formatting
from networks.rows import challenge_facts

from .models import Became, Challenge

State = Challenge.State


def challenge_rows(challenges, *, at=None):
    """Row contexts for challenges fetched with their owner and outcome."""
    now = timezone.localtime(at)
    language = get_language()
    return [challenge_row(challenge, now, language) for challenge in challenges]


def challenge_row(challenge, now, language):
    return {**challenge_facts(challenge), **lead(challenge, now, language)}


def lead(challenge, now, language):
    """The fact that leads the row: days left while time decides, then a word."""
    if challenge.is_open(at=now):
        closes = timezone.localtime(challenge.closes_at)
        left = formatting.time_left(closes, now, language)
        words = _("Closes %s") % formatting.when(closes, language)
        if left is None:
            return {"figure": _("Closes now"), "word": True, "soon": True, "closes": words}
        return {**counted(left), "closes": words}
    if challenge.is_upcoming(at=now):
        opens = timezone.localtime(challenge.opens_at)
        left = formatting.time_left(opens, now, language, start=True)
        return {**counted(left), "closes": _("Opens %s") % formatting.when(opens, language)}
    return {"word": True, **ended(challenge, now, language)}


def counted(left):
    return {"figure": left.figure, "label": left.label, "soon": left.soon}


def ended(challenge, now, language):
    if challenge.is_closed(at=now):
        return {"figure": _("Closed"), "label": expected(challenge, language)}
    return {"figure": result(challenge), "label": since(challenge, language)}


def expected(challenge, language):
    if not challenge.decision_expected_on:
        return _("decision awaited")
    return _("decision expected %s") % formatting.month(challenge.decision_expected_on, language)


def result(challenge):
    """What came of it, in a word or two: what became of a solution beats that it was chosen."""
    outcome = getattr(challenge, "outcome", None)
    if challenge.state == State.CANCELLED or not outcome:
        return challenge.get_state_display()
    if has_become(outcome):
        return outcome.get_became_display()
    if outcome.kind in ("chosen", "none"):
        return outcome.get_kind_display()
    return challenge.get_state_display()


def has_become(outcome):
    """Whether there is more to tell than the decision."""
    return outcome.became not in ("", Became.NOT_YET)


def since(challenge, language):
    outcome = getattr(challenge, "outcome", None)
    if outcome and outcome.decided_on:
        month = formatting.month(outcome.decided_on, language)
        return _("decided %s") % month if has_become(outcome) else month
    if challenge.year:
        return str(challenge.year)
    if challenge.facts_as_of:
        return _("as of %s") % formatting.month(challenge.facts_as_of, language)
    return ""
