"""A theme week for one's calendar: the week itself, and each of its events."""

from datetime import timedelta

from django.conf import settings
from icalendar import Event as CalendarEvent

from afori.common.calendars import calendar
from afori.events.calendars import age, event_entry


def week_calendar(week, events):
    """The bytes of a calendar file with the week and those of its events that are given."""
    entries = [event_entry(event) for event in events]
    own = [week_entry(week)] if week.starts_on else []
    return calendar([*own, *entries], name=str(week.title))


def week_entry(week):
    """The whole days of the week. Nobody is busy because of it."""
    entry = CalendarEvent()
    url = settings.AFORI_BASE_URL + week.get_absolute_url()
    entry.add("uid", f"theme-week-{week.slug}@{settings.AFORI_SITE_NAME.lower()}")
    entry.add("dtstamp", week.updated_at)
    entry.add("sequence", age(week))
    entry.add("dtstart", week.starts_on)
    entry.add("dtend", week.ends_on + timedelta(days=1))
    entry.add("summary", str(week.title))
    entry.add("description", "\n".join(filter(None, [week.intro, url])))
    entry.add("url", url)
    entry.add("transp", "TRANSPARENT")
    return entry
