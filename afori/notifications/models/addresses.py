from django.db import models
from django.db.models import Q
from django.db.models.functions import Lower
from django.utils.translation import gettext_lazy as _

from afori.common.models import Timestamped


class MailAddress(Timestamped):
    """What servers have said of an address. A soft bounce gives one point, a hard one two."""

    STOPS_AT = 4

    address = models.EmailField(_("address"), unique=True)
    points = models.PositiveSmallIntegerField(_("points"), default=0)
    stopped_at = models.DateTimeField(_("stopped"), null=True, blank=True)

    class Meta:
        verbose_name = _("mail address")
        verbose_name_plural = _("mail addresses")
        constraints = [
            models.CheckConstraint(
                condition=Q(address=Lower("address")), name="mail_address_lower"
            ),
        ]

    def __str__(self):
        return self.address
