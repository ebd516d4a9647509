import pghistory
from django.conf import settings
from django.db import models
from django.db.models import Count, Exists, OuterRef, Q, Subquery
from django.db.models.functions import Coalesce
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from afori.accounts.models import Membership, Organisation
from afori.common.models import Sourced, Timestamped, one_person
from afori.common.rich_text import rich_text
from afori.common.search import SearchQuerySet, indexes, vector
from afori.common.translation import Translated
from afori.taxonomy.models import Topic, goals_field, levels_field

from ..choices import Competence


class NetworkQuerySet(SearchQuerySet):
    def visible_to(self, user):
        """Every network is public; its room is not."""
        return self.all()

    def around(self, organisation):
        """Those that an organisation organises, takes part in or is named in by a source.

        `organisation` may be an OuterRef. Whoever only observes does not take part.
        """
        outer = OuterRef(organisation) if isinstance(organisation, OuterRef) else organisation
        members = NetworkMembership.objects.active().buyers()
        return self.filter(
            Q(organiser=organisation)
            | Exists(members.filter(network=OuterRef("pk"), organisation=outer))
            | Exists(linked(Network.co_organisers.through, outer))
            | Exists(linked(Network.organisations.through, outer))
        )

    def with_member_count(self):
        """`member_count`: organisations with an active member. `interest_count`: those that have
        asked as well, for a network that is only proposed."""
        return self.annotate(
            member_count=organisations_in(NetworkMembership.objects.active().buyers()),
            interest_count=organisations_in(
                NetworkMembership.objects.current().employed().buyers()
            ),
        )

    def with_own(self, user):
        """`own_state`, `own_role`, `own_reason`: the person's latest membership, None without one.
        `is_own`: the person is active in the network."""
        own = NetworkMembership.objects.standing().filter(user_id=user.pk)
        latest = own.filter(network=OuterRef("pk"))
        return self.annotate(
            own_state=Subquery(latest.values("state")[:1]),
            own_role=Subquery(latest.values("role")[:1]),
            own_reason=Subquery(latest.values("reason")[:1]),
            is_own=Exists(NetworkMembership.objects.active_of(user).filter(network=OuterRef("pk"))),
        )

    def with_waiting_count(self):
        """`waiting_count`: requests that nobody has answered."""
        waiting = NetworkMembership.objects.requested().order_by()
        return self.annotate(waiting_count=number_in(waiting, Count("pk")))


def linked(through, organisation):
    return through.objects.filter(network=OuterRef("pk"), organisation=organisation)


def organisations_in(memberships):
    return number_in(memberships.order_by(), Count("organisation", distinct=True))


def number_in(memberships, count):
    """A number for each network, zero where there is none."""
    grouped = memberships.filter(network=OuterRef("pk")).values("network")
    return Coalesce(Subquery(grouped.annotate(number=count).values("number")), 0)


@pghistory.track(exclude=["search_sv", "search_en"])
class Network(Timestamped, Sourced):
    """A standing group of buyers around a field of needs. It prepares, it does not buy."""

    class Status(models.TextChoices):
        PROPOSED = "proposed", _("Proposed")
        FORMING = "forming", _("Forming")
        ACTIVE = "active", pgettext_lazy("network", "Active")
        DORMANT = "dormant", _("Dormant")
        CLOSED = "closed", pgettext_lazy("network", "Closed")

    class Initiator(models.TextChoices):
        AGENCY = "agency", _("Started by an agency")
        BUYERS = "buyers", _("Started by buyers")

    class Admission(models.TextChoices):
        OPEN = "open", _("Open to verified buyers")
        APPROVAL = "approval", _("The coordinator decides")
        INVITATION = "invitation", _("By invitation")

    OPEN_FOR_MEMBERS = (Status.PROPOSED, Status.FORMING, Status.ACTIVE)

    slug = models.SlugField(_("address"), max_length=80, unique=True)
    name_sv = models.CharField(_("name in Swedish"), max_length=200)
    name_en = models.CharField(_("name in English"), max_length=200, blank=True)
    summary_sv = models.CharField(_("summary in Swedish"), max_length=400, blank=True)
    summary_en = models.CharField(_("summary in English"), max_length=400, blank=True)
    description_sv = rich_text(_("description in Swedish"))
    description_en = rich_text(_("description in English"))
    status = models.CharField(
        _("status"), max_length=10, choices=Status.choices, default=Status.PROPOSED
    )
    initiator = models.CharField(
        _("initiator"), max_length=10, choices=Initiator.choices, blank=True
    )
    admission = models.CharField(
        _("admission"), max_length=10, choices=Admission.choices, default=Admission.APPROVAL
    )
    start_year = models.PositiveSmallIntegerField(_("start year"), null=True, blank=True)
    organiser = models.ForeignKey(
        Organisation,
        verbose_name=_("organiser"),
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="organised_networks",
    )
    co_organisers = models.ManyToManyField(
        Organisation,
        verbose_name=_("co-organisers"),
        related_name="co_organised_networks",
        blank=True,
    )
    organisations = models.ManyToManyField(
        Organisation,
        verbose_name=_("organisations named as members"),
        related_name="named_networks",
        blank=True,
        help_text=_("Organisations that a source names; people join through the portal."),
    )
    website = models.URLField(_("website"), blank=True)
    topics = models.ManyToManyField(
        Topic, verbose_name=_("topics"), related_name="networks", blank=True
    )
    levels = levels_field()
    goals = goals_field()
    interest_goal = models.PositiveSmallIntegerField(
        _("interest goal"),
        null=True,
        blank=True,
        help_text=_("How many organisations a proposed network wants before it starts."),
    )
    successor = models.ForeignKey(
        "self",
        verbose_name=_("successor"),
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="predecessors",
    )
    closing_note_sv = models.TextField(_("closing note in Swedish"), blank=True)
    closing_note_en = models.TextField(_("closing note in English"), blank=True)
    search_sv = vector("sv", A=["name_{lang}"], B=["summary_{lang}"], C=["description_{lang}"])
    search_en = vector("en", A=["name_{lang}"], B=["summary_{lang}"], C=["description_{lang}"])

    name = Translated()
    summary = Translated()
    description = Translated()
    closing_note = Translated()
    objects = NetworkQuerySet.as_manager()

    class Meta:
        verbose_name = _("buyer network")
        verbose_name_plural = _("buyer networks")
        ordering = ["name_sv"]
        indexes = indexes("network")
        constraints = [
            models.CheckConstraint(
                condition=Q(successor=None) | Q(status="closed"),
                name="network_successor_only_when_closed",
            ),
            models.CheckConstraint(
                condition=Q(start_year=None) | Q(start_year__range=(1900, 2200)),
                name="network_start_year_plausible",
            ),
        ]

    def __str__(self):
        return str(self.name)

    def get_absolute_url(self):
        return reverse("networks:detail", args=[self.slug])

    @property
    def is_open_for_members(self):
        return self.status in self.OPEN_FOR_MEMBERS


def employment():
    """Whether the person still belongs to the organisation, as a condition."""
    return Exists(
        Membership.objects.active().filter(
            user=OuterRef("user"), organisation=OuterRef("organisation")
        )
    )


class NetworkMembershipQuerySet(models.QuerySet):
    def employed(self):
        """Of people who still belong to the organisation that they came with."""
        return self.filter(employment())

    def standing(self):
        """All but requests of people who have left their organisation: those count for nothing."""
        return self.filter(Q(employment()) | ~Q(state=NetworkMembership.State.REQUESTED))

    def active(self):
        return self.employed().filter(state=NetworkMembership.State.ACTIVE)

    def active_of(self, user):
        return self.active().filter(user_id=user.pk)

    def coordinators(self):
        return self.active().filter(role=NetworkMembership.Role.COORDINATOR)

    def requested(self):
        """Requests that can be answered: nobody is let in for an organisation that they left."""
        return self.employed().filter(state=NetworkMembership.State.REQUESTED)

    def current(self):
        """Requests and active memberships, those of people who have left their organisation
        included: at most one a person and network.
        """
        return self.filter(state__in=NetworkMembership.CURRENT)

    def buyers(self):
        """Observers watch; they do not count as taking part."""
        return self.exclude(role=NetworkMembership.Role.OBSERVER)

    def to_decide_by(self, user):
        """Requests that wait for an answer from this person as a coordinator."""
        own = NetworkMembership.objects.coordinators().filter(user_id=user.pk)
        return self.requested().filter(network__in=own.values("network"))


@pghistory.track()
class NetworkMembership(Timestamped):
    """A person with an organisation in a network. The state belongs to `networks.actions`."""

    class Role(models.TextChoices):
        COORDINATOR = "coordinator", _("Coordinator")
        STEERING = "steering", _("Steering group")
        MEMBER = "member", _("Member")
        OBSERVER = "observer", _("Observer")

    class State(models.TextChoices):
        REQUESTED = "requested", _("Requested")
        ACTIVE = "active", _("Active")
        DECLINED = "declined", _("Declined")
        WITHDRAWN = "withdrawn", _("Withdrawn")
        LEFT = "left", _("Left")
        REMOVED = "removed", _("Removed")

    NEXT = {
        State.REQUESTED: {State.ACTIVE, State.DECLINED, State.WITHDRAWN},
        State.ACTIVE: {State.LEFT, State.REMOVED},
    }
    CURRENT = (State.REQUESTED, State.ACTIVE)

    network = models.ForeignKey(
        Network, verbose_name=_("network"), on_delete=models.CASCADE, related_name="memberships"
    )
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("person"),
        on_delete=models.CASCADE,
        related_name="network_memberships",
    )
    organisation = models.ForeignKey(
        Organisation,
        verbose_name=_("organisation"),
        on_delete=models.PROTECT,
        related_name="network_memberships",
    )
    role = models.CharField(_("role"), max_length=12, choices=Role.choices, default=Role.MEMBER)
    state = models.CharField(
        _("state"), max_length=10, choices=State.choices, default=State.REQUESTED
    )
    competence = models.CharField(
        _("competence"), max_length=30, choices=Competence.choices, blank=True
    )
    message = models.TextField(_("message"), max_length=2000, blank=True)
    reason = models.TextField(_("reason"), max_length=2000, blank=True)
    requested_at = models.DateTimeField(_("requested"), auto_now_add=True)
    decided_at = models.DateTimeField(_("decided"), null=True, blank=True)
    decided_by = one_person(_("decided by"))
    ended_at = models.DateTimeField(_("ended"), null=True, blank=True)

    objects = NetworkMembershipQuerySet.as_manager()

    class Meta:
        verbose_name = _("membership of a network")
        verbose_name_plural = _("memberships of networks")
        ordering = ["-requested_at", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["network", "user"],
                condition=Q(state__in=["requested", "active"]),
                name="network_membership_once_at_a_time",
            ),
            models.CheckConstraint(
                condition=Q(state__in=["requested", "withdrawn"], decided_at=None)
                | Q(state__in=["active", "declined", "left", "removed"], decided_at__isnull=False),
                name="network_membership_decided_has_date",
            ),
            models.CheckConstraint(
                condition=Q(state__in=["withdrawn", "left", "removed"], ended_at__isnull=False)
                | Q(state__in=["requested", "active", "declined"], ended_at=None),
                name="network_membership_ended_has_date",
            ),
            models.CheckConstraint(
                condition=~Q(state="declined") | ~Q(reason=""),
                name="network_membership_declined_has_reason",
            ),
        ]
        indexes = [models.Index(fields=["user", "state"])]

    def __str__(self):
        return f"{self.user} – {self.network}"

    @property
    def is_requested(self):
        return self.state == self.State.REQUESTED

    @property
    def is_coordinator(self):
        return self.role == self.Role.COORDINATOR
