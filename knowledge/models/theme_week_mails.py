"""The three mails of a theme week, and when each is due and still true."""

from datetime import datetime, time, timedelta

from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from afori.common.models import Timestamped

from .theme_weeks import ThemeWeek

RECAP_DAYS = 14  # after the week's last day its recap is old news


class ThemeWeekMailQuerySet(models.QuerySet):
    def due(self, now):
        """Whose time has come, of published weeks. A recap waits until there is one to read."""
        unwritten = Q(which=ThemeWeekMail.Which.RECAP, week__recap_sv="", week__recap_en="")
        old = Q(week__ends_on__lt=timezone.localtime(now).date() - timedelta(days=RECAP_DAYS))
        return self.filter(
            ~unwritten | old,
            state=ThemeWeekMail.State.PLANNED,
            send_at__lte=now,
            week__is_published=True,
            week__starts_on__isnull=False,
        )

    def gone(self):
        return self.filter(state__in=ThemeWeekMail.GONE)


class ThemeWeekMail(Timestamped):
    """A mail to all who follow the theme. Texts that are empty are made from the week's own.

    The state belongs to `knowledge.actions`. `anchor` is the day of the week that `send_at` is
    counted from: when the week moves, so does the mail.
    """

    class Which(models.TextChoices):
        ANNOUNCEMENT = "announcement", _("Announcement")
        START = "start", _("Start")
        RECAP = "recap", _("Recap")

    class State(models.TextChoices):
        PLANNED = "planned", _("Planned")
        STARTED = "started", _("Going out")
        SENT = "sent", _("Sent")
        WITHHELD = "withheld", _("Not sent")
        CANCELLED = "cancelled", _("Cancelled")

    class Reason(models.TextChoices):
        BEGUN = "begun", _("The week had already begun.")
        OVER = "over", _("The week was already over.")
        OLD = "old", _("More than two weeks had passed since the week.")
        OVERTAKEN = "overtaken", _("The next mail of the week was due as well.")

    LATE = {
        Which.ANNOUNCEMENT: Reason.BEGUN,
        Which.START: Reason.OVER,
        Which.RECAP: Reason.OLD,
    }
    NEXT = {
        State.PLANNED: {State.STARTED, State.WITHHELD, State.CANCELLED},
        State.STARTED: {State.SENT, State.CANCELLED},
        State.WITHHELD: {State.PLANNED},
        State.CANCELLED: {State.PLANNED},
        State.SENT: set(),
    }
    GONE = (State.STARTED, State.SENT)
    TIMES = {
        Which.ANNOUNCEMENT: ("starts_on", -14, time(8)),
        Which.START: ("starts_on", 0, time(8)),
        Which.RECAP: ("ends_on", 0, time(15)),
    }

    week = models.ForeignKey(
        ThemeWeek, verbose_name=_("theme week"), on_delete=models.CASCADE, related_name="mails"
    )
    which = models.CharField(_("which"), max_length=12, choices=Which.choices)
    anchor = models.DateField(_("counted from"))
    send_at = models.DateTimeField(_("goes out"))
    subject_sv = models.CharField(_("subject line in Swedish"), max_length=120, blank=True)
    subject_en = models.CharField(_("subject line in English"), max_length=120, blank=True)
    intro_sv = models.TextField(_("first words in Swedish"), max_length=1_000, blank=True)
    intro_en = models.TextField(_("first words in English"), max_length=1_000, blank=True)
    state = models.CharField(
        _("state"), max_length=10, choices=State.choices, default=State.PLANNED
    )
    reason = models.CharField(
        _("why it was not sent"), max_length=10, choices=Reason.choices, blank=True
    )
    started_at = models.DateTimeField(_("began to go out"), null=True, blank=True)
    receivers = models.PositiveIntegerField(_("receivers"), null=True, blank=True)
    sent_at = models.DateTimeField(_("all sent"), null=True, blank=True)

    objects = ThemeWeekMailQuerySet.as_manager()

    class Meta:
        verbose_name = _("mail of a theme week")
        verbose_name_plural = _("mails of theme weeks")
        default_permissions = ()
        ordering = ["send_at", "pk"]
        indexes = [
            models.Index(
                fields=["send_at"],
                condition=Q(state__in=["planned", "started"]),
                name="theme_week_mail_waiting",
            )
        ]
        constraints = [
            models.UniqueConstraint(fields=["week", "which"], name="theme_week_mail_once"),
            models.CheckConstraint(
                condition=Q(state__in=["planned", "withheld"], started_at=None, receivers=None)
                | Q(state="cancelled")
                | Q(
                    state__in=["started", "sent"],
                    started_at__isnull=False,
                    receivers__isnull=False,
                ),
                name="theme_week_mail_started_has_time",
            ),
            models.CheckConstraint(
                condition=Q(state="sent", sent_at__isnull=False)
                | (~Q(state="sent") & Q(sent_at=None)),
                name="theme_week_mail_sent_has_time",
            ),
            models.CheckConstraint(
                condition=Q(sent_at=None) | Q(sent_at__gte=F("started_at")),
                name="theme_week_mail_in_order",
            ),
        ]

    def __str__(self):
        return f"{self.get_which_display()}: {self.week}"

    def get_absolute_url(self):
        return reverse("admin:knowledge_themeweekmail_change", args=[self.pk])

    @property
    def run(self):
        """The name under which staff see its mails."""
        return f"week {self.week.slug[:40]} {self.which}"

    @property
    def is_gone(self):
        return self.state in self.GONE

    def is_true(self, now):
        """Whether its news is still news: false once what it announces is over."""
        first, last = self.week.starts_on, self.week.ends_on
        if first is None or last is None:
            return False
        today = timezone.localtime(now).date()
        if self.which == self.Which.ANNOUNCEMENT:
            return today < first
        if self.which == self.Which.START:
            return today <= last
        return today <= last + timedelta(days=RECAP_DAYS)

    @property
    def late(self):
        """Why it is not sent once its time has passed."""
        return self.LATE[self.Which(self.which)]

    @classmethod
    def usual_time(cls, week, which):
        """When such a mail goes out unless an editor says otherwise, in Swedish time."""
        name, days, clock = cls.TIMES[which]
        return local(getattr(week, name) + timedelta(days=days), clock)

    @classmethod
    def usual_anchor(cls, week, which):
        return getattr(week, cls.TIMES[which][0])


def local(day, clock):
    """That time of the day in Sweden, whatever the season."""
    return timezone.make_aware(datetime.combine(day, clock))


def shifted(at, days):
    """The same time of the day in Sweden, some days later or earlier."""
    moment = timezone.localtime(at)
    return local(moment.date() + timedelta(days=days), moment.time())


def soonest(at, now):
    """That moment, or the same time of the next day if it has passed: editors get to look first."""
    return at if at > now else shifted(local(timezone.localtime(now).date(), local_clock(at)), 1)


def local_clock(at):
    return timezone.localtime(at).time()
