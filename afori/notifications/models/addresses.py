import hashlib

from django.db import models
from django.db.models import Q
from django.db.models.functions import Lower
from django.utils.translation import gettext_lazy as _

from afori.common.models import Timestamped


class MailAddressQuerySet(models.QuerySet):
    def stopped(self):
        return self.filter(stopped_at__isnull=False)


class MailAddress(Timestamped):
    """What servers have said of an address. A soft bounce gives one point, a hard one two.

    Points and stop belong to `notifications.bounces`.
    """

    STOPS_AT = 4

    address = models.EmailField(_("address"), unique=True)
    points = models.PositiveSmallIntegerField(_("points"), default=0)
    stopped_at = models.DateTimeField(_("stopped"), null=True, blank=True)

    objects = MailAddressQuerySet.as_manager()

    class Meta:
        verbose_name = _("mail address")
        verbose_name_plural = _("mail addresses")
        constraints = [
            models.CheckConstraint(
                condition=Q(address=Lower("address")), name="mail_address_lower"
            ),
            models.CheckConstraint(
                condition=Q(stopped_at=None, points__lt=4)
                | Q(stopped_at__isnull=False, points__gte=4),
                name="mail_address_stopped_by_points",
            ),
        ]

    def __str__(self):
        return f"…@{self.domain}"

    @property
    def domain(self):
        return self.address.rpartition("@")[2]


class BounceReport(Timestamped):
    """A bounce that has been counted, so that telling it again changes nothing."""

    mark = models.CharField(max_length=64, unique=True)

    class Meta:
        default_permissions = ()

    def __str__(self):
        return self.mark

    @staticmethod
    def mark_of(report):
        """Of a text or bytes that are unique to the report."""
        content = report if isinstance(report, bytes) else report.encode()
        return hashlib.sha256(content).hexdigest()
