"""Geometry of the charts: pure functions, numbers in and ready attribute values out.

Lengths are percent of the width, so that text keeps its size when a chart grows or shrinks;
only the radar has a view box of its own.
"""

from dataclasses import dataclass
from math import cos, pi, sin

# Demand: how firm a promise is decides how dense its surface is.


@dataclass(frozen=True)
class Part:
    css: str
    x: str
    width: str


def demand(pledge, letter, interest):
    """The parts of a demand bar, firmest first; empty parts are left out."""
    total = pledge + letter + interest
    parts, start = [], 0
    for css, volume in (("d3", pledge), ("d2", letter), ("hatch", interest)):
        if volume:
            parts.append(Part(css, percent(start, total), percent(volume, total)))
        start += volume
    return parts


def percent(part, whole):
    """Percent as an attribute value, with a point in every language."""
    return f"{100 * part / whole:.4g}%" if whole else "0%"


# Radar: scores from 1 to 5 on equally spread axes, the first one upwards.

CENTRE = (170, 140)
RADIUS = 96
TOP_SCORE = 5
LOW = 2


@dataclass(frozen=True)
class Point:
    x: str
    y: str
    low: bool = False


@dataclass(frozen=True)
class Axis:
    end: Point
    text: Point
    anchor: str
    name: str
    score: int


@dataclass(frozen=True)
class Radar:
    rings: list
    axes: list
    area: str
    points: list


def radar(scores):
    """A radar of (name, score from 1 to 5) pairs, in reading order."""
    count = len(scores)
    return Radar(
        rings=[polygon([ring] * count) for ring in range(1, TOP_SCORE + 1)],
        axes=[axis(i, count, name, score) for i, (name, score) in enumerate(scores)],
        area=polygon([score for _, score in scores]),
        points=[
            point(i, count, score / TOP_SCORE, low=score <= LOW)
            for i, (_, score) in enumerate(scores)
        ],
    )


def axis(index, count, name, score):
    side = sin(turn(index, count))
    anchor = "start" if side > 0.7 else "end" if side < -0.7 else "middle"
    below = cos(turn(index, count)) < -0.5
    reach = 1.36 if below else 1.1 if anchor == "middle" else 1.03
    text = point(index, count, reach)
    return Axis(point(index, count, 1), text, anchor, name, score)


def polygon(scores):
    corners = (point(i, len(scores), score / TOP_SCORE) for i, score in enumerate(scores))
    return " ".join(f"{corner.x},{corner.y}" for corner in corners)


def point(index, count, reach, *, low=False):
    angle = turn(index, count)
    x = CENTRE[0] + RADIUS * reach * sin(angle)
    y = CENTRE[1] - RADIUS * reach * cos(angle)
    return Point(f"{x:.1f}", f"{y:.1f}", low)


def turn(index, count):
    return 2 * pi * index / count


# Windows: when today's contracts end, and when buying together fits most of them.

HEADER = 22
ROW = 46
BEST_MONTHS = 12
LABEL_TURNS = 78


@dataclass(frozen=True)
class Contract:
    name: str
    ends: object
    y: int
    end: str
    after: bool

    @property
    def text_y(self):
        return self.y - 7

    @property
    def bar_y(self):
        return self.y

    @property
    def tick_y(self):
        return self.y - 4

    @property
    def tick_bottom(self):
        return self.y + 14

    @property
    def label_y(self):
        return self.y + 10


@dataclass(frozen=True)
class Window:
    first: object
    last: object
    count: int
    x: str
    width: str


@dataclass(frozen=True)
class Windows:
    height: int
    years: list
    contracts: list
    now: str
    best: Window | None

    @property
    def inner(self):
        return self.height - HEADER


def windows(contracts, today):
    """Contract windows of (name, last day) pairs, soonest first, on whole calendar years."""
    ordered = sorted(contracts, key=lambda pair: (pair[1], pair[0]))
    first = min([today.year, *(ends.year for _, ends in ordered)])
    last = max([today.year + 1, *(ends.year for _, ends in ordered)])
    scale = Scale(first, last - first + 1)
    return Windows(
        height=HEADER + ROW * len(ordered) + 8,
        years=[(year, scale.at_month(year, 1)) for year in scale.years()],
        contracts=[
            Contract(
                name, ends, HEADER + 28 + ROW * i, scale.at(ends), scale.share(ends) < LABEL_TURNS
            )
            for i, (name, ends) in enumerate(ordered)
        ],
        now=scale.at(today),
        best=best_window([ends for _, ends in ordered if ends >= today], scale),
    )


@dataclass(frozen=True)
class Scale:
    first: int
    count: int

    def years(self):
        step = 1 + (self.count - 1) // 6
        return range(self.first, self.first + self.count, step)

    def share(self, date):
        passed = (date.year - self.first) * 12 + date.month - 1 + date.day / 31
        return 100 * passed / (self.count * 12)

    def at(self, date):
        return f"{self.share(date):.1f}%"

    def at_month(self, year, month):
        return f"{100 * ((year - self.first) * 12 + month - 1) / (self.count * 12):.1f}%"


def best_window(ends, scale):
    """The twelve months in which most contracts end, from the first of these ends to the last.

    None when no two contracts end within a year of each other. Of equals the earliest wins.
    """
    best = max(
        (
            [later for later in ends[i:] if months(first, later) < BEST_MONTHS]
            for i, first in enumerate(ends)
        ),
        key=len,
        default=[],
    )
    if len(best) < 2:
        return None
    start, end = scale.share(best[0]) - 1, min(100, scale.share(best[-1]) + 1)
    return Window(best[0], best[-1], len(best), f"{start:.1f}%", f"{end - start:.1f}%")


def months(first, later):
    return (later.year - first.year) * 12 + later.month - first.month


# Meter: a share of a limit, as in words written of words allowed.


def meter(used, limit):
    """Width of the filled part; a meter never runs over its end."""
    return percent(min(used, limit), limit) if limit else "0%"
