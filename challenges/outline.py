"""The sections of a challenge that is being written, grouped, each with its state in words."""

from dataclasses import dataclass

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from .completeness import OPTIONAL, missing
from .models import SectionName
from .progress import DONE, OPEN, WRONG, Progress
from .sections import is_begun

Name = SectionName
GROUPS = [
    (
        _("What you look for"),
        (Name.BASICS, Name.BACKGROUND, Name.FUNCTION, Name.AFFECTED, Name.LEVEL),
    ),
    (_("What you offer and ask"), (Name.OFFERS, Name.BUDGET, Name.RIGHTS, Name.ELIGIBILITY)),
    (_("How answers are judged"), (Name.CRITERIA, Name.PANEL)),
    (_("What happens, and when"), (Name.ROUTE, Name.TIMES, Name.OPENERS)),
]
ORDER = [name for _heading, names in GROUPS for name in names]


def url_of(challenge, name):
    return reverse("challenges:section", args=[challenge.slug, name])


def after(name):
    """The section that comes next, None after the last."""
    place = ORDER.index(name) + 1
    return ORDER[place] if place < len(ORDER) else None


@dataclass(frozen=True)
class Task:
    """`kind` is DONE where nothing is left to do, WRONG where an editor wants a change."""

    name: str
    label: str
    url: str
    state: str
    kind: Progress = OPEN
    missing: tuple = ()
    requests: tuple = ()
    section: object = None
    colleague: object = None
    current: bool = False


class Outline:
    """All sections of a challenge fetched `with_progress`, for the person who looks."""

    def __init__(self, challenge, *, now, viewer, current=""):
        self.challenge = challenge
        self.now = now
        self.viewer = viewer
        self.current = current
        self.missing = missing(challenge, now)
        rows = challenge.sections.select_related("saved_by", "opened_by")
        self.rows = {row.name: row for row in rows}
        self.requests = list(challenge.change_requests.unsettled())
        self.groups = [(heading, [*map(self.task, names)]) for heading, names in GROUPS]

    def __iter__(self):
        return (task for _heading, tasks in self.groups for task in tasks)

    def __len__(self):
        return len(ORDER)

    @property
    def is_whole(self):
        return not self.missing

    @property
    def is_ready(self):
        """Whether it can be sent to the editors."""
        return self.is_whole and not self.requests

    @property
    def asked(self):
        """Sections where an editor wants a change."""
        return [task for task in self if task.requests]

    @property
    def done(self):
        return sum(task.kind == DONE for task in self)

    @property
    def here(self):
        return next((task for task in self if task.current), None)

    @property
    def revision(self):
        """How often the current section has been saved."""
        row = self.rows.get(self.current)
        return row.revision if row else 0

    @property
    def number(self):
        return ORDER.index(self.current) + 1 if self.current else None

    @property
    def unread(self):
        """Sections that were carried over and that nobody has saved since."""
        return [task for task in self if is_carried(task.section)]

    def task(self, name):
        row = self.rows.get(name)
        requests = tuple(request for request in self.requests if request.section == name)
        state, kind = self.state(name, row, requests)
        return Task(
            name=name,
            label=name.label,
            url=url_of(self.challenge, name),
            state=state,
            kind=kind,
            missing=tuple(self.missing.get(name, ())),
            requests=requests,
            section=row,
            colleague=self.colleague(row),
            current=name == self.current,
        )

    def state(self, name, row, requests):
        if requests:
            return _("An editor wants a change"), WRONG
        if name in self.missing:
            return (_("Begun") if is_begun(self.challenge, name) else _("Not started")), OPEN
        if is_carried(row):
            return _("Carried over, look it through"), OPEN
        if name in OPTIONAL and not is_begun(self.challenge, name):
            return _("Empty, optional"), DONE
        return _("Complete"), DONE

    def colleague(self, row):
        """The colleague who has the section open now, or None."""
        is_open = row and row.opened_by_id and row.opened_until > self.now
        return row.opened_by if is_open and row.opened_by_id != self.viewer.pk else None


def is_carried(row):
    """Copied from a challenge or a need, and not saved by a person since."""
    return row is not None and row.revision == 0 and row.saved_by_id is not None
