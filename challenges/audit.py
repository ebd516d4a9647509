"""The audit chain: the only writer of `AuditEntry` and `DayHead`, and the check of both.

Call `record` last in a transaction: whoever records waits for those who did until they commit.
"""

import hashlib
import json
from dataclasses import dataclass, replace
from datetime import UTC, timedelta
from secrets import token_hex

from django.db import connection, transaction

from .locks import database_now
from .models import AuditEntry, DayHead

LOCK = 7_301_154_120
FIRST = "0" * 64
CHUNK = 2_000


@dataclass(frozen=True)
class Verdict:
    """How many entries are in order, the head, and the first break in words ("" if none)."""

    entries: int
    head: str
    broken: str = ""


@transaction.atomic(savepoint=False)
def record(event, **facts):
    """Add an entry to the chain and return it. Facts are plain values that JSON knows."""
    number, previous, now = last_entry()
    entry = AuditEntry(
        id=number + 1,
        at=now,
        event=event,
        facts=canonical(facts),
        previous=previous,
    )
    entry.hash = fingerprint(entry)
    entry.save(force_insert=True)
    return entry


def last_entry():
    """Lock the chain and give its last number and hash and the time, all read *after* that."""
    table = connection.ops.quote_name(AuditEntry._meta.db_table)
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [LOCK])
        statement = f"SELECT id, hash, clock_timestamp() FROM {table} ORDER BY id DESC LIMIT 1"  # noqa: S608
        cursor.execute(statement)
        return cursor.fetchone() or (0, FIRST, database_now())


def canonical(facts):
    return json.dumps(facts, ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def fingerprint(entry):
    at = entry.at.astimezone(UTC).isoformat(timespec="microseconds")
    lines = [str(entry.id), at, entry.event, entry.facts, entry.previous]
    return hashlib.sha256("\n".join(lines).encode()).hexdigest()


def close_day(day):
    """Publish the day's head, once. A random entry of its own makes every day's head new."""
    with transaction.atomic():
        entry = record("day", day=day.isoformat(), salt=token_hex(16))
        head, is_new = DayHead.objects.get_or_create(day=day, defaults={"hash": entry.hash})
        if not is_new:
            transaction.set_rollback(True)
    return head


def close_days(today):
    """Close the days that have ended since the last one that was closed."""
    last = DayHead.objects.order_by("-day").first()
    day = last.day + timedelta(days=1) if last else today - timedelta(days=1)
    while day < today:
        close_day(day)
        day += timedelta(days=1)


def has(event, **facts):
    """Whether the chain has an entry of exactly these facts."""
    return AuditEntry.objects.filter(event=event, facts=canonical(facts)).exists()


def facts_of(*events, **known):
    """The facts of the entries that hold those known, in the chain's order."""
    part = canonical(known).strip("{}")
    told = AuditEntry.objects.filter(event__in=events, facts__contains=part).order_by("id")
    return [json.loads(facts) for facts in told.values_list("facts", flat=True)]


def verify():
    """Read the whole chain and the days' heads. Returns a `Verdict`."""
    verdict = verify_chain()
    if verdict.broken:
        return verdict
    known = AuditEntry.objects.filter(event="day")
    if lost := DayHead.objects.exclude(hash__in=known.values("hash")).first():
        return replace(verdict, broken=f"the head of {lost.day} is not in the chain")
    return verdict


def verify_chain():
    """Whether each entry fits the one before, and none between is missing."""
    previous, count = FIRST, 0
    for entry in AuditEntry.objects.order_by("id").iterator(CHUNK):
        if entry.id != count + 1:
            return Verdict(count, previous, f"entry {count + 1} is missing")
        if entry.previous != previous or entry.hash != fingerprint(entry):
            return Verdict(count, previous, f"entry {entry.id} does not fit the one before")
        previous, count = entry.hash, entry.id
    return Verdict(count, previous)
