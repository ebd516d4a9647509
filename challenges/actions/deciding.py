"""What each supplier is told. The only writer of `Decision` and `Challenge.decisions_sent_at`."""

from django.db import transaction
from django.utils.translation import gettext as _

from afori.common.states import Refused
from afori.notifications.actions import notify_all

from .. import audit
from ..locks import database_now
from ..models import Decision, OpenedAnswer, Opening
from ..notifications import DECIDED
from ..notifications.watching import responsible
from .challenges import locked
from .evaluating import held, require_insight, require_undecided, undecided
from .guards import require_latest


@transaction.atomic
def prepare_decision(answer, *, result, feedback, seen, by):
    """Write what one supplier is to be told, over what the person saw: see `agree`."""
    undecided(answer.opening.challenge)
    answer = held(answer)
    require_team(answer.opening.challenge, by)
    require_insight(answer, by)
    if not feedback.strip():
        raise Refused(_("Write what the supplier is told."), code="feedback")
    earlier = Decision.objects.filter(answer=answer).first()
    if earlier and (earlier.result, earlier.feedback) == (result, feedback):
        return earlier
    require_latest(earlier, seen)
    decision = earlier or Decision(answer=answer)
    decision.result, decision.feedback, decision.by = result, feedback, by
    decision.save()
    return decision


@transaction.atomic
def send_decisions(challenge, *, by):
    """Tell all suppliers at once, exactly once. Raises Refused while one is not prepared."""
    challenge = locked(challenge)
    require_team(challenge, by)
    require_undecided(challenge)
    if not Opening.objects.filter(challenge=challenge).exists():
        raise Refused(_("The answers are not opened yet."), code="unopened")
    answers = OpenedAnswer.objects.filter(opening__challenge=challenge)
    if answers.filter(decision=None).exists():
        raise Refused(_("Prepare every decision first."), code="incomplete")
    require_all_readable(answers, by)
    return send(challenge, answers)


def send(challenge, answers):
    now = challenge.decisions_sent_at = database_now()
    challenge.save(update_fields=["decisions_sent_at", "updated_at"])
    decisions = Decision.objects.filter(answer__in=answers)
    decisions.update(sent_at=now, updated_at=now)
    told = {one.answer.submission_id: one for one in decisions.select_related("answer")}
    for submission, people in responsible(told).items():
        notify_all(people, DECIDED, told[submission])
    audit.record("decisions sent", challenge=challenge.slug)
    return challenge


def require_team(challenge, person):
    if not challenge.team.active().filter(user=person).exists():
        raise Refused(_("Only the challenge's team decides."), code="team")


def require_all_readable(answers, person):
    """Whoever may not judge one of the answers does not decide about them all."""
    if answers.exclude(pk__in=answers.readable_by(person).values("pk")).exists():
        raise Refused(
            _("You may not judge all of the answers. A colleague on the team sends the decisions."),
            code="conflict",
        )
