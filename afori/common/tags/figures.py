"""Numbers, sums, dates and times, as each language writes them."""

from django.utils import timezone
from django.utils.html import format_html
from django.utils.translation import get_language

from .. import formatting
from . import register


@register.filter
def number(value):
    """A number with the thousands sign of the language; nothing for None."""
    return "" if value is None else formatting.number(value, get_language())


@register.filter
def percent(value):
    """A share in hundredths, with the sign as the language writes it."""
    return formatting.percent(value, get_language())


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
def when(value, style="short", year=True, seconds=False, thousandths=False):
    """A moment as <time>: "15 okt. 2026 kl. 12.00". Style short, long or weekday."""
    if not value:
        return ""
    moment = local(value)
    exact = {"seconds": seconds, "thousandths": thousandths}
    text = formatting.when(moment, get_language(), style=style, year=year, **exact)
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
