from django import forms
from django.contrib import admin, messages
from django.db.models import Exists, F, OuterRef
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import formats, timezone
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from afori.common.admin import ModelAdmin, StackedInline
from afori.common.sheet_admin import SheetAdmin

from .. import actions
from ..domains import clean_domain
from ..forms.staff import NothingForm, ReasonForm
from ..likeness import others_like
from ..models import Organisation, OrganisationDomain, Verification
from ..numbers import clean_organisation_number
from ..resources import OrganisationResource
from .memberships import MemberInline
from .merging import Merging
from .organisation_filters import BuyerFilter, CheckFilter, StandingFilter
from .steps import Steps
from .verifications import Checking, kind_and_number


class DomainForm(forms.ModelForm):
    def clean_domain(self):
        return clean_domain(self.cleaned_data["domain"])


class DomainInline(StackedInline):
    model = OrganisationDomain
    form = DomainForm
    fields = [("domain", "verified_at", "verified_by")]
    readonly_fields = ["verified_at", "verified_by"]


class OrganisationForm(forms.ModelForm):
    number = forms.CharField(
        label=gettext_lazy("Organisation number"),
        help_text=gettext_lazy("Ten digits, for example 202100-5026."),
        required=False,
        max_length=20,
    )

    def clean_number(self):
        return clean_organisation_number(self.cleaned_data["number"])


CHECKED = ["verified_at", "verified_by", "recheck_on"]
CLOSED = ["closed_at", "closed_by", "closing_reason", "merged_into"]


@admin.register(Organisation)
class OrganisationAdmin(SheetAdmin, Checking, Merging, Steps, ModelAdmin):
    form = OrganisationForm
    resource_class = OrganisationResource
    never_restored = (*CHECKED, *CLOSED, "logo")
    list_defer = ["profile_sv", "profile_en", "capabilities_sv", "capabilities_en"]
    list_display = ["name", "standing", "kind_and_number", "recheck"]
    list_filter = [CheckFilter, StandingFilter, BuyerFilter, "kind", "county", "is_example"]
    search_fields = ["name", "number", "domains__domain"]
    prepopulated_fields = {"slug": ["name"]}
    readonly_fields = [*CHECKED, *CLOSED, "created_at", "updated_at"]
    inlines = [DomainInline, MemberInline]
    actions = None
    change_form_template = "admin/accounts/organisation/change_form.html"
    fieldsets = [
        (None, {"fields": ["name", "slug", ("kind", "number"), "website"]}),
        (gettext_lazy("Facts"), {"fields": [("county", "population"), "size_class"]}),
        (gettext_lazy("What it can offer"), {"fields": ["topics", "offers"]}),
        (
            gettext_lazy("Profile"),
            {
                "fields": [("profile_sv", "profile_en"), ("capabilities_sv", "capabilities_en")],
                "classes": ["bilingual"],
            },
        ),
        (gettext_lazy("Verified"), {"fields": [tuple(CHECKED)]}),
        (gettext_lazy("Closed"), {"fields": CLOSED, "classes": ["collapse"]}),
        (gettext_lazy("Source"), {"fields": ["source", "facts_as_of", "is_example"]}),
        (gettext_lazy("Dates"), {"fields": [("created_at", "updated_at")]}),
    ]

    def has_delete_permission(self, request, obj=None):
        """None is deleted here: the page that asks would list what hangs on an organisation."""
        return False

    # Lists

    def get_queryset(self, request):
        waiting = Verification.objects.waiting().filter(organisation=OuterRef("pk"))
        return super().get_queryset(request).annotate(waits=Exists(waiting))

    def get_ordering(self, request):
        """What is due longest comes first where one looks for what is due."""
        if request.GET.get("check") == "due":
            return [F("recheck_on").asc(nulls_first=True), "verified_at", "pk"]
        return super().get_ordering(request)

    def get_search_results(self, request, queryset, search_term):
        """Forms of other pages offer only organisations that take part."""
        found, may_repeat = super().get_search_results(request, queryset, search_term)
        if request.resolver_match.url_name == "autocomplete":
            found = found.active()
        return found, may_repeat

    @admin.display(description=gettext_lazy("standing"), ordering="verified_at")
    def standing(self, organisation):
        if organisation.merged_into_id:
            return _("merged")
        if organisation.is_closed:
            return _("closed")
        if organisation.is_verified:
            return _("verified")
        return _("waits to be checked") if organisation.waits else ""

    @admin.display(description=gettext_lazy("kind and number"), ordering="kind")
    def kind_and_number(self, organisation):
        return kind_and_number(organisation)

    @admin.display(description=gettext_lazy("check again on"), ordering="recheck_on")
    def recheck(self, organisation):
        due = organisation.recheck_on
        if not organisation.is_verified or organisation.is_closed:
            return ""
        text = formats.date_format(due, "SHORT_DATE_FORMAT") if due else _("no date")
        if due and due > timezone.localdate():
            return text
        return format_html('<span class="overdue">{}</span>', text)

    def reminders(self, request):
        due = Organisation.objects.due_for_check(timezone.localdate()).count()
        text = ngettext(
            "%d verified organisation is due for its yearly check",
            "%d verified organisations are due for their yearly check",
            due,
        )
        return [(text % due, f"{self.address('changelist')}?check=due")] if due else []

    # One organisation

    def render_change_form(self, request, context, *args, obj=None, **kwargs):
        if obj:
            tools = self.tools(obj) if self.has_change_permission(request, obj) else []
            context |= {"steps": tools, "remarks": self.remarks(obj)}
        return super().render_change_form(request, context, *args, obj=obj, **kwargs)

    def tools(self, organisation):
        """The steps that may be taken now, as (text, address)."""
        if organisation.merged_into_id:
            return []
        offered = [
            (organisation.is_closed, _("Open again"), "reopen"),
            (self.can_be_queued(organisation), _("Ask for a check"), "queue"),
            (organisation.is_verified, _("Check again"), "recheck"),
            (not organisation.is_closed, _("Merge into…"), "merge"),
            (not organisation.is_closed, _("Close"), "close"),
        ]
        return [(text, self.address(page, organisation.pk)) for yes, text, page in offered if yes]

    def can_be_queued(self, organisation):
        return organisation.is_buyer and not (
            organisation.is_verified or organisation.is_closed or organisation.waits
        )

    def remarks(self, organisation):
        """What staff should know before they change anything, as (text, address)."""
        found = []
        waiting = organisation.verifications.waiting().first()
        if organisation.merged_into_id:
            text = _("Merged into %(name)s.") % {"name": organisation.merged_into}
            found.append((text, self.address("change", organisation.merged_into_id)))
        elif organisation.is_closed:
            found.append((_("Closed: %(why)s") % {"why": organisation.closing_reason}, ""))
        elif waiting:
            page = reverse("admin:accounts_verification_change", args=[waiting.pk])
            found.append((_("Waits to be checked."), page))
        if not organisation.is_closed:
            found += self.open_remarks(organisation)
        return found

    def open_remarks(self, organisation):
        if organisation.memberships.active().exists() and not organisation.has_admin:
            yield _("It has members but no administrator."), ""
        for other in others_like(organisation)[:3]:
            text = _("%(name)s has a similar name. Is it the same?") % {"name": other.name}
            yield text, self.address("change", other.pk)

    def get_urls(self):
        pages = {
            "check": (self.recheck_view, "recheck"),
            "queue": (self.queue_view, "queue"),
            "close": (self.close_view, "close"),
            "reopen": (self.reopen_view, "reopen"),
            "merge": (self.merge_view, "merge"),
            "merge/<int:kept_id>": (self.merge_into_view, "merge_into"),
        }
        own = [
            self.route(f"<path:object_id>/{address}/", view, name)
            for address, (view, name) in pages.items()
        ]
        return own + super().get_urls()

    # Checks

    def recheck_view(self, request, object_id):
        """The yearly check, or one in between."""
        organisation = self.changeable(request, object_id)
        if not organisation.is_verified:
            messages.warning(request, _("The organisation is not verified."))
            return redirect(self.address("change", organisation.pk))
        occasion = Verification.Occasion.RECHECK
        return self.check_page(
            request,
            organisation,
            Verification(organisation=organisation, occasion=occasion),
            lambda form: actions.recheck(
                organisation, still_right=form.agrees, by=request.user, **form.values
            ),
            title=_("Is %(name)s still what it says it is?") % {"name": organisation},
            yes=_("Yes, still right"),
            no=_("No, take the verification away"),
        )

    def queue_view(self, request, object_id):
        organisation = self.changeable(request, object_id)
        return self.step_page(
            request,
            organisation,
            lambda: actions.request_verification(organisation, by=request.user),
            title=_("Ask for a check of %(name)s?") % {"name": organisation},
            lead=[_("It is put in the queue. A colleague of yours makes the check.")],
            button=_("Ask for a check"),
            form_class=NothingForm,
        )

    # Closing

    def close_view(self, request, object_id):
        organisation = self.changeable(request, object_id)
        return self.step_page(
            request,
            organisation,
            lambda reason: actions.close_organisation(organisation, by=request.user, reason=reason),
            title=_("Close %(name)s?") % {"name": organisation},
            lead=[
                _("Its members can no longer act for it, and it is not listed any more."),
                _("Nothing is deleted. The administrators are told why. You can open it again."),
            ],
            button=_("Close the organisation"),
            form_class=ReasonForm,
        )

    def reopen_view(self, request, object_id):
        organisation = self.changeable(request, object_id)
        return self.step_page(
            request,
            organisation,
            lambda: actions.reopen_organisation(organisation, by=request.user),
            title=_("Open %(name)s again?") % {"name": organisation},
            lead=[_("Its members get back the rights that they had. The administrators are told.")],
            button=_("Open the organisation again"),
            form_class=NothingForm,
        )
