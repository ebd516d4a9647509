"""New events, for those who follow their topics, network, challenge or host."""

from django.utils import timezone
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from afori.common import formatting
from afori.notifications.followed import whole
from afori.notifications.groups import Group, register_group
from afori.notifications.news import News, topics_of
from afori.notifications.registry import register
from networks.models import NetworkMembership

from ..models import Event

EVENTS = register_group(
    Group(name="events", label=gettext_lazy("Events"), what=gettext_lazy("New events."))
)
whole(
    "every_event",
    gettext_lazy("All new events"),
    gettext_lazy("Each new event that is public."),
    "events:list",
    gettext_lazy("You follow all new events."),
)


def public_among(ids):
    return Event.objects.public().upcoming().filter(pk__in=ids).values_list("pk", flat=True)


def members_among(ids, user_ids):
    """Pairs (person, event) of events that are for the members of their network."""
    coming = Event.objects.upcoming().filter(pk__in=ids).order_by()
    members = NetworkMembership.objects.active().filter(
        user__in=user_ids, network__events__in=coming
    )
    return members.values_list("user", "network__events")


def shown(event):
    starts = timezone.localtime(event.starts_at)
    times = formatting.when(starts, get_language())
    return {
        "title": event.title,
        "summary": event.summary,
        "label": event.get_kind_display(),
        "meta": ", ".join(filter(None, [times, event.place])),
    }


ANNOUNCED = register(
    News(
        name="events.announced",
        model=Event,
        group=EVENTS,
        text=lambda event: _("New event: %(event)s") % {"event": event.title},
        url=lambda event: event.get_absolute_url(),
        mail="notifications/news",
        context=shown,
        shown=shown,
        targets=lambda event: [
            ("network", event.network_id),
            ("challenge", event.challenge_id),
            ("organisation", event.host_id),
            *topics_of(event),
            ("every_event", 0),
        ],
        public_among=public_among,
        members_among=members_among,
        prefetch=("topics",),
    )
)
