import pghistory
import pgtrigger
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Case, F, Func, Q, When
from django.db.models.functions import Coalesce, TruncDate
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from afori.accounts.models import Membership, Organisation
from afori.common.models import Sourced, Timestamped
from afori.common.search import SearchQuerySet, indexes, vector
from afori.common.translation import Translated
from afori.taxonomy.models import Level, Method, Topic, ValueOffer, goals_field
from networks.models import Need, Network

from .people import TeamMember, person_field

# Suppliers rely on it even where somebody writes SQL: the second line behind amendments.
LATER_ONLY = pgtrigger.Trigger(
    name="deadline_later_only",
    when=pgtrigger.Before,
    operation=pgtrigger.Update,
    condition=pgtrigger.Condition(
        "OLD.state = 'published' AND OLD.closes_at IS DISTINCT FROM NEW.closes_at"
    ),
    func="""
        IF NEW.closes_at IS NULL OR NEW.closes_at < OLD.closes_at OR now() > OLD.closes_at THEN
            RAISE EXCEPTION 'A deadline moves later only, and not once it has passed'
                USING ERRCODE = 'check_violation';
        END IF;
        RETURN NEW;
    """,
)
LANGUAGES = [("sv", _("Swedish")), ("en", _("English"))]


class ChallengeQuerySet(SearchQuerySet):
    def published(self):
        """What anyone may read. Drafts and those in review belong to the owner's team."""
        return self.filter(state__in=Challenge.PUBLIC_STATES)

    def visible_to(self, user):
        if not user.is_authenticated:
            return self.published()
        return self.filter(Q(state__in=Challenge.PUBLIC_STATES) | self.team_condition(user))

    def of_team(self, user):
        """Those that the person works on, and drafts of organisations that they administer."""
        return self.filter(self.team_condition(user))

    @staticmethod
    def team_condition(user):
        team = TeamMember.objects.active().filter(user_id=user.pk)
        admin = Membership.objects.admins().filter(user_id=user.pk)
        return Q(pk__in=team.values("challenge")) | Q(
            state__in=Challenge.WRITTEN, owner__in=admin.values("organisation")
        )

    def waiting_for_review(self):
        return self.filter(state=Challenge.State.IN_REVIEW, approved_at=None)

    def reviewable(self):
        """What editors may know of: what they have been sent, until it is public."""
        asked = Q(state=Challenge.State.DRAFT, change_requests__isnull=False)
        return self.filter(Q(state=Challenge.State.IN_REVIEW) | asked).distinct()

    def open(self, *, at=None):
        return self.filter(self.status_condition("open", at=at))

    def upcoming(self, *, at=None):
        return self.filter(self.status_condition("upcoming", at=at))

    def closed(self, *, at=None):
        return self.filter(self.status_condition("closed", at=at))

    def finished(self):
        return self.filter(self.status_condition("finished"))

    def with_outcome_due(self):
        """`outcome_due`: the last day to tell what came of it, six months after closing if no
        other day was named.
        """
        half_a_year = Func(
            TruncDate("closes_at"),
            template="((%(expressions)s) + interval '6 months')::date",
            output_field=models.DateField(),
        )
        return self.annotate(outcome_due=Coalesce("decision_expected_on", half_a_year))

    def lacking_outcome(self, *, on):
        """Those whose day to tell has passed, and that nobody can read the outcome of."""
        late = self.with_outcome_due().filter(outcome_due__lt=on)
        return late.filter(state=Challenge.State.PUBLISHED, closes_at__lt=timezone.now())

    @staticmethod
    def status_condition(status, *, at=None):
        """Where a challenge stands for its readers, by its state and by the clock."""
        at = at or timezone.now()
        published = Q(state=Challenge.State.PUBLISHED)
        return {
            "open": published & Q(opens_at__lte=at, closes_at__gte=at),
            "upcoming": published & Q(opens_at__gt=at),
            "closed": published & Q(closes_at__lt=at),
            "finished": Q(state__in=Challenge.OVER),
        }[status]

    def soonest_first(self, *, at=None):
        """Open by what closes first, upcoming by what opens first, then the latest closed."""
        at = at or timezone.now()
        order = ["open", "upcoming", "closed", "finished"]
        ranks = [
            When(self.status_condition(one, at=at), then=rank) for rank, one in enumerate(order)
        ]
        soonest = Case(
            When(self.status_condition("open", at=at), then="closes_at"),
            When(self.status_condition("upcoming", at=at), then="opens_at"),
        )
        return self.annotate(
            status_rank=Case(*ranks, output_field=models.SmallIntegerField())
        ).order_by(
            "status_rank",
            soonest.asc(nulls_last=True),
            F("closes_at").desc(nulls_last=True),
            F("year").desc(nulls_last=True),
            "title_sv",
            "pk",
        )


@pghistory.track(
    pghistory.InsertEvent(),
    pghistory.UpdateEvent(),
    pghistory.ManualEvent("thrown_away"),
    exclude=["search_sv", "search_en"],
)
class Challenge(Timestamped, Sourced):
    """A published invitation to answer a need. The state belongs to `challenges.actions`."""

    class State(models.TextChoices):
        DRAFT = "draft", _("Draft")
        IN_REVIEW = "in_review", _("In review")
        PUBLISHED = "published", _("Published")
        DECIDED = "decided", _("Decided")
        COMPLETED = "completed", _("Completed")
        CANCELLED = "cancelled", _("Cancelled")

    class Rights(models.TextChoices):
        SUPPLIER_KEEPS = "supplier_keeps", _("The supplier keeps the rights")
        BUYER_OWNS = "buyer_owns", _("The buyer owns the rights")
        SHARED = "shared", _("The rights are shared")
        LICENCE = "licence", _("The buyer gets a licence")
        TO_BE_AGREED = "to_be_agreed", _("To be agreed")

    NEXT = {
        State.DRAFT: {State.IN_REVIEW},
        State.IN_REVIEW: {State.DRAFT, State.PUBLISHED},
        State.PUBLISHED: {State.DECIDED, State.CANCELLED},
        State.DECIDED: {State.COMPLETED, State.CANCELLED},
    }
    WRITTEN = (State.DRAFT, State.IN_REVIEW)
    OVER = (State.DECIDED, State.COMPLETED, State.CANCELLED)
    PUBLIC_STATES = (State.PUBLISHED, *OVER)
    LONG_TEXTS = (
        *("background_sv", "background_en", "function_sv", "function_en"),
        *("affected_sv", "affected_en", "eligibility_sv", "eligibility_en"),
        *("rights_text_sv", "rights_text_en", "search_sv", "search_en"),
    )

    slug = models.SlugField(_("address"), max_length=80, unique=True)
    title_sv = models.CharField(_("title in Swedish"), max_length=200)
    title_en = models.CharField(_("title in English"), max_length=200, blank=True)
    summary_sv = models.CharField(_("summary in Swedish"), max_length=400, blank=True)
    summary_en = models.CharField(_("summary in English"), max_length=400, blank=True)
    background_sv = models.TextField(_("background in Swedish"), blank=True)
    background_en = models.TextField(_("background in English"), blank=True)
    function_sv = models.TextField(_("function asked for in Swedish"), blank=True)
    function_en = models.TextField(_("function asked for in English"), blank=True)
    affected_sv = models.TextField(_("who is affected, Swedish"), blank=True)
    affected_en = models.TextField(_("who is affected, English"), blank=True)
    eligibility_sv = models.TextField(_("who may answer, Swedish"), blank=True)
    eligibility_en = models.TextField(_("who may answer, English"), blank=True)
    owner = models.ForeignKey(
        Organisation,
        verbose_name=pgettext_lazy("challenge", "owner"),
        on_delete=models.PROTECT,
        related_name="owned_challenges",
    )
    network = models.ForeignKey(
        Network,
        verbose_name=_("network"),
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="challenges",
    )
    needs = models.ManyToManyField(
        Need, verbose_name=_("needs"), related_name="challenges", blank=True
    )
    method = models.CharField(_("method"), max_length=40, choices=Method.choices, blank=True)
    level = models.CharField(_("level"), max_length=20, choices=Level.choices, blank=True)
    topics = models.ManyToManyField(
        Topic, verbose_name=_("topics"), related_name="challenges", blank=True
    )
    goals = goals_field()
    budget_min = models.PositiveBigIntegerField(_("budget from (SEK)"), null=True, blank=True)
    budget_max = models.PositiveBigIntegerField(_("budget to (SEK)"), null=True, blank=True)
    prize = models.PositiveBigIntegerField(_("prize (SEK)"), null=True, blank=True)
    value_offers = ArrayField(
        models.CharField(max_length=30, choices=ValueOffer.choices),
        verbose_name=_("value offers"),
        default=list,
        blank=True,
    )
    rights = models.CharField(_("rights"), max_length=20, choices=Rights.choices, blank=True)
    rights_text_sv = models.TextField(_("rights in words, Swedish"), blank=True)
    rights_text_en = models.TextField(_("rights in words, English"), blank=True)
    languages = ArrayField(
        models.CharField(max_length=5, choices=LANGUAGES),
        verbose_name=_("accepted languages"),
        default=list,
        blank=True,
    )
    contact = models.CharField(_("contact"), max_length=300, blank=True)
    adoption_receiver_sv = models.CharField(
        _("who receives it, Swedish"), max_length=300, blank=True
    )
    adoption_receiver_en = models.CharField(
        _("who receives it, English"), max_length=300, blank=True
    )
    adoption_budget_sv = models.CharField(_("budget owner, Swedish"), max_length=300, blank=True)
    adoption_budget_en = models.CharField(_("budget owner, English"), max_length=300, blank=True)
    adoption_plan_sv = models.CharField(
        _("planned procedure and time, Swedish"), max_length=300, blank=True
    )
    adoption_plan_en = models.CharField(
        _("planned procedure and time, English"), max_length=300, blank=True
    )
    state = models.CharField(_("state"), max_length=12, choices=State.choices, default=State.DRAFT)
    year = models.PositiveSmallIntegerField(
        _("year"), null=True, blank=True, help_text=_("For earlier challenges without dates.")
    )
    published_at = models.DateTimeField(_("published"), null=True, blank=True)
    opens_at = models.DateTimeField(_("opens"), null=True, blank=True)
    questions_until = models.DateTimeField(_("questions until"), null=True, blank=True)
    answers_by = models.DateTimeField(_("questions answered by"), null=True, blank=True)
    closes_at = models.DateTimeField(_("closes"), null=True, blank=True)
    decision_expected_on = models.DateField(_("decision expected"), null=True, blank=True)
    sent_to_review_at = models.DateTimeField(_("sent to review"), null=True, blank=True)
    approved_at = models.DateTimeField(_("approved"), null=True, blank=True)
    approved_by = person_field(null=True, blank=True)
    publish_at = models.DateTimeField(_("to be published"), null=True, blank=True)
    anonymous_reading = models.BooleanField(
        _("first reading without the suppliers' names"), default=False
    )
    wait_days = models.PositiveSmallIntegerField(
        _("days from decisions sent to decision public"), default=0
    )
    decisions_sent_at = models.DateTimeField(_("decisions sent"), null=True, blank=True)
    search_sv = vector(
        "sv",
        A=["title_{lang}"],
        B=["summary_{lang}"],
        C=["background_{lang}", "function_{lang}"],
    )
    search_en = vector(
        "en",
        A=["title_{lang}"],
        B=["summary_{lang}"],
        C=["background_{lang}", "function_{lang}"],
    )

    title = Translated()
    summary = Translated()
    background = Translated()
    function = Translated()
    affected = Translated()
    eligibility = Translated()
    rights_text = Translated()
    adoption_receiver = Translated()
    adoption_budget = Translated()
    adoption_plan = Translated()
    objects = ChallengeQuerySet.as_manager()

    class Meta:
        verbose_name = _("challenge")
        verbose_name_plural = _("challenges")
        ordering = ["title_sv"]
        triggers = [LATER_ONLY]
        indexes = [*indexes("challenge"), models.Index(fields=["state", "closes_at"])]
        constraints = [
            models.CheckConstraint(
                condition=~Q(state="published")
                | Q(opens_at__isnull=False, closes_at__isnull=False, published_at__isnull=False),
                name="challenge_published_has_times",
            ),
            models.CheckConstraint(
                condition=~Q(state="published")
                | (
                    ~Q(adoption_receiver_sv="")
                    & ~Q(adoption_budget_sv="")
                    & ~Q(adoption_plan_sv="")
                ),
                name="challenge_published_has_route_to_adoption",
            ),
            models.CheckConstraint(
                condition=Q(approved_at=None, approved_by=None)
                | Q(approved_at__isnull=False, approved_by__isnull=False),
                name="challenge_approved_by_somebody",
            ),
            models.CheckConstraint(
                condition=~Q(state="draft") | Q(approved_at=None, publish_at=None),
                name="challenge_draft_is_not_approved",
            ),
            models.CheckConstraint(
                condition=Q(opens_at=None) | Q(closes_at=None) | Q(opens_at__lt=F("closes_at")),
                name="challenge_opens_before_it_closes",
            ),
            models.CheckConstraint(
                condition=Q(questions_until=None)
                | Q(closes_at=None)
                | Q(questions_until__lte=F("closes_at")),
                name="challenge_questions_before_it_closes",
            ),
            models.CheckConstraint(
                condition=Q(budget_min=None)
                | Q(budget_max=None)
                | Q(budget_min__lte=F("budget_max")),
                name="challenge_budget_range",
            ),
        ]

    def __str__(self):
        return str(self.title)

    def get_absolute_url(self):
        return reverse("challenges:detail", args=[self.slug])

    @property
    def waits_for_review(self):
        return self.state == self.State.IN_REVIEW and self.approved_at is None

    @property
    def is_public(self):
        return self.state in self.PUBLIC_STATES

    @property
    def is_over(self):
        """Decided or stopped: its outcome may be told."""
        return self.state in self.OVER

    @property
    def is_undecided(self):
        """Published, and no decisions are sent: what is opened may still be judged."""
        return self.state == self.State.PUBLISHED and not self.decisions_sent_at

    def status(self, *, at=None):
        """The same as `status_condition`, for one public challenge."""
        at = at or timezone.now()
        if self.is_over:
            return "finished"
        if self.is_upcoming(at=at):
            return "upcoming"
        return "open" if self.is_open(at=at) else "closed"

    def is_open(self, *, at=None):
        at = at or timezone.now()
        return self.state == self.State.PUBLISHED and self.opens_at <= at <= self.closes_at

    def is_upcoming(self, *, at=None):
        at = at or timezone.now()
        return self.state == self.State.PUBLISHED and self.opens_at > at

    def is_closed(self, *, at=None):
        at = at or timezone.now()
        return self.state == self.State.PUBLISHED and self.closes_at < at
