from django.contrib import admin
from django.db.models import Case, Q, Value, When
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from ..models import Article

SOON = 30
State = Article.State


class StatusFilter(admin.SimpleListFilter):
    title = _("state")
    parameter_name = "status"

    def lookups(self, request, model_admin):
        return [*State.choices, ("scheduled", _("Scheduled"))]

    def queryset(self, request, queryset):
        later = Q(state=State.PUBLISHED, publish_at__gt=timezone.now())
        if self.value() == "scheduled":
            return queryset.filter(later)
        if self.value() == State.PUBLISHED:
            return queryset.filter(state=State.PUBLISHED).exclude(later)
        return queryset.filter(state=self.value()) if self.value() in State else queryset


class ReviewFilter(admin.SimpleListFilter):
    """The ageing list: what has to be read again, and what soon has to."""

    title = _("review by")
    parameter_name = "review"

    def lookups(self, request, model_admin):
        return [
            ("overdue", _("Overdue")),
            ("soon", _("Within 30 days")),
            ("none", _("No date")),
        ]

    def queryset(self, request, queryset):
        if self.value() == "overdue":
            return queryset.overdue().order_by("review_by")
        if self.value() == "soon":
            return queryset.due_within(SOON).order_by("review_by")
        return queryset.filter(review_by=None) if self.value() == "none" else queryset


class LanguageFilter(admin.SimpleListFilter):
    title = _("languages")
    parameter_name = "languages"

    def lookups(self, request, model_admin):
        return [("both", _("Both languages")), ("sv", _("Swedish only")), ("en", _("English only"))]

    def queryset(self, request, queryset):
        values = {"both": (True, True), "sv": (True, False), "en": (False, True)}
        if self.value() not in values:
            return queryset
        in_swedish, in_english = values[self.value()]
        return queryset.filter(in_swedish=in_swedish, in_english=in_english)


def is_written(column):
    return Case(When(**{column: ""}, then=Value(False)), default=Value(True))
