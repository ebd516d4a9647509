"""Icons, the staircase, words that explain themselves, and the look of a state."""

from functools import lru_cache

from django.conf import settings
from django.utils.html import format_html
from django.utils.safestring import mark_safe
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from .. import terms
from ..context import SITE
from . import register, unique

ICONS = settings.BASE_DIR / "static" / "vendor" / "lucide"
STEPS = {
    "initiate": (1, gettext_lazy("Initiate")),
    "introduce": (2, gettext_lazy("Introduce")),
    "implement": (3, gettext_lazy("Implement")),
}
STAIRS = [(1, 17), (9.5, 12), (18, 7)]
# What a stored state looks like as a tag. Anything not listed is neutral.
COLORS = {
    "success": {"open", "active", "published", "prioritised", "received", "procured", "in_use"},
    "info": {"upcoming", "forming", "proposed", "in_dialogue", "submitted", "challenge_published"},
    "warning": {"closing_soon", "requested", "in_review", "overdue", "draft"},
    "danger": {"cancelled", "stopped", "declined", "removed"},
}
COLOR_OF = {state: color for color, states in COLORS.items() for state in states}


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


@register.filter
def state_color(state):
    """The colour of a state's tag: success, info, warning, danger or neutral."""
    return COLOR_OF.get(str(state), "neutral")


@register.simple_tag
def our_site():
    """The site of our context processor, where a view has put another `site` in its place."""
    return SITE
