from django.conf import settings
from django.utils import timezone
from django.utils.html import strip_tags
from icalendar import Event as CalendarEvent


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
