from django.conf import settings
from django.utils import timezone
from django.utils.html import strip_tags
from icalendar import Event as CalendarEvent


def event_entry(event):
    """An event for a calendar file. Fetched again it replaces what a calendar has of it."""
    entry = CalendarEvent()
    url = settings.AFORI_BASE_URL + event.get_absolute_url()
    entry.add("uid", f"event-{event.slug}@{settings.AFORI_SITE_NAME.lower()}")
    entry.add("dtstamp", event.updated_at)
    entry.add("sequence", age(event))
    entry.add("dtstart", timezone.localtime(event.starts_at))
    entry.add("dtend", timezone.localtime(event.ends_at))
    entry.add("summary", str(event.title))
    lines = [strip_tags(event.summary), event.stream_link, event.link, url]
    entry.add("description", "\n".join(filter(None, lines)))
    entry.add("url", url)
    if event.place:
        entry.add("location", event.place)
    return entry


def age(thing):
    """Whole seconds from its making to its latest change: a SEQUENCE, which may never fall."""
    return max(0, int((thing.updated_at - thing.created_at).total_seconds()))
