"""The programme of a theme week day by day, formatted once per page or mail."""

from collections import defaultdict
from dataclasses import dataclass

from django.utils import timezone
from django.utils.translation import get_language

from afori.common import formatting
from afori.events.rows import event_row


@dataclass(frozen=True)
class Day:
    """A day with events, a text of the editor's, or both."""

    name: str
    weekday: str
    short_weekday: str
    date: str
    text: str
    events: list
    is_today: bool
    is_past: bool


def programme(week, events, now):
    """All days that have something to show, in order."""
    language = get_language()
    texts = {week.day(day.number): day.text for day in week.days.all() if day.text}
    texts.pop(None, None)
    held = defaultdict(list)
    for event in events:
        held[timezone.localtime(event.starts_at).date()].append(entry(event, now, language))
    today = timezone.localtime(now).date()
    return [
        day(on, texts.get(on, ""), held.get(on, []), today, language)
        for on in sorted(texts.keys() | held.keys())
    ]


def day(on, text, events, today, language):
    return Day(
        name=on.isoformat(),
        weekday=formatting.weekday(on, language),
        short_weekday=formatting.weekday(on, language, style="short"),
        date=formatting.day(on, language, year=False),
        text=text,
        events=events,
        is_today=on == today,
        is_past=on < today,
    )


def entry(event, now, language):
    """An event of the programme: what its row has, and where to go from there."""
    is_past = event.ends_at <= now
    return {
        **event_row(event, language),
        "slug": event.slug,
        "is_past": is_past,
        "stream": "" if is_past else event.stream_link,
        "link": "" if is_past else event.link,
        "recording": event.recording_link,
    }


def from_today(days):
    """Today and what comes, then what has been: (days, earlier days)."""
    return [day for day in days if not day.is_past], [day for day in days if day.is_past]
