from django.contrib import admin
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from afori.common.admin import (
    DATE_FIELDS,
    DATES,
    SOURCE,
    ModelAdmin,
    prose,
    texts,
)

from ..models import ThemeWeek


class WhenFilter(admin.SimpleListFilter):
    title = _("when")
    parameter_name = "when"

    def lookups(self, request, model_admin):
        return [("coming", _("Now or coming")), ("past", _("Past")), ("planned", _("No dates yet"))]

    def queryset(self, request, queryset):
        today = timezone.localdate()
        kinds = {
            "coming": Q(ends_on__gte=today),
            "past": Q(ends_on__lt=today),
            "planned": Q(starts_on=None),
        }
        return queryset.filter(kinds[self.value()]) if self.value() in kinds else queryset


@admin.register(ThemeWeek)
class ThemeWeekAdmin(ModelAdmin):
    list_display = ["name", "starts_on", "ends_on", "is_published", "is_example"]
    list_filter = [WhenFilter, "is_published", "topics", "is_example"]
    list_defer = ["body_sv", "body_en", "search_sv", "search_en"]
    search_fields = ["title_sv", "title_en", "slug"]
    date_hierarchy = "starts_on"
    prepopulated_fields = {"slug": ["title_sv"]}
    autocomplete_fields = ["events", "articles", "challenges", "calls"]
    readonly_fields = DATE_FIELDS
    fieldsets = [
        (None, {"fields": [("slug", "is_published"), ("starts_on", "ends_on")]}),
        texts("title", "intro"),
        prose("body"),
        (_("Programme"), {"fields": ["topics", "events", "articles", "challenges", "calls"]}),
        SOURCE,
        DATES,
    ]

    @admin.display(description=_("title"), ordering="title_sv")
    def name(self, week):
        return week.title

    def view_on_site(self, week):
        return week.get_absolute_url() if week.is_published else None
