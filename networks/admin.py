from django.contrib import admin, messages
from django.contrib.admin.helpers import ACTION_CHECKBOX_NAME
from django.db import models
from django.shortcuts import render
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from afori.common.admin import (
    DATE_FIELDS,
    DATES,
    SOURCE,
    ModelAdmin,
    StackedInline,
    TabularInline,
    both,
    prose,
    texts,
)
from afori.common.states import Refused
from afori.notifications.news_admin import NewsAdmin

from .actions import accept, appoint, decline, remove
from .forms import AppointForm, ReasonForm
from .models import Financing, Need, Network, NetworkMembership, Programme
from .notifications import NEED_OPENED, NEED_PRIORITISED, NETWORK_OPENED

PROGRAMME = [
    *["short_term_goals", "long_term_goals", "participants", "decisions"],
    *["suppliers", "offer", "communication", "financing"],
]


class ReadOnlyInline(TabularInline):
    extra = 0
    can_delete = False

    def has_add_permission(self, request, obj=None):
        return False

    def has_change_permission(self, request, obj=None):
        return False


class MembershipInline(ReadOnlyInline):
    """Who takes part, to read: places are asked for and given in the portal."""

    model = NetworkMembership
    fields = readonly_fields = ["user", "organisation", "role", "state", "requested_at"]

    def get_queryset(self, request):
        return super().get_queryset(request).select_related("user", "organisation")


class FinancingInline(TabularInline):
    model = Financing
    fields = ["financier", "kind", "starts_on", "ends_on", "note_sv", "note_en"]
    autocomplete_fields = ["financier"]
    extra = 0

    def get_queryset(self, request):
        return super().get_queryset(request).select_related("network", "financier")


class ProgrammeInline(StackedInline):
    model = Programme
    fieldsets = [
        (None, {"fields": ["meetings_a_year", *both(*PROGRAMME)], "classes": ["bilingual"]})
    ]


@admin.register(Network)
class NetworkAdmin(NewsAdmin):
    formfield_overrides = {models.URLField: {"assume_scheme": "https"}}
    list_display = ["name_sv", "status", "members", "organiser", "start_year", "is_example"]
    list_filter = ["status", "admission", "topics", "is_example"]
    list_select_related = ["organiser"]
    list_defer = ["description_sv", "description_en", "search_sv", "search_en"]
    search_fields = ["name_sv", "name_en", "slug"]
    prepopulated_fields = {"slug": ["name_sv"]}
    autocomplete_fields = ["organiser", "co_organisers", "organisations", "successor"]
    readonly_fields = DATE_FIELDS
    inlines = [ProgrammeInline, FinancingInline, MembershipInline]
    fieldsets = [
        (None, {"fields": [("slug", "status"), ("admission", "interest_goal")]}),
        texts("name", "summary"),
        prose("description"),
        (
            _("Facts"),
            {
                "fields": [
                    ("initiator", "start_year"),
                    *["organiser", "co_organisers", "organisations", "website"],
                    *["topics", "levels", "goals"],
                ]
            },
        ),
        (
            _("When it has closed"),
            {"fields": ["successor", *both("closing_note")], "classes": ["collapse", "bilingual"]},
        ),
        SOURCE,
        DATES,
    ]

    def get_queryset(self, request):
        return super().get_queryset(request).with_member_count()

    def news_of(self, network):
        return [NETWORK_OPENED]

    @admin.display(description=_("members"), ordering="member_count")
    def members(self, network):
        return network.member_count

    def has_delete_permission(self, request, obj=None):
        """A network that ends is closed, with its successor named; its history stays."""
        return False


@admin.register(Need)
class NeedAdmin(NewsAdmin):
    list_display = ["title_sv", "state", "level", "network", "visibility", "is_example"]
    list_filter = ["state", "level", "visibility", "topics", "is_example"]
    list_select_related = ["network"]
    list_defer = [
        *[f"{name}_{lang}" for name in ("function", "affected", "causes") for lang in ("sv", "en")],
        *["effect_sv", "effect_en", "search_sv", "search_en"],
    ]
    search_fields = ["title_sv", "title_en", "slug"]
    prepopulated_fields = {"slug": ["title_sv"]}
    autocomplete_fields = ["network", "proposer"]
    readonly_fields = DATE_FIELDS
    fieldsets = [
        (None, {"fields": [("slug", "state"), ("network", "visibility"), "proposer"]}),
        texts("title", "summary", "unit"),
        (
            _("The need"),
            {
                "fields": both("function", "affected", "causes", "effect"),
                "classes": ["bilingual"],
            },
        ),
        (_("Facts"), {"fields": ["level", "topics", "goals"]}),
        (
            _("When it has stopped"),
            {"fields": both("stopped_reason"), "classes": ["collapse", "bilingual"]},
        ),
        SOURCE,
        DATES,
    ]

    def news_of(self, need):
        state = Need.State
        news = {state.OPEN: [NEED_OPENED], state.PRIORITISED: [NEED_PRIORITISED]}
        return news.get(need.state, [])

    def has_delete_permission(self, request, obj=None):
        """A need that ends is stopped, with a reason; its commitments stay."""
        return False


@admin.register(NetworkMembership)
class NetworkMembershipAdmin(ModelAdmin):
    """Read only but for the domain's actions: appoint (to add), accept, decline, remove."""

    list_display = ["user", "organisation", "network", "role", "state", "requested_at"]
    list_filter = ["state", "role", "network", "competence"]
    list_select_related = ["user", "organisation", "network"]
    search_fields = ["user__name", "user__email", "organisation__name", "network__name_sv"]
    date_hierarchy = "requested_at"
    actions = ["accept_requests", "decline_requests", "remove_members"]
    autocomplete_fields = ["network", "user", "organisation"]

    def has_change_permission(self, request, obj=None):
        return obj is None and super().has_change_permission(request)

    def has_delete_permission(self, request, obj=None):
        return False

    def view_on_site(self, membership):
        return membership.network.get_absolute_url()

    def get_form(self, request, obj=None, **kwargs):
        adding = {} if obj else {"form": AppointForm}
        return super().get_form(request, obj, **adding, **kwargs)

    def get_fields(self, request, obj=None):
        return super().get_fields(request, obj) if obj else AppointForm.Meta.fields

    def save_model(self, request, obj, form, change):
        values = {name: form.cleaned_data[name] for name in AppointForm.Meta.fields}
        appointed = appoint(values.pop("network"), by=request.user, **values)
        obj.__dict__.update(appointed.__dict__)

    @admin.action(description=_("Accept the requests"), permissions=["change"])
    def accept_requests(self, request, memberships):
        self.each(request, memberships, lambda one: accept(one, by=request.user))

    @admin.action(description=_("Decline the requests"), permissions=["change"])
    def decline_requests(self, request, memberships):
        return self.with_reason(request, memberships, decline)

    @admin.action(description=_("Remove the members"), permissions=["change"])
    def remove_members(self, request, memberships):
        return self.with_reason(request, memberships, remove)

    def with_reason(self, request, memberships, act):
        """Ask for the reason on a page of its own, then act on each."""
        form = ReasonForm(request.POST if "reason" in request.POST else None)
        if form.is_valid():
            told = {"by": request.user, "reason": form.cleaned_data["reason"]}
            return self.each(request, memberships, lambda one: act(one, **told))
        name = request.POST["action"]
        context = {
            **self.admin_site.each_context(request),
            "opts": self.opts,
            "title": getattr(self, name).short_description,
            "form": form,
            "memberships": memberships,
            "action": name,
            "checkbox": ACTION_CHECKBOX_NAME,
        }
        return render(request, "networks/admin_reason.html", context)

    def each(self, request, memberships, act):
        done = 0
        for membership in memberships:
            try:
                act(membership)
                done += 1
            except Refused as refusal:
                messages.warning(request, f"{membership}: {refusal.message}")
        if done:
            text = ngettext("%d membership changed.", "%d memberships changed.", done)
            messages.success(request, text % done)
