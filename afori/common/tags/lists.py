"""Addresses of a list, and the choices made in its filter."""

from dataclasses import dataclass

from .. import linking
from . import register


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
