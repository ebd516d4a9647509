"""What is told of outcomes and follow-ups, and what the team is reminded of."""

from django.urls import reverse
from django.utils.translation import gettext as _

from afori.notifications.registry import Kind, register

from ..models import Challenge, FollowUp, Outcome
from .watching import team, watched


def public_among(ids):
    return Outcome.objects.public().filter(pk__in=ids).values_list("pk", flat=True)


def told_among(ids):
    told = FollowUp.objects.told().filter(outcome__in=Outcome.objects.public())
    return told.filter(pk__in=ids).values_list("pk", flat=True)


OUTCOME_TOLD = watched(
    "outcome_told",
    Outcome,
    lambda outcome: (
        _("The outcome of %(challenge)s: %(outcome)s.")
        % {"challenge": outcome.challenge.title, "outcome": in_words(outcome)}
    ),
    also=lambda outcome: team(outcome.challenge),
    url=Outcome.get_absolute_url,
    public_among=public_among,
)
CANCELLED = watched(
    "cancelled",
    Outcome,
    lambda outcome: _("%(challenge)s is cancelled.") % {"challenge": outcome.challenge.title},
    also=lambda outcome: team(outcome.challenge),
    url=Outcome.get_absolute_url,
    related=("challenge__owner",),
    public_among=public_among,
)
FOLLOW_UP_TOLD = watched(
    "follow_up_told",
    FollowUp,
    lambda follow_up: (
        _("What became of %(challenge)s: %(state)s.")
        % {"challenge": follow_up.outcome.challenge.title, "state": told_state(follow_up)}
    ),
    path="outcome__challenge__",
    url=FollowUp.get_absolute_url,
    public_among=told_among,
)


def in_words(outcome):
    """As it was told, whatever has become of it since."""
    return lowered(outcome.get_kind_display())


def told_state(follow_up):
    return lowered(follow_up.get_state_display())


def lowered(text):
    text = str(text)
    return text[:1].lower() + text[1:]


# Reminders


def to_tell(user, ids):
    """Follow-ups that the person's team still has to tell."""
    waiting = FollowUp.objects.of_team(user).filter(pk__in=ids, told_at=None)
    return waiting.values_list("pk", flat=True)


def to_conclude(user, ids):
    own = Challenge.objects.of_team(user).filter(outcome=None, state=Challenge.State.PUBLISHED)
    return own.filter(pk__in=ids).values_list("pk", flat=True)


FOLLOW_UP_DUE = register(
    Kind(
        name="challenges.follow_up_due",
        model=FollowUp,
        text=lambda follow_up: (
            _("What has become of %(challenge)s %(months)d months after the decision?")
            % {"challenge": follow_up.outcome.challenge.title, "months": follow_up.months}
        ),
        url=lambda follow_up: reverse(
            "challenges:follow_up", args=[follow_up.outcome.challenge.slug, follow_up.months]
        ),
        visible_among=to_tell,
        mail="challenges/follow_up_due",
        related=("outcome__challenge",),
    )
)
OUTCOME_MISSING = register(
    Kind(
        name="challenges.outcome_missing",
        model=Challenge,
        text=lambda challenge: (
            _("The outcome of %(challenge)s has not been told yet.")
            % {"challenge": challenge.title}
        ),
        url=lambda challenge: reverse("challenges:outcome", args=[challenge.slug]),
        visible_among=to_conclude,
        mail="challenges/outcome_missing",
    )
)
