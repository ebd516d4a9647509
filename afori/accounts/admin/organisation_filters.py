"""Ways to narrow the list of organisations."""

from django.contrib import admin
from django.contrib.postgres.search import TrigramSimilarity
from django.db.models import Exists, OuterRef
from django.db.models.functions import Upper
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from ..models import Membership, Organisation, Verification

ALIKE = 0.6


class Choices(admin.SimpleListFilter):
    """A filter whose choices are methods: `named` gives their labels by name."""

    named = {}

    def lookups(self, request, model_admin):
        return list(self.named.items())

    def queryset(self, request, queryset):
        return getattr(self, self.value())(queryset) if self.value() in self.named else queryset


class BuyerFilter(Choices):
    title = _("buyer or supplier")
    parameter_name = "side"
    named = {"buyer": _("Buyers"), "supplier": _("Suppliers")}

    def buyer(self, queryset):
        return queryset.buyers()

    def supplier(self, queryset):
        return queryset.suppliers()


class CheckFilter(Choices):
    title = _("check")
    parameter_name = "check"
    named = {
        "waiting": _("Waits to be checked"),
        "due": _("Yearly check due"),
        "verified": _("Verified"),
        "unverified": _("Not verified"),
    }

    def waiting(self, queryset):
        return queryset.filter(
            Exists(Verification.objects.waiting().filter(organisation=OuterRef("pk")))
        )

    def due(self, queryset):
        return queryset.due_for_check(timezone.localdate())

    def verified(self, queryset):
        return queryset.verified()

    def unverified(self, queryset):
        return queryset.filter(verified_at=None)


class StandingFilter(Choices):
    title = _("standing")
    parameter_name = "standing"
    named = {
        "active": _("Active"),
        "closed": _("Closed"),
        "merged": _("Merged into another"),
        "leaderless": _("Members, but no administrator"),
        "alike": _("Possible duplicates"),
    }

    def active(self, queryset):
        return queryset.active()

    def closed(self, queryset):
        return queryset.filter(closed_at__isnull=False, merged_into=None)

    def merged(self, queryset):
        return queryset.filter(merged_into__isnull=False)

    def leaderless(self, queryset):
        members = Membership.objects.active().filter(organisation=OuterRef("pk"))
        return queryset.filter(Exists(members), ~Exists(members.admins()))

    def alike(self, queryset):
        """Names that are nearly the same as another's; the index finds them."""
        others = Organisation.objects.active().exclude(pk=OuterRef("pk"))
        others = others.alias(upper_name=Upper("name")).filter(
            upper_name__trigram_similar=Upper(OuterRef("name"))
        )
        close = others.alias(near=TrigramSimilarity(Upper("name"), Upper(OuterRef("name")))).filter(
            near__gte=ALIKE
        )
        return queryset.active().filter(Exists(close))
