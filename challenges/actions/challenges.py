"""Where a challenge stands: the only writer of `Challenge.state`."""

from django.db import transaction
from django.utils.translation import gettext as _

from afori.accounts.models import Organisation
from afori.common.states import Refused, check_move

from .. import opener
from ..completeness import fresh, missing_in_all, owner_obstacles
from ..ending import is_waiting, why_not_yet
from ..locks import database_now
from ..models import Challenge, ChallengeKey, Outcome, SectionName

State = Challenge.State
DECISIONS = (Outcome.Kind.CHOSEN, Outcome.Kind.NONE)


@transaction.atomic
def send_to_review(challenge, *, by):
    """Hand a draft to the agency's editors. Raises Refused, saying what is still missing, or what
    they asked for that is not settled.

    An owner that is not verified yet may do it: only publishing waits for that. Part of
    `hand_over`.
    """
    challenge = locked(challenge)
    check_move(challenge.state, State.IN_REVIEW, Challenge.NEXT)
    require_whole(missing_in_all(fresh(challenge), database_now()))
    require_settled(challenge)
    challenge.sent_to_review_at = database_now()
    return move(challenge, State.IN_REVIEW)


@transaction.atomic
def return_to_draft(challenge, *, by):
    """Let the team write again. Approval, time of publishing and keys are for other words then."""
    challenge = locked(challenge)
    ChallengeKey.objects.filter(challenge=challenge).delete()
    challenge.approved_at = challenge.approved_by = challenge.publish_at = None
    return move(challenge, State.DRAFT)


@transaction.atomic
def publish(challenge, *, by):
    """Make a reviewed challenge public. Raises Refused, saying what is still missing.

    The owner is locked first: it is not closed while its challenge is published.
    """
    Organisation.objects.select_for_update(no_key=True).get(pk=challenge.owner_id)
    challenge = locked(challenge)
    check_move(challenge.state, State.PUBLISHED, Challenge.NEXT)
    now = database_now()
    if challenge.approved_at is None:
        raise Refused(_("An editor has not approved the challenge yet."), code="approval")
    require_whole(obstacles(challenge, now))
    if not has_key(challenge):
        raise Refused(_("The keys that seal the answers are not made yet."), code="key")
    challenge.published_at = now
    return move(challenge, State.PUBLISHED)


@transaction.atomic
def decide(challenge, *, by):
    """Let all read the outcome that the team has written, once suppliers have had their decisions
    for as long as the owner promised. Part of `publish_outcome`; `by` is None where time decides.
    """
    challenge = locked(challenge)
    check_move(challenge.state, State.DECIDED, Challenge.NEXT)
    now = database_now()
    if refusal := why_not_yet(challenge, now):
        code, text = refusal
        raise Refused(text, code=code)
    if is_waiting(challenge, now):
        raise Refused(_("The wait before the decision is public is not over."), code="wait")
    if not Outcome.objects.filter(challenge=challenge, kind__in=DECISIONS).exists():
        raise Refused(_("Write the outcome first."), code="outcome")
    return move(challenge, State.DECIDED)


@transaction.atomic
def complete(challenge, *, by):
    return move(locked(challenge), State.COMPLETED)


@transaction.atomic
def cancel(challenge, *, by):
    """Stop a published challenge. The outcome, written first, says why. Part of
    `cancel_challenge`.
    """
    challenge = locked(challenge)
    check_move(challenge.state, State.CANCELLED, Challenge.NEXT)
    outcome = Outcome.objects.filter(challenge=challenge, kind=Outcome.Kind.CANCELLED)
    if not outcome.exclude(text_sv="").exists():
        raise Refused(_("Write an outcome that says why the challenge is cancelled."), code="why")
    return move(challenge, State.CANCELLED)


def locked(challenge):
    """The row, for this transaction alone. It waits for submits under way, and they for it."""
    try:
        return Challenge.objects.select_for_update().get(pk=challenge.pk)
    except Challenge.DoesNotExist as gone:
        raise Refused(
            _("The draft has been thrown away. Nothing was saved."), code="gone"
        ) from gone


def has_key(challenge):
    """Whether its keys are made by the opener and promised for the very time that it closes at."""
    return opener.is_ready(challenge, ChallengeKey.objects.filter(challenge=challenge).first())


MOVED = [
    *("state", "sent_to_review_at", "approved_at", "approved_by", "publish_at"),
    *("published_at", "updated_at"),
]


def move(challenge, state):
    check_move(challenge.state, state, Challenge.NEXT)
    challenge.state = state
    challenge.save(update_fields=MOVED)
    return challenge


def obstacles(challenge, now):
    """What must be put right before publishing, as sentences."""
    challenge = fresh(challenge)
    return [*missing_in_all(challenge, now), *owner_obstacles(challenge.owner)]


def require_whole(missing):
    if missing:
        raise Refused(" ".join(missing), code="incomplete")


def require_settled(challenge):
    asked = set(challenge.change_requests.unsettled().values_list("section", flat=True))
    if asked:
        sections = ", ".join(str(name.label) for name in SectionName if name in asked)
        raise Refused(
            _("Settle first what the editors have asked for: %(sections)s.")
            % {"sections": sections},
            code="requests",
        )
