from datetime import timedelta

import pghistory
from django.core.validators import MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from afori.common.models import Sourced, Timestamped
from afori.common.rich_text import rich_text
from afori.common.search import SearchQuerySet, indexes, vector
from afori.common.translation import Translated
from afori.events.models import Event
from afori.taxonomy.models import Topic
from challenges.models import Challenge
from funding.models import FundingCall

from .articles import Article


class Phase(models.TextChoices):
    """By the calendar: never stored."""

    PLANNED = "planned", _("No dates yet")
    COMING = "coming", _("Coming")
    RUNNING = "running", _("Now")
    OVER = "over", _("Past")


class ThemeWeekQuerySet(SearchQuerySet):
    def published(self):
        return self.filter(is_published=True)

    def current_or_next(self, *, on=None):
        """The week that runs, else the next one; a queryset of at most one."""
        on = on or timezone.localdate()
        return self.published().filter(ends_on__gte=on).order_by("starts_on")[:1]


@pghistory.track(exclude=["search_sv", "search_en"])
class ThemeWeek(Timestamped, Sourced):
    """An editor's collection with its own programme. Without dates it is only planned."""

    LONG_TEXTS = ("body_sv", "body_en", "recap_sv", "recap_en", "search_sv", "search_en")

    slug = models.SlugField(_("address"), max_length=80, unique=True)
    title_sv = models.CharField(_("title in Swedish"), max_length=200)
    title_en = models.CharField(_("title in English"), max_length=200, blank=True)
    intro_sv = models.CharField(_("introduction in Swedish"), max_length=400, blank=True)
    intro_en = models.CharField(_("introduction in English"), max_length=400, blank=True)
    body_sv = rich_text(_("text in Swedish"))
    body_en = rich_text(_("text in English"))
    recap_sv = rich_text(_("recap in Swedish"))
    recap_en = rich_text(_("recap in English"))
    starts_on = models.DateField(_("first day"), null=True, blank=True)
    ends_on = models.DateField(_("last day"), null=True, blank=True)
    topics = models.ManyToManyField(
        Topic, verbose_name=_("topics"), related_name="theme_weeks", blank=True
    )
    events = models.ManyToManyField(
        Event, verbose_name=_("events"), related_name="theme_weeks", blank=True
    )
    articles = models.ManyToManyField(
        Article, verbose_name=_("articles"), related_name="theme_weeks", blank=True
    )
    challenges = models.ManyToManyField(
        Challenge, verbose_name=_("challenges"), related_name="theme_weeks", blank=True
    )
    calls = models.ManyToManyField(
        FundingCall, verbose_name=_("funding calls"), related_name="theme_weeks", blank=True
    )
    is_published = models.BooleanField(_("published"), default=True)
    search_sv = vector("sv", A=["title_{lang}"], B=["intro_{lang}"], C=["body_{lang}"])
    search_en = vector("en", A=["title_{lang}"], B=["intro_{lang}"], C=["body_{lang}"])

    title = Translated()
    intro = Translated()
    body = Translated()
    recap = Translated()
    objects = ThemeWeekQuerySet.as_manager()

    class Meta:
        verbose_name = _("theme week")
        verbose_name_plural = _("theme weeks")
        ordering = [F("starts_on").desc(nulls_last=True), "title_sv"]
        indexes = indexes("theme_week")
        constraints = [
            models.CheckConstraint(
                condition=Q(starts_on=None, ends_on=None)
                | Q(starts_on__isnull=False, ends_on__isnull=False, ends_on__gte=F("starts_on")),
                name="theme_week_dates",
            ),
        ]

    def __str__(self):
        return str(self.title)

    def get_absolute_url(self):
        return reverse("knowledge:theme_week", args=[self.slug])

    def phase(self, *, on=None):
        """Where the week stands on a day, by the calendar alone."""
        on = on or timezone.localdate()
        if self.starts_on is None:
            return Phase.PLANNED
        if on < self.starts_on:
            return Phase.COMING
        return Phase.RUNNING if on <= self.ends_on else Phase.OVER

    def day(self, number):
        """The date of its first, second, … day; None while it has no dates."""
        return self.starts_on and self.starts_on + timedelta(days=number - 1)


class ThemeDay(models.Model):
    """What an editor says of one day. Counted from the first, so that it moves with the week."""

    week = models.ForeignKey(
        ThemeWeek, verbose_name=_("theme week"), on_delete=models.CASCADE, related_name="days"
    )
    number = models.PositiveSmallIntegerField(_("day"), validators=[MinValueValidator(1)])
    text_sv = models.CharField(_("text in Swedish"), max_length=400, blank=True)
    text_en = models.CharField(_("text in English"), max_length=400, blank=True)

    text = Translated()

    class Meta:
        verbose_name = _("day of a theme week")
        verbose_name_plural = _("days of a theme week")
        ordering = ["number"]
        constraints = [
            models.UniqueConstraint(fields=["week", "number"], name="theme_day_once"),
            models.CheckConstraint(condition=Q(number__gte=1), name="theme_day_from_one"),
        ]

    def __str__(self):
        return str(self.number)


class ThemeQuestion(models.Model):
    """One of the three questions that the week asks, as steps of the staircase."""

    NUMBER = 3

    week = models.ForeignKey(
        ThemeWeek, verbose_name=_("theme week"), on_delete=models.CASCADE, related_name="questions"
    )
    position = models.PositiveSmallIntegerField(
        _("step"), choices=[(number, str(number)) for number in range(1, NUMBER + 1)]
    )
    title_sv = models.CharField(_("question in Swedish"), max_length=60)
    title_en = models.CharField(_("question in English"), max_length=60, blank=True)
    text_sv = models.CharField(_("answer in Swedish"), max_length=80, blank=True)
    text_en = models.CharField(_("answer in English"), max_length=80, blank=True)

    title = Translated()
    text = Translated()

    class Meta:
        verbose_name = _("question of a theme week")
        verbose_name_plural = _("questions of a theme week")
        ordering = ["position"]
        constraints = [
            models.UniqueConstraint(fields=["week", "position"], name="theme_question_once"),
        ]

    def __str__(self):
        return str(self.title)
