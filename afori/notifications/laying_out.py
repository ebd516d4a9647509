"""The order of a digest: what closes soon, then networks, then topics, then the rest."""

import logging
from dataclasses import dataclass

from django.utils import timezone
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from afori.common import formatting

from .fragments import blank, fragment, kept, version
from .gathering import known
from .letters import absolute

logger = logging.getLogger(__name__)

MOST = 12  # things a section shows
PLACES = ("network", "topic")


@dataclass(frozen=True)
class Section:
    """A part of a digest: `number` things, `first` of them in words."""

    number: int
    first: str
    text: str
    html: str


def laid_out(items, followed):
    """The sections of one reader's digest in the active language: deadlines, and news."""
    now = timezone.now()
    due = sorted((one for one in items if one.is_due and one.at > now), key=lambda one: one.at)
    told = sorted((one for one in items if not one.is_due), key=lambda one: one.at, reverse=True)
    deadlines = section(_("Closing soon"), due, followed)
    news = [section(name, own, followed) for name, own in parts(told, followed)]
    return [one for one in [deadlines] if one], [one for one in news if one]


def parts(items, followed):
    """(heading, items): networks by name, topics by name, then what has neither."""
    taken = []
    left = items
    for place in PLACES:
        named = {}
        for item in left:
            if (key := item.section(place)) and key in followed:
                named.setdefault(str(followed[key]), []).append(item)
        taken += sorted(named.items())
        used = {id(item) for own in named.values() for item in own}
        left = [item for item in left if id(item) not in used]
    return [*taken, (_("More that you follow") if taken else _("What you follow"), left)]


def section(heading, items, followed):
    """None when nothing is left of it."""
    rows = [row for item in items[:MOST] if (row := row_of(item))]
    if not rows:
        return None
    parts = [
        (piece("heading"), {"text": heading}),
        *((row, {"reason": reason(item, followed)}) for item, row, _title in rows),
    ]
    if (more := len(items) - MOST) > 0:
        text = ngettext("And %d more.", "And %d more.", more) % more
        parts.append((piece("paragraph"), {"text": text}))
    return Section(
        number=len(items),
        first=rows[0][2],
        text="\n\n".join(part.as_text(**values) for part, values in parts),
        html="".join(part.as_html(**values) for part, values in parts),
    )


def row_of(item):
    """(item, its row, its title); None if it cannot be drawn: one of many is left out then."""
    kind, subject = item.kind, item.subject
    key = (kind.name, subject.pk, get_language(), item.is_due, version(subject), item.at)
    try:
        return item, *kept.get(key, lambda: draw(item))
    except Exception:
        logger.exception("%s %s could not be drawn", kind.name, subject.pk)
        return None


def draw(item):
    kind, subject = item.kind, item.subject
    shown = {"text": str(kind.text(subject)), **kind.shown(subject)}
    if item.is_due:
        shown |= left(item.at)
    context = {"subject": subject, "url": absolute(kind.url(subject)), "reason": blank("reason")}
    title = shown.get("title") or shown["text"]
    return fragment(kind.row_templates, {**shown, **context}), str(title)


def left(at):
    """The figure that leads the row of a deadline, and the time in words."""
    language, local = get_language(), timezone.localtime(at)
    remains = formatting.time_left(local, timezone.localtime(), language)
    return {
        "figure": remains.figure,
        "label": remains.label,
        "soon": remains.soon,
        "meta": _("Closes %s") % formatting.when(local, language),
    }


def reason(item, followed):
    follow = item.reason
    return str(known(follow).reason(followed.get(follow)))


def piece(name):
    templates = [f"emails/rows/{name}.{ending}" for ending in ("txt", "html")]
    return kept.get((name,), lambda: fragment(templates, {"text": blank("text")}))
