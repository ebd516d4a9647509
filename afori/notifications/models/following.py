from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from django.db.models.functions import Lower, Now
from django.utils.translation import gettext_lazy as _

from afori.common.models import Timestamped, new_token


class ReaderQuerySet(models.QuerySet):
    def of(self, user):
        """Nobody's for a stranger: addresses without an account are not theirs."""
        return self.filter(user_id=user.pk) if user.pk else self.none()

    def listening(self):
        """Confirmed readers whose account, if they have one, is active."""
        return self.filter(
            Q(user=None) | Q(user__is_active=True, user__erased_at=None),
            confirmed_at__isnull=False,
        )


class Reader(Timestamped):
    """Who follows things and gets digests: a person, or an address whose owner has confirmed it.

    `next_at` belongs to `notifications.schedule`, `told_until` and `deadlines_until` to
    `notifications.planning`: what was spread, and what falls due, until then has been in a digest.
    """

    class Frequency(models.TextChoices):
        DAILY = "daily", _("Every day")
        WEEKLY = "weekly", _("Every week")
        OFF = "off", _("Never")

    user = models.OneToOneField(
        settings.AUTH_USER_MODEL,
        verbose_name=_("person"),
        on_delete=models.CASCADE,
        null=True,
        blank=True,
        related_name="reader",
    )
    address = models.EmailField(_("address"), unique=True, null=True, blank=True)
    language = models.CharField(
        _("language"), max_length=5, choices=settings.LANGUAGES, default=settings.LANGUAGE_CODE
    )
    confirmed_at = models.DateTimeField(_("confirmed"), null=True, blank=True)
    frequency = models.CharField(
        _("digest"), max_length=10, choices=Frequency.choices, default=Frequency.WEEKLY
    )
    weekday = models.PositiveSmallIntegerField(
        _("day"), default=1, validators=[MinValueValidator(1), MaxValueValidator(7)]
    )
    hour = models.PositiveSmallIntegerField(
        _("hour"), default=7, validators=[MaxValueValidator(23)]
    )
    paused_until = models.DateField(_("paused until"), null=True, blank=True)
    next_at = models.DateTimeField(_("next digest"), null=True, blank=True)
    told_until = models.DateTimeField(_("told until"), db_default=Now())
    deadlines_until = models.DateTimeField(_("deadlines told until"), db_default=Now())
    token = models.CharField(max_length=16, unique=True, default=new_token, editable=False)

    objects = ReaderQuerySet.as_manager()

    class Meta:
        default_permissions = ()
        indexes = [
            models.Index(
                fields=["next_at"], condition=Q(next_at__isnull=False), name="reader_waiting"
            )
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(user=None, address__isnull=False) | Q(user__isnull=False, address=None),
                name="reader_user_or_address",
            ),
            models.CheckConstraint(
                condition=Q(address=None) | Q(address=Lower("address")),
                name="reader_address_lower",
            ),
            models.CheckConstraint(
                condition=Q(weekday__gte=1, weekday__lte=7, hour__lte=23), name="reader_time"
            ),
            models.CheckConstraint(
                condition=Q(next_at=None) | (Q(confirmed_at__isnull=False) & ~Q(frequency="off")),
                name="reader_waits_if_wanted",
            ),
        ]

    def __str__(self):
        return self.mail_address

    @property
    def mail_address(self):
        return self.user.email if self.user else self.address


class FollowQuerySet(models.QuerySet):
    def of(self, user):
        return self.filter(reader__in=Reader.objects.of(user))

    def about(self, kind, subject=None):
        return self.filter(kind=kind, subject_id=subject.pk if subject else Follow.WHOLE)


class Follow(Timestamped):
    """A reader wants to be told about a subject; `kind` is the subject's, as "challenge".

    Whole kinds, as "every_challenge", have no subject: their `subject_id` is `WHOLE`.
    """

    WHOLE = 0

    reader = models.ForeignKey(
        Reader, verbose_name=_("reader"), on_delete=models.CASCADE, related_name="follows"
    )
    kind = models.CharField(_("kind"), max_length=30)
    subject_id = models.PositiveBigIntegerField(_("about"), default=WHOLE)

    objects = FollowQuerySet.as_manager()

    class Meta:
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(fields=["reader", "kind", "subject_id"], name="follow_once"),
        ]
        indexes = [models.Index(fields=["kind", "subject_id"])]

    def __str__(self):
        return f"{self.kind} {self.subject_id}"


class Preference(Timestamped):
    """How a reader wants one group of news. Without a row the group's own defaults hold."""

    class Mail(models.TextChoices):
        AT_ONCE = "at_once", _("At once")
        DIGEST = "digest", _("In the digest")
        OFF = "off", _("No e-mail")

    reader = models.ForeignKey(
        Reader, verbose_name=_("reader"), on_delete=models.CASCADE, related_name="preferences"
    )
    group = models.CharField(_("group"), max_length=30)
    mail = models.CharField(_("e-mail"), max_length=10, choices=Mail.choices)
    in_app = models.BooleanField(_("in the portal"))

    class Meta:
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(fields=["reader", "group"], name="preference_once"),
        ]

    def __str__(self):
        return f"{self.group}: {self.mail}"
