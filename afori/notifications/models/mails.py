import secrets

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from afori.common.crypto import EncryptedTextField
from afori.common.models import Timestamped


def random_key():
    """A key that does not tell how many others there are, mails under the seal among them."""
    return secrets.randbits(62)


class OutgoingMailQuerySet(models.QuerySet):
    def waiting(self, now):
        """What may be sent now: due, or taken by a worker whose lease has run out."""
        return self.filter(
            Q(state="queued", next_attempt_at__lte=now) | Q(state="sending", lease_until__lte=now)
        )


class OutgoingMail(Timestamped):
    """One mail to send. Holds ids, not texts; the text is made when it is sent.

    The state belongs to `notifications.outbox`.
    """

    id = models.BigIntegerField(primary_key=True, default=random_key, editable=False)

    class State(models.TextChoices):
        QUEUED = "queued", _("Queued")
        SENDING = "sending", _("Sending")
        SENT = "sent", _("Sent")
        WITHHELD = "withheld", _("Withheld")
        DEAD = "dead", _("Given up")

    class Priority(models.IntegerChoices):
        RECEIPT = 1, _("Codes and receipts")
        PERSONAL = 2, _("Personal")
        DIGEST = 3, _("Digests")

    key = models.CharField(_("unique key"), max_length=200, unique=True)
    kind = models.CharField(_("kind"), max_length=60)
    subject_id = models.BigIntegerField(_("about"), null=True)
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("person"),
        on_delete=models.CASCADE,
        null=True,
        related_name="+",
    )
    address = models.EmailField(_("address"))
    language = models.CharField(_("language"), max_length=5, choices=settings.LANGUAGES)
    secret = EncryptedTextField(_("secret"), null=True, blank=True, default=None)
    priority = models.PositiveSmallIntegerField(
        _("priority"), choices=Priority.choices, default=Priority.PERSONAL
    )
    state = models.CharField(_("state"), max_length=10, choices=State.choices, default=State.QUEUED)
    attempts = models.PositiveSmallIntegerField(_("attempts"), default=0)
    next_attempt_at = models.DateTimeField(_("next attempt"))
    lease_until = models.DateTimeField(_("lease until"), null=True)
    sent_at = models.DateTimeField(_("sent"), null=True)
    error = models.CharField(_("error"), max_length=300, blank=True)
    run = models.CharField(
        _("run"),
        max_length=60,
        blank=True,
        db_index=True,
        help_text=_("Which digests or which theme week's mails it belongs to."),
    )

    objects = OutgoingMailQuerySet.as_manager()

    class Meta:
        verbose_name = _("outgoing mail")
        verbose_name_plural = _("outgoing mails")
        indexes = [
            models.Index(
                fields=["priority", "next_attempt_at"],
                condition=Q(state__in=["queued", "sending"]),
                name="outgoing_mail_waiting",
            ),
            models.Index(fields=["created_at"], condition=~Q(run=""), name="outgoing_mail_in_runs"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(state="sending", lease_until__isnull=False)
                | (~Q(state="sending") & Q(lease_until=None)),
                name="outgoing_mail_lease_while_sending",
            ),
            models.CheckConstraint(
                condition=Q(state="sent", sent_at__isnull=False)
                | (~Q(state="sent") & Q(sent_at=None)),
                name="outgoing_mail_sent_has_time",
            ),
        ]

    def __str__(self):
        return self.key
