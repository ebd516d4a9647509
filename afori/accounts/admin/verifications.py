"""The queue of buyers that wait to be checked, and the page where one of them is answered."""

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.html import format_html
from django.utils.timesince import timesince
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from afori.common.admin import ModelAdmin
from afori.common.states import Refused

from .. import actions
from ..actions.verifications import OWN, is_own
from ..evidence import evidence
from ..forms.staff import CheckForm
from ..models import Verification


class Checking:
    """A page with the evidence about an organisation and the form to answer on."""

    def check_page(self, request, obj, verification, act, *, title, yes, no):
        """`verification` may be one that is not stored; `act` does what the form says."""
        organisation = verification.organisation
        own = is_own(verification, request.user)
        form = None
        if verification.is_waiting and not own and self.has_change_permission(request, obj):
            data = request.POST if request.method == "POST" else None
            form = CheckForm(data, organisation=organisation, yes=yes, no=no)
            if form.is_bound and form.is_valid() and self.answered(request, form, act):
                return redirect(self.address("changelist"))
        elif request.method == "POST" and verification.is_waiting:
            raise PermissionDenied
        elif request.method == "POST":
            messages.error(request, actions.decided_already(verification))
        context = {
            "title": title,
            "organisation": organisation,
            "verification": verification,
            "found": evidence(organisation, verification.requested_by),
            "form": form,
            "own": OWN if own else "",
        }
        return self.page(request, "admin/accounts/check.html", obj, context)

    def answered(self, request, form, act):
        """Whether it was done. What was typed stays in the form if it was not."""
        try:
            done = act(form)
        except actions.NeedsReason as refusal:
            form.add_error("reason", refusal.message)
        except actions.ChecksMissing as refusal:
            form.add_error("answer", refusal.message)
        except Refused as refusal:
            form.add_error(None, refusal.message)
        else:
            self.told(request, done)
            return True
        return False

    def told(self, request, verification):
        """Say so, and note it in the history of the organisation."""
        organisation, state = verification.organisation, verification.get_state_display()
        text = f"{verification.get_occasion_display()}: {state}. {verification.reason}".strip()
        page = self.admin_site.get_model_admin(type(organisation))
        page.log_change(request, organisation, [{"note": text}])
        messages.success(request, f"{organisation}: {state}")


def kind_and_number(organisation):
    number = organisation.number
    shown = f"{number[:6]}-{number[6:]}" if number else ""
    return format_html("{}<br>{}", organisation.get_kind_display(), shown)


class WaitingFilter(admin.SimpleListFilter):
    """Without a choice the list is the queue."""

    title = gettext_lazy("state")
    parameter_name = "show"

    def lookups(self, request, model_admin):
        return [("decided", _("Answered")), ("all", _("All"))]

    def choices(self, changelist):
        first, *others = super().choices(changelist)
        return [{**first, "display": _("Waiting")}, *others]

    def queryset(self, request, queryset):
        wanted = {"decided": queryset.decided, "all": queryset.all}
        return wanted.get(self.value(), queryset.waiting)()


@admin.register(Verification)
class VerificationAdmin(Checking, ModelAdmin):
    """Read only but for the answer."""

    list_display = ["organisation", "age", "kind", "applicant"]
    list_filter = [WaitingFilter, "occasion"]
    list_select_related = ["organisation", "requested_by"]
    search_fields = ["organisation__name", "organisation__number", "requested_by__name"]
    ordering = ["created_at", "pk"]
    actions = None

    def has_add_permission(self, request):
        return False

    def has_delete_permission(self, request, obj=None):
        return False

    def view_on_site(self, verification):
        return None

    @admin.display(description=gettext_lazy("age"), ordering="created_at")
    def age(self, verification):
        return timesince(verification.created_at, timezone.now(), depth=1)

    @admin.display(description=gettext_lazy("kind and number"), ordering="organisation__kind")
    def kind(self, verification):
        return kind_and_number(verification.organisation)

    @admin.display(description=gettext_lazy("applicant"), ordering="requested_by__name")
    def applicant(self, verification):
        """The person, and the domain of the address, which is the first thing to look at."""
        asked = verification.requested_by
        if asked is None:
            return None
        return format_html("{}<br>{}", asked.name, asked.email.rpartition("@")[2])

    def get_list_display(self, request):
        answered = request.GET.get("show")
        return [*self.list_display, "state", "decided_at"] if answered else self.list_display

    def changelist_view(self, request, extra_context=None):
        """Nothing is ever deleted here, so that there is no list of it."""
        waiting = _("Organisations that wait to be checked")
        title = _("Checks of organisations") if request.GET.get("show") else waiting
        shown = {"title": title, "deleted_url": "", **(extra_context or {})}
        return super().changelist_view(request, shown)

    def change_view(self, request, object_id, form_url="", extra_context=None):
        verification = self.seen(request, object_id)

        def act(form):
            return actions.decide_verification(
                verification, approve=form.agrees, by=request.user, **form.values
            )

        return self.check_page(
            request,
            verification,
            verification,
            act,
            title=_("Is %(name)s what it says it is?") % {"name": verification.organisation},
            yes=_("Yes, verify the organisation"),
            no=_("No, decline"),
        )

    def reminders(self, request):
        number = Verification.objects.waiting().count()
        text = ngettext(
            "%d organisation waits to be checked", "%d organisations wait to be checked", number
        )
        return [(text % number, self.address("changelist"))] if number else []
