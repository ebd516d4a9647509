"""The versions of an object that the database has recorded, made readable."""

import json
from collections import defaultdict
from dataclasses import dataclass, field
from datetime import datetime

import pghistory
import pgtrigger
from django.contrib.admin.models import LogEntry
from django.contrib.auth import get_user_model
from django.contrib.contenttypes.models import ContentType
from django.db import transaction
from django.utils import formats, timezone
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django_prose_editor.fields import ProseEditorField

from .differences import differences, plain, shortened

NEVER_SHOWN = {"id", "created_at", "updated_at"}


@dataclass(frozen=True)
class Change:
    """One field before and after, as a list of ("same" | "del" | "ins", text)."""

    name: str
    label: str
    parts: list


@dataclass(frozen=True)
class Entry:
    """One thing that happened. `version` is the key of the stored version, None for a note."""

    at: datetime
    who: str
    what: str
    version: int | None = None
    changes: list[Change] = field(default_factory=list)


def is_tracked(model):
    return hasattr(model, "history")


def versions(obj):
    """Stored versions, newest first."""
    return obj.history.select_related("pgh_context").order_by("-pgh_created_at", "-pgh_id")


def version_model(model):
    """The model of a tracked model's stored versions."""
    return model.history.rel.related_model


def recorded_fields(model):
    """Fields of the model that its versions hold and that a person changes."""
    held = {one.name for one in version_model(model)._meta.get_fields()}
    return [one for one in model._meta.concrete_fields if one.name in held - NEVER_SHOWN]


def entries(obj, start, stop):
    """What happened to an object: `start` to `stop` of its versions, with notes between them."""
    rows = list(versions(obj)[start : stop + 1])
    people = names(rows)
    shown = [
        version_entry(obj, row, rows[i + 1] if i + 1 < len(rows) else None, people)
        for i, row in enumerate(rows[: stop - start])
    ]
    earliest = shown[-1].at if len(rows) > stop - start and shown else None
    latest = shown[0].at if start and shown else None
    return sorted(shown + notes(obj, earliest, latest), key=lambda each: each.at, reverse=True)


def version_entry(obj, row, previous, people):
    return Entry(
        at=row.pgh_created_at,
        who=author(row, people),
        what=label(row, previous),
        version=row.pgh_id,
        changes=compared(type(obj), previous, row, short=True) if previous else [],
    )


def label(row, previous):
    if row.pgh_label == "insert":
        return _("Created")
    if "restored" in metadata(row):
        return _("Restored an earlier version")
    return _("Changed") if previous else _("First recorded version")


def metadata(row):
    return (row.pgh_context and row.pgh_context.metadata) or {}


def names(rows):
    keys = {metadata(row).get("user") for row in rows} - {None}
    return {user.pk: str(user) for user in get_user_model().objects.filter(pk__in=keys)}


def author(row, people):
    key = metadata(row).get("user")
    return people.get(key) or (_("Somebody no longer here") if key else _("The system"))


def notes(obj, earliest, latest):
    """Entries of the admin's log that tell what versions do not hold: lists and related rows."""
    log = LogEntry.objects.filter(
        content_type=ContentType.objects.get_for_model(obj), object_id=str(obj.pk)
    ).select_related("user")
    if earliest:
        log = log.filter(action_time__gte=earliest)
    if latest:
        log = log.filter(action_time__lte=latest)
    return [entry for entry in map(note, log) if entry]


def note(entry):
    parts = message_parts(entry)
    lists = [one for part in parts for one in part.get("lists", [])]
    rows = [text for part in parts for text in related_row(part)]
    rows += [part["note"] for part in parts if "note" in part]
    if not (lists or rows):
        return None
    changes = [Change("", one["label"], list_parts(one)) for one in lists]
    return Entry(entry.action_time, str(entry.user), ", ".join(rows) or _("Changed"), None, changes)


def message_parts(entry):
    try:
        parts = json.loads(entry.change_message)
    except ValueError:
        return []
    return parts if isinstance(parts, list) else []


def related_row(part):
    words = {"added": _("Added"), "changed": _("Changed"), "deleted": _("Deleted")}
    for verb, word in words.items():
        if "name" in part.get(verb, {}):
            yield f"{word}: {part[verb]['name']} ”{part[verb]['object']}”"


def list_parts(one):
    before, after = one["before"], one["after"]
    gone = [("del", text + " ") for text in before if text not in after]
    return gone + [("ins", text + " ") for text in after if text not in before]


def compared(model, old, new, *, short=False):
    """Changes from one stored version to another, field by field."""
    changed = [
        each
        for each in recorded_fields(model)
        if getattr(old, each.attname) != getattr(new, each.attname)
    ]
    related = related_names(changed, (old, new))
    changes = []
    for each in changed:
        before, after = (shown(each, getattr(row, each.attname), related) for row in (old, new))
        parts = differences(before, after)
        label = capfirst(each.verbose_name)
        changes.append(Change(each.name, label, shortened(parts) if short else parts))
    return changes


def related_names(changed, rows):
    """Names of the rows that foreign keys point at, by (model, key)."""
    wanted = defaultdict(set)
    for each in changed:
        if each.is_relation:
            wanted[each.related_model] |= {getattr(row, each.attname) for row in rows}
    return {
        (model, key): str(found)
        for model, keys in wanted.items()
        for key, found in model._default_manager.in_bulk(keys - {None}).items()
    }


def shown(each, value, related):
    """A stored value in words."""
    if value in (None, "", []):
        return ""
    if each.is_relation:
        return related.get((each.related_model, value), f"#{value}")
    if isinstance(value, list):
        return ", ".join(str(choice(each.base_field, one)) for one in value)
    if isinstance(value, bool):
        return _("Yes") if value else _("No")
    if isinstance(value, datetime):
        value = timezone.localtime(value)
    if isinstance(each, ProseEditorField):
        return plain(value)
    return str(formats.localize(choice(each, value)))


def choice(each, value):
    return dict(each.flatchoices).get(value, value)


def restored(obj, version, *, keep=()):
    """The object with the values of a stored version, not saved. `keep` stays as it is."""
    for each in recorded_fields(type(obj)):
        if each.name not in keep:
            setattr(obj, each.attname, getattr(version, each.attname))
    return obj


@transaction.atomic
def restore(obj, version, *, keep=()):
    """Write the values of a stored version, checked like a form. Raises ValidationError.

    Lists of related things and fields whose state has rules stay as they are. The restoring is
    itself a version.
    """
    obj = type(obj)._base_manager.select_for_update().get(pk=obj.pk)
    restored(obj, version, keep=keep)
    obj.full_clean()
    with pghistory.context(restored=version.pgh_id):
        obj.save()
    return obj


def rewrite(rows, **values):
    """Take words out of stored versions, which are otherwise append-only: for erasing alone."""
    with pgtrigger.ignore(f"{rows.model._meta.label}:append_only"):
        return rows.update(**values)
