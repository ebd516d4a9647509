"""Questions and answers. Who asked is stored apart, sealed, and shown to nobody."""

import pghistory
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from afori.common.crypto import EncryptedTextField, marks
from afori.common.models import Timestamped, new_token
from afori.common.translation import Translated

from .challenges import LANGUAGES, Challenge
from .people import person_field


@pghistory.track()
class AnswerRun(Timestamped):
    """Answers that went out to everybody at the same moment."""

    challenge = models.ForeignKey(
        Challenge, verbose_name=_("challenge"), on_delete=models.CASCADE, related_name="answer_runs"
    )
    number = models.PositiveSmallIntegerField(_("number"))
    published_at = models.DateTimeField(_("published"))
    by = person_field()

    class Meta:
        verbose_name = _("run of answers")
        verbose_name_plural = _("runs of answers")
        ordering = ["number"]
        constraints = [
            models.UniqueConstraint(fields=["challenge", "number"], name="answer_run_number"),
        ]

    def __str__(self):
        return f"{self.challenge}, {self.number}"


class QuestionQuerySet(models.QuerySet):
    def published(self):
        """What anyone may read, the newest run first. Within a run the order tells nothing."""
        return self.filter(state=Question.State.PUBLISHED).order_by("-run__number", "token")

    def waiting(self):
        return self.filter(state__in=Question.WAITING)

    def asked_by(self, user, challenge):
        """One's own questions about a challenge, the latest day first."""
        own = Asker.objects.of(user, challenge).values("question")
        return self.filter(challenge=challenge, pk__in=own).order_by("-asked_on", "token")

    def by_day(self):
        return self.order_by("asked_on", "token")


class Question(models.Model):
    """`text` is as asked, for the owner's eyes only; readers get the published words.

    Only the day is kept, for an exact time may tell who asked. The state belongs to
    `challenges.actions.questions`; `revision` counts saves of the answer. A correction of what was
    published is a question that the team itself writes.
    """

    class State(models.TextChoices):
        ASKED = "asked", _("Waits for an answer")
        ANSWERED = "answered", _("Answered, not published")
        PUBLISHED = "published", _("Published")
        DECLINED = "declined", pgettext_lazy("question", "Declined")

    NEXT = {
        State.ASKED: {State.ANSWERED, State.DECLINED},
        State.ANSWERED: {State.ANSWERED, State.PUBLISHED, State.DECLINED},
    }
    WAITING = (State.ASKED, State.ANSWERED)

    challenge = models.ForeignKey(
        Challenge, verbose_name=_("challenge"), on_delete=models.CASCADE, related_name="questions"
    )
    token = models.CharField(max_length=16, unique=True, default=new_token, editable=False)
    asked_on = models.DateField(_("asked"))
    language = models.CharField(_("language"), max_length=5, choices=LANGUAGES, default="sv")
    wants_meeting = models.BooleanField(_("asks for a dialogue meeting"), default=False)
    text = EncryptedTextField(_("as asked"))
    state = models.CharField(_("state"), max_length=10, choices=State.choices, default=State.ASKED)
    revision = models.PositiveIntegerField(default=0)
    question_sv = models.TextField(_("question in Swedish"), blank=True)
    question_en = models.TextField(_("question in English"), blank=True)
    answer_sv = models.TextField(_("answer in Swedish"), blank=True)
    answer_en = models.TextField(_("answer in English"), blank=True)
    declined_reason = models.TextField(_("reason for declining"), blank=True)
    run = models.ForeignKey(
        AnswerRun, on_delete=models.PROTECT, null=True, blank=True, related_name="questions"
    )
    corrects = models.ForeignKey(
        "self", on_delete=models.PROTECT, null=True, blank=True, related_name="corrections"
    )

    question = Translated()
    answer = Translated()
    objects = QuestionQuerySet.as_manager()

    class Meta:
        default_permissions = ()
        ordering = ["asked_on", "token"]
        verbose_name = _("question")
        verbose_name_plural = _("questions")
        indexes = [models.Index(fields=["challenge", "state"])]
        constraints = [
            models.CheckConstraint(
                condition=~Q(state="published") | Q(run__isnull=False), name="question_has_run"
            ),
            models.CheckConstraint(
                condition=~Q(state="declined") | ~Q(declined_reason=""),
                name="question_declined_has_reason",
            ),
        ]

    def __str__(self):
        return self.token


class AskerQuerySet(models.QuerySet):
    def of(self, user, challenge):
        return self.filter(mark__in=asker_marks(user, challenge))


class Asker(models.Model):
    """Who asked a question: `mark` finds one's own, `person` is sealed with the application's key.

    No relation leads from the question here. Each of a person's questions has a mark of its own,
    so that no two of them can be seen to belong together.
    """

    MOST = 100

    question = models.OneToOneField(Question, on_delete=models.CASCADE, related_name="+")
    mark = models.CharField(max_length=64, unique=True)
    person = EncryptedTextField()

    objects = AskerQuerySet.as_manager()

    class Meta:
        default_permissions = ()

    def __str__(self):
        return "–"


def asker_marks(user, challenge):
    """All marks that a person can have at a challenge, those of the present key first."""
    places = [marks(f"{challenge.pk}:{user.pk}:{number}") for number in range(Asker.MOST)]
    return [mark for of_one_key in zip(*places, strict=True) for mark in of_one_key]
