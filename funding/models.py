import pghistory
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from afori.accounts.choices import Kind
from afori.accounts.models import Organisation
from afori.common.models import Sourced, Timestamped
from afori.common.rich_text import rich_text
from afori.common.search import SearchQuerySet, indexes, vector
from afori.common.translation import Translated
from afori.taxonomy.models import Topic, levels_field


class Purpose(models.TextChoices):
    START_NETWORK = "start_network", _("Start a network")
    PREPARE = "prepare", _("Prepare")
    EXTERNAL_COMPETENCE = "external_competence", _("External competence")
    TEST = "test", _("Test")
    PROCURE = "procure", _("Procure")
    SCALE = "scale", _("Scale up")


class FundingCallQuerySet(SearchQuerySet):
    def published(self):
        return self.filter(is_published=True)

    def with_next_cutoff(self, *, at=None):
        """Adds `next_cutoff`: the first cut-off that has not passed, or None."""
        at = at or timezone.now()
        coming = CutOff.objects.filter(call=models.OuterRef("pk"), at__gte=at).order_by("at")
        return self.annotate(next_cutoff=models.Subquery(coming.values("at")[:1]))


@pghistory.track(exclude=["search_sv", "search_en"])
class FundingCall(Timestamped, Sourced):
    """A call for applications, or a standing programme when it has no dates."""

    slug = models.SlugField(_("address"), max_length=80, unique=True)
    title_sv = models.CharField(_("title in Swedish"), max_length=200)
    title_en = models.CharField(_("title in English"), max_length=200, blank=True)
    funder = models.ForeignKey(
        Organisation,
        verbose_name=_("funder"),
        on_delete=models.PROTECT,
        related_name="funding_calls",
    )
    programme = models.CharField(pgettext_lazy("funding", "programme"), max_length=200, blank=True)
    summary_sv = models.CharField(_("summary in Swedish"), max_length=400, blank=True)
    summary_en = models.CharField(_("summary in English"), max_length=400, blank=True)
    body_sv = rich_text(_("text in Swedish"))
    body_en = rich_text(_("text in English"))
    applicants = ArrayField(
        models.CharField(max_length=30, choices=Kind.choices),
        verbose_name=_("who may apply"),
        default=list,
        blank=True,
    )
    purposes = ArrayField(
        models.CharField(max_length=30, choices=Purpose.choices),
        verbose_name=_("what for"),
        default=list,
        blank=True,
    )
    levels = levels_field()
    topics = models.ManyToManyField(
        Topic, verbose_name=_("topics"), related_name="funding_calls", blank=True
    )
    amount_min = models.PositiveBigIntegerField(_("amount from (SEK)"), null=True, blank=True)
    amount_max = models.PositiveBigIntegerField(_("amount to (SEK)"), null=True, blank=True)
    co_financing = models.PositiveSmallIntegerField(
        _("co-financing (per cent)"), null=True, blank=True
    )
    opens_at = models.DateTimeField(_("opens"), null=True, blank=True)
    is_rolling = models.BooleanField(_("apply at any time"), default=False)
    link = models.URLField(_("link"), blank=True)
    checked_on = models.DateField(_("checked on"), null=True, blank=True)
    is_published = models.BooleanField(_("published"), default=True)
    search_sv = vector("sv", A=["title_{lang}"], B=["summary_{lang}"], C=["body_{lang}"])
    search_en = vector("en", A=["title_{lang}"], B=["summary_{lang}"], C=["body_{lang}"])

    title = Translated()
    summary = Translated()
    body = Translated()
    objects = FundingCallQuerySet.as_manager()

    class Meta:
        verbose_name = _("funding call")
        verbose_name_plural = _("funding calls")
        ordering = ["title_sv"]
        indexes = indexes("funding_call")
        constraints = [
            models.CheckConstraint(
                condition=Q(amount_min=None)
                | Q(amount_max=None)
                | Q(amount_min__lte=F("amount_max")),
                name="funding_call_amount_range",
            ),
            models.CheckConstraint(
                condition=Q(co_financing=None) | Q(co_financing__lte=100),
                name="funding_call_co_financing_per_cent",
            ),
        ]

    def __str__(self):
        return str(self.title)

    def get_absolute_url(self):
        return reverse("funding:detail", args=[self.slug])

    def get_applicants_display(self):
        return [Kind(kind).label for kind in self.applicants]

    def get_purposes_display(self):
        return [Purpose(purpose).label for purpose in self.purposes]


class CutOff(Timestamped):
    """A last moment to apply; a call may have several."""

    call = models.ForeignKey(
        FundingCall, verbose_name=_("call"), on_delete=models.CASCADE, related_name="cutoffs"
    )
    at = models.DateTimeField(_("cut-off"))

    class Meta:
        verbose_name = _("cut-off date")
        verbose_name_plural = _("cut-off dates")
        ordering = ["at"]
        constraints = [models.UniqueConstraint(fields=["call", "at"], name="cutoff_once")]

    def __str__(self):
        return timezone.localtime(self.at).isoformat(" ", "minutes")
