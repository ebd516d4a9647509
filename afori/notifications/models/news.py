from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from afori.common.models import Timestamped


class Activity(Timestamped):
    """Something that happened and that followers of its targets are told, once.

    Written in the transaction that makes it true. `spread_at` is when a worker took it up, after
    the commit: digests count by it, so that a slow transaction never falls between two.
    """

    kind = models.CharField(_("kind"), max_length=60)
    subject_id = models.BigIntegerField(_("about"))
    once = models.CharField(max_length=60, blank=True)
    happened_at = models.DateTimeField(_("happened"))
    spread_at = models.DateTimeField(_("spread"), null=True)

    class Meta:
        verbose_name = _("activity")
        verbose_name_plural = _("activities")
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(fields=["kind", "subject_id", "once"], name="activity_once"),
        ]
        indexes = [
            models.Index(fields=["id"], condition=Q(spread_at=None), name="activity_to_spread"),
            models.Index(fields=["spread_at"], name="activity_spread"),
        ]

    def __str__(self):
        return f"{self.kind} {self.subject_id}"


class ActivityTarget(models.Model):
    """Whose followers are told of an activity: of a network, a topic, a whole kind …"""

    activity = models.ForeignKey(
        Activity, verbose_name=_("activity"), on_delete=models.CASCADE, related_name="targets"
    )
    kind = models.CharField(_("kind"), max_length=30)
    subject_id = models.PositiveBigIntegerField()
    spread_at = models.DateTimeField(_("spread"), null=True)

    class Meta:
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(
                fields=["activity", "kind", "subject_id"], name="activity_target_once"
            ),
        ]
        indexes = [
            models.Index(fields=["kind", "subject_id", "spread_at"], name="activity_target_of"),
        ]

    def __str__(self):
        return f"{self.kind} {self.subject_id}"
