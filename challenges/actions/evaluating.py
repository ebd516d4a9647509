"""Judging what was opened. The only writer of `Panelist`'s declarations, `Recusal`, `Reading`,
`Score`, `HandedIn` and `Consensus`.
"""

from django.db import transaction
from django.utils.translation import gettext as _

from afori.common.states import Refused
from afori.notifications.actions import notify_all

from .. import audit
from ..locks import database_now, lock_for_share
from ..models import (
    Consensus,
    HandedIn,
    OpenedAnswer,
    Panelist,
    Reading,
    Recusal,
    Score,
)
from ..notifications import CONFLICT_DECLARED
from ..notifications.watching import team
from .guards import require_latest

# Conflicts of interest


@transaction.atomic
def declare(challenge, *, has_conflict, statement, by):
    """A panelist says whether there is a conflict of interest. Once no conflict is said, one may
    still say that there is one; never the other way round.
    """
    undecided(challenge)
    panelist = own_place(challenge, by)
    if panelist.has_conflict:
        raise Refused(_("You have said that you have a conflict of interest."), code="conflict")
    if has_conflict and not statement.strip():
        raise Refused(_("Say in a few words what the conflict is."), code="statement")
    panelist.declared_at = database_now()
    panelist.has_conflict = has_conflict
    panelist.statement = statement.strip() if has_conflict else ""
    if has_conflict:
        panelist.answers_checked_at = None
        notify_all(team(challenge).exclude(pk=by.pk), CONFLICT_DECLARED, panelist)
    panelist.save()
    event = "conflict declared" if has_conflict else "no conflict declared"
    audit.record(event, challenge=challenge.slug, panelist=panelist.pk)
    return panelist


@transaction.atomic
def check_answers(challenge, *, conflicts, by):
    """After the opening, a panelist says with which of those who answered there is a conflict.

    `conflicts` is a dict from opened answers to reasons. It opens all others for reading; saying
    it again can only add. Raises Refused.
    """
    challenge = undecided(challenge)
    panelist = own_place(challenge, by)
    if panelist.has_conflict is not False:
        raise Refused(_("Say first whether you have a conflict of interest."), code="undeclared")
    answers = OpenedAnswer.objects.filter(opening__challenge=challenge)
    if not answers.exists():
        raise Refused(_("There is nothing to judge."), code="unopened")
    if answers.of_own(by).exists():
        raise Refused(_("You belong to a supplier that answered, and read nothing."), code="rival")
    if not all(reason.strip() for reason in conflicts.values()):
        raise Refused(_("Say in a few words what the conflict is."), code="statement")
    now = database_now()
    for answer, reason in conflicts.items():
        Recusal.objects.get_or_create(
            panelist=panelist, answer=answer, defaults={"reason": reason.strip(), "at": now}
        )
    panelist.answers_checked_at = panelist.answers_checked_at or now
    panelist.save()
    audit.record("answers checked", challenge=challenge.slug, panelist=panelist.pk)
    return panelist


# Reading


@transaction.atomic
def read(answer, *, by):
    """Note the first time that a person reads an answer. Returns the Reading."""
    found, is_new = Reading.objects.get_or_create(
        answer=answer, user=by, defaults={"at": database_now()}
    )
    if is_new:
        audit.record(
            "read", challenge=answer.opening.challenge.slug, answer=answer.token, reader=by.pk
        )
    return found


# One's own scores


@transaction.atomic
def save_scores(answer, scores, *, by):
    """Keep a panelist's scores for an answer, until they are handed in.

    `scores` is a dict from criteria to pairs of value, which may be None, and comment.
    """
    panelist = judging_place(answer, by)
    if panelist.handed_in.filter(answer=answer).exists():
        raise Refused(_("Your scores for this answer are handed in and stand."), code="handed in")
    for criterion, (value, comment) in scores.items():
        if value is None and not comment:
            panelist.scores.filter(answer=answer, criterion=criterion).delete()
            continue
        Score.objects.update_or_create(
            panelist=panelist,
            answer=answer,
            criterion=criterion,
            defaults={"value": value, "comment": comment},
        )
    return panelist


@transaction.atomic
def hand_in(answer, *, by):
    """From now on the scores stand, and those of the others show. Again changes nothing."""
    panelist = judging_place(answer, by)
    criteria = answer.opening.challenge.criteria.values_list("pk", flat=True)
    scored = panelist.scores.filter(answer=answer, value__isnull=False)
    if set(criteria) - set(scored.values_list("criterion", flat=True)):
        raise Refused(_("Score every criterion first."), code="incomplete")
    done, is_new = HandedIn.objects.get_or_create(
        panelist=panelist, answer=answer, defaults={"at": database_now()}
    )
    if is_new:
        audit.record(
            "scores handed in",
            challenge=answer.opening.challenge.slug,
            answer=answer.token,
            panelist=panelist.pk,
        )
    return done


# What the panel agrees on


@transaction.atomic
def agree(answer, criterion, *, value, reason, seen, by):
    """Store what was agreed, if it is written over what the person saw.

    `seen` is the `Consensus.mark` that they started from, "" if there was none. A correction is
    noted in the audit chain. Raises Overtaken and Refused.
    """
    challenge = undecided(answer.opening.challenge)
    answer = held(answer)
    require_insight(answer, by)
    if not reason.strip():
        raise Refused(_("Give the reason."), code="reason")
    earlier = Consensus.objects.filter(answer=answer, criterion=criterion).first()
    if earlier and (earlier.value, earlier.reason) == (value, reason):
        return earlier
    require_latest(earlier, seen)
    agreed = earlier or Consensus(answer=answer, criterion=criterion)
    agreed.value, agreed.reason, agreed.by = value, reason, by
    agreed.save()
    if earlier:
        audit.record(
            "consensus corrected",
            challenge=challenge.slug,
            answer=answer.token,
            criterion=criterion.position,
            by=by.pk,
        )
    return agreed


# What these share


def undecided(challenge):
    """The challenge, held until the transaction ends, if its decisions are not sent."""
    challenge = lock_for_share(challenge)
    require_undecided(challenge)
    return challenge


def require_undecided(challenge):
    if challenge.decisions_sent_at:
        raise Refused(_("The decisions are sent. Nothing was changed."), code="sent")
    if not challenge.is_undecided:
        raise Refused(_("The challenge is over. Nothing was changed."), code="state")


def held(answer):
    """The answer, held: what is written about it is written by one at a time."""
    rows = OpenedAnswer.objects.select_for_update(of=("self",), no_key=True)
    return rows.select_related("opening__challenge").get(pk=answer.pk)


def own_place(challenge, person):
    """The person's place on the panel, locked."""
    found = (
        Panelist.objects.select_for_update(no_key=True)
        .filter(challenge=challenge, user=person)
        .first()
    )
    if found is None:
        raise Refused(_("Only the panel can do this."), code="panel")
    return found


def judging_place(answer, person):
    challenge = undecided(answer.opening.challenge)
    require_readable(answer, person)
    return own_place(challenge, person)


def require_readable(answer, person):
    if not OpenedAnswer.objects.readable_by(person).filter(pk=answer.pk).exists():
        raise Refused(_("You no longer have access to this answer."), code="access")


def require_insight(answer, person):
    """Those who judge an answer see what others think of it when they have handed in their own."""
    require_readable(answer, person)
    challenge = answer.opening.challenge
    judge = Panelist.objects.filter(challenge=challenge, user=person).first()
    if judge and not judge.handed_in.filter(answer=answer).exists():
        raise Refused(_("Hand in your own scores first."), code="own first")
