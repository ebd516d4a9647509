"""Opening, judging and deciding. Suppliers' own news are sealed: staff do not learn of them."""

from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from afori.notifications.actions import notify_all
from afori.notifications.models import OutgoingMail
from afori.notifications.registry import Kind, register

from ..models import (
    Approval,
    Decision,
    OpenedAnswer,
    Opening,
    Panelist,
    Submission,
    TeamMember,
)
from .watching import responsible, team


def page(name):
    """The address of a page around the subject's challenge."""
    return lambda subject: reverse(f"challenges:{name}", args=[subject.challenge.slug])


def among(model, condition):
    """The rule for many subjects at once: those that fit `condition(user)`."""

    def visible_among(user, ids):
        found = model._default_manager.filter(condition(user), pk__in=ids)
        return found.values_list("pk", flat=True).distinct()

    return visible_among


def teams(user):
    return Q(challenge__in=TeamMember.objects.active().filter(user=user).values("challenge"))


def own_answers(user):
    """Those that the person writes, or can take over."""
    own = Submission.objects.visible_to(user).order_by().values("pk")
    left = Submission.objects.left_to(user, at=timezone.now()).values("pk")
    return Submission.objects.filter(Q(pk__in=own) | Q(pk__in=left))


OPENING_APPROVED = register(
    Kind(
        name="challenges.opening_approved",
        model=Approval,
        text=lambda approval: (
            _("%(name)s has approved opening the answers to %(challenge)s. One more is needed.")
            % {"name": approval.opener.user.name, "challenge": approval.challenge.title}
        ),
        url=page("opening"),
        visible_among=among(Approval, lambda user: Q(challenge__openers__user=user)),
        mail="challenges/opening_approved",
        priority=OutgoingMail.Priority.RECEIPT,
        related=("challenge", "opener__user"),
    )
)
OPENED = register(
    Kind(
        name="challenges.opened",
        model=Opening,
        text=lambda opening: (
            _("The answers to %(challenge)s are opened.") % {"challenge": opening.challenge.title}
        ),
        url=page("protocol"),
        visible_among=among(Opening, teams),
        mail="challenges/opened",
        related=("challenge",),
    )
)
PANEL_AWAITED = register(
    Kind(
        name="challenges.panel_awaited",
        model=Opening,
        text=lambda opening: (
            _("The panel of %(challenge)s can begin.") % {"challenge": opening.challenge.title}
        ),
        url=page("panel"),
        visible_among=among(
            Opening,
            lambda user: Q(
                challenge__in=Panelist.objects.filter(user=user)
                .exclude(has_conflict=True)
                .values("challenge")
            ),
        ),
        mail="challenges/panel_awaited",
        related=("challenge",),
    )
)
CONFLICT_DECLARED = register(
    Kind(
        name="challenges.conflict_declared",
        model=Panelist,
        text=lambda panelist: (
            _("%(name)s has a conflict of interest and leaves the panel of %(challenge)s.")
            % {"name": panelist.user.name, "challenge": panelist.challenge.title}
        ),
        url=page("panel"),
        visible_among=among(Panelist, teams),
        related=("challenge", "user"),
    )
)
ANSWER_OPENED = register(
    Kind(
        name="challenges.answer_opened",
        model=OpenedAnswer,
        text=lambda answer: (
            _("Your answer to %(challenge)s is opened.")
            % {"challenge": answer.submission.challenge.title}
        ),
        url=lambda answer: answer.submission.get_absolute_url(),
        visible_among=among(OpenedAnswer, lambda user: Q(submission__in=own_answers(user))),
        mail="challenges/answer_opened",
        related=("submission__challenge", "submission__organisation", "opening"),
        sealed=True,
    )
)
DECIDED = register(
    Kind(
        name="challenges.decided",
        model=Decision,
        text=lambda decision: (
            _("The decision on your answer to %(challenge)s is here.")
            % {"challenge": decision.answer.submission.challenge.title}
        ),
        url=lambda decision: decision.answer.submission.get_absolute_url(),
        visible_among=among(
            Decision,
            lambda user: Q(sent_at__isnull=False, answer__submission__in=own_answers(user)),
        ),
        mail="challenges/decided",
        priority=OutgoingMail.Priority.RECEIPT,
        related=("answer__submission__challenge", "answer__submission__organisation"),
        sealed=True,
    )
)


def tell_opened(opening):
    """Tell the team, the panel, and those who are responsible for each answer that was opened."""
    challenge = opening.challenge
    notify_all(team(challenge), OPENED, opening)
    panel = challenge.panel.exclude(has_conflict=True).select_related("user")
    notify_all([panelist.user for panelist in panel], PANEL_AWAITED, opening)
    answers = {one.submission_id: one for one in opening.answers.all()}
    for submission, people in responsible(answers).items():
        notify_all(people, ANSWER_OPENED, answers[submission])
