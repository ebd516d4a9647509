"""Who works on a challenge. Those who judge the answers: see evaluation."""

import pghistory
from django.conf import settings
from django.db import models
from django.db.models import Exists, OuterRef
from django.utils.translation import gettext_lazy as _

from afori.accounts.models import Membership
from afori.common.models import Timestamped


def person_field(**options):
    return models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("person"),
        on_delete=models.PROTECT,
        related_name="+",
        **options,
    )


class TeamQuerySet(models.QuerySet):
    def active(self):
        """Those who still belong to the challenge's owner."""
        member = Membership.objects.active().filter(
            organisation=OuterRef("challenge__owner"), user=OuterRef("user")
        )
        return self.filter(Exists(member))


@pghistory.track()
class TeamMember(Timestamped):
    """One of the owner's people who write the challenge and, once opened, read the answers."""

    challenge = models.ForeignKey(
        "Challenge", verbose_name=_("challenge"), on_delete=models.CASCADE, related_name="team"
    )
    user = person_field()

    objects = TeamQuerySet.as_manager()

    class Meta:
        verbose_name = _("member of the team")
        verbose_name_plural = _("team")
        ordering = ["created_at", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["challenge", "user"], name="team_member_once"),
        ]

    def __str__(self):
        return str(self.user)


@pghistory.track()
class Opener(Timestamped):
    """One of the people named to open a challenge's submissions, two of them together."""

    challenge = models.ForeignKey(
        "Challenge", verbose_name=_("challenge"), on_delete=models.CASCADE, related_name="openers"
    )
    user = person_field()

    class Meta:
        verbose_name = _("opener")
        verbose_name_plural = _("openers")
        ordering = ["created_at", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["challenge", "user"], name="opener_once"),
        ]

    def __str__(self):
        return str(self.user)
