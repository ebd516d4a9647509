"""The audit chain: added to, never changed, and checked as a whole."""

from datetime import date, timedelta
from io import StringIO

import pgtrigger
import pytest
from django.core.management import CommandError, call_command
from django.db import DatabaseError, connection, transaction

from challenges import actions, audit
from challenges.models import AuditEntry, DayHead

from .support import closes, guards_off, opened, submit
from .test_deadline import in_threads

pytestmark = pytest.mark.django_db
TODAY = date(2026, 12, 2)


def tampered(statement):
    with guards_off() as cursor:
        cursor.execute(statement)


def test_each_entry_holds_the_hash_of_the_one_before():
    first, second = audit.record("first", a=1), audit.record("second", b="å")
    assert (first.id, first.previous) == (1, audit.FIRST)
    assert (second.id, second.previous) == (2, first.hash)
    assert audit.verify() == audit.Verdict(2, second.hash)


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE {} SET hash = hash",
        "DELETE FROM {}",
        "TRUNCATE {}",
    ],
)
@pytest.mark.parametrize("table", ["challenges_auditentry", "challenges_dayhead"])
def test_nothing_is_changed_or_removed(table, statement):
    audit.record("kept")
    with (
        pgtrigger.ignore(),
        pytest.raises(DatabaseError, match="only ever added"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(statement.format(table))
    assert AuditEntry.objects.count() == 1


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE challenges_auditentry SET facts = '{}' WHERE id = 2",
        "UPDATE challenges_auditentry SET at = at + interval '1 second' WHERE id = 2",
        "UPDATE challenges_auditentry SET event = 'other' WHERE id = 2",
        "DELETE FROM challenges_auditentry WHERE id = 2",
        "DELETE FROM challenges_auditentry WHERE id = 1",
        "UPDATE challenges_dayhead SET hash = repeat('0', 64)",
    ],
)
def test_tampering_is_noticed(statement):
    for number in range(3):
        audit.record("entry", number=number)
    audit.close_day(TODAY)
    assert audit.verify().broken == ""
    tampered(statement)
    assert audit.verify().broken != ""
    with pytest.raises(CommandError):
        call_command("verify_audit")


@pytest.mark.parametrize("event", ["received", "too_late", "withdrawn", "opened"])
def test_a_tail_that_was_cut_off_is_noticed(arena, draft, event):
    """What remains is a chain in order; only what stands elsewhere tells that it was longer."""
    submit(draft, by=arena.supplier)
    if event == "withdrawn":
        actions.withdraw(draft, by=arena.supplier)
    if event == "too_late":
        closes(arena.challenge, seconds=-1)
        with pytest.raises(actions.TooLate):
            submit(draft, by=arena.supplier)
    if event == "opened":
        opened(arena.challenge)
    assert audit.verify().broken == ""
    last = AuditEntry.objects.filter(event=event).latest("id")
    tampered(f"DELETE FROM challenges_auditentry WHERE id >= {last.pk}")
    assert audit.verify_chain().broken == ""
    assert "not in the chain" in audit.verify().broken


def test_another_protocol_is_noticed(arena, draft):
    opening = opened(arena.challenge)
    opening.protocol += " "
    opening.save()
    assert "not in the chain" in audit.verify().broken


def test_the_command_says_the_head():
    entry = audit.record("entry")
    said = StringIO()
    call_command("verify_audit", stdout=said)
    assert entry.hash in said.getvalue()


def test_every_day_has_one_head_also_those_that_were_missed():
    audit.close_days(TODAY)
    audit.close_days(TODAY)
    audit.close_days(TODAY + timedelta(days=3))
    days = list(DayHead.objects.order_by("day").values_list("day", flat=True))
    assert days == [TODAY + timedelta(days=number) for number in (-1, 0, 1, 2)]
    assert DayHead.objects.values("hash").distinct().count() == 4
    assert AuditEntry.objects.count() == 4
    assert audit.close_day(TODAY).hash == DayHead.objects.get(day=TODAY).hash
    assert AuditEntry.objects.count() == 4


@pytest.mark.django_db(transaction=True)
def test_many_at_once_make_one_chain():
    in_threads(8, lambda index: [audit.record("thread", index=index) for _each in range(5)])
    assert audit.verify().entries == 40
    assert audit.verify().broken == ""
