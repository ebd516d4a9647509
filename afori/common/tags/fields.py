"""The fields of a form."""

from ..words import count_words
from . import register


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
