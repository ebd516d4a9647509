"""Calendar files (RFC 5545) in Swedish time."""

from django.conf import settings
from django.http import HttpResponse
from icalendar import Calendar


def calendar(entries, name=""):
    """The bytes of a calendar with the given `icalendar` components and its time zones."""
    whole = Calendar()
    whole.add("prodid", f"-//{settings.AFORI_SITE_NAME}//SV")
    whole.add("version", "2.0")
    if name:
        whole.add("x-wr-calname", name)
    for entry in entries:
        whole.add_component(entry)
    whole.add_missing_timezones()
    return whole.to_ical()


def attached(content, name):
    """An answer that a browser keeps as a calendar file of that name."""
    return HttpResponse(
        content,
        content_type="text/calendar; charset=utf-8",
        headers={"Content-Disposition": f'attachment; filename="{name}.ics"'},
    )
