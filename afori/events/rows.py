"""What a row shows of an event, formatted once per page."""

from django.utils import timezone
from django.utils.translation import get_language

from afori.common import formatting


def event_rows(events, *, year=False):
    language = get_language()
    return [event_row(event, language, year=year) for event in events]


def event_row(event, language, *, year=False):
    starts = timezone.localtime(event.starts_at)
    return {
        "url": event.get_absolute_url(),
        "title": event.title,
        "summary": event.summary,
        "weekday": formatting.weekday(starts, language, style="short"),
        "date": formatting.day(starts, language, year=year),
        "time": hours(event, language),
        "kind": event.get_kind_display(),
        "place": event.place,
        "example": event.is_example,
    }


def hours(event, language):
    """ "kl. 13.00–13.45"; over several days only when it starts."""
    starts, ends = timezone.localtime(event.starts_at), timezone.localtime(event.ends_at)
    text = formatting.clock(starts, language)
    if starts.date() != ends.date() or starts == ends:
        return text
    return f"{text}–{ends.hour}.{ends.minute:02}"
