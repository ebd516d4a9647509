from dataclasses import dataclass

import pghistory
from django.db import models
from django.db.models import Count, OuterRef, Q, Subquery, Sum
from django.db.models.functions import Coalesce, JSONObject
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from afori.accounts.models import Organisation
from afori.common.models import Sourced, Timestamped, one_person
from afori.common.search import SearchQuerySet, indexes, vector
from afori.common.translation import Translated
from afori.taxonomy.models import Level, Topic, goals_field

from .networks import Network, NetworkMembership


class NeedQuerySet(SearchQuerySet):
    def public(self):
        return self.filter(visibility=Need.Visibility.PUBLIC)

    def visible_to(self, user):
        """Public needs, and those of networks in which the person is active."""
        if not user.is_authenticated:
            return self.public()
        own = NetworkMembership.objects.active_of(user).values("network")
        return self.filter(Q(visibility=Need.Visibility.PUBLIC) | Q(network__in=own))

    def with_demand(self):
        """`demand_figures`, which `need.demand` reads, and `demand_total` to order by."""
        own = Commitment.objects.filter(need=OuterRef("pk")).order_by().values("need")
        total = own.annotate(total=Sum("volume_a_year")).values("total")
        figures = own.annotate(figures=DEMAND_FIGURES).values("figures")
        return self.annotate(
            demand_total=Coalesce(Subquery(total), 0), demand_figures=Subquery(figures)
        )


def volume(degree):
    return Sum("volume_a_year", filter=Q(degree=degree), default=0)


def number(degree):
    return Count("pk", filter=Q(degree=degree))


DEMAND_FIGURES = JSONObject(
    pledge=volume("pledge"),
    letter=volume("letter_of_intent"),
    interest=volume("interest"),
    pledges=number("pledge"),
    letters=number("letter_of_intent"),
    interests=number("interest"),
    costed=Count("cost_a_year"),
    cost=Sum("cost_a_year", default=0),
)


@dataclass(frozen=True)
class Demand:
    """Pooled demand: volumes a year by degree, organisations by degree, and what the unmet need
    costs a year in SEK by the `costed` organisations that have worked it out."""

    pledge: int = 0
    letter: int = 0
    interest: int = 0
    pledges: int = 0
    letters: int = 0
    interests: int = 0
    costed: int = 0
    cost: int = 0

    @property
    def total(self):
        return self.pledge + self.letter + self.interest

    @property
    def organisations(self):
        return self.pledges + self.letters + self.interests


@pghistory.track(exclude=["search_sv", "search_en"])
class Need(Timestamped, Sourced):
    """A function that is missing, told without prescribing the solution."""

    class Visibility(models.TextChoices):
        PUBLIC = "public", _("Public")
        NETWORK = "network", _("Members of the network")

    class State(models.TextChoices):
        PROPOSED = "proposed", _("Proposed")
        OPEN = "open", pgettext_lazy("need", "Open")
        PRIORITISED = "prioritised", _("Prioritised")
        IN_DIALOGUE = "in_dialogue", _("In dialogue")
        CHALLENGE_PUBLISHED = "challenge_published", _("Challenge published")
        PROCURED = "procured", _("Procured")
        IN_USE = "in_use", _("In use")
        STOPPED = "stopped", _("Stopped")

    CLOSED_FOR_COMMITMENTS = (State.PROCURED, State.IN_USE, State.STOPPED)

    slug = models.SlugField(_("address"), max_length=80, unique=True)
    network = models.ForeignKey(
        Network,
        verbose_name=_("network"),
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="needs",
    )
    title_sv = models.CharField(_("title in Swedish"), max_length=200)
    title_en = models.CharField(_("title in English"), max_length=200, blank=True)
    summary_sv = models.CharField(_("summary in Swedish"), max_length=400, blank=True)
    summary_en = models.CharField(_("summary in English"), max_length=400, blank=True)
    function_sv = models.TextField(_("function needed in Swedish"), blank=True)
    function_en = models.TextField(_("function needed in English"), blank=True)
    affected_sv = models.TextField(_("who is affected in Swedish"), blank=True)
    affected_en = models.TextField(_("who is affected in English"), blank=True)
    causes_sv = models.TextField(_("causes in Swedish"), blank=True)
    causes_en = models.TextField(_("causes in English"), blank=True)
    effect_sv = models.TextField(_("effect if unmet in Swedish"), blank=True)
    effect_en = models.TextField(_("effect if unmet in English"), blank=True)
    unit_sv = models.CharField(_("unit of volume in Swedish"), max_length=60, blank=True)
    unit_en = models.CharField(_("unit of volume in English"), max_length=60, blank=True)
    level = models.CharField(_("level"), max_length=20, choices=Level.choices, blank=True)
    topics = models.ManyToManyField(
        Topic, verbose_name=_("topics"), related_name="needs", blank=True
    )
    goals = goals_field()
    visibility = models.CharField(
        _("visibility"), max_length=10, choices=Visibility.choices, default=Visibility.PUBLIC
    )
    state = models.CharField(
        _("state"), max_length=20, choices=State.choices, default=State.PROPOSED
    )
    stopped_reason_sv = models.TextField(_("why it stopped, in Swedish"), blank=True)
    stopped_reason_en = models.TextField(_("why it stopped, in English"), blank=True)
    proposer = models.ForeignKey(
        Organisation,
        verbose_name=_("proposer"),
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="proposed_needs",
    )
    search_sv = vector(
        "sv",
        A=["title_{lang}"],
        B=["summary_{lang}"],
        C=["function_{lang}", "affected_{lang}", "causes_{lang}", "effect_{lang}"],
    )
    search_en = vector(
        "en",
        A=["title_{lang}"],
        B=["summary_{lang}"],
        C=["function_{lang}", "affected_{lang}", "causes_{lang}", "effect_{lang}"],
    )

    demand_figures: dict[str, int] | None

    title = Translated()
    summary = Translated()
    function = Translated()
    affected = Translated()
    causes = Translated()
    effect = Translated()
    unit = Translated()
    stopped_reason = Translated()
    objects = NeedQuerySet.as_manager()

    class Meta:
        verbose_name = _("need")
        verbose_name_plural = _("needs")
        ordering = ["title_sv"]
        indexes = indexes("need")
        constraints = [
            models.CheckConstraint(
                condition=~Q(state="stopped") | ~Q(stopped_reason_sv=""),
                name="need_stopped_has_reason",
            ),
            models.CheckConstraint(
                condition=Q(visibility="public") | Q(network__isnull=False),
                name="need_for_members_has_network",
            ),
        ]

    def __str__(self):
        return str(self.title)

    def get_absolute_url(self):
        return reverse("networks:need", args=[self.slug])

    @property
    def demand(self):
        """Of a need fetched `with_demand()`."""
        return Demand(**(self.demand_figures or {}))

    @property
    def takes_commitments(self):
        return self.state not in self.CLOSED_FOR_COMMITMENTS


class CommitmentQuerySet(models.QuerySet):
    def named(self):
        """Those whose organisations agree to be shown by name."""
        return self.filter(shown_by_name=True)

    def shown_to(self, organisation):
        """By name, and the organisation's own. Of all others people see sums only."""
        own = Q(organisation=organisation) if organisation else Q()
        return self.filter(Q(shown_by_name=True) | own)


@pghistory.track()
class Commitment(Timestamped):
    """One organisation's share of a need's pooled demand. Others see sums."""

    class Degree(models.TextChoices):
        INTEREST = "interest", _("Interest")
        LETTER_OF_INTENT = "letter_of_intent", _("Letter of intent")
        PLEDGE = "pledge", _("Pledge")

    need = models.ForeignKey(
        Need, verbose_name=_("need"), on_delete=models.CASCADE, related_name="commitments"
    )
    organisation = models.ForeignKey(
        Organisation,
        verbose_name=_("organisation"),
        on_delete=models.PROTECT,
        related_name="commitments",
    )
    degree = models.CharField(_("degree"), max_length=20, choices=Degree.choices)
    volume_a_year = models.PositiveIntegerField(_("volume a year"), null=True, blank=True)
    cost_a_year = models.PositiveBigIntegerField(
        _("today's cost a year of the unmet need (SEK)"), null=True, blank=True
    )
    contract_ends_on = models.DateField(_("contract ends on"), null=True, blank=True)
    budget_year = models.PositiveSmallIntegerField(_("budget year"), null=True, blank=True)
    conditions = models.TextField(_("conditions"), blank=True)
    signatory = models.CharField(_("signatory"), max_length=200, blank=True)
    shown_by_name = models.BooleanField(_("shown by name"), default=False)
    made_by = one_person(_("made by"))

    objects = CommitmentQuerySet.as_manager()

    class Meta:
        verbose_name = _("commitment")
        verbose_name_plural = _("commitments")
        constraints = [
            models.UniqueConstraint(fields=["need", "organisation"], name="commitment_once"),
            models.CheckConstraint(
                condition=~Q(degree="pledge") | ~Q(signatory=""),
                name="commitment_pledge_has_signatory",
            ),
        ]

    def __str__(self):
        return f"{self.organisation}: {self.get_degree_display()}"
