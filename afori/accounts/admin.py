from allauth.account.decorators import secure_admin_login
from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from django import forms
from django.contrib import admin, messages
from django.contrib.auth.admin import UserAdmin as DjangoUserAdmin
from django.contrib.auth.forms import AdminUserCreationForm, UserChangeForm
from django.core.exceptions import PermissionDenied
from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from afori.common.admin import ModelAdmin
from afori.common.sheet_admin import SheetAdmin
from afori.common.states import NotAllowedNow

from . import actions
from .domains import clean_domain
from .models import Membership, Organisation, OrganisationDomain, User
from .numbers import clean_organisation_number
from .resources import OrganisationResource

admin.site.login = secure_admin_login(admin.site.login)
# Secrets of second factors and people's devices are nobody's to browse.
admin.site.unregister([Authenticator, UserSession])


class UserCreationForm(AdminUserCreationForm):
    class Meta:
        model = User
        fields = ["email", "name"]

    def clean_email(self):
        return self.cleaned_data["email"].lower()


class MembershipInline(admin.TabularInline):
    """A person's organisations, to read: places are given and taken by actions alone."""

    model = Membership
    fk_name = "user"
    fields = readonly_fields = ["organisation", "role", "state", "requested_at", "decided_at"]
    extra = 0
    can_delete = False
    view_on_site = False

    def has_add_permission(self, request, obj=None):
        return False

    def has_change_permission(self, request, obj=None):
        return False


@admin.register(User)
class UserAdmin(DjangoUserAdmin):
    form = UserChangeForm
    add_form = UserCreationForm
    list_display = ["email", "name", "language", "is_staff", "is_active", "last_login"]
    list_filter = ["is_staff", "is_active", "language", "is_example"]
    search_fields = ["email", "name"]
    ordering = ["email"]
    readonly_fields = ["last_login", "created_at", "updated_at"]
    filter_horizontal = ["groups", "user_permissions"]
    inlines = [MembershipInline]
    fieldsets = [
        (None, {"fields": ["email", "password", "name", "profession", "language"]}),
        (_("Rights"), {"fields": ["is_active", "is_staff", "is_superuser", "groups"]}),
        (_("Dates"), {"fields": ["last_login", "created_at", "updated_at"]}),
    ]
    add_fieldsets = [
        (None, {"fields": ["email", "name", "usable_password", "password1", "password2"]})
    ]

    def has_change_permission(self, request, obj=None):
        """Those with rights are changed by superusers only."""
        allowed = super().has_change_permission(request, obj)
        return allowed and (request.user.is_superuser or not (obj and obj.is_staff))

    def has_delete_permission(self, request, obj=None):
        """Nobody is deleted here: the page that asks would list what hangs on a person."""
        return False

    def user_change_password(self, request, id, form_url=""):  # noqa: A002
        """People choose their own passwords; only superusers may set one for somebody else."""
        if not request.user.is_superuser:
            raise PermissionDenied
        return super().user_change_password(request, id, form_url)

    def get_readonly_fields(self, request, obj=None):
        """Only superusers hand out rights: staff must not make themselves or others more."""
        fields = super().get_readonly_fields(request, obj)
        if request.user.is_superuser:
            return fields
        return [*fields, "is_staff", "is_superuser", "groups", "email", "password"]


class DomainForm(forms.ModelForm):
    def clean_domain(self):
        return clean_domain(self.cleaned_data["domain"])


class DomainInline(admin.TabularInline):
    model = OrganisationDomain
    form = DomainForm
    fields = ["domain", "verified_at", "verified_by"]
    readonly_fields = ["verified_at", "verified_by"]
    extra = 1


class MemberInline(MembershipInline):
    fk_name = "organisation"
    fields = readonly_fields = ["user", "role", "state", "requested_at", "decided_at"]


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
