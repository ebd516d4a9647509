from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.db.models import F
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.utils import formats, timezone
from django.utils.decorators import method_decorator
from django.utils.text import capfirst
from django.utils.timesince import timesince
from django.utils.translation import gettext, ngettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST, require_safe

from . import bounces, delivery, outbox
from .models import MailAddress, OutgoingMail

SHOWN = [
    "kind",
    "domain",
    "language",
    "run",
    "priority",
    "state",
    "attempts",
    "error",
    "created_at",
    "next_attempt_at",
    "lease_until",
    "sent_at",
]


class ReadOnly(admin.ModelAdmin):
    """Rows that belong to the machinery: staff look, and act by the actions alone.

    `hidden` are fields that no filter in an address may ask about.
    """

    hidden: tuple[str, ...] = ("address", "key", "secret", "user")
    show_facets = admin.ShowFacets.NEVER

    def lookup_allowed(self, lookup, value, request):
        is_hidden = lookup.partition("__")[0].removesuffix("_id") in self.hidden
        return not is_hidden and super().lookup_allowed(lookup, value, request)

    def has_add_permission(self, request):
        return False

    def has_change_permission(self, request, obj=None):
        return False

    def has_delete_permission(self, request, obj=None):
        return False


@admin.register(OutgoingMail)
class OutgoingMailAdmin(ReadOnly):
    """What waits, went out or was given up. Read only; addresses are shown by domain."""

    list_display = ["kind", "domain", "state", "priority", "age", "attempts", "error"]
    list_filter = ["state", "priority", "kind", "created_at"]
    date_hierarchy = "created_at"
    ordering = ["-created_at"]
    actions = ["try_again"]
    fields = tuple(SHOWN)
    readonly_fields = SHOWN
    runs_on_a_page = 20

    @admin.display(description=_("domain"))
    def domain(self, mail):
        return mail.address.rpartition("@")[2]

    @admin.display(description=_("age"), ordering="created_at")
    def age(self, mail):
        return timesince(mail.created_at, timezone.now())

    @admin.action(description=_("Try again"), permissions=["try_again"])
    def try_again(self, request, mails):
        self.say_how_many(request, outbox.try_again(mails))

    def say_how_many(self, request, number):
        text = ngettext(
            "%(number)d mail is queued again.", "%(number)d mails are queued again.", number
        )
        messages.success(request, text % {"number": number})

    def has_try_again_permission(self, request):
        return request.user.has_perm("notifications.change_outgoingmail")

    def get_queryset(self, request):
        return outbox.unsealed().defer("secret").order_by(*self.ordering)

    # Runs

    def get_urls(self):
        view, name = self.admin_site.admin_view, "notifications_outgoingmail_runs"
        own = [
            path("runs/", view(self.runs_view), name=name),
            path("runs/again/", view(self.run_again_view), name=f"{name}_again"),
        ]
        return own + super().get_urls()

    @method_decorator(require_safe)
    def runs_view(self, request):
        if not self.has_view_permission(request):
            raise PermissionDenied
        page = Paginator(delivery.runs(), self.runs_on_a_page).get_page(request.GET.get("page"))
        oldest = outbox.oldest_waiting()
        now = timezone.now()
        context = {
            **self.admin_site.each_context(request),
            "opts": self.opts,
            "list_name": capfirst(self.opts.verbose_name_plural),
            "title": gettext("Delivery"),
            "page": page,
            "rows": delivery.explained(page.object_list),
            "oldest": oldest and timesince(now - oldest, now),
            "is_late": outbox.is_late(oldest),
            "may_try_again": self.has_try_again_permission(request),
            "list_url": reverse("admin:notifications_outgoingmail_changelist"),
            "again_url": reverse("admin:notifications_outgoingmail_runs_again"),
        }
        request.current_app = self.admin_site.name
        return TemplateResponse(request, "admin/notifications/outgoingmail/runs.html", context)

    @method_decorator(require_POST)
    def run_again_view(self, request):
        if not self.has_try_again_permission(request):
            raise PermissionDenied
        self.say_how_many(request, delivery.try_again(request.POST.get("run", "")))
        page = request.POST.get("page", "")
        query = f"?page={page}" if page.isdecimal() and len(page) < 9 else ""
        return redirect(reverse("admin:notifications_outgoingmail_runs") + query)


class IsStopped(admin.SimpleListFilter):
    title = _("mail")
    parameter_name = "stopped"

    def lookups(self, request, model_admin):
        return [("yes", pgettext_lazy("mails", "Stopped")), ("no", _("Goes out"))]

    def queryset(self, request, addresses):
        chosen = {"yes": False, "no": True}.get(self.value())
        return addresses if chosen is None else addresses.filter(stopped_at__isnull=chosen)


@admin.register(MailAddress)
class MailAddressAdmin(ReadOnly):
    """Addresses whose mail comes back, shown by domain and found by the whole address alone."""

    list_display = ["domain", "points", "stopped_on"]
    list_filter = [IsStopped]
    ordering = [F("stopped_at").desc(nulls_last=True), "-pk"]
    search_fields = ["=address"]
    search_help_text = _("Write the whole address. Parts of it find nothing.")
    show_full_result_count = False
    actions = ["start_again"]
    fields = readonly_fields = ("domain", "points", "stopped_on")

    @admin.display(description=_("domain"))
    def domain(self, address):
        return address.domain

    @admin.display(description=_("stopped"), ordering="stopped_at", empty_value="–")
    def stopped_on(self, address):
        at = address.stopped_at
        return at and formats.date_format(timezone.localtime(at), "SHORT_DATE_FORMAT")

    @admin.action(description=_("Start mail again"), permissions=["start_again"])
    def start_again(self, request, addresses):
        chosen = list(addresses)
        for one in chosen:
            bounces.start_again(one.address)
            self.log_change(request, one, gettext("Started mail again"))
        text = ngettext(
            "Mail to %(number)d address starts again.",
            "Mail to %(number)d addresses starts again.",
            len(chosen),
        )
        messages.success(request, text % {"number": len(chosen)})

    def has_start_again_permission(self, request):
        return request.user.has_perm("notifications.change_mailaddress")
