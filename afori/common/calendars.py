"""Calendar files (RFC 5545) in Swedish time."""

from django.conf import settings
from icalendar import Calendar


def calendar(entries):
    """The bytes of a calendar with the given `icalendar` components and its time zones."""
    whole = Calendar()
    whole.add("prodid", f"-//{settings.AFORI_SITE_NAME}//SV")
    whole.add("version", "2.0")
    for entry in entries:
        whole.add_component(entry)
    whole.add_missing_timezones()
    return whole.to_ical()
