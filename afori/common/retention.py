"""How long things are kept: each app declares its rules in its own `retention.py`.

One nightly task carries them all out. Operators and readers see the same list, in
docs/operations.md and on the page about personal data.
"""

import logging
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta

from django.db import models, transaction
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

logger = logging.getLogger(__name__)

BATCH = 500
YEAR = 365
_rules = {}


@dataclass(frozen=True)
class Rule:
    """Rows that go, or are emptied, a number of days after a moment.

    `what` tells readers what is removed and counted from when. `due(before)` gives the rows whose
    time was up at `before`. `carry_out(rows)` is called with a locked batch of them inside a
    transaction; by default they are deleted. `batch` is how many rows one transaction takes.
    """

    name: str
    what: str | Promise
    days: int
    due: Callable[..., models.QuerySet]
    carry_out: Callable = models.QuerySet.delete
    batch: int = BATCH

    def count(self):
        return self.due(self.before()).count()

    def apply(self):
        """Carry the rule out, batch by batch. Returns the number of rows."""
        done, before, last = 0, self.before(), None
        while keys := self.apply_to_batch(before, last):
            done, last = done + len(keys), keys[-1]
        return done

    def before(self):
        return timezone.now() - timedelta(days=self.days)

    @transaction.atomic
    def apply_to_batch(self, before, last):
        """The keys of the rows it took. Rows that another worker holds are left to it."""
        rows = self.due(before).order_by("pk").select_for_update(skip_locked=True, of=("self",))
        keys = [row.pk for row in (rows.filter(pk__gt=last) if last else rows)[: self.batch]]
        if keys:
            self.carry_out(rows.model._base_manager.filter(pk__in=keys))
        return keys


@dataclass(frozen=True)
class Sweep:
    """Like `Rule`, for what is not rows: `find(before)` gives what is due, `remove` takes one."""

    name: str
    what: str | Promise
    days: int
    find: Callable
    remove: Callable

    def before(self):
        return timezone.now() - timedelta(days=self.days)

    def count(self):
        return sum(1 for _one in self.find(self.before()))

    def apply(self):
        number = 0
        for one in self.find(self.before()):
            self.remove(one)
            number += 1
        return number


def register(rule):
    """Make a rule known under its name and return it."""
    if rule.name in _rules:
        raise ValueError(f"{rule.name} is registered twice")
    _rules[rule.name] = rule
    return rule


def rules():
    """All rules, in the order of their names."""
    return [rule for _name, rule in sorted(_rules.items())]


def get(name):
    return _rules[name]


def apply_all():
    """Carry out all rules. One that fails does not stop the others. Returns {name: number}."""
    return {rule.name: applied(rule) for rule in rules()}


def applied(rule):
    try:
        number = rule.apply()
    except Exception as error:
        logger.error("Retention %s failed: %s", rule.name, type(error).__name__)
        return None
    logger.info("Retention %s: %d", rule.name, number)
    return number


def period(days):
    """A period in words: "90 days", "1 year", "at once"."""
    if not days:
        return _("at once")
    if days % YEAR == 0:
        return ngettext("%d year", "%d years", days // YEAR) % (days // YEAR)
    return ngettext("%d day", "%d days", days) % days
