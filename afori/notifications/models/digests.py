from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from afori.common.models import Timestamped

from .following import Reader


class Digest(Timestamped):
    """One reader's news of one period: what was spread after `since`, until `until`.

    Its deadlines are those after `deadlines_since`, until `deadlines_until`. What is in it is
    found when its mail is composed; nothing of it is kept here.
    """

    reader = models.ForeignKey(
        Reader, verbose_name=_("reader"), on_delete=models.CASCADE, related_name="digests"
    )
    due_at = models.DateTimeField(_("due"))
    since = models.DateTimeField(_("since"))
    until = models.DateTimeField(_("until"))
    deadlines_since = models.DateTimeField(_("deadlines since"))
    deadlines_until = models.DateTimeField(_("deadlines until"))

    class Meta:
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(fields=["reader", "since"], name="digest_once"),
            models.CheckConstraint(
                condition=Q(since__lte=F("until")) & Q(deadlines_since__lte=F("deadlines_until")),
                name="digest_period",
            ),
        ]

    def __str__(self):
        return f"{self.since:%Y-%m-%d} – {self.until:%Y-%m-%d}"
