"""Published changes of a published challenge."""

import pghistory
from django.db import models
from django.utils.translation import gettext_lazy as _

from afori.common.models import Timestamped
from afori.common.translation import Translated

from .challenges import Challenge
from .people import person_field


@pghistory.track()
class Amendment(Timestamped):
    """One change, numbered and dated, with its reason. Never changed itself."""

    challenge = models.ForeignKey(
        Challenge, verbose_name=_("challenge"), on_delete=models.CASCADE, related_name="amendments"
    )
    number = models.PositiveSmallIntegerField(_("number"))
    published_at = models.DateTimeField(_("published"))
    by = person_field()
    reason_sv = models.TextField(_("reason in Swedish"))
    reason_en = models.TextField(_("reason in English"), blank=True)

    reason = Translated()

    class Meta:
        verbose_name = _("amendment")
        verbose_name_plural = _("amendments")
        ordering = ["-number"]
        constraints = [
            models.UniqueConstraint(fields=["challenge", "number"], name="amendment_number"),
        ]

    def __str__(self):
        return f"{self.challenge}, {self.number}"

    @property
    def anchor(self):
        """Its place on the page of all amendments."""
        return f"amendment-{self.number}"


@pghistory.track()
class AmendedField(models.Model):
    """A field of the challenge before and after; values as JSON, times as ISO 8601 in UTC."""

    amendment = models.ForeignKey(Amendment, on_delete=models.CASCADE, related_name="fields")
    name = models.CharField(_("field"), max_length=40)
    before = models.TextField(_("before"), blank=True)
    after = models.TextField(_("after"), blank=True)

    class Meta:
        verbose_name = _("amended field")
        verbose_name_plural = _("amended fields")
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(fields=["amendment", "name"], name="amended_field_once"),
        ]

    def __str__(self):
        return self.name
