"""Judging what was opened: a panel without conflicts of interest, scores, consensus, decisions."""

import pghistory
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from afori.common.crypto import EncryptedTextField
from afori.common.models import Marked, Timestamped

from .challenges import Challenge
from .criteria import Criterion
from .people import person_field
from .sealing import OpenedAnswer
from .submissions import Submission

LOWEST, HIGHEST = 0, 5


def score_field(**options):
    return models.PositiveSmallIntegerField(_("score"), **options)


def in_range(name):
    return models.CheckConstraint(condition=Q(value__range=(LOWEST, HIGHEST)), name=name)


class PanelQuerySet(models.QuerySet):
    def judging(self):
        """Those who have said that they have no conflict of interest."""
        return self.filter(has_conflict=False)


@pghistory.track(exclude=["statement"])
class Panelist(Timestamped):
    """One who judges the answers. Reads nothing before saying whether there is a conflict, and
    which: that `statement` is for the team alone, and in no history.

    After the opening they are shown who answered, and say so again, of each: until
    `answers_checked_at` they read nothing.
    """

    challenge = models.ForeignKey(
        Challenge, verbose_name=_("challenge"), on_delete=models.CASCADE, related_name="panel"
    )
    user = person_field()
    declared_at = models.DateTimeField(_("declared"), null=True, blank=True)
    has_conflict = models.BooleanField(_("conflict of interest"), null=True, blank=True)
    statement = EncryptedTextField(_("statement"), blank=True)
    answers_checked_at = models.DateTimeField(
        _("conflicts with those who answered checked"), null=True, blank=True
    )

    objects = PanelQuerySet.as_manager()

    class Meta:
        verbose_name = _("panelist")
        verbose_name_plural = _("panel")
        ordering = ["created_at", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["challenge", "user"], name="panelist_once"),
            models.CheckConstraint(
                condition=Q(declared_at=None, has_conflict=None)
                | Q(declared_at__isnull=False, has_conflict__isnull=False),
                name="panelist_declared_something",
            ),
            models.CheckConstraint(
                condition=Q(answers_checked_at=None)
                | Q(has_conflict=False, has_conflict__isnull=False),
                name="panelist_checked_without_conflict",
            ),
        ]

    def __str__(self):
        return str(self.user)


class Recusal(models.Model):
    """A panelist stays away from one answer: a conflict with that supplier alone."""

    panelist = models.ForeignKey(Panelist, on_delete=models.PROTECT, related_name="recusals")
    answer = models.ForeignKey(OpenedAnswer, on_delete=models.PROTECT, related_name="recusals")
    reason = EncryptedTextField()
    at = models.DateTimeField()

    class Meta:
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(fields=["panelist", "answer"], name="recusal_once"),
        ]

    def __str__(self):
        return f"{self.panelist}, {self.answer}"


class Score(Timestamped):
    """A panelist's own score for one criterion of one answer; a comment may come before it."""

    panelist = models.ForeignKey(Panelist, on_delete=models.PROTECT, related_name="scores")
    answer = models.ForeignKey(OpenedAnswer, on_delete=models.PROTECT, related_name="scores")
    criterion = models.ForeignKey(Criterion, on_delete=models.PROTECT, related_name="+")
    value = score_field(null=True)
    comment = EncryptedTextField(blank=True)

    class Meta:
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(fields=["panelist", "answer", "criterion"], name="score_once"),
            in_range("score_in_range"),
        ]

    def __str__(self):
        return str(self.value)


class HandedIn(models.Model):
    """A panelist is done with an answer: the scores stand, and those of the others show."""

    panelist = models.ForeignKey(Panelist, on_delete=models.PROTECT, related_name="handed_in")
    answer = models.ForeignKey(OpenedAnswer, on_delete=models.PROTECT, related_name="handed_in")
    at = models.DateTimeField()

    class Meta:
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(fields=["panelist", "answer"], name="handed_in_once"),
        ]

    def __str__(self):
        return f"{self.panelist}, {self.answer}"


class Consensus(Marked):
    """What the panel agreed on for one criterion of one answer, and why."""

    answer = models.ForeignKey(OpenedAnswer, on_delete=models.PROTECT, related_name="consensus")
    criterion = models.ForeignKey(Criterion, on_delete=models.PROTECT, related_name="+")
    value = score_field()
    reason = EncryptedTextField()
    by = person_field()

    class Meta:
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(fields=["answer", "criterion"], name="consensus_once"),
            in_range("consensus_in_range"),
        ]

    def __str__(self):
        return str(self.value)


class DecisionQuerySet(models.QuerySet):
    def sent_to(self, user):
        """Those that the person may read as an author of the answer."""
        own = Submission.objects.visible_to(user)
        return self.filter(sent_at__isnull=False, answer__submission__in=own)


class Decision(Marked):
    """What one supplier is told. All of a challenge's are sent together."""

    class Result(models.TextChoices):
        CHOSEN = "chosen", _("Chosen")
        NOT_CHOSEN = "not_chosen", _("Not chosen")
        NOT_QUALIFIED = "not_qualified", _("Below a minimum score")

    answer = models.OneToOneField(OpenedAnswer, on_delete=models.PROTECT, related_name="decision")
    result = models.CharField(_("decision"), max_length=15, choices=Result.choices)
    feedback = EncryptedTextField(_("feedback"))
    by = person_field()
    sent_at = models.DateTimeField(null=True)

    objects = DecisionQuerySet.as_manager()

    class Meta:
        default_permissions = ()

    def __str__(self):
        return str(self.get_result_display())
