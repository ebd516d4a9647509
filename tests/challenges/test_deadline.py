"""The deadline under load: real threads, real PostgreSQL, the database's clock alone."""

import threading
import time
from datetime import UTC, datetime, timedelta
from datetime import time as clock
from uuid import uuid4
from zoneinfo import ZoneInfo

import pgtrigger
import pytest
import time_machine
from django.db import OperationalError, connection, connections, transaction
from django.test import Client
from django.urls import reverse

from afori.common.states import Refused
from afori.notifications.models import Notification, OutgoingMail
from challenges import actions, audit
from challenges.actions.submitting import locked, receive, refusal
from challenges.models import Attempt, Challenge, Submission, SubmissionVersion
from challenges.receipts import exact
from tests import factories as make
from tests.cast import employee

from .crowds import ready_drafts
from .support import closes, fill, submit, submit_anew, write

pytestmark = pytest.mark.django_db(transaction=True)
STOCKHOLM = ZoneInfo("Europe/Stockholm")


def in_threads(number, work):
    """Run `work(index)` in that many threads at once and return what they gave or raised."""
    results = [None] * number
    start = threading.Barrier(number)

    def run(index):
        try:
            start.wait()
            results[index] = work(index)
        except Exception as error:
            results[index] = error
        finally:
            connections.close_all()

    threads = [threading.Thread(target=run, args=[index]) for index in range(number)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=60)
    return results


def several_drafts(arena, number):
    drafts = []
    for _each in range(number):
        company = make.OrganisationFactory()
        author = employee(company)
        draft = actions.start_submission(arena.challenge, organisation=company, by=author)
        fill(draft, by=author)
        drafts.append((draft, author))
    return drafts


def test_no_version_is_received_after_the_deadline(arena, monkeypatch):
    monkeypatch.setattr("challenges.actions.submitting.MOST_AN_HOUR", 10_000)
    drafts = several_drafts(arena, 6)
    closes_at = closes(arena.challenge, seconds=1.5)

    def keep_submitting(index):
        draft, author = drafts[index]
        received, late, patience = [], [], time.monotonic() + 60
        while len(late) < 2 or len(received) + len(late) < 10:
            assert time.monotonic() < patience
            try:
                received.append(submit_anew(draft, by=author).pk)
            except actions.TooLate as refusal:
                late.append(refusal.attempt.pk)
        return received, late

    results = in_threads(6, keep_submitting)
    assert not [result for result in results if isinstance(result, Exception)]
    acknowledged = {pk for received, _late in results for pk in received}
    too_late = {pk for _received, late in results for pk in late}

    assert sum(len(received) + len(late) for received, late in results) >= 60
    assert acknowledged
    assert len(acknowledged) == sum(len(received) for received, _late in results)
    assert len(too_late) == 6, "each author's repeated attempts are one"
    assert set(SubmissionVersion.objects.values_list("pk", flat=True)) == acknowledged
    assert not SubmissionVersion.objects.filter(received_at__gt=closes_at).exists()
    assert set(Attempt.objects.values_list("pk", flat=True)) == too_late
    assert not Attempt.objects.filter(at__lte=closes_at).exists()


def test_five_hundred_across_the_last_second(arena):
    """Whoever is told "received" is stored, in time; whoever is told "too late" is not."""
    drafts = ready_drafts(arena.challenge, 500)
    closes_at = closes(arena.challenge, seconds=1)

    def submit_each_twentieth(index):
        received, late = set(), set()
        for draft, author in drafts[index::20]:
            try:
                received.add(submit(draft, by=author).pk)
            except actions.TooLate as refusal:
                late.add(refusal.attempt.pk)
        return received, late

    results = in_threads(20, submit_each_twentieth)
    received, late = (set().union(*each) for each in zip(*results, strict=True))

    stored = SubmissionVersion.objects.values_list("pk", "received_at")
    assert received
    assert late
    assert len(received) + len(late) == 500
    assert {pk for pk, _at in stored} == received
    assert max(at for _pk, at in stored) <= closes_at
    assert set(Attempt.objects.values_list("pk", flat=True)) == late
    assert not Attempt.objects.filter(at__lte=closes_at).exists()


def test_waiting_for_a_lock_past_the_deadline_is_too_late(arena, draft):
    """The time counts when the lock is held, not when the request began."""
    closes(arena.challenge, seconds=0.6)
    results = []

    def wait():
        results.extend(in_threads(1, lambda _index: submit(draft, by=arena.supplier)))

    with transaction.atomic():
        Submission.objects.select_for_update().get(pk=draft.pk)
        waiting = threading.Thread(target=wait)
        waiting.start()
        time.sleep(1)
    waiting.join()

    assert isinstance(results[0], actions.TooLate)
    assert not draft.versions.exists()


def test_the_time_that_was_compared_is_the_time_that_is_stored(arena, draft):
    """Checked in time, it may wait for others past the deadline: it was received in time."""
    closes_at = closes(arena.challenge, seconds=1)
    submitting = threading.Thread(
        target=lambda: in_threads(1, lambda _index: submit(draft, by=arena.supplier))
    )
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [audit.LOCK])
        submitting.start()
        time.sleep(1.5)
    submitting.join()

    assert draft.versions.get().received_at <= closes_at


def test_submitting_waits_for_a_change_of_the_challenge(arena, draft):
    """Whoever locks the challenge exclusively, such as an amendment, is never overtaken."""
    closes(arena.challenge, days=1)
    results = []

    def wait():
        results.extend(in_threads(1, lambda _index: submit(draft, by=arena.supplier)))

    with transaction.atomic():
        Challenge.objects.select_for_update().get(pk=arena.challenge.pk)
        waiting = threading.Thread(target=wait)
        waiting.start()
        time.sleep(0.5)
        assert waiting.is_alive()
        Challenge.objects.filter(pk=arena.challenge.pk).update(state=Challenge.State.CANCELLED)
    waiting.join()

    assert isinstance(results[0], actions.TooLate)
    assert results[0].attempt.kind == Attempt.Kind.NOT_OPEN


@pytest.mark.parametrize("doing", ["submit", "withdraw", "ask"])
def test_who_is_too_late_does_not_wait_for_the_opening(arena, draft, doing):
    """How long it takes would tell how much is opened."""
    if doing == "withdraw":
        submit(draft, by=arena.supplier)
    closes(arena.challenge, seconds=-1)
    late = {
        "submit": lambda: submit(draft, by=arena.supplier),
        "withdraw": lambda: actions.withdraw(draft, by=arena.supplier),
        "ask": lambda: actions.ask(arena.challenge, "Får vi?", language="sv", by=arena.rival),
    }[doing]
    results = []
    asking = threading.Thread(target=lambda: results.extend(in_threads(1, lambda _index: late())))
    with transaction.atomic():
        Challenge.objects.select_for_update().get(pk=arena.challenge.pk)
        asking.start()
        asking.join(20)
        assert [result.code for result in results] == ["too_late"]
    if doing != "ask":
        assert Attempt.objects.get().audit_head == audit.verify().head


def test_submits_do_not_wait_for_each_other_on_the_challenge(arena):
    """Only the last step, the entry in the audit chain, is taken one after the other."""
    (one, author), (other, other_author) = several_drafts(arena, 2)
    with transaction.atomic():
        locked(one, author)
        [result] = in_threads(1, lambda _index: submit(other, by=other_author))

    assert isinstance(result, SubmissionVersion)


def test_one_key_ten_times_is_one_version_one_receipt_one_mail(arena, draft):
    key = uuid4()
    results = in_threads(10, lambda _index: submit(draft, by=arena.supplier, key=key))

    assert {result.receipt_number for result in results} == {draft.versions.get().receipt_number}
    assert OutgoingMail.objects.filter(kind="challenges.receipt").count() == 1
    assert Notification.objects.filter(kind="challenges.receipt").count() == 1


def test_one_page_posted_twenty_times_at_once_is_one_version(arena, draft):
    """As by an impatient person with a slow line: one version, one receipt, one mail."""
    address = reverse("challenges:submit", args=[arena.challenge.slug, draft.reference])
    client = Client()
    client.force_login(arena.supplier)
    page = client.get(address).context["form"].initial | {"confirmed": "on"}

    def post(_index):
        impatient = Client()
        impatient.cookies = client.cookies.copy()
        return impatient.post(address, page)

    answers = in_threads(20, post)

    assert {answer.status_code for answer in answers} == {302}
    assert {answer.url for answer in answers} == {draft.versions.get().get_absolute_url()}
    assert OutgoingMail.objects.filter(kind="challenges.receipt").count() == 1


@pytest.mark.parametrize(
    ("closes_at", "hour"),
    [
        (datetime(2026, 10, 25, 2, 30, tzinfo=STOCKHOLM), 0),
        (datetime(2026, 10, 25, 2, 30, tzinfo=STOCKHOLM, fold=1), 1),
        (datetime(2027, 3, 28, 3, 0, tzinfo=STOCKHOLM), 1),
    ],
    ids=["autumn-summer-time", "autumn-winter-time", "spring"],
)
def test_the_nights_when_clocks_are_changed(arena, draft, closes_at, hour):
    """02.30 comes twice in autumn, and 03.00 follows 01.59 in spring: the moment decides."""
    moment = datetime.combine(closes_at.date(), clock(hour, closes_at.minute), UTC)
    with pgtrigger.ignore("challenges.Challenge:deadline_later_only"):
        opens_at = moment - timedelta(days=2)
        own = Challenge.objects.filter(pk=arena.challenge.pk)
        own.update(opens_at=opens_at, closes_at=closes_at)
    draft.challenge.refresh_from_db()

    assert draft.challenge.closes_at == moment
    assert refusal(draft.challenge, moment) is None
    assert refusal(draft.challenge, moment + timedelta(microseconds=1)) == Attempt.Kind.TOO_LATE
    offset = closes_at.utcoffset() // timedelta(hours=1)
    assert f"(UTC+{offset})" in exact(draft.challenge.closes_at)


def test_two_authors_at_once_lose_neither_text(arena, two):
    criterion = arena.criteria[0]
    revision = two.draft.answers.get(criterion=criterion).revision
    people = [two.one, two.other]

    def save(index):
        return actions.save_answer(
            two.draft, criterion, f"Text {index}", revision=revision, by=people[index]
        )

    saved = in_threads(2, save)

    answer = two.draft.answers.get(criterion=criterion)
    aside = answer.set_aside.get()
    assert {answer.text, aside.text} == {"Text 0", "Text 1"}
    assert answer.revision == revision + 1
    assert sorted(each.aside is None for each in saved) == [False, True]


@pytest.mark.parametrize(
    "table",
    [
        "challenges_submissionversion",
        "challenges_submission",
        "notifications_notification",
        "notifications_outgoingmail",
    ],
)
def test_a_failure_at_any_step_leaves_nothing(arena, draft, table):
    """The database itself refuses one of the writes; a trigger stands in for the failure."""
    with connection.cursor() as cursor:
        cursor.execute(
            "CREATE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS"
            " $$ BEGIN RAISE EXCEPTION 'refused'; END $$"
        )
        cursor.execute(
            f"CREATE TRIGGER refuse BEFORE INSERT OR UPDATE ON {table}"
            " FOR EACH ROW EXECUTE FUNCTION refuse()"
        )
    try:
        [result] = in_threads(1, lambda _index: submit(draft, by=arena.supplier))
    finally:
        with connection.cursor() as cursor:
            cursor.execute("DROP FUNCTION refuse() CASCADE")

    assert isinstance(result, Exception)
    assert nothing_received(draft)


def test_a_killed_connection_leaves_nothing_and_the_key_still_works(arena, draft):
    key = uuid4()

    def killed_before_commit(_index):
        with transaction.atomic():
            receive(draft, submit_key=key, by=arena.supplier, reviewed=None)
            with connection.cursor() as cursor:
                cursor.execute("SELECT pg_backend_pid()")
                killing = threading.Thread(target=kill, args=[cursor.fetchone()[0]])
            killing.start()
            killing.join()

    [result] = in_threads(1, killed_before_commit)

    assert isinstance(result, OperationalError)
    assert nothing_received(draft)
    assert submit(draft, by=arena.supplier, key=key).number == 1


def kill(pid):
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_terminate_backend(%s, 5000)", [pid])
    connections.close_all()


def nothing_received(draft):
    draft.refresh_from_db()
    return (
        not draft.versions.exists()
        and draft.state == Submission.State.DRAFT
        and draft.latest_version == 0
        and not Notification.objects.filter(kind="challenges.receipt").exists()
        and not OutgoingMail.objects.filter(kind="challenges.receipt").exists()
    )


@pytest.mark.parametrize("hours", [-1, 1])
def test_the_clock_of_the_web_server_changes_nothing(arena, draft, hours):
    closes(arena.challenge, minutes=30)
    with time_machine.travel(datetime.now(UTC) + timedelta(hours=hours)):
        version = submit(draft, by=arena.supplier)
    assert version.number == 1

    closes_at = closes(arena.challenge, minutes=-30)
    with (
        time_machine.travel(datetime.now(UTC) + timedelta(hours=hours)),
        pytest.raises(actions.TooLate) as refusal,
    ):
        submit(draft, by=arena.supplier)
    assert refusal.value.attempt.at > closes_at
    assert draft.versions.count() == 1


def test_the_last_instant_is_in_time(arena, draft):
    """At 12.00.00 at the latest: the deadline itself counts, the next microsecond does not."""
    draft.challenge.closes_at = datetime(2026, 12, 2, 11, 0, tzinfo=UTC)
    draft.challenge.opens_at = datetime(2026, 11, 2, 7, 0, tzinfo=UTC)

    assert refusal(draft.challenge, draft.challenge.closes_at) is None
    assert refusal(draft.challenge, draft.challenge.opens_at) is None
    late = draft.challenge.closes_at + timedelta(microseconds=1)
    assert refusal(draft.challenge, late) == Attempt.Kind.TOO_LATE
    early = draft.challenge.opens_at - timedelta(microseconds=1)
    assert refusal(draft.challenge, early) == Attempt.Kind.TOO_EARLY


def test_a_retry_after_the_deadline_gives_the_receipt_that_was_lost(arena, draft):
    key = uuid4()
    version = submit(draft, by=arena.supplier, key=key)
    closes(arena.challenge, seconds=-1)

    assert submit(draft, by=arena.supplier, key=key) == version
    with pytest.raises(Refused):
        write(draft, arena.criteria[0], "För sent", by=arena.supplier)
