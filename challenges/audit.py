"""The audit chain: the only writer of `AuditEntry` and `DayHead`, and the check of both.

Call `record` last in a transaction: whoever records waits for those who did until they commit.
"""

import hashlib
from dataclasses import dataclass, replace
from datetime import UTC, timedelta
from secrets import token_hex

from django.db import connection, transaction
from django.db.models import Exists, OuterRef

from .locks import database_now
from .models import Attempt, AuditEntry, DayHead, Opening, SubmissionVersion
from .models.audit import canonical

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


def fingerprint(entry):
    at = entry.at.astimezone(UTC).isoformat(timespec="microseconds")
    return sha256("\n".join([str(entry.id), at, entry.event, entry.facts, entry.previous]))


def sha256(text):
    return hashlib.sha256(text.encode()).hexdigest()


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


def has(event, *, since=None, **facts):
    """Whether the chain tells of exactly this already, if asked for: after that time."""
    found = AuditEntry.objects.filter(event=event, facts=canonical(facts))
    return (found.filter(at__gt=since) if since else found).exists()


def verify():
    """Read the whole chain, and whether it holds what stands elsewhere: the heads of days, what
    receipts were given, and the protocols of openings. Returns a `Verdict`.
    """
    verdict = verify_chain()
    return verdict if verdict.broken else replace(verdict, broken=next(lost_entries(), ""))


def lost_entries():
    """In words what the chain ought to hold and does not, as when its end was cut off."""
    days = AuditEntry.objects.filter(event="day")
    for head in DayHead.objects.exclude(hash__in=days.values("hash")):
        yield f"the head of {head.day} is not in the chain"
    noted = AuditEntry.objects.filter(hash=OuterRef("audit_head"))
    for model in (SubmissionVersion, Attempt):
        for receipt in model.objects.exclude(Exists(noted)):
            yield f"the receipt {receipt.printed_number} is not in the chain"
    for opening in Opening.objects.select_related("challenge").iterator(CHUNK):
        slug, told = opening.challenge.slug, sha256(opening.protocol)
        if not has("opened", challenge=slug, protocol=told):
            yield f"the opening of {slug} is not in the chain"


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
