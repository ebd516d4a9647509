"""What those who watch a challenge are told of its dialogue meetings."""

from django.urls import reverse
from django.utils.translation import gettext as _

from challenges.notifications.watching import watched

from ..models import Event


def title(event):
    return {"challenge": event.challenge.title}


MEETING_PLANNED = watched(
    "meeting_planned",
    Event,
    lambda event: _("A dialogue meeting about %(challenge)s, open to all.") % title(event),
    url=lambda event: event.get_absolute_url(),
)
MEETING_CHANGED = watched(
    "meeting_changed",
    Event,
    lambda event: (
        _("The dialogue meeting about %(challenge)s has a new time or place.") % title(event)
    ),
    url=lambda event: event.get_absolute_url(),
)
NOTES_PUBLISHED = watched(
    "meeting_notes",
    Event,
    lambda event: _("Notes of the dialogue meeting about %(challenge)s.") % title(event),
    url=lambda event: reverse("events:detail", args=[event.slug]) + "#notes",
)
