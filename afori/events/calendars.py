"""Calendar files (RFC 5545) in Swedish time."""

from django.conf import settings
from django.utils import timezone
from django.utils.html import strip_tags
from icalendar import Calendar
from icalendar import Event as CalendarEvent


def calendar(entries):
    """The bytes of a calendar with the given `icalendar` components and its time zones."""
    whole = Calendar()
    whole.add("prodid", f"-//{settings.AFORI_SITE_NAME}//SV")
    whole.add("version", "2.0")
    for entry in entries:
        whole.add_component(entry)
    whole.add_missing_timezones()
    return whole.to_ical()


def event_entry(event):
    entry = CalendarEvent()
    url = settings.AFORI_BASE_URL + event.get_absolute_url()
    entry.add("uid", f"event-{event.slug}@{settings.AFORI_SITE_NAME.lower()}")
    entry.add("dtstamp", event.updated_at)
    entry.add("dtstart", timezone.localtime(event.starts_at))
    entry.add("dtend", timezone.localtime(event.ends_at))
    entry.add("summary", str(event.title))
    entry.add("description", f"{strip_tags(event.summary)}\n{url}".strip())
    entry.add("url", url)
    if event.place:
        entry.add("location", event.place)
    return entry
