import pghistory
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

    slug = models.SlugField(_("address"), max_length=80, unique=True)
    title_sv = models.CharField(_("title in Swedish"), max_length=200)
    title_en = models.CharField(_("title in English"), max_length=200, blank=True)
    intro_sv = models.CharField(_("introduction in Swedish"), max_length=400, blank=True)
    intro_en = models.CharField(_("introduction in English"), max_length=400, blank=True)
    body_sv = rich_text(_("text in Swedish"))
    body_en = rich_text(_("text in English"))
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
