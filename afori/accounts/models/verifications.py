from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from afori.common.models import Timestamped, one_person

from .organisations import Organisation


class VerificationQuerySet(models.QuerySet):
    def waiting(self):
        """Requests that staff have to answer. Those of closed organisations rest."""
        return self.filter(state=Verification.State.REQUESTED, organisation__closed_at__isnull=True)

    def decided(self):
        return self.exclude(state=Verification.State.REQUESTED)


class Verification(Timestamped):
    """One check by staff that a buyer is what it says. Kept as history; at most one waits."""

    class Occasion(models.TextChoices):
        FIRST = "first", _("First check")
        RECHECK = "recheck", _("Yearly check")

    class State(models.TextChoices):
        REQUESTED = "requested", _("Waits for staff")
        APPROVED = "approved", _("Approved")
        DECLINED = "declined", _("Declined")

    NEXT = {State.REQUESTED: {State.APPROVED, State.DECLINED}}
    CHECKS = ("domain_checked", "number_checked", "kind_checked")

    organisation = models.ForeignKey(
        Organisation,
        verbose_name=_("organisation"),
        on_delete=models.CASCADE,
        related_name="verifications",
    )
    occasion = models.CharField(
        _("occasion"), max_length=10, choices=Occasion.choices, default=Occasion.FIRST
    )
    state = models.CharField(
        _("state"), max_length=10, choices=State.choices, default=State.REQUESTED
    )
    requested_by = one_person(_("requested by"))
    message = models.TextField(_("message"), blank=True, max_length=2000)
    domain_checked = models.BooleanField(
        _("the e-mail domain is the organisation's"), default=False
    )
    number_checked = models.BooleanField(
        _("the organisation number is the organisation's"), default=False
    )
    kind_checked = models.BooleanField(_("the kind of organisation is right"), default=False)
    reason = models.TextField(_("reason"), blank=True, max_length=2000)
    decided_at = models.DateTimeField(_("decided"), null=True, blank=True)
    decided_by = one_person(_("decided by"))

    objects = VerificationQuerySet.as_manager()

    class Meta:
        verbose_name = _("verification")
        verbose_name_plural = _("verifications")
        constraints = [
            models.UniqueConstraint(
                fields=["organisation"],
                condition=Q(state="requested"),
                name="verification_once_at_a_time",
            ),
            models.CheckConstraint(
                condition=Q(state="requested", decided_at=None)
                | (~Q(state="requested") & Q(decided_at__isnull=False)),
                name="verification_decided_has_date",
            ),
            models.CheckConstraint(
                condition=~Q(state="declined") | ~Q(reason=""),
                name="verification_declined_has_reason",
            ),
        ]

    def __str__(self):
        return f"{self.organisation}: {self.get_state_display()}"

    @property
    def is_waiting(self):
        return self.state == self.State.REQUESTED

    @property
    def is_declined(self):
        return self.state == self.State.DECLINED

    @property
    def is_recheck(self):
        return self.occasion == self.Occasion.RECHECK
