import pghistory
from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from afori.accounts.models import Organisation
from afori.common.models import StoredFile, Timestamped
from afori.common.translation import Translated

from .networks import Network, NetworkMembership

FINANCING_WARNING_DAYS = 183


@pghistory.track()
class Programme(Timestamped):
    """A network's programme: the five success factors as sections."""

    network = models.OneToOneField(
        Network, verbose_name=_("network"), on_delete=models.CASCADE, related_name="programme"
    )
    short_term_goals_sv = models.TextField(_("short-term goals in Swedish"), blank=True)
    short_term_goals_en = models.TextField(_("short-term goals in English"), blank=True)
    long_term_goals_sv = models.TextField(_("long-term goals in Swedish"), blank=True)
    long_term_goals_en = models.TextField(_("long-term goals in English"), blank=True)
    participants_sv = models.TextField(_("who takes part in Swedish"), blank=True)
    participants_en = models.TextField(_("who takes part in English"), blank=True)
    meetings_a_year = models.PositiveSmallIntegerField(_("meetings a year"), null=True, blank=True)
    decisions_sv = models.TextField(_("form of decisions in Swedish"), blank=True)
    decisions_en = models.TextField(_("form of decisions in English"), blank=True)
    suppliers_sv = models.TextField(_("how suppliers are involved in Swedish"), blank=True)
    suppliers_en = models.TextField(_("how suppliers are involved in English"), blank=True)
    offer_sv = models.TextField(_("offer to members in Swedish"), blank=True)
    offer_en = models.TextField(_("offer to members in English"), blank=True)
    communication_sv = models.TextField(_("communication in Swedish"), blank=True)
    communication_en = models.TextField(_("communication in English"), blank=True)
    financing_sv = models.TextField(_("financing in Swedish"), blank=True)
    financing_en = models.TextField(_("financing in English"), blank=True)

    short_term_goals = Translated()
    long_term_goals = Translated()
    participants = Translated()
    decisions = Translated()
    suppliers = Translated()
    offer = Translated()
    communication = Translated()
    financing = Translated()

    class Meta:
        verbose_name = _("programme")
        verbose_name_plural = _("programmes")

    def __str__(self):
        return str(self.network)


@pghistory.track()
class Financing(Timestamped):
    """Who pays for a network, and until when. Past rows stay as history."""

    class Kind(models.TextChoices):
        LONG_TERM = "long_term", _("Long-term")
        PROJECT = "project", _("Project")
        MEMBER_FEES = "member_fees", _("Member fees")

    network = models.ForeignKey(
        Network, verbose_name=_("network"), on_delete=models.CASCADE, related_name="financings"
    )
    financier = models.ForeignKey(
        Organisation,
        verbose_name=_("financier"),
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="financed_networks",
    )
    kind = models.CharField(_("kind"), max_length=12, choices=Kind.choices, blank=True)
    starts_on = models.DateField(_("from"), null=True, blank=True)
    ends_on = models.DateField(_("to"), null=True, blank=True)
    note_sv = models.CharField(_("note in Swedish"), max_length=300, blank=True)
    note_en = models.CharField(_("note in English"), max_length=300, blank=True)

    note = Translated()

    class Meta:
        verbose_name = _("financing")
        verbose_name_plural = _("financing")
        ordering = [F("starts_on").desc(nulls_last=True), "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(ends_on=None) | Q(starts_on=None) | Q(ends_on__gte=F("starts_on")),
                name="financing_ends_after_start",
            ),
        ]

    def __str__(self):
        return f"{self.network}: {self.payer}"

    @property
    def payer(self):
        return self.financier.name if self.financier else self.get_kind_display()

    @property
    def is_over(self):
        return self.ends_on is not None and self.ends_on < timezone.localdate()

    @property
    def ends_soon(self):
        """Within half a year: the time it takes to apply for more."""
        return (
            self.ends_on is not None
            and 0 <= (self.ends_on - timezone.localdate()).days <= FINANCING_WARNING_DAYS
        )


class NetworkDocumentQuerySet(models.QuerySet):
    def visible_to(self, user):
        """Documents of the networks in which the person is active, and no others."""
        own = NetworkMembership.objects.active_of(user)
        return self.filter(network__in=own.values("network"))


class NetworkDocument(StoredFile):
    """A document in a network's room, for members only."""

    network = models.ForeignKey(
        Network, verbose_name=_("network"), on_delete=models.CASCADE, related_name="documents"
    )
    title = models.CharField(_("title"), max_length=200)
    uploaded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("uploaded by"),
        on_delete=models.SET_NULL,
        null=True,
        related_name="+",
    )

    objects = NetworkDocumentQuerySet.as_manager()

    class Meta:
        verbose_name = _("document")
        verbose_name_plural = _("documents")
        ordering = ["-created_at", "-pk"]

    def __str__(self):
        return self.title
