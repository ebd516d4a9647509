from django.contrib import admin
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from afori.common.admin import (
    DATE_FIELDS,
    DATES,
    SOURCE,
    both,
    moment_column,
    prose,
    texts,
)
from afori.notifications.news_admin import NewsAdmin

from .models import Event
from .notifications import ANNOUNCED


class WhenFilter(admin.SimpleListFilter):
    title = _("when")
    parameter_name = "when"

    def lookups(self, request, model_admin):
        return [("coming", _("Now or coming")), ("past", _("Past"))]

    def queryset(self, request, queryset):
        now = timezone.now()
        kinds = {"coming": Q(ends_at__gte=now), "past": Q(ends_at__lt=now)}
        return queryset.filter(kinds[self.value()]) if self.value() in kinds else queryset


@admin.register(Event)
class EventAdmin(NewsAdmin):
    list_display = ["name", "kind", "starts", "place", "visibility", "host", "is_example"]
    list_filter = [WhenFilter, "kind", "visibility", "topics", "is_example"]
    list_select_related = ["host"]
    list_defer = Event.LONG_TEXTS
    search_fields = ["title_sv", "title_en", "place", "slug"]
    date_hierarchy = "starts_at"
    ordering = ["-starts_at"]
    prepopulated_fields = {"slug": ["title_sv"]}
    autocomplete_fields = ["host", "network", "challenge"]
    readonly_fields = DATE_FIELDS
    fieldsets = [
        (None, {"fields": [("kind", "slug"), ("starts_at", "ends_at")]}),
        texts("title", "summary"),
        prose("body"),
        (
            _("Place and links"),
            {"fields": [("place", "capacity"), "link", "stream_link", "recording_link"]},
        ),
        (_("For whom"), {"fields": ["visibility", "host", "network", "challenge", "topics"]}),
        (_("Notes afterwards"), {"fields": both("notes"), "classes": ["bilingual", "long"]}),
        SOURCE,
        DATES,
    ]

    starts = moment_column("starts_at", _("starts"))

    @admin.display(description=_("title"), ordering="title_sv")
    def name(self, event):
        return event.title

    def news_of(self, event):
        return [ANNOUNCED] if event.ends_at > timezone.now() else []

    def view_on_site(self, event):
        is_public = event.visibility == Event.Visibility.PUBLIC
        return event.get_absolute_url() if is_public else None
