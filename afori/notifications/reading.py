"""Notifications as a person reads them: in the page's language, only what they may still see."""

from collections import defaultdict
from dataclasses import dataclass

from django.urls import reverse
from django.utils.translation import gettext as _

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


def latest(user, number=5):
    """The person's latest notifications as entries."""
    return entries(Notification.objects.of(user)[:number], user)


def entries(notifications, user):
    """An `Entry` for each notification, with one query for each kind among them."""
    notifications = list(notifications)
    subjects = subjects_of(notifications)
    return [entry(one, subjects.get((one.kind, one.subject_id)), user) for one in notifications]


def subjects_of(notifications):
    """{(kind, id): subject} for those that are still there."""
    ids = defaultdict(set)
    for one in notifications:
        ids[one.kind].add(one.subject_id)
    known = {name: registry.find(name) for name in ids}
    return {
        (name, pk): subject
        for name, kind in known.items()
        if kind
        for pk, subject in kind.subjects(ids[name]).items()
    }


def entry(notification, subject, user):
    kind = registry.find(notification.kind)
    if subject is None or not kind.visible_to(user, subject):
        return Entry(notification, _("This is done with, or no longer open to you."), "")
    url = reverse("notifications:open", args=[notification.token])
    return Entry(notification, str(kind.text(subject)), url)


def destination(notification, user):
    """The address a notification leads to, None if the person may no longer see it."""
    kind = registry.find(notification.kind)
    subject = subjects_of([notification]).get((notification.kind, notification.subject_id))
    if subject is None or not kind.visible_to(user, subject):
        return None
    return kind.url(subject)
