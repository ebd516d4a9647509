import pghistory
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from afori.accounts.models import Organisation
from afori.common.models import Sourced, Timestamped
from afori.common.translation import Translated

from .challenges import Challenge
from .people import person_field


@pghistory.track()
class Outcome(Timestamped, Sourced):
    """What came of a challenge, "stopped" and why included."""

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

    text = Translated()

    class Meta:
        verbose_name = _("outcome")
        verbose_name_plural = _("outcomes")

    def __str__(self):
        return f"{self.challenge}: {self.get_kind_display()}"


@pghistory.track()
class FollowUp(Timestamped):
    """What has become of the result some time after the decision; `told_at` when it was told."""

    class State(models.TextChoices):
        NOT_YET = "not_yet", _("Nothing bought yet")
        PROCURED = "procured", _("Procured")
        IN_USE = "in_use", _("In use")
        STOPPED = "stopped", _("Stopped")

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
    told_at = models.DateTimeField(_("told"), null=True, blank=True)
    told_by = person_field(null=True, blank=True)

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
