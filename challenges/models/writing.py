"""How a challenge is written: section by section, by several people, with the editors' remarks."""

import pghistory
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from afori.common.models import Timestamped

from .challenges import Challenge
from .people import person_field


class SectionName(models.TextChoices):
    BASICS = "basics", _("Title and summary")
    BACKGROUND = "background", _("Background and need")
    FUNCTION = "function", _("Function asked for")
    AFFECTED = "affected", _("Who is affected")
    LEVEL = "level", _("Level and method")
    OFFERS = "offers", _("What you offer")
    BUDGET = "budget", _("Budget or prize")
    RIGHTS = "rights", _("Rights")
    ELIGIBILITY = "eligibility", _("Who may answer")
    CRITERIA = "criteria", _("Criteria")
    ROUTE = "route", _("The route to a purchase")
    TIMES = "times", _("Times")
    OPENERS = "openers", _("Those who open the answers")
    PANEL = "panel", _("Panel and reading")


class Section(Timestamped):
    """A section's `revision` counts saves, so that none is overwritten unseen; `opened_by` tells
    colleagues who has it open until `opened_until`.
    """

    challenge = models.ForeignKey(Challenge, on_delete=models.CASCADE, related_name="sections")
    name = models.CharField(_("section"), max_length=20, choices=SectionName.choices)
    revision = models.PositiveIntegerField(default=0)
    saved_by = person_field(null=True)
    saved_at = models.DateTimeField(null=True)
    opened_by = person_field(null=True)
    opened_until = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["challenge", "name"], name="section_once"),
        ]

    def __str__(self):
        return self.get_name_display()


class ChangeRequestQuerySet(models.QuerySet):
    def unsettled(self):
        """What the team has not dealt with yet."""
        return self.filter(settled_at=None)


@pghistory.track()
class ChangeRequest(Timestamped):
    """What an editor wants changed in a section before the challenge is approved."""

    challenge = models.ForeignKey(
        Challenge, on_delete=models.CASCADE, related_name="change_requests"
    )
    section = models.CharField(_("section"), max_length=20, choices=SectionName.choices)
    text = models.TextField(_("what to change"))
    by = person_field()
    settled_at = models.DateTimeField(null=True, blank=True)
    settled_by = person_field(null=True, blank=True)

    objects = ChangeRequestQuerySet.as_manager()

    class Meta:
        verbose_name = _("change request")
        verbose_name_plural = _("change requests")
        ordering = ["created_at", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(settled_at=None, settled_by=None)
                | Q(settled_at__isnull=False, settled_by__isnull=False),
                name="change_request_settled_by_somebody",
            ),
        ]

    def __str__(self):
        return f"{self.get_section_display()}: {self.text}"
