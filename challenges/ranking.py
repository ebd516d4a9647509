"""The order that agreed scores give: weights, minimum scores, ties. Knows no database."""

from collections import Counter
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal

HIGHEST = 5
CENT = Decimal("0.01")


@dataclass(frozen=True)
class Measure:
    """How one criterion counts: its weight in per cent and the least score, if there is one."""

    key: int
    weight: int
    minimum: int | None = None


@dataclass(frozen=True)
class Place:
    """An answer in the ranking. `number` is None below a minimum; `lacking` has the criteria.

    `percent` is the weighted part of the highest score that can be had, with two decimals.
    """

    key: int
    percent: Decimal
    number: int | None = None
    is_tie: bool = False
    lacking: tuple = ()


@dataclass(frozen=True)
class Ranking:
    """Answers by place, those below a minimum apart, and the keys of those not agreed on yet."""

    places: list
    below: list
    waiting: list


def ranking(measures, scores):
    """The Ranking of `scores`, a dict from each answer's key to a dict of criterion and score."""
    agreed = {key: each for key, each in scores.items() if covers(measures, each)}
    judged = [judge(measures, key, each) for key, each in agreed.items()]
    return Ranking(
        places=placed([one for one in judged if not one.lacking]),
        below=ordered([one for one in judged if one.lacking]),
        waiting=sorted(scores.keys() - agreed.keys()),
    )


def covers(measures, scores):
    return all(scores.get(measure.key) is not None for measure in measures)


def judge(measures, key, scores):
    lacking = [
        measure.key
        for measure in measures
        if measure.minimum is not None and scores[measure.key] < measure.minimum
    ]
    return Place(key, percent(measures, scores), lacking=tuple(lacking))


def percent(measures, scores):
    """The weighted share in per cent. The weights of a published challenge make 100."""
    most = sum(measure.weight for measure in measures) * HIGHEST
    total = sum(measure.weight * scores[measure.key] for measure in measures)
    share = Decimal(100 * total) / most if most else Decimal(0)
    return share.quantize(CENT, ROUND_HALF_UP)


def ordered(judged):
    return sorted(judged, key=lambda one: (-one.percent, one.key))


def placed(judged):
    """Equal shares share a place, and the next place is left out: 1, 1, 3."""
    shares = Counter(one.percent for one in judged)
    first = {}
    for number, one in enumerate(ordered(judged), start=1):
        first.setdefault(one.percent, number)
    return [
        Place(
            one.key,
            one.percent,
            number=first[one.percent],
            is_tie=shares[one.percent] > 1,
        )
        for one in ordered(judged)
    ]
