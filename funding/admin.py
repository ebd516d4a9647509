from datetime import timedelta

from django.contrib import admin
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from afori.common.admin import (
    DATE_FIELDS,
    DATES,
    SOURCE,
    TabularInline,
    moment_column,
    prose,
    texts,
)
from afori.common.sheet_admin import SheetAdmin
from afori.notifications.actions import tell_all
from afori.notifications.news_admin import NewsAdmin

from .models import CutOff, FundingCall
from .notifications import CALL_ANNOUNCED
from .resources import FundingCallResource

STALE = timedelta(days=180)


class CutOffInline(TabularInline):
    model = CutOff
    fields = ["at"]
    extra = 1


class OpenFilter(admin.SimpleListFilter):
    title = _("open")
    parameter_name = "open"

    def lookups(self, request, model_admin):
        return [
            ("coming", _("With a cut-off ahead")),
            ("rolling", _("Apply at any time")),
            ("past", _("All cut-offs have passed")),
        ]

    def queryset(self, request, queryset):
        now = timezone.now()
        if self.value() == "coming":
            return queryset.filter(cutoffs__at__gte=now).distinct()
        if self.value() == "rolling":
            return queryset.filter(is_rolling=True)
        if self.value() == "past":
            ahead = CutOff.objects.filter(at__gte=now).values("call")
            return queryset.filter(cutoffs__isnull=False).exclude(pk__in=ahead).distinct()
        return queryset


class CheckedFilter(admin.SimpleListFilter):
    """Facts about calls age: which have not been compared with the funder's page for long."""

    title = _("checked on")
    parameter_name = "checked"

    def lookups(self, request, model_admin):
        return [("stale", _("Not for half a year")), ("fresh", _("Within half a year"))]

    def queryset(self, request, queryset):
        stale = Q(checked_on=None) | Q(checked_on__lt=timezone.localdate() - STALE)
        if self.value() == "stale":
            return queryset.filter(stale)
        return queryset.exclude(stale) if self.value() == "fresh" else queryset


@admin.register(FundingCall)
class FundingCallAdmin(SheetAdmin, NewsAdmin):
    resource_class = FundingCallResource
    list_display = ["name", "funder", "cutoff", "is_rolling", "checked_on", "is_published"]
    list_filter = [OpenFilter, CheckedFilter, "is_published", "topics", "is_example"]
    list_select_related = ["funder"]
    list_defer = ["body_sv", "body_en", "search_sv", "search_en"]
    search_fields = ["title_sv", "title_en", "programme", "funder__name", "slug"]
    prepopulated_fields = {"slug": ["title_sv"]}
    autocomplete_fields = ["funder"]
    readonly_fields = DATE_FIELDS
    inlines = [CutOffInline]
    actions = ["mark_checked"]
    fieldsets = [
        (None, {"fields": [("slug", "is_published"), ("funder", "programme"), "link"]}),
        texts("title", "summary"),
        prose("body"),
        (_("For whom and for what"), {"fields": ["applicants", "purposes", "levels", "topics"]}),
        (
            _("Money and time"),
            {
                "fields": [
                    ("amount_min", "amount_max", "co_financing"),
                    ("opens_at", "is_rolling"),
                    "checked_on",
                ]
            },
        ),
        SOURCE,
        DATES,
    ]

    def get_queryset(self, request):
        return super().get_queryset(request).with_next_cutoff()

    cutoff = moment_column("next_cutoff", _("next cut-off"))

    @admin.display(description=_("title"), ordering="title_sv")
    def name(self, call):
        return call.title

    @admin.action(description=_("Mark as checked today"), permissions=["change"])
    def mark_checked(self, request, queryset):
        for call in queryset:
            call.checked_on = timezone.localdate()
            call.save(update_fields=["checked_on", "updated_at"])
            self.log_change(request, call, str(_("Checked")))
        self.message_user(request, _("The calls are marked as checked today."))

    def news_of(self, call):
        return [CALL_ANNOUNCED] if call.is_published else []

    def log_rows(self, request, result):
        """New calls from a sheet are news as well."""
        super().log_rows(request, result)
        for row in result.rows:
            if row.import_type == "new" and row.instance.is_published:
                tell_all(CALL_ANNOUNCED, row.instance)

    def view_on_site(self, call):
        return call.get_absolute_url() if call.is_published else None
