import pghistory
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from afori.accounts.models import Organisation
from afori.common.models import Marked, Sourced, Timestamped
from afori.common.translation import Translated

from .challenges import Challenge
from .people import person_field


class Became(models.TextChoices):
    """What became of the result, as the team tells some time after the decision."""

    NOT_YET = "not_yet", _("Nothing bought yet")
    PROCURED = "procured", _("Procured")
    IN_USE = "in_use", _("In use")
    STOPPED = "stopped", _("Stopped")


class OutcomeQuerySet(models.QuerySet):
    def public(self):
        """Those that anyone may read. Until then an outcome is the team's alone."""
        return self.filter(challenge__state__in=Challenge.OVER)


@pghistory.track()
class Outcome(Marked, Sourced):
    """What came of a challenge, "stopped" and why included. Public once the challenge is over.

    `became` repeats the state of the latest follow-up told, for lists and their filter; it belongs
    to `challenges.actions`.
    """

    class Kind(models.TextChoices):
        CHOSEN = "chosen", _("A solution was chosen")
        NONE = "none", _("No solution was chosen")
        CANCELLED = "cancelled", _("Cancelled")
        UNKNOWN = "unknown", _("Not told")

    challenge = models.OneToOneField(
        Challenge, verbose_name=_("challenge"), on_delete=models.CASCADE, related_name="outcome"
    )
    kind = models.CharField(_("kind"), max_length=10, choices=Kind.choices)
    text_sv = models.TextField(_("text in Swedish"), blank=True)
    text_en = models.TextField(_("text in English"), blank=True)
    chosen = models.ManyToManyField(
        Organisation, verbose_name=_("chosen suppliers"), related_name="won_outcomes", blank=True
    )
    decided_on = models.DateField(_("decided"), null=True, blank=True)
    notice_url = models.URLField(_("link to the notice"), blank=True)
    corrected_at = models.DateTimeField(_("corrected"), null=True, blank=True)
    became = models.CharField(
        _("what became of it"), max_length=10, choices=Became.choices, blank=True
    )

    text = Translated()
    objects = OutcomeQuerySet.as_manager()

    class Meta:
        verbose_name = _("outcome")
        verbose_name_plural = _("outcomes")

    def __str__(self):
        return f"{self.challenge}: {self.get_kind_display()}"

    def get_absolute_url(self):
        return f"{self.challenge.get_absolute_url()}#outcome"


class FollowUpQuerySet(models.QuerySet):
    def told(self):
        return self.filter(told_at__isnull=False)

    def due(self, *, on):
        """Those that should be told by then and are not."""
        return self.filter(told_at=None, due_on__lte=on)

    def of_team(self, user):
        return self.filter(outcome__challenge__in=Challenge.objects.of_team(user))


@pghistory.track()
class FollowUp(Timestamped):
    """What has become of the result some time after the decision; `told_at` when it was told,
    `corrected_at` when the text was last replaced: earlier ones stay in the history.
    """

    State = Became
    MONTHS = (6, 12, 24)

    outcome = models.ForeignKey(
        Outcome, verbose_name=_("outcome"), on_delete=models.CASCADE, related_name="follow_ups"
    )
    months = models.PositiveSmallIntegerField(_("months after the decision"))
    due_on = models.DateField(_("due"))
    state = models.CharField(_("state"), max_length=10, choices=State.choices, blank=True)
    text_sv = models.TextField(_("text in Swedish"), blank=True)
    text_en = models.TextField(_("text in English"), blank=True)
    effect = models.DecimalField(
        _("effect in numbers"), max_digits=14, decimal_places=2, null=True, blank=True
    )
    effect_unit_sv = models.CharField(_("unit in Swedish"), max_length=80, blank=True)
    effect_unit_en = models.CharField(_("unit in English"), max_length=80, blank=True)
    link = models.URLField(_("link to more"), blank=True)
    told_at = models.DateTimeField(_("told"), null=True, blank=True)
    told_by = person_field(null=True, blank=True)
    corrected_at = models.DateTimeField(_("corrected"), null=True, blank=True)

    objects = FollowUpQuerySet.as_manager()
    text = Translated()
    effect_unit = Translated()

    class Meta:
        verbose_name = _("follow-up")
        verbose_name_plural = _("follow-ups")
        ordering = ["due_on", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["outcome", "months"], name="follow_up_once"),
            models.CheckConstraint(
                condition=Q(told_at=None, state="", told_by=None)
                | (Q(told_at__isnull=False) & ~Q(state="")),
                name="follow_up_told_has_state",
            ),
            models.CheckConstraint(
                condition=~Q(state="stopped") | ~Q(text_sv=""), name="follow_up_stopped_says_why"
            ),
        ]

    def __str__(self):
        return f"{self.outcome}, {self.months}"

    @property
    def mark(self):
        """When it was last told, "" if never: planning moves `updated_at`."""
        latest = self.corrected_at or self.told_at
        return latest.isoformat() if latest else ""

    def get_absolute_url(self):
        return f"{self.outcome.challenge.get_absolute_url()}#outcome"
