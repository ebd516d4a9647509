from django.conf import settings
from django.utils import timezone
from django.utils.translation import gettext as _
from icalendar import Event

from afori.common.calendars import calendar


def challenge_calendar(challenge):
    """The times of a challenge as a calendar file."""
    times = [
        ("opens", _("Opens: %s"), challenge.opens_at),
        ("questions", _("Last day to ask: %s"), challenge.questions_until),
        ("closes", _("Closes: %s"), challenge.closes_at),
        ("decision", _("Decision expected: %s"), challenge.decision_expected_on),
    ]
    return calendar([entry(challenge, name, text, at) for name, text, at in times if at])


def entry(challenge, name, text, at):
    url = settings.AFORI_BASE_URL + challenge.get_absolute_url()
    event = Event()
    event.add("uid", f"{name}-{challenge.slug}@{settings.AFORI_SITE_NAME.lower()}")
    event.add("dtstamp", challenge.updated_at)
    event.add("dtstart", timezone.localtime(at) if hasattr(at, "hour") else at)
    event.add("summary", text % challenge.title)
    event.add("description", url)
    event.add("url", url)
    return event
