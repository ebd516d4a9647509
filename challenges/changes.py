"""Amendments as they are read: what changed, before and after, in words."""

from dataclasses import dataclass, field

from django.utils import timezone
from django.utils.translation import gettext as _

from afori.common import formatting
from afori.common.differences import differences, shortened

from . import amendable
from .models import AmendedField

LONG = 90
SUMS = ("budget_min", "budget_max", "prize")


@dataclass
class Change:
    """One field: short values as `before` and `after`, long texts as `parts` of a diff."""

    label: str
    before: str = ""
    after: str = ""
    parts: list = field(default_factory=list)
    lang: str = ""


def with_changes(amendments, language):
    """Give each amendment, fetched with its fields, its `changes` and a `title` in words; where
    the title says it all, as for a deadline alone, it `is_plain`.
    """
    for one in amendments:
        names = [each.name for each in one.fields.all()]
        one.changes = [change(each, language) for each in one.fields.all()]
        one.title = title(names)
        one.is_plain = names == ["closes_at"]
    return amendments


def latest(challenge, language, number):
    """The latest ones with their changes, and how many there are in all: two queries."""
    found = list(challenge.amendments.prefetch_related("fields")[:number])
    return with_changes(found, language), found[0].number if found else 0


def planned(challenge, changes, language):
    """The same for values that are not stored yet."""
    rows = [
        AmendedField(
            name=name,
            before=amendable.kept(getattr(challenge, name)),
            after=amendable.kept(value),
        )
        for name, value in changes.items()
    ]
    return [change(row, language) for row in rows]


def title(names):
    """What was changed, as a heading."""
    labels = dict.fromkeys(bare_label(name) for name in names if name != "closes_at")
    fields = {"fields": ", ".join(map(lowered, labels))}
    if "closes_at" not in names:
        return _("Changed: %(fields)s") % fields
    if labels:
        return _("Last time to answer moved. Changed too: %(fields)s") % fields
    return _("Last time to answer moved")


def bare_label(name):
    """The field without its language."""
    return amendable.label(name, name.rpartition("_")[2])


def lowered(label):
    return label[:1].lower() + label[1:]


def change(row, language):
    before, after = (amendable.restored(row.name, text) for text in (row.before, row.after))
    label = amendable.label(row.name, language)
    own = row.name.rpartition("_")[2]
    lang = own if own in ("sv", "en") and own != language else ""
    if isinstance(before, str) and max(len(before), len(after)) > LONG:
        parts = shortened(differences(before, after))
        return Change(label, parts=parts, lang=lang)
    return Change(
        label, written(row.name, before, language), written(row.name, after, language), lang=lang
    )


def written(name, value, language):
    """A value as a reader sees it."""
    if value is None or value == "":
        return _("not stated")
    if name in SUMS:
        return formatting.sek(value, language)
    if hasattr(value, "hour"):
        here = timezone.localtime(value)
        return formatting.when(here, language, style="long", seconds=name == "closes_at")
    return formatting.day(value, language) if hasattr(value, "day") else value
