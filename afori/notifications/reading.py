"""Notifications as a person reads them: in the page's language, only what they may still see."""

from collections import defaultdict
from dataclasses import dataclass

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from afori.common import formatting

from . import registry
from .models import Notification


@dataclass(frozen=True)
class Entry:
    """One line of the list. `url` marks it as read on the way; "" where nothing is left to see."""

    notification: Notification
    text: str
    url: str

    @property
    def is_unread(self):
        return self.notification.read_at is None and not self.is_stale

    @property
    def is_stale(self):
        return not self.url

    @property
    def day(self):
        """ "i dag", "i går", then "16 nov."."""
        made = timezone.localtime(self.notification.created_at)
        if (timezone.localdate() - made.date()).days < 2:
            return formatting.relative_day(made.date(), timezone.localdate(), get_language())
        return formatting.day(made, get_language(), style="short", year=False)


def latest(user, number=5):
    """The person's latest notifications as entries."""
    return entries(Notification.objects.of(user)[:number], user)


def entries(notifications, user):
    """An `Entry` for each notification, with as many queries as there are kinds among them."""
    notifications = list(notifications)
    subjects = visible_subjects(notifications, user)
    return [entry(one, subjects.get((one.kind, one.subject_id))) for one in notifications]


def visible_subjects(notifications, user):
    """{(kind, id): subject} for those that are still there and that the person may see."""
    ids = defaultdict(set)
    for one in notifications:
        ids[one.kind].add(one.subject_id)
    known = {name: registry.find(name) for name in ids}
    return {
        (name, pk): subject
        for name, kind in known.items()
        if kind
        for pk, subject in kind.seen_by(user, ids[name]).items()
    }


def entry(notification, subject):
    if subject is None:
        return Entry(notification, _("This has been dealt with, or is no longer open to you."), "")
    url = reverse("notifications:open", args=[notification.token])
    return Entry(notification, str(registry.get(notification.kind).text(subject)), url)


def destination(notification, user):
    """The address a notification leads to, None if the person may no longer see it."""
    for subject in visible_subjects([notification], user).values():
        return registry.get(notification.kind).url(subject)
    return None
