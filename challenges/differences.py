"""What of a section differs between what one person typed and what another has stored, in words."""

from django.db import models
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from afori.common import formatting

from .sections import comparable

LISTING = ", "


def differences(form, values):
    """Pairs of label and stored text, for the fields that were typed otherwise than `values`."""
    if "criteria" in values:
        return criteria_differences(form, values["criteria"])
    return field_differences(form, form.values, values)


def field_differences(form, typed, values):
    return [
        (form.fields[name].label, shown(form.fields[name], value))
        for name, value in values.items()
        if comparable(typed[name]) != comparable(value)
    ]


def criteria_differences(form, rows):
    typed = form.values["criteria"]
    found = []
    for number in range(max(len(typed), len(rows))):
        row = rows[number] if number < len(rows) else None
        if number >= len(typed) or row != typed[number]:
            heading = _("Criterion %(number)d") % {"number": number + 1}
            found.append((heading, criterion(row)))
    return found


def criterion(row):
    if row is None:
        return _("Not there")
    texts = [row["prompt_sv"], row["prompt_en"], row["help_sv"], row["help_en"]]
    figures = _("%(weight)d per cent, at most %(words)d words") % {
        "weight": row["weight"],
        "words": row["word_limit"],
    }
    return "\n".join([*filter(None, texts), figures])


def shown(field, value):
    """A value as the person would read it."""
    if isinstance(value, bool):
        return _("Yes") if value else _("No")
    if isinstance(value, list | models.QuerySet):
        return LISTING.join(shown(field, one) for one in value)
    if isinstance(value, models.Model):
        return str(value)
    if hasattr(value, "year"):
        return moment(value)
    names = {str(key): str(label) for key, label in getattr(field, "choices", ())}
    return names.get(str(value), "" if value is None else str(value))


def moment(value):
    if hasattr(value, "hour"):
        return formatting.when(timezone.localtime(value), get_language(), style="long")
    return formatting.day(value, get_language())
