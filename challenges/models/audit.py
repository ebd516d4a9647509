"""The audit chain: rows that are only ever added, each holding the hash of the one before."""

import json

import pgtrigger
from django.db import models

from afori.common.triggers import Firm

FROZEN = Firm(
    name="frozen",
    level=pgtrigger.Statement,
    when=pgtrigger.Before,
    operation=pgtrigger.Update | pgtrigger.Delete | pgtrigger.Truncate,
    func="RAISE EXCEPTION 'Rows of % are only ever added', TG_TABLE_NAME;",
)


class AuditQuerySet(models.QuerySet):
    def telling(self, *events, **known):
        """The entries of these events that hold the facts known, in the chain's order."""
        return self.filter(event__in=events, facts__contains=canonical(known).strip("{}"))


def canonical(facts):
    return json.dumps(facts, ensure_ascii=False, sort_keys=True, separators=(",", ":"))


class AuditEntry(models.Model):
    """What happened around a seal. `facts` is JSON with sorted keys, hashed as it stands."""

    id = models.BigIntegerField(primary_key=True)
    at = models.DateTimeField(db_index=True)
    event = models.CharField(max_length=40)
    facts = models.TextField()
    previous = models.CharField(max_length=64)
    hash = models.CharField(max_length=64, unique=True)

    objects = AuditQuerySet.as_manager()

    class Meta:
        default_permissions = ()
        ordering = ["id"]
        indexes = [models.Index(fields=["event", "id"])]
        triggers = [FROZEN]

    def __str__(self):
        return self.hash

    @property
    def told(self):
        return json.loads(self.facts)


class DayHead(models.Model):
    """The hash of a day's last entry, for anyone to keep."""

    day = models.DateField(unique=True)
    hash = models.CharField(max_length=64)

    class Meta:
        default_permissions = ()
        ordering = ["-day"]
        triggers = [FROZEN]

    def __str__(self):
        return f"{self.day} {self.hash}"
