"""How dates, times, sums and numbers are written in each language.

Pure functions: values in, text out. Moments are aware and already in the time zone of the reader;
sums are whole kronor. A new language is a new entry in FORMATS.
"""

from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal

NBSP = "\u00a0"
MILLION = 1_000_000
BILLION = 1_000_000_000
SOON = 7


@dataclass(frozen=True)
class Format:
    """The words and signs of one language."""

    months: tuple
    short_months: tuple
    weekdays: tuple
    short_weekdays: tuple
    thousand: str
    percent: str
    decimal: str
    at: str
    sek: str
    million: str
    billion: str
    today: str
    tomorrow: str
    yesterday: str
    ahead: str
    ago: str
    day: tuple
    left: tuple
    to_start: tuple
    hours: str
    minutes: str
    left_today: str
    starts_today: str
    zone: str
    week: str


FORMATS = {
    "sv": Format(
        months=(
            *("januari", "februari", "mars", "april", "maj", "juni"),
            *("juli", "augusti", "september", "oktober", "november", "december"),
        ),
        short_months=(
            *("jan.", "feb.", "mars", "april", "maj", "juni"),
            *("juli", "aug.", "sept.", "okt.", "nov.", "dec."),
        ),
        weekdays=("måndag", "tisdag", "onsdag", "torsdag", "fredag", "lördag", "söndag"),
        short_weekdays=("mån", "tis", "ons", "tors", "fre", "lör", "sön"),
        thousand=NBSP,
        percent=f"{{}}{NBSP}%",
        decimal=",",
        at=f"kl.{NBSP}{{}}",
        sek=f"{{}}{NBSP}kr",
        million=f"{{}}{NBSP}mnkr",
        billion=f"{{}}{NBSP}mdkr",
        today="i dag",
        tomorrow="i morgon",
        yesterday="i går",
        ahead="om {}",
        ago="för {} sedan",
        day=("{} dag", "{} dagar"),
        left=("dag kvar", "dagar kvar"),
        to_start=("dag till start", "dagar till start"),
        hours=f"{{}}{NBSP}tim",
        minutes=f"{{}}{NBSP}min",
        left_today="kvar i dag",
        starts_today="till start",
        zone="svensk tid (UTC{})",
        week="vecka {}",
    ),
    "en": Format(
        months=(
            *("January", "February", "March", "April", "May", "June"),
            *("July", "August", "September", "October", "November", "December"),
        ),
        short_months=(
            *("Jan", "Feb", "Mar", "Apr", "May", "Jun"),
            *("Jul", "Aug", "Sep", "Oct", "Nov", "Dec"),
        ),
        weekdays=(
            *("Monday", "Tuesday", "Wednesday", "Thursday"),
            *("Friday", "Saturday", "Sunday"),
        ),
        short_weekdays=("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"),
        thousand=",",
        percent="{}%",
        decimal=".",
        at=f"at{NBSP}{{}}",
        sek=f"SEK{NBSP}{{}}",
        million=f"SEK{NBSP}{{}}{NBSP}million",
        billion=f"SEK{NBSP}{{}}{NBSP}billion",
        today="today",
        tomorrow="tomorrow",
        yesterday="yesterday",
        ahead="in {}",
        ago="{} ago",
        day=("{} day", "{} days"),
        left=("day left", "days left"),
        to_start=("day to start", "days to start"),
        hours=f"{{}}{NBSP}h",
        minutes=f"{{}}{NBSP}min",
        left_today="left today",
        starts_today="to start",
        zone="Swedish time (UTC{})",
        week="week {}",
    ),
}


def words(language):
    """The format of a language code; English for one that has none."""
    return FORMATS.get(language) or FORMATS["en"]


# Numbers and sums


def number(value, language):
    """7600 → "7 600" with a no-break space, in English "7,600". Decimals keep their digits."""
    form = words(language)
    return f"{value:,}".translate({ord(","): form.thousand, ord("."): form.decimal})


def percent(value, language):
    """60 → "60 %" with a no-break space, in English "60%"."""
    return words(language).percent.format(number(value, language))


def sek(low, language, high=None):
    """A sum, or a span of sums, in kronor: "350 000 kr", "41 mnkr", "4–6 mnkr"; "SEK 41 million".

    From a million up it is rounded to at most two decimals, from ten million to one.
    """
    if low is None and high is None:
        return ""
    low, high = (high, None) if low is None else (low, high)
    first, pattern = _sum(low, language)
    if high is None or high == low:
        return pattern.format(first)
    last, last_pattern = _sum(high, language)
    if pattern == last_pattern:
        return pattern.format(f"{first}–{last}")
    return f"{pattern.format(first)}–{last_pattern.format(last)}"


def _sum(amount, language):
    form = words(language)
    if abs(amount) < MILLION:
        return number(amount, language), form.sek
    unit, pattern = (BILLION, form.billion) if abs(amount) >= BILLION else (MILLION, form.million)
    step = Decimal("0.1") if abs(amount) >= 10 * unit else Decimal("0.01")
    rounded = (Decimal(amount) / unit).quantize(step, ROUND_HALF_UP).normalize()
    return number(Decimal(f"{rounded:f}"), language), pattern


def file_size(count, language):
    """Bytes as kB or MB, the way a file manager shows them: "38 kB", "1,4 MB"."""
    if count < 1000:
        return f"{count}{NBSP}B"
    if count < 999_500:
        return f"{round(count / 1000)}{NBSP}kB"
    return f"{number(round(count / MILLION, 1), language)}{NBSP}MB"


# Dates and times


def day(value, language, *, style="long", year=True):
    """A date: long "2 december 2026", short "2 dec. 2026", weekday "onsdag 2 december 2026"."""
    form = words(language)
    months = form.short_months if style == "short" else form.months
    text = f"{value.day}{NBSP}{months[value.month - 1]}"
    if style == "weekday":
        text = f"{form.weekdays[value.weekday()]} {text}"
    return f"{text} {value.year}" if year else text


def month(value, language, *, style="long"):
    """ "april 2027"; short "sept. 2027"."""
    form = words(language)
    months = form.short_months if style == "short" else form.months
    return f"{months[value.month - 1]} {value.year}"


def weekday(value, language, *, style="long"):
    """ "onsdag"; short "ons"."""
    form = words(language)
    return (form.short_weekdays if style == "short" else form.weekdays)[value.weekday()]


def week(value, language):
    """ "vecka 49", by ISO 8601."""
    return words(language).week.format(value.isocalendar().week)


def clock(moment, language, *, seconds=False, thousandths=False):
    """ "kl. 8.00", "at 12.00"; with seconds "kl. 12.00.00", with thousandths "kl. 12.00.00,412"."""
    form = words(language)
    text = f"{moment.hour}.{moment.minute:02}"
    if seconds or thousandths:
        text += f".{moment.second:02}"
    if thousandths:
        text += f"{form.decimal}{moment.microsecond // 1000:03}"
    return form.at.format(text)


def when(moment, language, *, style="short", year=True, seconds=False, thousandths=False):
    """ "15 okt. 2026 kl. 12.00", in English "15 Oct 2026 at 12.00"."""
    date = day(moment, language, style=style, year=year)
    return f"{date} {clock(moment, language, seconds=seconds, thousandths=thousandths)}"


def span(first, last, language):
    """Dates from and to, saying nothing twice: "30 november–4 december 2026", "1–3 maj 2026"."""
    if first == last:
        return day(first, language)
    if first.year != last.year:
        return f"{day(first, language)}–{day(last, language)}"
    if first.month != last.month:
        return f"{day(first, language, year=False)}–{day(last, language)}"
    return f"{first.day}–{day(last, language)}"


def relative_day(value, today, language):
    """ "i dag", "i morgon", "om 3 dagar", "för 3 dagar sedan"."""
    form = words(language)
    days = (value - today).days
    near = {0: form.today, 1: form.tomorrow, -1: form.yesterday}
    if days in near:
        return near[days]
    return (form.ahead if days > 0 else form.ago).format(form.day[1].format(abs(days)))


def zone(moment, language):
    """ "svensk tid (UTC+1)"."""
    hours = moment.utcoffset().total_seconds() / 3600
    return words(language).zone.format(f"{hours:+g}")


@dataclass(frozen=True)
class Left:
    """What is left until a moment: a figure, the words after it, and whether it is in a hurry."""

    figure: str
    label: str
    soon: bool

    def __str__(self):
        return f"{self.figure} {self.label}"


def time_left(until, now, language, *, start=False):
    """Days left by the calendar; hours, then minutes, on the last day. None once it has passed.

    With start=True the words speak of something that begins, and nothing is in a hurry.
    """
    seconds = (until - now).total_seconds()
    if seconds <= 0:
        return None
    form = words(language)
    if days := (until.date() - now.date()).days:
        label = (form.to_start if start else form.left)[days != 1]
        return Left(number(days, language), label, soon=not start and days <= SOON)
    label = form.starts_today if start else form.left_today
    pattern, figure = (
        (form.hours, seconds // 3600) if seconds >= 3600 else (form.minutes, seconds // 60)
    )
    return Left(pattern.format(max(1, int(figure))), label, soon=not start)
