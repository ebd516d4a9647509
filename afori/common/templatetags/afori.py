"""Template tags and filters of the whole site: `{% load afori %}`."""

from dataclasses import dataclass
from functools import lru_cache
from itertools import count
from zlib import crc32

from django import template
from django.conf import settings
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import mark_safe
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from afori.common import charts, formatting, linking, terms
from afori.common.context import SITE
from afori.common.words import count_words

register = template.Library()


# Marks

ICONS = settings.BASE_DIR / "static" / "vendor" / "lucide"
STEPS = {
    "initiate": (1, gettext_lazy("Initiate")),
    "introduce": (2, gettext_lazy("Introduce")),
    "implement": (3, gettext_lazy("Implement")),
}
STAIRS = [(1, 17), (9.5, 12), (18, 7)]


@register.simple_tag
def icon(name):
    """A lucide icon from static/vendor/lucide, inlined; unknown names raise FileNotFoundError.

    It stands beside a word, never instead of one.
    """
    return drawing(name)


@lru_cache
def drawing(name):
    source = (ICONS / f"{name}.svg").read_text(encoding="utf-8")
    shapes = source.partition("<svg")[2].partition(">")[2].partition("</svg>")[0]
    tight = "".join(line.strip() for line in shapes.splitlines()).replace(" />", "/>")
    return mark_safe(f'<svg class="ico" viewBox="0 0 24 24" aria-hidden="true">{tight}</svg>')  # noqa: S308 our own files


@register.simple_tag
def level(value):
    """The staircase mark with the name of a level ("initiate" …); nothing for no level."""
    if not value or str(value) not in STEPS:
        return ""
    step, name = STEPS[str(value)]
    return format_html(
        '<span class="lvl">{}<span><span class="ds-sr-only">{}: </span>{}</span></span>',
        stairs(step),
        _("Level %(step)d of 3") % {"step": step},
        name,
    )


@lru_cache
def stairs(step):
    bars = "".join(
        f'<rect class="{"on" if i < step else "off"}" x="{x}" y="{y}" width="5" height="{24 - y}"/>'
        for i, (x, y) in enumerate(STAIRS)
    )
    x, y = STAIRS[step - 1]
    dot = f'<circle class="dot" cx="{x + 2.5}" cy="{y - 4}" r="3"/>'
    return mark_safe(f'<svg viewBox="0 0 24 24" aria-hidden="true">{bars}{dot}</svg>')  # noqa: S308 numbers only


@register.simple_tag(takes_context=True)
def term(context, word, title, text, url="", id=None):  # noqa: A002
    """A word that explains itself; at its first use on a page. With the glossary's address."""
    return terms.explained(word, title, text, url, id or unique(context, title))


@register.simple_tag
def lang(text):
    """` lang="en"` where a text is in another language than the page: `<h1{% lang title %}>`."""
    own = getattr(text, "lang", None)
    return format_html(' lang="{}"', own) if text and own and own != get_language() else ""


# States: what a stored value looks like as a tag. Anything not listed is neutral.

COLORS = {
    "success": {"open", "active", "published", "prioritised", "received", "procured", "in_use"},
    "info": {"upcoming", "forming", "proposed", "in_dialogue", "submitted", "challenge_published"},
    "warning": {"closing_soon", "requested", "in_review", "overdue", "draft"},
    "danger": {"cancelled", "stopped", "declined", "removed"},
}
COLOR_OF = {state: color for color, states in COLORS.items() for state in states}


@register.filter
def state_color(state):
    """The colour of a state's tag: success, info, warning, danger or neutral."""
    return COLOR_OF.get(str(state), "neutral")


@register.simple_tag
def our_site():
    """The site of our context processor, where a view has put another `site` in its place."""
    return SITE


# Numbers and sums


@register.filter
def number(value):
    """A number with the thousands sign of the language; nothing for None."""
    return "" if value is None else formatting.number(value, get_language())


@register.filter(name="sek")
def sek_filter(value):
    return formatting.sek(value, get_language())


@register.simple_tag
def sek(low, high=None):
    """A sum or a span in kronor: `{% sek low high %}`, `{{ prize|sek }}`."""
    return formatting.sek(low, get_language(), high)


@register.filter
def file_size(value):
    return formatting.file_size(value, get_language())


# Dates and times


def local(value):
    """A moment in the site's time zone; dates stay as they are."""
    return timezone.localtime(value) if hasattr(value, "hour") else value


def timed(value, text):
    machine = value.isoformat(timespec="seconds") if hasattr(value, "hour") else value.isoformat()
    return format_html('<time datetime="{}">{}</time>', machine, text)


@register.filter(name="when")
def when_filter(value):
    return when(value)


@register.simple_tag
def when(value, style="short", year=True, seconds=False):
    """A moment as <time>: "15 okt. 2026 kl. 12.00". Style short, long or weekday."""
    if not value:
        return ""
    moment = local(value)
    text = formatting.when(moment, get_language(), style=style, year=year, seconds=seconds)
    return timed(moment, text)


@register.filter(name="day")
def day_filter(value, style="long"):
    return day(value, style)


@register.simple_tag
def day(value, style="long", year=True):
    """A date as <time>: "2 december 2026". Style short, long or weekday."""
    if not value:
        return ""
    return timed(local(value), formatting.day(local(value), get_language(), style=style, year=year))


@register.filter
def month(value, style="long"):
    """ "april 2027"."""
    return formatting.month(local(value), get_language(), style=style) if value else ""


@register.filter
def clock(value):
    """ "kl. 12.00"."""
    return formatting.clock(local(value), get_language()) if value else ""


@register.filter
def clock_seconds(value):
    """ "kl. 12.00.00", where the second counts."""
    return formatting.clock(local(value), get_language(), seconds=True) if value else ""


@register.simple_tag
def span(first, last):
    """Dates from and to: "30 november–4 december 2026"."""
    return formatting.span(local(first), local(last), get_language())


@register.filter
def relative_day(value):
    """ "i dag", "om 3 dagar"; of a date or a moment."""
    if not value:
        return ""
    here = local(value)
    on = here.date() if hasattr(here, "hour") else here
    return formatting.relative_day(on, timezone.localdate(), get_language())


@register.simple_tag
def days_left(value, start=False):
    """What is left until a moment, as formatting.Left; None once it has passed."""
    if not value:
        return None
    return formatting.time_left(local(value), timezone.localtime(), get_language(), start=start)


@register.filter
def zone(value):
    """ "svensk tid (UTC+1)", as it is at that moment."""
    return formatting.zone(local(value), get_language())


# Addresses


@register.simple_tag(takes_context=True)
def query(context, **changes):
    """The query string with some parameters changed; None takes one away.

    A change of anything but the page goes back to the first page.
    """
    params = context.request.GET.copy()
    if "page" not in changes:
        params.pop("page", None)
    for key, value in changes.items():
        if value is None:
            params.pop(key, None)
        else:
            params[key] = value
    return f"?{params.urlencode()}" if params else "."


@register.simple_tag
def elided(page):
    """The page numbers to show, with "…" where some are left out."""
    return list(page.paginator.get_elided_page_range(page.number, on_each_side=1, on_ends=1))


@register.filter(name="linked")
def linked_filter(thing):
    """An organisation by its name, leading to its profile."""
    return linking.linked(thing)


# Filters of a list


@dataclass(frozen=True)
class Chip:
    label: str
    url: str


@dataclass(frozen=True)
class Option:
    value: str
    label: str
    id: str
    selected: bool
    count: int | None


@register.simple_tag
def chips(form):
    """The choices made in a filter form, each with the address of the list without it."""
    return [
        Chip(chip_label(field, value), without(form.data, field.html_name, value))
        for field in form
        if field.html_name in form.data and field.name not in form.errors
        for value in form.data.getlist(field.html_name)
        if value
    ]


def chip_label(field, value):
    names = {str(key): label for key, label in getattr(field.field, "choices", ())}
    return names.get(value) or (field.label if field.widget_type == "checkbox" else f"”{value}”")


def without(params, key, value):
    rest = params.copy()
    rest.pop("page", None)
    rest.setlist(key, [one for one in rest.getlist(key) if one != value])
    return f"?{rest.urlencode()}" if rest.urlencode() else "."


@register.simple_tag
def options(field, facets=None):
    """The choices of a field with their hits, which are {field name: {value: number}}."""
    counts = (facets or {}).get(field.name)
    return [option(widget.data, counts) for widget in field.subwidgets]


def option(data, counts):
    value = str(data["value"])
    hits = counts.get(value, 0) if counts is not None and value else None
    return Option(value, data["label"], data["attrs"].get("id", ""), data["selected"], hits)


# Forms


@register.simple_tag
def control(field):
    """The widget of a bound field, described by its help, its counter and its errors."""
    ids = [
        f"{field.auto_id}_helptext" if field.help_text else "",
        f"{field.auto_id}_count" if word_limit(field) else "",
        f"{field.auto_id}_error" if field.errors else "",
    ]
    described = " ".join(filter(None, ids))
    if field.use_fieldset or not described or "aria-describedby" in field.field.widget.attrs:
        return field.as_widget()
    return field.as_widget(attrs={"aria-describedby": described})


@register.filter
def word_limit(field):
    """The most words a field may hold, from its widget's data-words."""
    return int(field.field.widget.attrs.get("data-words") or 0)


@register.filter
def word_count(value):
    return count_words(value)


@register.filter
def excess(used, limit):
    return max(0, used - limit)


# Charts


def unique(context, title):
    """An id that nothing else on the page has."""
    request = getattr(context, "request", None)
    if request is None:
        return f"c{crc32(str(title).encode()):x}"
    return f"c{next(request.__dict__.setdefault('_ids', count(1)))}"


@register.inclusion_tag("components/demand.html", takes_context=True)
def demand_bar(context, pledge, letter, interest, unit, title=None, id=None, table=True):  # noqa: A002
    """Pooled demand by how firm it is: whole numbers of a unit such as "persons a year"."""
    title = title or _("Pooled demand")
    return {
        "id": id or unique(context, title),
        "title": title,
        "parts": charts.demand(pledge, letter, interest),
        "pledge": pledge,
        "letter": letter,
        "interest": interest,
        "total": pledge + letter + interest,
        "unit": unit,
        "table": table,
    }


@register.inclusion_tag("components/radar.html", takes_context=True)
def radar(context, scores, title=None, id=None, table=True):  # noqa: A002
    """The network check: pairs of factor and score from 1 to 5."""
    title = title or _("Network check, five success factors")
    scores = [(str(name), score) for name, score in scores]
    return {
        "id": id or unique(context, title),
        "title": title,
        "scores": scores,
        "chart": charts.radar(scores),
        "table": table,
    }


@register.inclusion_tag("components/windows.html", takes_context=True)
def windows(context, contracts, title=None, id=None, table=True):  # noqa: A002
    """When contracts end: pairs of organisation and last day."""
    title = title or _("When contracts end")
    return {
        "id": id or unique(context, title),
        "title": title,
        "chart": charts.windows(
            [(str(name), ends) for name, ends in contracts], timezone.localdate()
        ),
        "table": table,
    }


@register.simple_tag
def meter(used, limit):
    """A thin bar that shows a share of a limit; it is red when over. Say the numbers beside it."""
    css = "meter full" if used > limit else "meter"
    return format_html(
        '<svg class="{}" aria-hidden="true"><rect width="100%" height="6"/>'
        '<rect width="{}" height="6"/></svg>',
        css,
        charts.meter(used, limit),
    )
