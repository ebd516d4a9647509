import re
from pathlib import PurePosixPath

import pghistory
from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex, OpClass
from django.db import models
from django.db.models import Case, OuterRef, Q, Subquery, Value, When
from django.db.models.functions import Coalesce, Upper
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from afori.common.models import Sourced, Timestamped, one_person, storage_name
from afori.common.search import SearchQuerySet, indexes, matches, vector
from afori.common.translation import Translated
from afori.taxonomy.models import Topic, ValueOffer

from ..choices import BUYER_KINDS, County, Kind, MembershipState, SizeClass
from ..domains import domain_of, validate_domain
from ..numbers import validate_organisation_number


class OrganisationQuerySet(SearchQuerySet):
    def buyers(self):
        return self.filter(kind__in=BUYER_KINDS)

    def suppliers(self):
        return self.exclude(kind__in=BUYER_KINDS)

    def active(self):
        """Those that take part: neither closed by staff nor merged into another."""
        return self.filter(closed_at__isnull=True)

    def visible_to(self, user):
        """Everybody sees those that take part."""
        return self.active()

    def matching(self, terms):
        """By words of name, capabilities and profile, by a part of the name, or by the number."""
        return self.filter(matches(terms) | is_called(terms))

    def verified(self):
        return self.filter(verified_at__isnull=False)

    def named(self, text):
        """Organisations whose name holds the text, or whose number is it; best matches first."""
        return (
            self.filter(is_called(text))
            .annotate(starts=Case(When(name__istartswith=text, then=0), default=1))
            .order_by("starts", "name", "pk")
        )

    def matching_addresses_of(self, user):
        """Organisations whose verified domain is that of one of the person's verified addresses."""
        addresses = user.emailaddress_set.filter(verified=True).values_list("email", flat=True)
        domains = {domain_of(address) for address in addresses} - {""}
        return self.filter(domains__domain__in=domains, domains__verified_at__isnull=False)

    def open_at_once_to(self, user):
        """Organisations that the person may join without asking: by a matching address, unless
        it was somebody else who ended their latest membership, which takes a reason.
        """
        ended = user.memberships.ended().filter(organisation=OuterRef("pk"))
        parting = Coalesce(
            Subquery(ended.values("reason")[:1]), Value(""), output_field=models.TextField()
        )
        return self.matching_addresses_of(user).active().alias(parting=parting).filter(parting="")

    def due_for_check(self, on):
        """Verified ones whose yearly check is due, or that have no date for it."""
        due = Q(recheck_on__lte=on) | Q(recheck_on=None)
        return self.active().verified().filter(due)

    def of(self, user):
        """Organisations in which the person is an active member."""
        return self.active().filter(
            memberships__user_id=user.pk, memberships__state=MembershipState.ACTIVE
        )


def is_called(text):
    """A condition: the name holds the text, or the text is the number."""
    return Q(name__icontains=text) | Q(number=re.sub(r"[\s-]", "", text))


@pghistory.track(exclude=["search_sv", "search_en"])
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
    capabilities_sv = models.TextField(_("capabilities in Swedish"), blank=True)
    capabilities_en = models.TextField(_("capabilities in English"), blank=True)
    logo = models.FileField(_("logotype"), upload_to=storage_name, blank=True)
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
    verified_by = one_person(_("verified by"))
    recheck_on = models.DateField(_("check again on"), null=True, blank=True)
    closed_at = models.DateTimeField(_("closed"), null=True, blank=True)
    closed_by = one_person(_("closed by"))
    closing_reason = models.TextField(_("why it was closed"), blank=True, max_length=2000)
    merged_into = models.ForeignKey(
        "self",
        verbose_name=_("merged into"),
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="merged",
    )
    search_sv = vector("sv", A=["name"], B=["capabilities_{lang}"], C=["profile_{lang}"])
    search_en = vector("en", A=["name"], B=["capabilities_{lang}"], C=["profile_{lang}"])

    profile = Translated()
    capabilities = Translated()
    objects = OrganisationQuerySet.as_manager()

    class Meta:
        verbose_name = _("organisation")
        verbose_name_plural = _("organisations")
        ordering = ["name"]
        indexes = [
            *indexes("organisation"),
            GinIndex(OpClass(Upper("name"), "gin_trgm_ops"), name="organisation_name_trigrams"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(verified_by=None) | Q(verified_at__isnull=False),
                name="organisation_verified_by_has_date",
            ),
            models.CheckConstraint(
                condition=Q(recheck_on=None) | Q(verified_at__isnull=False),
                name="organisation_rechecked_is_verified",
            ),
            models.CheckConstraint(
                condition=Q(closed_at=None, closing_reason="")
                | (Q(closed_at__isnull=False) & ~Q(closing_reason="")),
                name="organisation_closed_has_reason",
            ),
            models.CheckConstraint(
                condition=Q(merged_into=None)
                | (Q(closed_at__isnull=False) & ~Q(merged_into=models.F("id"))),
                name="organisation_merged_is_closed",
            ),
        ]

    def __str__(self):
        return self.name

    def get_absolute_url(self):
        return reverse("organisations:detail", args=[self.slug])

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
    def has_fixed_facts(self):
        """What staff check, or have checked, they alone change: name, kind and number."""
        return self.is_verified or self.verifications.waiting().exists()

    @property
    def is_closed(self):
        return self.closed_at is not None

    @property
    def logo_url(self):
        """Where browsers get the logotype; its random name changes with every new one."""
        return reverse("organisations:logo", args=[self.slug, PurePosixPath(self.logo.name).name])

    @property
    def successor(self):
        """Where a merged organisation lives on; None for the others."""
        found, seen = self.merged_into, {self.pk}
        while found and found.merged_into_id and found.pk not in seen:
            seen.add(found.pk)
            found = found.merged_into
        return found

    @property
    def has_admin(self):
        return self.memberships.admins().exists()

    @property
    def latest_verification(self):
        """The check that says where the organisation stands: a waiting one, else the last."""
        return self.verifications.order_by("decided_at", "pk").last()


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
    verified_by = one_person(_("verified by"))

    class Meta:
        verbose_name = _("e-mail domain")
        verbose_name_plural = _("e-mail domains")

    def __str__(self):
        return self.domain
