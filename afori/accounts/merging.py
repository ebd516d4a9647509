"""What becomes of the rows that name an organisation when it is merged into another.

Each app registers a rule for each of its foreign keys and lists of organisations, in its
`merging.py`. A test fails for one without.
"""

from collections.abc import Callable
from dataclasses import dataclass

from django.db import models
from django.utils.functional import Promise

_rules = []


@dataclass(frozen=True)
class Rule:
    """How the rows of `model` follow whose `field` names the organisation that is merged.

    All functions get the merged organisation and the one that stays; `move` also `by`, the person.
    `count` is the number that staff see before they confirm, under `label`; without a label nothing
    is shown. `notes` are sentences on what is in both and how that is settled, `refusals` sentences
    on what cannot be.
    """

    model: type[models.Model]
    field: str
    label: str | Promise = ""
    count: Callable = lambda merged, kept: 0
    notes: Callable = lambda merged, kept: []
    refusals: Callable = lambda merged, kept: []
    move: Callable = lambda merged, kept, by: None


def register(rule):
    _rules.append(rule)
    return rule


def rules():
    return list(_rules)


def moves(model, field, label):
    """Every row simply names the other organisation from now on."""

    def rows(merged):
        return model._default_manager.filter(**{field: merged})

    return register(
        Rule(
            model,
            field,
            label,
            count=lambda merged, kept: rows(merged).count(),
            move=lambda merged, kept, by: rows(merged).update(**{field: kept}),
        )
    )


def joins(model, field, label):
    """The organisation's places in a list go to the other one, which may have them already."""

    def lists(merged):
        return model._default_manager.filter(**{field: merged})

    def move(merged, kept, by):
        for each in lists(merged):
            getattr(each, field).add(kept)
            getattr(each, field).remove(merged)

    def count(merged, kept):
        return lists(merged).count()

    return register(Rule(model, field, label, count=count, move=move))


def stays(model, field):
    """The rows keep naming the merged organisation. Staff are not told that there are any."""
    return register(Rule(model, field))
