"""What the portal holds about a person: each app declares its part in its own `personal_data.py`.

One list serves the download of one's data, the erasing of an account and the page that explains
it. Every foreign key to a person has to be named in it, with what becomes of it.
"""

import json
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from enum import Enum

from django.db import models
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.text import capfirst, slugify

SHOWN = 20  # obstacles of a kind: those that come after are told when these are gone
_holdings = {}


class Fate(Enum):
    """What becomes of rows that point at a person who is erased."""

    ERASED = "the row goes"
    EMPTIED = "the row stays as a fact, without the words that the person wrote"
    NAMELESS = "the row stays as it is and points at a former user"


def nothing(user):
    return ()


@dataclass(frozen=True)
class Attachment:
    """A file in the download. `read()` gives its bytes when its turn has come."""

    path: str
    read: Callable[[], bytes]


@dataclass(frozen=True)
class Obstacle:
    """Why a person cannot be deleted now, and where to put it right."""

    text: str
    url: str
    action: str


@dataclass(frozen=True)
class Holding:
    """One part of what is held about a person.

    `title` names it and its file in the download, `what` says what is in it, `stays` what remains
    after erasing and why ("" if nothing does). `collect(user)` gives {heading: facts}, an iterable
    of dicts each, with nothing in it that the person may not see. `fields` maps each foreign key
    to a person ("app.Model.field") to its `Fate`.
    """

    name: str
    title: str | Promise
    what: str | Promise
    collect: Callable[..., dict[str, Iterable[dict]]]
    erase: Callable = nothing
    attachments: Callable[..., Iterable[Attachment]] = nothing
    obstacles: Callable[..., Iterable[Obstacle]] = nothing
    stays: str | Promise = ""
    fields: dict[str, Fate] = field(default_factory=dict)

    @property
    def file_name(self):
        return slugify(str(self.title))


def register(holding):
    """Make a holding known under its name and return it. They keep the order of registering."""
    if holding.name in _holdings:
        raise ValueError(f"{holding.name} is registered twice")
    _holdings[holding.name] = holding
    return holding


def holdings():
    return list(_holdings.values())


def obstacles(user):
    """Why the person cannot be deleted now; empty if nothing is in the way."""
    return [one for holding in holdings() for one in holding.obstacles(user)]


def facts(obj, *names):
    """The named fields in words: {label: value}. Choices are shown by label, times are local."""
    return {label(obj, name): value(obj, name) for name in names}


def label(obj, name):
    return capfirst(str(obj._meta.get_field(name).verbose_name))


def value(obj, name):
    held = getattr(obj, name)
    if isinstance(held, models.Model):
        return str(held)
    if obj._meta.get_field(name).choices:
        return str(getattr(obj, f"get_{name}_display")())
    return plain(held)


def plain(held):
    """As JSON holds it: times as ISO 8601 with the zone of Sweden."""
    if hasattr(held, "utcoffset"):
        return timezone.localtime(held).isoformat(timespec="seconds")
    return held.isoformat() if hasattr(held, "isoformat") else held


def write_json(handle, sections):
    """Write {heading: facts} as JSON, one row at a time."""
    start = "{\n"
    for heading, rows in sections.items():
        handle.write(f"{start}{quoted(heading)}: [".encode())
        write_rows(handle, rows)
        start = ",\n"
    handle.write(b"\n}\n" if sections else b"{}\n")


def write_rows(handle, rows):
    first = True
    for row in rows:
        text = json.dumps(row, ensure_ascii=False, indent=2, default=str)
        handle.write(f"{'' if first else ','}\n{text}".encode())
        first = False
    handle.write(b"]" if first else b"\n]")


def quoted(text):
    return json.dumps(str(text), ensure_ascii=False)
