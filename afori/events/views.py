from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.views.generic import DetailView

from afori.common import formatting
from afori.common.calendars import attached, calendar
from afori.common.lists import FilteredList

from .calendars import event_entry
from .forms import EventFilter
from .models import Event
from .rows import event_rows, hours


class EventList(FilteredList):
    """What comes, nearest first; then what has been, latest first."""

    model = Event
    form_class = EventFilter
    template_name = "events/event_list.html"

    def base_queryset(self):
        return Event.objects.visible_to(self.request.user)

    def get_queryset(self):
        return super().get_queryset().nearest_first().defer(*Event.LONG_TEXTS)

    def get_context_data(self, **kwargs):
        context = super().get_context_data(**kwargs)
        now = timezone.now()
        coming = [event for event in context["object_list"] if event.ends_at >= now]
        past = [event for event in context["object_list"] if event.ends_at < now]
        return context | {
            "coming": event_rows(coming, year=True),
            "past": event_rows(past, year=True),
        }


class EventDetail(DetailView):
    template_name = "events/event_detail.html"
    context_object_name = "event"

    def get_queryset(self):
        return (
            Event.objects.visible_to(self.request.user)
            .select_related("host", "network", "challenge")
            .prefetch_related("topics")
            .defer("search_sv", "search_en")
        )

    def get_context_data(self, **kwargs):
        starts = timezone.localtime(self.object.starts_at)
        language = self.request.LANGUAGE_CODE
        return super().get_context_data(**kwargs) | {
            "weekday": formatting.weekday(starts, language),
            "hours": hours(self.object, language),
            "is_past": self.object.ends_at < timezone.now(),
        }


def event_calendar(request, slug):
    event = get_object_or_404(Event.objects.visible_to(request.user), slug=slug)
    return attached(calendar([event_entry(event)]), event.slug)
