"""Parts of lists and rows."""

from datetime import timedelta

from django.db.models import F, Value
from django.db.models.functions import Coalesce, NullIf
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from afori.common import formatting

LATE = timedelta(days=14)


def for_staff(queryset, user, permission):
    return queryset if user.is_staff and user.has_perm(permission) else queryset.none()


def named(path):
    """A name in the reader's language, or else in Swedish."""
    return Coalesce(NullIf(F(f"{path}_{get_language()}"), Value("")), F(f"{path}_sv"))


def decision(raw, now):
    day = formatting.relative_day(local(raw.at).date(), now.date(), get_language())
    return {"figure": _("Decide"), "label": day, "word": True}


def review(raw, now):
    day = formatting.relative_day(local(raw.at).date(), now.date(), get_language())
    return {"figure": _("Review"), "label": day, "word": True}


def asked(raw, now, early, late):
    """How long a request has waited, and after two weeks what one can do about it."""
    day = formatting.relative_day(local(raw.at).date(), now.date(), get_language())
    text = late if raw.at < now - LATE else early
    return {"figure": _("Asked"), "label": day, "word": True, "meta": [text]}


def until(raw, now):
    left = raw.at and formatting.time_left(local(raw.at), now, get_language())
    if left is None:
        today = raw.at and local(raw.at).date() == now.date()
        return {"figure": _("Today") if today else _("Closed"), "word": True}
    return {"figure": left.figure, "label": left.label, "soon": left.soon}


def closing(raw):
    return raw.at and formatting.when(local(raw.at), get_language())


def on_day(raw):
    return formatting.day(local(raw.at), get_language())


def local(moment):
    return timezone.localtime(moment)
