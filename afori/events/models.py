import pghistory
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from afori.accounts.models import Organisation
from afori.common.models import Sourced, Timestamped
from afori.common.rich_text import rich_text
from afori.common.search import SearchQuerySet, indexes, vector
from afori.common.translation import Translated
from afori.taxonomy.models import Topic
from challenges.models import Challenge
from networks.models import Network, NetworkMembership


class EventQuerySet(SearchQuerySet):
    def public(self):
        return self.filter(visibility=Event.Visibility.PUBLIC)

    def dialogue_meetings(self):
        return self.filter(kind=Event.Kind.DIALOGUE_MEETING)

    def visible_to(self, user):
        """Public events, and those of networks in which the person is active."""
        if not user.is_authenticated:
            return self.public()
        own = NetworkMembership.objects.active().filter(user_id=user.pk).values("network")
        return self.filter(Q(visibility=Event.Visibility.PUBLIC) | Q(network__in=own))

    def upcoming(self, *, at=None):
        return self.filter(ends_at__gte=at or timezone.now()).order_by("starts_at")

    def nearest_first(self, *, at=None):
        """What has not ended, nearest first, then what has, latest first."""
        at = at or timezone.now()
        coming = Q(ends_at__gte=at)
        return self.annotate(
            is_past=models.Case(models.When(coming, then=False), default=True),
            coming_at=models.Case(models.When(coming, then="starts_at")),
        ).order_by("is_past", "coming_at", "-starts_at", "pk")


@pghistory.track(exclude=["search_sv", "search_en"])
class Event(Timestamped, Sourced):
    class Kind(models.TextChoices):
        SEMINAR = "seminar", _("Seminar")
        DIALOGUE_MEETING = "dialogue_meeting", _("Dialogue meeting")
        EXPERIENCE_DAY = "experience_day", _("Experience day")
        HACKATHON = "hackathon", _("Hackathon")
        LAUNCH = "launch", _("Launch")
        NETWORK_MEETING = "network_meeting", _("Network meeting")

    class Visibility(models.TextChoices):
        PUBLIC = "public", _("Public")
        NETWORK = "network", _("Members of the network")

    LONG_TEXTS = (
        "body_sv",
        "body_en",
        "notes_sv",
        "notes_en",
        "search_sv",
        "search_en",
    )

    slug = models.SlugField(_("address"), max_length=80, unique=True)
    kind = models.CharField(_("kind"), max_length=20, choices=Kind.choices)
    title_sv = models.CharField(_("title in Swedish"), max_length=200)
    title_en = models.CharField(_("title in English"), max_length=200, blank=True)
    summary_sv = models.CharField(_("summary in Swedish"), max_length=400, blank=True)
    summary_en = models.CharField(_("summary in English"), max_length=400, blank=True)
    body_sv = rich_text(_("text in Swedish"))
    body_en = rich_text(_("text in English"))
    notes_sv = rich_text(_("notes in Swedish"))
    notes_en = rich_text(_("notes in English"))
    host = models.ForeignKey(
        Organisation,
        verbose_name=_("host"),
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="events",
    )
    network = models.ForeignKey(
        Network,
        verbose_name=_("network"),
        on_delete=models.CASCADE,
        null=True,
        blank=True,
        related_name="events",
    )
    challenge = models.ForeignKey(
        Challenge,
        verbose_name=_("challenge"),
        on_delete=models.CASCADE,
        null=True,
        blank=True,
        related_name="events",
    )
    topics = models.ManyToManyField(
        Topic, verbose_name=_("topics"), related_name="events", blank=True
    )
    starts_at = models.DateTimeField(_("starts"))
    ends_at = models.DateTimeField(_("ends"))
    place = models.CharField(_("place"), max_length=200, blank=True)
    link = models.URLField(_("link"), blank=True)
    stream_link = models.URLField(_("link to the stream"), blank=True)
    recording_link = models.URLField(_("link to the recording"), blank=True)
    capacity = models.PositiveIntegerField(_("capacity"), null=True, blank=True)
    visibility = models.CharField(
        _("visibility"), max_length=10, choices=Visibility.choices, default=Visibility.PUBLIC
    )
    search_sv = vector("sv", A=["title_{lang}"], B=["summary_{lang}"], C=["body_{lang}"])
    search_en = vector("en", A=["title_{lang}"], B=["summary_{lang}"], C=["body_{lang}"])

    title = Translated()
    summary = Translated()
    body = Translated()
    notes = Translated()
    objects = EventQuerySet.as_manager()

    class Meta:
        verbose_name = _("event")
        verbose_name_plural = _("events")
        ordering = ["starts_at"]
        indexes = [*indexes("event"), models.Index(fields=["starts_at"])]
        constraints = [
            models.CheckConstraint(
                condition=Q(ends_at__gte=F("starts_at")), name="event_ends_after_start"
            ),
            models.CheckConstraint(
                condition=Q(visibility="public") | Q(network__isnull=False),
                name="event_for_members_has_network",
            ),
        ]

    def __str__(self):
        return str(self.title)

    def get_absolute_url(self):
        return reverse("events:detail", args=[self.slug])
