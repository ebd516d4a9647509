from datetime import timedelta

import pghistory
from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import override

from afori.common.models import Sourced, StoredFile, Timestamped, one_person
from afori.common.rich_text import rich_text
from afori.common.search import SearchQuerySet, indexes, vector
from afori.common.translation import Translated
from afori.taxonomy.models import Topic, levels_field, methods_field
from challenges.models import Challenge
from networks.models import Need, Network

PICTURES = {"pictures": "knowledge:image", "picker": "admin:knowledge_articleimage_pick"}


class Audience(models.TextChoices):
    PROCURER = "procurer", _("Procurers")
    SUPPLIER = "supplier", _("Suppliers")
    COORDINATOR = "coordinator", _("Network coordinators")
    MANAGEMENT = "management", _("Management")


class ArticleQuerySet(SearchQuerySet):
    def published(self, *, at=None):
        """Published, from its time on and until it is taken down."""
        at = at or timezone.now()
        return self.filter(
            Q(unpublish_at=None) | Q(unpublish_at__gt=at),
            state=Article.State.PUBLISHED,
            publish_at__lte=at,
        )

    def terms(self):
        return self.filter(kind=Article.Kind.TERM)

    def overdue(self, *, on=None):
        """Published articles whose review-by date has passed."""
        return self.filter(state=Article.State.PUBLISHED, review_by__lt=on or timezone.localdate())

    def due_within(self, days, *, on=None):
        """Published articles to review from today on and within so many days."""
        on = on or timezone.localdate()
        return self.filter(
            state=Article.State.PUBLISHED, review_by__range=(on, on + timedelta(days=days))
        )


@pghistory.track(exclude=["search_sv", "search_en"])
class Article(Timestamped, Sourced):
    """A text of the knowledge bank. The state belongs to `knowledge.actions`."""

    class Kind(models.TextChoices):
        GUIDE = "guide", _("Guide")
        CASE = "case", _("Learning case")
        TEMPLATE = "template", _("Template")
        TERM = "term", _("Term")
        NEWS = "news", _("News")
        FILM = "film", _("Film")

    class State(models.TextChoices):
        DRAFT = "draft", _("Draft")
        IN_REVIEW = "in_review", _("In review")
        PUBLISHED = "published", _("Published")
        ARCHIVED = "archived", _("Archived")

    NEXT = {
        State.DRAFT: {State.IN_REVIEW, State.PUBLISHED, State.ARCHIVED},
        State.IN_REVIEW: {State.DRAFT, State.PUBLISHED, State.ARCHIVED},
        State.PUBLISHED: {State.PUBLISHED, State.DRAFT, State.ARCHIVED},
        State.ARCHIVED: {State.DRAFT},
    }

    slug = models.SlugField(_("address"), max_length=80, unique=True)
    kind = models.CharField(_("kind"), max_length=10, choices=Kind.choices)
    title_sv = models.CharField(_("title in Swedish"), max_length=200)
    title_en = models.CharField(_("title in English"), max_length=200, blank=True)
    lead_sv = models.CharField(_("lead in Swedish"), max_length=400, blank=True)
    lead_en = models.CharField(_("lead in English"), max_length=400, blank=True)
    body_sv = rich_text(_("text in Swedish"), **PICTURES)
    body_en = rich_text(_("text in English"), **PICTURES)
    synonyms_sv = models.CharField(_("synonyms in Swedish"), max_length=300, blank=True)
    synonyms_en = models.CharField(_("synonyms in English"), max_length=300, blank=True)
    topics = models.ManyToManyField(
        Topic, verbose_name=_("topics"), related_name="articles", blank=True
    )
    levels = levels_field()
    methods = methods_field()
    audience = ArrayField(
        models.CharField(max_length=20, choices=Audience.choices),
        verbose_name=_("audience"),
        default=list,
        blank=True,
    )
    networks = models.ManyToManyField(
        Network, verbose_name=_("networks"), related_name="articles", blank=True
    )
    needs = models.ManyToManyField(
        Need, verbose_name=_("needs"), related_name="articles", blank=True
    )
    challenges = models.ManyToManyField(
        Challenge, verbose_name=_("challenges"), related_name="articles", blank=True
    )
    owner = one_person(_("owner"))
    state = models.CharField(_("state"), max_length=10, choices=State.choices, default=State.DRAFT)
    publish_at = models.DateTimeField(_("publish at"), null=True, blank=True)
    unpublish_at = models.DateTimeField(_("unpublish at"), null=True, blank=True)
    review_by = models.DateField(_("review by"), null=True, blank=True)
    search_sv = vector(
        "sv", A=["title_{lang}", "synonyms_{lang}"], B=["lead_{lang}"], C=["body_{lang}"]
    )
    search_en = vector(
        "en", A=["title_{lang}", "synonyms_{lang}"], B=["lead_{lang}"], C=["body_{lang}"]
    )

    title = Translated()
    lead = Translated()
    body = Translated()
    objects = ArticleQuerySet.as_manager()

    class Meta:
        verbose_name = _("article")
        verbose_name_plural = _("articles")
        ordering = ["title_sv"]
        indexes = [*indexes("article"), models.Index(fields=["state", "publish_at"])]
        constraints = [
            models.CheckConstraint(
                condition=~Q(state="published") | Q(publish_at__isnull=False),
                name="article_published_has_date",
            ),
            models.CheckConstraint(
                condition=Q(unpublish_at=None)
                | Q(publish_at=None)
                | Q(unpublish_at__gt=F("publish_at")),
                name="article_unpublished_after_published",
            ),
        ]

    def __str__(self):
        return str(self.title)

    def get_absolute_url(self):
        return reverse("knowledge:article", args=[self.slug])

    def is_scheduled(self, *, at=None):
        at = at or timezone.now()
        return self.state == self.State.PUBLISHED and self.publish_at > at

    def is_overdue(self, *, on=None):
        """The same as `overdue()`, for one article."""
        on = on or timezone.localdate()
        return (
            self.state == self.State.PUBLISHED
            and self.review_by is not None
            and self.review_by < on
        )

    def is_published(self, *, at=None):
        """The same as `published()`, for one article."""
        at = at or timezone.now()
        return (
            self.state == self.State.PUBLISHED
            and self.publish_at <= at
            and (self.unpublish_at is None or self.unpublish_at > at)
        )


class ArticleImage(StoredFile):
    """A picture for articles; `alt` is what a reader hears instead of seeing it."""

    alt_sv = models.CharField(_("alternative text in Swedish"), max_length=300)
    alt_en = models.CharField(_("alternative text in English"), max_length=300, blank=True)

    alt = Translated()

    class Meta:
        verbose_name = _("picture")
        verbose_name_plural = _("pictures")
        ordering = ["-created_at", "-pk"]

    def get_absolute_url(self):
        """In the site's first language, whatever the page's: this is what texts keep."""
        with override(settings.LANGUAGE_CODE):
            return reverse("knowledge:image", args=[self.token])

    @property
    def articles(self):
        """Articles that show the picture."""
        return Article.objects.filter(
            Q(body_sv__contains=self.token) | Q(body_en__contains=self.token)
        )


class Attachment(StoredFile):
    article = models.ForeignKey(
        Article, verbose_name=_("article"), on_delete=models.CASCADE, related_name="attachments"
    )
    title = models.CharField(_("title"), max_length=200)
    downloads = models.PositiveIntegerField(_("downloads"), default=0, editable=False)

    class Meta:
        verbose_name = _("attachment")
        verbose_name_plural = _("attachments")

    def __str__(self):
        return self.title

    @property
    def extension(self):
        return self.name.rpartition(".")[2].capitalize()
