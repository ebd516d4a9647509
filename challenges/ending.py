"""When a challenge may get its outcome, when all may read it, and when follow-ups are due."""

from calendar import monthrange
from datetime import timedelta

from django.db.models import Q
from django.utils.translation import gettext as _

from afori.accounts.models import Organisation

from .models import ChallengeKey, Decision, FollowUp, OpenedAnswer, Outcome

FOLLOWED_UP = {
    Outcome.Kind.CHOSEN: FollowUp.MONTHS,
    # Was the need met some other way? Asked once: there is no purchase to follow.
    Outcome.Kind.NONE: (12,),
}


def public_from(challenge):
    """From when all may read the outcome: a number of days after the suppliers got their decisions.
    None where there are no decisions to wait for.
    """
    sent = challenge.decisions_sent_at
    return sent and sent + timedelta(days=challenge.wait_days)


def why_not_yet(challenge, now):
    """Why the outcome cannot be told at that time, as (code, sentence); None if it can. What was
    sealed is opened first: only a cancelled challenge leaves answers unread. Where nobody
    answered there are no decisions to send.
    """
    if now <= challenge.closes_at:
        return "open", _("The time to answer is not over yet.")
    if is_sealed(challenge):
        return "unopened", _("Have the answers opened first, or cancel the challenge.")
    opened = OpenedAnswer.objects.filter(opening__challenge=challenge)
    if not challenge.decisions_sent_at and opened.exists():
        return "decisions", _("Send the decisions to the suppliers first.")
    return None


def is_sealed(challenge):
    """Whether it has keys and has not been opened; whether anybody answered it does not tell."""
    keys = ChallengeKey.objects.filter(challenge=challenge, challenge__opening=None)
    return keys.exists()


def is_waiting(challenge, now):
    """The suppliers have their decisions, and all others wait."""
    return bool(challenge.decisions_sent_at) and now < public_from(challenge)


def sent_decisions(challenge):
    return Decision.objects.filter(answer__opening__challenge=challenge, sent_at__isnull=False)


def told_chosen(challenge):
    """Organisations that were told that they are chosen, or what they have become part of."""
    chosen = sent_decisions(challenge).filter(result=Decision.Result.CHOSEN)
    theirs = list(chosen.values_list("answer__submission__organisation", flat=True))
    now = Q(pk__in=theirs, merged_into=None) | Q(merged__in=theirs)
    return Organisation.objects.filter(now).distinct().order_by("name", "pk")


def add_months(day, months):
    """The same day some months later, or the last one of a month that is too short."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    last = monthrange(year, month + 1)[1]
    return day.replace(year=year, month=month + 1, day=min(day.day, last))
