from django.conf import settings
from django.utils import timezone
from django.utils.translation import gettext as _
from icalendar import Event

from afori.common.calendars import calendar

from .models import Challenge


def challenge_calendar(challenge):
    """The times of a challenge as a calendar file. Fetched again after an amendment it moves the
    entries that a calendar already has: the same UID, a higher SEQUENCE.
    """
    amendment = challenge.amendments.first()
    times = [
        ("opens", _("Opens: %s"), challenge.opens_at),
        ("questions", _("Last day to ask: %s"), challenge.questions_until),
        ("answers", _("Questions answered: %s"), challenge.answers_by),
        ("closes", _("Closes: %s"), challenge.closes_at),
        ("decision", _("Decision expected: %s"), challenge.decision_expected_on),
    ]
    version = {
        "sequence": amendment.number if amendment else 0,
        "dtstamp": amendment.published_at if amendment else told_at(challenge),
        "status": "CANCELLED" if challenge.state == Challenge.State.CANCELLED else "CONFIRMED",
    }
    return calendar([entry(challenge, version, *one) for one in times if one[-1]])


def told_at(challenge):
    return challenge.published_at or challenge.updated_at


def entry(challenge, version, name, text, at):
    url = settings.AFORI_BASE_URL + challenge.get_absolute_url()
    event = Event()
    event.add("uid", f"{name}-{challenge.slug}@{settings.AFORI_SITE_NAME.lower()}")
    for key, value in version.items():
        event.add(key, value)
    event.add("dtstart", timezone.localtime(at) if hasattr(at, "hour") else at)
    event.add("summary", text % challenge.title)
    event.add("description", url)
    event.add("url", url)
    return event
