from django import forms
from django.contrib import admin, messages
from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from afori.common.admin import ModelAdmin
from afori.common.sheet_admin import SheetAdmin
from afori.common.states import NotAllowedNow

from .. import actions
from ..domains import clean_domain
from ..models import Organisation, OrganisationDomain
from ..numbers import clean_organisation_number
from ..resources import OrganisationResource
from .memberships import MemberInline


class DomainForm(forms.ModelForm):
    def clean_domain(self):
        return clean_domain(self.cleaned_data["domain"])


class DomainInline(admin.TabularInline):
    model = OrganisationDomain
    form = DomainForm
    fields = ["domain", "verified_at", "verified_by"]
    readonly_fields = ["verified_at", "verified_by"]
    extra = 1


class BuyerFilter(admin.SimpleListFilter):
    title = _("buyer or supplier")
    parameter_name = "side"

    def lookups(self, request, model_admin):
        return [("buyer", _("Buyers")), ("supplier", _("Suppliers"))]

    def queryset(self, request, queryset):
        sides = {"buyer": queryset.buyers, "supplier": queryset.suppliers}
        return sides[self.value()]() if self.value() in sides else queryset


class OrganisationForm(forms.ModelForm):
    number = forms.CharField(
        label=_("organisation number"),
        help_text=_("Ten digits, for example 202100-5026."),
        required=False,
        max_length=20,
    )

    def clean_number(self):
        return clean_organisation_number(self.cleaned_data["number"])


@admin.register(Organisation)
class OrganisationAdmin(SheetAdmin, ModelAdmin):
    form = OrganisationForm
    resource_class = OrganisationResource
    never_restored = ("verified_at", "verified_by")
    list_defer = ["profile_sv", "profile_en"]
    list_display = ["name", "kind", "number", "county", "verified", "is_example"]
    list_filter = [
        BuyerFilter,
        ("verified_at", admin.EmptyFieldListFilter),
        "kind",
        "county",
        "is_example",
    ]
    search_fields = ["name", "number", "domains__domain"]
    prepopulated_fields = {"slug": ["name"]}
    formfield_overrides = {models.URLField: {"assume_scheme": "https"}}
    readonly_fields = ["verified_at", "verified_by", "created_at", "updated_at"]
    inlines = [DomainInline, MemberInline]
    actions = ["verify", "verify_with_domains"]
    fieldsets = [
        (None, {"fields": ["name", "slug", "kind", "number", "website"]}),
        (_("Facts"), {"fields": ["county", "population", "size_class", "topics", "offers"]}),
        (_("Profile"), {"fields": ["profile_sv", "profile_en"]}),
        (_("Verified"), {"fields": ["verified_at", "verified_by"]}),
        (_("Source"), {"fields": ["source", "facts_as_of", "is_example"]}),
        (_("Dates"), {"fields": ["created_at", "updated_at"]}),
    ]

    def has_delete_permission(self, request, obj=None):
        """None is deleted here: the page that asks would list what hangs on an organisation."""
        return False

    @admin.display(description=_("verified"), boolean=True, ordering="verified_at")
    def verified(self, organisation):
        return organisation.is_verified

    @admin.action(description=_("Verify the chosen organisations"), permissions=["change"])
    def verify(self, request, queryset):
        done = sum(verified_now(organisation, request.user) for organisation in queryset)
        self.message_user(
            request,
            ngettext("%d organisation verified.", "%d organisations verified.", done) % done,
            messages.SUCCESS,
        )

    @admin.action(
        description=_("Verify the chosen organisations and their e-mail domains"),
        permissions=["change"],
    )
    def verify_with_domains(self, request, queryset):
        self.verify(request, queryset)
        domains = OrganisationDomain.objects.filter(
            organisation__in=queryset, verified_at__isnull=True
        )
        for domain in domains:
            actions.verify_domain(domain, by=request.user)


def verified_now(organisation, user):
    try:
        actions.verify_organisation(organisation, by=user)
    except NotAllowedNow:
        return False
    return True
