"""What a digest holds, for many readers at once: what each may read now, each thing once."""

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from .groups import followables
from .news import News
from .periods import deadlines_of, news_of
from .registry import find


@dataclass
class Item:
    """A thing in one reader's digest; `at` is when it falls due, or when it was told of."""

    kind: News
    subject: Any
    at: datetime
    is_due: bool
    follows: set = field(default_factory=set)

    @property
    def reason(self):
        """The most exact thing followed that brings it, as (name, id)."""
        return min(self.follows, key=exactness)

    def section(self, place):
        """The followed network or topic under which it stands, as (name, id); None without one."""
        return min((one for one in self.follows if known(one).section == place), default=None)


def known(follow):
    return followables()[follow[0]]


def exactness(follow):
    return known(follow).rank, follow


def gather(periods, users):
    """({period id: items}, {(name, id): what is followed}). `users` maps periods to the accounts
    of their readers, None for strangers. As many queries for any number of periods.
    """
    periods = list(periods)
    if not periods:
        return {}, {}
    due = [(one, True) for one in deadlines_of(periods)]
    told = [(one, False) for one in news_of(periods)]
    found = [pair for pair in (*due, *told) if is_known(pair[0])]
    readable = Readable([one for one, _is_due in found], users)
    things = defaultdict(dict)
    for one, is_due in found:
        if subject := readable.subject(one):
            add(things[one.period], find(one.kind), subject, one, is_due)
    items = {period: list(own.values()) for period, own in things.items()}
    return items, followed_things(items)


def is_known(found):
    """Apps come and go: news of one that is gone, or a follow of its things, is passed over."""
    return isinstance(find(found.kind), News) and found.followed in followables()


def add(things, kind, subject, found, is_due):
    """The same thing comes once: as a deadline if it is one, else as its latest news."""
    key = kind.model, subject.pk
    item = things.get(key)
    if item is None:
        item = things[key] = Item(kind, subject, found.at, is_due)
    elif not item.is_due and found.at > item.at:
        item.kind, item.at = kind, found.at
    item.follows.add((found.followed, found.followed_id))


class Readable:
    """The subjects that are still there, and who may read which, in three queries a kind."""

    def __init__(self, found, users):
        self.users = users
        ids, readers = defaultdict(set), set(users.values())
        for one in found:
            ids[one.kind].add(one.subject_id)
        self.subjects = {name: find(name).subjects(pks) for name, pks in ids.items()}
        self.allowed = {
            name: find(name).readable(subjects, readers) for name, subjects in self.subjects.items()
        }

    def subject(self, found):
        """The subject, None if it is gone or not this reader's to read."""
        if found.subject_id not in self.allowed[found.kind][self.users[found.period]]:
            return None
        return self.subjects[found.kind].get(found.subject_id)


def followed_things(items):
    """What reasons and sections name, by (name, id), in a query a kind of thing."""
    ids = defaultdict(set)
    for own in items.values():
        for item in own:
            for name, pk in item.follows:
                ids[name].add(pk)
    return {
        (name, pk): thing
        for name, pks in ids.items()
        if (model := followables()[name].model)
        for pk, thing in model._default_manager.in_bulk(pks).items()
    }
