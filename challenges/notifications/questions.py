"""What happens with questions. Askers are told like everybody else; only a decline is theirs.

All are sealed: a mail would tell staff who watches a challenge or has asked.
"""

from django.contrib.auth import get_user_model
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext as _

from afori.notifications.registry import Kind, register

from ..models import AnswerRun, Asker, Challenge, Question
from .watching import watched


def challenges_asked_about(user, ids):
    public = Challenge.objects.published().filter(pk__in=ids)
    return [one.pk for one in public if Asker.objects.of(user, one).exists()]


def questions_url(challenge):
    return reverse("challenges:questions", args=[challenge.slug])


def askers(questions):
    """The people who asked, where they still have an account; nobody else learns who they are."""
    sealed = Asker.objects.filter(question__in=questions).values_list("person", flat=True)
    known = {int(person) for person in sealed}
    return get_user_model().objects.filter(pk__in=known, is_active=True)


def asked_in(run):
    """The questions that a run answers, and those whose answers it corrects."""
    answered = Q(run=run) | Q(corrections__run=run)
    return Question.objects.filter(answered)


def own_work(user, ids):
    return Challenge.objects.of_team(user).filter(pk__in=ids).values_list("pk", flat=True)


QUESTIONS_WAIT = register(
    Kind(
        name="challenges.questions_wait",
        model=Challenge,
        text=lambda challenge: (
            _("Suppliers have asked about %(challenge)s.") % {"challenge": challenge.title}
        ),
        url=lambda challenge: reverse("challenges:work_questions", args=[challenge.slug]),
        visible_among=own_work,
        mail="challenges/questions_wait",
        sealed=True,
    )
)
ANSWERS_PUBLISHED = watched(
    "answers_published",
    AnswerRun,
    lambda run: (
        _("New answers to questions about %(challenge)s.") % {"challenge": run.challenge.title}
    ),
    also=lambda run: askers(asked_in(run)),
    url=lambda run: questions_url(run.challenge),
    context=lambda run: {"questions": list(run.questions.order_by("token"))},
)
QUESTION_DECLINED = register(
    Kind(
        name="challenges.question_declined",
        model=Challenge,
        text=lambda challenge: (
            _("A question that you asked about %(challenge)s will not be answered. See why.")
            % {"challenge": challenge.title}
        ),
        url=lambda challenge: questions_url(challenge) + "#own",
        visible_among=challenges_asked_about,
        mail="challenges/question_declined",
        sealed=True,
    )
)
