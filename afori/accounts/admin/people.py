"""People. Nothing here lets anyone act, log in or choose a password as somebody else."""

from django import forms
from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from afori.common.admin import ModelAdmin

from .. import actions
from ..domains import clean_address
from ..forms.staff import NothingForm
from ..models import SignIn, User
from .memberships import Latest, MembershipInline
from .steps import Steps


class NewPersonForm(forms.ModelForm):
    class Meta:
        model = User
        fields = ["email", "name", "language"]
        help_texts = {
            "email": gettext_lazy("The person is told how to log in and chooses a password.")
        }

    def clean_email(self):
        email = clean_address(self.cleaned_data["email"])
        if User.objects.filter(email=email).exists():
            raise forms.ValidationError(_("Another account has this address."))
        return email


class SignInInline(Latest, admin.TabularInline):
    """How and when the person has logged in lately."""

    model = SignIn
    fk_name = "user"
    fields = readonly_fields = ["at", "method", "second_factor", "succeeded", "device"]
    order = ["-at", "-pk"]
    limit = 20

    def get_queryset(self, request):
        return super().get_queryset(request).select_related("user")


class StandingFilter(admin.SimpleListFilter):
    title = gettext_lazy("standing")
    parameter_name = "standing"

    def lookups(self, request, model_admin):
        return [
            ("active", _("Active")),
            ("deactivated", _("Closed by staff")),
            ("leaving", _("To be erased")),
            ("erased", _("Erased")),
        ]

    def queryset(self, request, queryset):
        wanted = {
            "active": {"is_active": True},
            "deactivated": {"deactivated_at__isnull": False, "erased_at": None},
            "leaving": {"deletion_requested_at__isnull": False, "erased_at": None},
            "erased": {"erased_at__isnull": False},
        }
        return queryset.filter(**wanted.get(self.value(), {}))


RIGHTS = ["is_staff", "is_superuser", "groups"]
DATES = ["last_login", "deletion_requested_at", "erased_at", "created_at", "updated_at"]
CLOSED = ["is_active", "deactivated_at", "deactivation_reason"]


@admin.register(User)
class UserAdmin(Steps, ModelAdmin):
    add_form = NewPersonForm
    list_display = ["email", "name", "organisations", "standing", "last_login"]
    list_filter = [StandingFilter, "is_staff", "is_superuser", "language", "is_example"]
    search_fields = ["email", "name", "memberships__organisation__name"]
    ordering = ["email"]
    readonly_fields = ["email", *CLOSED, *DATES]
    checkboxes = ("groups",)
    inlines = [MembershipInline, SignInInline]
    actions = None
    change_form_template = "admin/accounts/organisation/change_form.html"
    fieldsets = [
        (None, {"fields": ["email", "name", "profession", "language"]}),
        (gettext_lazy("Rights"), {"fields": RIGHTS}),
        (gettext_lazy("The account"), {"fields": [tuple(CLOSED)]}),
        (gettext_lazy("Dates"), {"fields": DATES}),
    ]
    add_fieldsets = [(None, {"fields": ["email", "name", "language"]})]

    # Who may do what

    def has_change_permission(self, request, obj=None):
        """Those with rights are changed by superusers only, those erased by nobody."""
        allowed = super().has_change_permission(request, obj)
        if obj and obj.erased_at:
            return False
        return allowed and (request.user.is_superuser or not (obj and obj.is_staff))

    def has_delete_permission(self, request, obj=None):
        """Nobody is deleted here: the page that asks would list what hangs on a person."""
        return False

    def get_readonly_fields(self, request, obj=None):
        """Only superusers hand out rights: staff must not make themselves or others more."""
        if obj is None:
            return []
        own = super().get_readonly_fields(request, obj)
        return own if request.user.is_superuser else [*own, *RIGHTS]

    def get_fieldsets(self, request, obj=None):
        return super().get_fieldsets(request, obj) if obj else self.add_fieldsets

    def get_form(self, request, obj=None, **kwargs):
        form = {"help_texts": {"groups": ""}} if obj else {"form": self.add_form}
        return super().get_form(request, obj, **form, **kwargs)

    def get_inlines(self, request, obj):
        return super().get_inlines(request, obj) if obj else []

    def save_model(self, request, obj, form, change):
        if change:
            super().save_model(request, obj, form, change)
            return
        person = actions.add_person(**form.cleaned_data, by=request.user)
        obj.__dict__.update(person.__dict__)

    # Lists

    def lookup_allowed(self, lookup, value, request):
        """No address asks about passwords."""
        return not lookup.startswith("password") and super().lookup_allowed(lookup, value, request)

    def get_queryset(self, request):
        return super().get_queryset(request).prefetch_related("memberships__organisation")

    @admin.display(description=gettext_lazy("organisations"))
    def organisations(self, user):
        active = [one.organisation.name for one in user.memberships.all() if one.state == "active"]
        return ", ".join(sorted(active)[:3])

    @admin.display(description=gettext_lazy("standing"), ordering="is_active")
    def standing(self, user):
        if user.erased_at:
            return _("Erased")
        if not user.is_active:
            return _("Closed by staff")
        return _("Superuser") if user.is_superuser else _("Staff") if user.is_staff else ""

    # One person

    def render_change_form(self, request, context, *args, obj=None, **kwargs):
        if obj:
            context |= {"steps": self.steps(request, obj), "remarks": self.remarks(obj)}
        return super().render_change_form(request, context, *args, obj=obj, **kwargs)

    def steps(self, request, user):
        if not request.user.is_superuser or user.erased_at or user == request.user:
            return []
        offered = [
            (user.is_active, _("Require a new password"), "new_password"),
            (user.authenticator_set.exists(), _("Remove the second factor"), "second_factor"),
            (user.is_active, _("Close the account"), "deactivate"),
            (not user.is_active, _("Open the account again"), "reactivate"),
        ]
        return [(text, self.address(page, user.pk)) for yes, text, page in offered if yes]

    def remarks(self, user):
        if user.deactivated_at:
            yield _("Closed: %(why)s") % {"why": user.deactivation_reason}, ""
        yield from self.alone(user)

    def alone(self, user):
        """Organisations that would be left without an administrator."""
        for place in user.memberships.sole_admins().select_related("organisation")[:10]:
            text = _("%(name)s has no other administrator.") % {"name": place.organisation.name}
            yield text, reverse("admin:accounts_organisation_change", args=[place.organisation_id])

    # Steps

    def get_urls(self):
        pages = {
            "new-password": (self.new_password_view, "new_password"),
            "second-factor": (self.second_factor_view, "second_factor"),
            "deactivate": (self.deactivate_view, "deactivate"),
            "reactivate": (self.reactivate_view, "reactivate"),
        }
        own = [
            self.route(f"<path:object_id>/{address}/", view, name)
            for address, (view, name) in pages.items()
        ]
        return own + super().get_urls()

    def note(self, request, obj, text):
        self.log_change(request, obj, text)

    def step(self, request, object_id, act, *, title, warn=False, **texts):
        """A step with a person, for superusers."""
        if not request.user.is_superuser:
            raise PermissionDenied
        user = self.get_object(request, object_id)
        if user is None or user.erased_at:
            raise Http404
        return self.step_page(
            request,
            user,
            lambda **values: act(user, by=request.user, **values),
            title=title % {"name": user},
            warnings=[text for text, _page in self.alone(user)] if warn else [],
            **texts,
        )

    def deactivate_view(self, request, object_id):
        return self.step(
            request,
            object_id,
            actions.deactivate_person,
            title=_("Close the account of %(name)s?"),
            lead=[
                _("The person is logged out everywhere at once and cannot log in."),
                _("Nothing is deleted. The person is told why, and you can open it again."),
            ],
            button=_("Close the account"),
            warn=True,
        )

    def reactivate_view(self, request, object_id):
        return self.step(
            request,
            object_id,
            actions.reactivate_person,
            form_class=NothingForm,
            title=_("Open the account of %(name)s again?"),
            lead=[_("The person can log in as before, and is told so.")],
            button=_("Open the account again"),
        )

    def new_password_view(self, request, object_id):
        return self.step(
            request,
            object_id,
            actions.require_new_password,
            title=_("Require a new password of %(name)s?"),
            lead=[
                _("The present password stops working, and the person is logged out everywhere."),
                _("A mail says how to choose the next one. You never get to know it."),
            ],
            button=_("Require a new password"),
        )

    def second_factor_view(self, request, object_id):
        return self.step(
            request,
            object_id,
            actions.remove_second_factor,
            title=_("Remove the second factor of %(name)s?"),
            lead=[
                _("Make sure that it is the person who asks, by a way that you already know."),
                _("Apps, passkeys and recovery codes are removed. The person is logged out."),
            ],
            button=_("Remove the second factor"),
        )
