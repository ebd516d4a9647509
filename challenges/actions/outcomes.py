"""What came of a challenge and what became of that: the only writer of outcomes and follow-ups.

Where the challenge stands is written by `challenges`, as everywhere.
"""

from contextlib import suppress

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from afori.common.states import Refused
from afori.notifications.actions import tell_all

from .. import audit
from ..ending import (
    FOLLOWED_UP,
    add_months,
    is_waiting,
    sent_decisions,
    told_chosen,
    why_not_yet,
)
from ..locks import database_now
from ..models import Challenge, FollowUp, OpenedAnswer, Outcome
from ..notifications.outcomes import CANCELLED, FOLLOW_UP_TOLD, OUTCOME_TOLD
from .challenges import DECISIONS, cancel, complete, decide, locked
from .guards import require_latest
from .keys import each_alone

State = Challenge.State
Kind = Outcome.Kind


@transaction.atomic
def tell_outcome(challenge, *, by, kind, chosen=(), seen=None, **facts):
    """Write what came of a closed challenge; until all may read it, write it again.

    All may read it at once where nothing is to be waited for, else when `publish_outcomes` finds
    that the wait is over. `facts` are texts, day and notice; `seen` is the mark of the
    outcome that the person started from. Raises Overtaken, and Refused while suppliers
    may still answer, or wait for their decisions.
    """
    challenge = locked(challenge)
    require_no_rival(challenge, by)
    if challenge.state != State.PUBLISHED:
        raise Refused(_("The outcome has been told already."), code="state")
    now = database_now()
    if refusal := why_not_yet(challenge, now):
        code, text = refusal
        raise Refused(text, code=code)
    require_unchanged(Outcome.objects.filter(challenge=challenge).first(), seen)
    require_as_decided(challenge, kind, chosen)
    outcome = written(challenge, kind, chosen, facts)
    if not is_waiting(challenge, now):
        publish_outcome(challenge, by=by)
        outcome.challenge.refresh_from_db(fields=["state"])
    return outcome


@transaction.atomic
def cancel_challenge(challenge, *, by, **facts):
    """Stop a published challenge and say why. Those who follow or answer it are told at once; what
    was submitted is never opened.
    """
    challenge = locked(challenge)
    require_no_rival(challenge, by)
    if challenge.state != State.PUBLISHED:
        raise Refused(_("Only a published challenge can be cancelled."), code="state")
    outcome = written(challenge, Kind.CANCELLED, (), facts)
    challenge = cancel(challenge, by=by)
    tell_all(CANCELLED, outcome)
    audit.record("cancelled", challenge=challenge.slug)
    return outcome


@transaction.atomic
def correct_outcome(outcome, *, by, kind, chosen=(), seen=None, **facts):
    """Write a public outcome anew; what it said stays in the history. A choice may be overturned,
    but what was cancelled stays so. Raises Overtaken and Refused.
    """
    challenge = locked(outcome.challenge)
    if not challenge.is_over:
        raise Refused(_("The outcome is not public yet."), code="state")
    if (kind == Kind.CANCELLED) != (challenge.state == State.CANCELLED):
        raise Refused(_("A cancelled challenge stays cancelled."), code="kind")
    require_unchanged(challenge.outcome, seen)
    if kind == Kind.CHOSEN:
        require_as_decided(challenge, kind, chosen)
    outcome = written(challenge, kind, chosen, {**facts, "corrected_at": database_now()})
    plan_follow_ups(outcome)
    audit.record("outcome corrected", challenge=challenge.slug, kind=outcome.kind, by=by.pk)
    return outcome


def require_no_rival(challenge, person):
    """A supplier that answered says nothing for the owner about what became of the answers."""
    if OpenedAnswer.objects.filter(opening__challenge=challenge).of_own(person).exists():
        raise Refused(
            _("You belong to a supplier that answered. A colleague on the team does this."),
            code="rival",
        )


def require_as_decided(challenge, kind, chosen):
    """The public is told what the suppliers were told."""
    if not sent_decisions(challenge).exists():
        return
    told = list(told_chosen(challenge))
    if kind == Kind.NONE and told:
        raise Refused(
            _(
                "%(names)s have been told that they are chosen. "
                "The outcome cannot say that nobody is."
            )
            % {"names": ", ".join(map(str, told))},
            code="decisions",
        )
    if kind == Kind.CHOSEN and not told:
        raise Refused(
            _("No supplier has been told that it is chosen. The outcome cannot say that one is."),
            code="decisions",
        )
    if wrong := [str(one) for one in chosen if one not in told]:
        raise Refused(
            _("%(names)s have not been told that they are chosen.") % {"names": ", ".join(wrong)},
            code="decisions",
        )


def require_unchanged(stored, seen):
    """`seen` is None where nobody has looked at what is stored, as in what the portal loads."""
    if seen is not None:
        require_latest(stored, seen)


def written(challenge, kind, chosen, facts):
    if not facts.get("text_sv", "").strip():
        raise Refused(_("Say why, and what happens now."), code="why")
    outcome, _new = Outcome.objects.update_or_create(
        challenge=challenge, defaults={"kind": kind, **facts}
    )
    outcome.chosen.set(chosen if kind == Kind.CHOSEN else [])
    return outcome


@transaction.atomic
def publish_outcome(challenge, *, by=None):
    """Let all read the outcome, tell those who follow it, and plan when to follow up."""
    challenge = decide(challenge, by=by)
    outcome = challenge.outcome
    if outcome.decided_on is None:
        outcome.decided_on = timezone.localdate()
        outcome.save(update_fields=["decided_on", "updated_at"])
    plan_follow_ups(outcome)
    tell_all(OUTCOME_TOLD, outcome)
    audit.record("outcome public", challenge=challenge.slug, kind=outcome.kind)
    return outcome


def publish_due_outcomes():
    """Publish what waits for time alone. One that another worker has published is passed over."""
    waiting = Challenge.objects.filter(
        state=State.PUBLISHED, outcome__kind__in=DECISIONS, decisions_sent_at__isnull=False
    )
    each_alone(publish_if_due, waiting.order_by("decisions_sent_at", "pk"))


def publish_if_due(challenge):
    if not is_waiting(challenge, database_now()):
        with suppress(Refused):
            publish_outcome(challenge)


def plan_follow_ups(outcome):
    """Make the rows to be told, counted from the day of the decision. Told ones stay."""
    wanted = FOLLOWED_UP.get(outcome.kind, ())
    outcome.follow_ups.filter(told_at=None).exclude(months__in=wanted).delete()
    told = set(outcome.follow_ups.told().values_list("months", flat=True))
    for months in set(wanted) - told:
        due_on = add_months(outcome.decided_on, months)
        outcome.follow_ups.update_or_create(months=months, defaults={"due_on": due_on})


@transaction.atomic
def tell_follow_up(follow_up, *, by, state, seen=None, **facts):
    """Tell what became of the result; telling again corrects it, and the history keeps the rest.

    All may read it at once. When the last one is told, the challenge is completed. Raises Overtaken
    as `tell_outcome` does, and Refused for a stop without a reason, and for one that comes after
    another that is ahead.
    """
    challenge = locked(follow_up.outcome.challenge)
    follow_up = FollowUp.objects.select_for_update().get(pk=follow_up.pk)
    if not challenge.is_over:
        raise Refused(_("The outcome is not public yet."), code="state")
    if state == FollowUp.State.STOPPED and not facts.get("text_sv", "").strip():
        raise Refused(_("Say why it was stopped."), code="why")
    if not is_next(follow_up):
        raise Refused(_("Tell the earlier follow-up first."), code="order")
    require_unchanged(follow_up, seen)
    is_first = follow_up.told_at is None
    save_told(follow_up, state, facts, by, database_now())
    if is_first:
        tell_all(FOLLOW_UP_TOLD, follow_up)
        complete_if_told(challenge, by)
    return follow_up


def save_told(follow_up, state, facts, by, now):
    for name, value in {**facts, "state": state}.items():
        setattr(follow_up, name, value)
    if follow_up.told_at is None:
        follow_up.told_at, follow_up.told_by = now, by
    else:
        follow_up.corrected_at = now
    follow_up.save()
    latest = follow_up.outcome.follow_ups.told().order_by("months").last()
    Outcome.objects.filter(pk=follow_up.outcome_id).update(became=latest.state)


def is_next(follow_up):
    """Told, due, or the first one ahead: nobody tells of the second year before the first."""
    if follow_up.told_at or follow_up.due_on <= timezone.localdate():
        return True
    earlier = follow_up.outcome.follow_ups.filter(told_at=None, months__lt=follow_up.months)
    return not earlier.exists()


def complete_if_told(challenge, by):
    waiting = FollowUp.objects.filter(outcome__challenge=challenge, told_at=None)
    if challenge.state == State.DECIDED and not waiting.exists():
        complete(challenge, by=by)
