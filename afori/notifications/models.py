import secrets

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from afori.common.crypto import EncryptedTextField
from afori.common.models import Timestamped, new_token


class NotificationQuerySet(models.QuerySet):
    def of(self, user):
        return self.filter(user_id=user.pk)

    def unread(self):
        return self.filter(read_at=None)

    def unread_first(self):
        return self.alias(is_read=Q(read_at__isnull=False)).order_by(
            "is_read", "-created_at", "-pk"
        )


class Notification(Timestamped):
    """Something one person should know. `kind` names its texts, `subject_id` what it is about."""

    key = models.CharField(max_length=200, unique=True)
    token = models.CharField(max_length=16, unique=True, default=new_token, editable=False)
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="notifications"
    )
    kind = models.CharField(max_length=60)
    subject_id = models.BigIntegerField()
    read_at = models.DateTimeField(null=True, blank=True)

    objects = NotificationQuerySet.as_manager()

    class Meta:
        ordering = ["-created_at", "-pk"]
        indexes = [
            models.Index(fields=["user", "-created_at", "-id"], name="notification_of_user"),
            models.Index(fields=["user"], condition=Q(read_at=None), name="notification_unread"),
        ]

    def __str__(self):
        return self.kind


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

    objects = OutgoingMailQuerySet.as_manager()

    class Meta:
        verbose_name = _("outgoing mail")
        verbose_name_plural = _("outgoing mails")
        indexes = [
            models.Index(
                fields=["priority", "next_attempt_at"],
                condition=Q(state__in=["queued", "sending"]),
                name="outgoing_mail_waiting",
            )
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


class FollowQuerySet(models.QuerySet):
    def of(self, user):
        return self.filter(user_id=user.pk)

    def about(self, kind, subject):
        return self.filter(kind=kind, subject_id=subject.pk)


class Follow(Timestamped):
    """A person wants to be told about a subject; `kind` is the subject's, as "challenge"."""

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("person"),
        on_delete=models.CASCADE,
        related_name="follows",
    )
    kind = models.CharField(_("kind"), max_length=30)
    subject_id = models.PositiveBigIntegerField()

    objects = FollowQuerySet.as_manager()

    class Meta:
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(fields=["user", "kind", "subject_id"], name="follow_once"),
        ]
        indexes = [models.Index(fields=["kind", "subject_id"])]

    def __str__(self):
        return f"{self.kind} {self.subject_id}"
