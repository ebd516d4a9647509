import re

import pghistory
from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Case, Exists, OuterRef, Q, When
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from afori.common.models import Sourced, Timestamped, new_token
from afori.common.search import SearchQuerySet
from afori.common.translation import Translated
from afori.taxonomy.models import Topic, ValueOffer

from ..choices import BUYER_KINDS, County, Kind, SizeClass
from ..domains import domain_of, validate_domain
from ..numbers import validate_organisation_number


class OrganisationQuerySet(SearchQuerySet):
    def buyers(self):
        return self.filter(kind__in=BUYER_KINDS)

    def suppliers(self):
        return self.exclude(kind__in=BUYER_KINDS)

    def verified(self):
        return self.filter(verified_at__isnull=False)

    def named(self, text):
        """Organisations whose name holds the text, or whose number is it; best matches first."""
        digits = re.sub(r"[\s-]", "", text)
        return (
            self.filter(Q(name__icontains=text) | Q(number=digits))
            .annotate(starts=Case(When(name__istartswith=text, then=0), default=1))
            .order_by("starts", "name", "pk")
        )

    def matching_addresses_of(self, user):
        """Organisations whose verified domain is that of one of the person's verified addresses."""
        addresses = user.emailaddress_set.filter(verified=True).values_list("email", flat=True)
        domains = {domain_of(address) for address in addresses} - {""}
        return self.filter(domains__domain__in=domains, domains__verified_at__isnull=False)

    def of(self, user):
        """Organisations in which the person is an active member."""
        return self.filter(memberships__user_id=user.pk, memberships__state=Membership.State.ACTIVE)


@pghistory.track()
class Organisation(Timestamped, Sourced):
    name = models.CharField(_("name"), max_length=200)
    slug = models.SlugField(_("address"), max_length=80, unique=True)
    kind = models.CharField(_("kind"), max_length=30, choices=Kind.choices)
    number = models.CharField(
        _("organisation number"),
        max_length=10,
        null=True,
        blank=True,
        unique=True,
        validators=[validate_organisation_number],
        help_text=_("Ten digits, for example 202100-5026."),
    )
    website = models.URLField(_("website"), blank=True)
    county = models.CharField(_("county"), max_length=2, choices=County.choices, blank=True)
    population = models.PositiveIntegerField(_("population"), null=True, blank=True)
    size_class = models.CharField(
        _("size class"), max_length=10, choices=SizeClass.choices, blank=True
    )
    profile_sv = models.TextField(_("profile in Swedish"), blank=True)
    profile_en = models.TextField(_("profile in English"), blank=True)
    topics = models.ManyToManyField(
        Topic, verbose_name=_("topics"), related_name="organisations", blank=True
    )
    offers = ArrayField(
        models.CharField(max_length=30, choices=ValueOffer.choices),
        verbose_name=_("offers"),
        default=list,
        blank=True,
    )
    verified_at = models.DateTimeField(_("verified"), null=True, blank=True)
    verified_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("verified by"),
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
    )

    profile = Translated()
    objects = OrganisationQuerySet.as_manager()

    class Meta:
        verbose_name = _("organisation")
        verbose_name_plural = _("organisations")
        ordering = ["name"]
        constraints = [
            models.CheckConstraint(
                condition=Q(verified_by=None) | Q(verified_at__isnull=False),
                name="organisation_verified_by_has_date",
            ),
        ]

    def __str__(self):
        return self.name

    @property
    def is_buyer(self):
        return self.kind in BUYER_KINDS

    @property
    def is_supplier(self):
        return not self.is_buyer

    @property
    def is_verified(self):
        return self.verified_at is not None

    @property
    def has_admin(self):
        return self.memberships.admins().exists()


class OrganisationDomain(Timestamped):
    """An e-mail domain whose verified addresses belong to the organisation."""

    organisation = models.ForeignKey(
        Organisation,
        verbose_name=_("organisation"),
        on_delete=models.CASCADE,
        related_name="domains",
    )
    domain = models.CharField(
        _("e-mail domain"), max_length=253, unique=True, validators=[validate_domain]
    )
    verified_at = models.DateTimeField(_("verified"), null=True, blank=True)
    verified_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("verified by"),
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
    )

    class Meta:
        verbose_name = _("e-mail domain")
        verbose_name_plural = _("e-mail domains")

    def __str__(self):
        return self.domain


class MembershipQuerySet(models.QuerySet):
    def active(self):
        return self.filter(state=Membership.State.ACTIVE)

    def current(self):
        """Active ones and requests without an answer: at most one a person and organisation."""
        return self.filter(state__in=[Membership.State.REQUESTED, Membership.State.ACTIVE])

    def requested(self):
        return self.filter(state=Membership.State.REQUESTED)

    def admins(self):
        return self.active().filter(role=Membership.Role.ADMIN)

    def answerable_by(self, user):
        """Memberships of others in organisations that the person administers or, for staff, that
        have no administrator. The rule for one is accounts.decide_membership.
        """
        admins = Membership.objects.admins()
        answerable = Q(organisation__in=admins.filter(user_id=user.pk).values("organisation"))
        if user.is_staff:
            answerable |= ~Exists(admins.filter(organisation=OuterRef("organisation")))
        return self.filter(answerable).exclude(user_id=user.pk)

    def to_decide_by(self, user):
        """Requests that wait for an answer from this person."""
        return self.requested().answerable_by(user)


@pghistory.track()
class Membership(Timestamped):
    """A person in an organisation. Ended ones stay as history. Changed by `accounts.actions`."""

    class Role(models.TextChoices):
        ADMIN = "admin", _("Administrator")
        MEMBER = "member", _("Member")

    class State(models.TextChoices):
        REQUESTED = "requested", _("Requested")
        ACTIVE = "active", _("Active")
        DECLINED = "declined", _("Declined")
        WITHDRAWN = "withdrawn", _("Withdrawn")
        ENDED = "ended", _("Ended")

    NEXT = {
        State.REQUESTED: {State.ACTIVE, State.DECLINED, State.WITHDRAWN},
        State.ACTIVE: {State.ENDED},
    }

    token = models.CharField(max_length=16, unique=True, default=new_token, editable=False)
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("person"),
        on_delete=models.CASCADE,
        related_name="memberships",
    )
    organisation = models.ForeignKey(
        Organisation,
        verbose_name=_("organisation"),
        on_delete=models.CASCADE,
        related_name="memberships",
    )
    role = models.CharField(_("role"), max_length=10, choices=Role.choices, default=Role.MEMBER)
    state = models.CharField(_("state"), max_length=10, choices=State.choices)
    message = models.TextField(_("message"), blank=True, max_length=2000)
    reason = models.TextField(_("reason"), blank=True, max_length=2000)
    requested_at = models.DateTimeField(_("requested"), auto_now_add=True)
    decided_at = models.DateTimeField(_("decided"), null=True, blank=True)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("decided by"),
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
    )
    ended_at = models.DateTimeField(_("ended"), null=True, blank=True)

    objects = MembershipQuerySet.as_manager()

    class Meta:
        verbose_name = _("membership of an organisation")
        verbose_name_plural = _("memberships of organisations")
        constraints = [
            models.UniqueConstraint(
                fields=["user", "organisation"],
                condition=Q(state__in=["requested", "active"]),
                name="membership_once_at_a_time",
            ),
            models.CheckConstraint(
                condition=Q(state__in=["requested", "withdrawn"], decided_at=None)
                | Q(state__in=["active", "declined", "ended"], decided_at__isnull=False),
                name="membership_decided_has_date",
            ),
            models.CheckConstraint(
                condition=Q(state__in=["withdrawn", "ended"], ended_at__isnull=False)
                | Q(state__in=["requested", "active", "declined"], ended_at=None),
                name="membership_ended_has_date",
            ),
            models.CheckConstraint(
                condition=~Q(state="declined") | ~Q(reason=""),
                name="membership_declined_has_reason",
            ),
        ]

    def __str__(self):
        return f"{self.user} – {self.organisation}"

    def get_absolute_url(self):
        """Where an administrator answers the request."""
        return reverse("accounts:membership_decide", args=[self.token])

    @property
    def is_requested(self):
        return self.state == self.State.REQUESTED

    @property
    def is_admin(self):
        return self.state == self.State.ACTIVE and self.role == self.Role.ADMIN
