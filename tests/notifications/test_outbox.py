"""Sending on a real database, over a real connection, by real threads."""

import json
import threading
from datetime import timedelta

import pytest
import time_machine
from django.db import connection, connections
from django.utils import timezone, translation

from afori.notifications import outbox
from afori.notifications.actions import notify, notify_all, queue_mail
from afori.notifications.models import OutgoingMail
from tests.factories import UserFactory

from .mail_server import running

pytestmark = pytest.mark.django_db
real_transactions = pytest.mark.django_db(transaction=True)
State, Priority = OutgoingMail.State, OutgoingMail.Priority
MANY = 45


class Killed(BaseException):
    """The process is gone: nobody catches this."""


def states():
    return sorted(OutgoingMail.objects.values_list("state", flat=True))


def in_threads(number, work):
    start = threading.Barrier(number)

    def run():
        start.wait()
        try:
            work()
        finally:
            connections.close_all()

    threads = [threading.Thread(target=run) for _ in range(number)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)


@real_transactions
def test_two_senders_send_each_mail_once(kind, mail_server):
    people = UserFactory.create_batch(MANY)
    notify_all(people, kind(), people[0])
    in_threads(4, outbox.drain)
    assert sorted(mail_server.recipients) == sorted(person.email for person in people)
    assert states() == [State.SENT] * MANY


def test_chunk_goes_over_one_connection(kind, mail_server):
    people = UserFactory.create_batch(outbox.CHUNK)
    notify_all(people, kind(), people[0])
    outbox.drain()
    assert len(mail_server.got) == outbox.CHUNK
    assert mail_server.connections == 1


@real_transactions
def test_worker_killed_before_the_mark_repeats_with_the_same_message_id(
    kind, mail_server, monkeypatch
):
    person = UserFactory()
    notify(person, kind(), person)

    def killed(*args, **kwargs):
        raise Killed

    with monkeypatch.context() as patch:
        patch.setattr(outbox, "finish", killed)
        with pytest.raises(Killed):
            outbox.drain()
    outbox.drain()
    assert len(mail_server.got) == 1, "the lease still holds"
    with time_machine.travel(timezone.now() + outbox.LEASE + timedelta(seconds=1)):
        outbox.drain()
        outbox.drain()
    assert len(mail_server.got) == 2
    assert len({message["Message-ID"] for message in mail_server.messages}) == 1
    assert states() == [State.SENT]


def test_server_that_hangs_up_gets_the_same_message_again(kind, mail_server):
    person = UserFactory()
    notify(person, kind(), person)
    mail_server.hangs_up_after_data = True
    outbox.drain()
    assert states() == [State.QUEUED]
    mail_server.hangs_up_after_data = False
    with time_machine.travel(timezone.now() + timedelta(minutes=1)):
        outbox.drain()
    first, second = mail_server.messages
    assert first["Message-ID"] == second["Message-ID"]
    assert states() == [State.SENT]


@real_transactions
def test_no_transaction_is_open_while_the_server_is_spoken_to(kind, mail_server):
    person = UserFactory()
    notify(person, kind(), person)
    idle = []

    def look():
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT count(*) FROM pg_stat_activity "
                "WHERE datname = current_database() AND state LIKE 'idle in transaction%'"
            )
            idle.append(cursor.fetchone()[0])
        connections.close_all()

    mail_server.on_arrival = look
    outbox.drain()
    assert idle == [0]


def test_mail_is_claimed_by_urgency(kind, mail_server):
    person = UserFactory()
    notify(person, kind("tests.digest", priority=Priority.DIGEST), person)
    notify(person, kind("tests.personal", priority=Priority.PERSONAL), person)
    notify(person, kind("tests.receipt", priority=Priority.RECEIPT), person)
    claimed = [mail.kind for mail in outbox.claim()]
    assert claimed == ["tests.receipt", "tests.personal", "tests.digest"]


def test_server_down_postpones_longer_each_time_then_gives_up(kind, settings):
    with running() as server:
        closed_port = server.port
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", closed_port
    person = UserFactory()
    notify(person, kind(), person)
    waits = []
    with time_machine.travel(timezone.now(), tick=False) as clock:
        while (mail := OutgoingMail.objects.get()).state == State.QUEUED:
            clock.move_to(mail.next_attempt_at)
            outbox.drain()
            mail = OutgoingMail.objects.get()
            waits.append(mail.next_attempt_at - timezone.now())
            assert mail.error.startswith("ConnectionRefusedError")
    assert waits[:-1] == outbox.DELAYS
    assert waits[0] == timedelta(seconds=10)
    assert waits[-2] == timedelta(hours=24)
    assert (mail.state, mail.attempts) == (State.DEAD, len(outbox.DELAYS) + 1)


def test_after_an_outage_the_urgent_ones_go_first(kind, mail_server, settings):
    late, early = UserFactory.create_batch(2)
    settings.EMAIL_PORT = 1
    notify(late, kind("tests.digest", priority=Priority.DIGEST), late)
    notify(early, kind("tests.receipt", priority=Priority.RECEIPT), early)
    outbox.drain()
    assert states() == [State.QUEUED, State.QUEUED]
    settings.EMAIL_PORT = mail_server.port
    with time_machine.travel(timezone.now() + timedelta(minutes=1)):
        outbox.drain()
    assert mail_server.recipients == [early.email, late.email]


def test_mail_that_cannot_be_made_does_not_stop_the_others(kind, mail_server):
    person = UserFactory(name="Secret Name")
    notify(person, kind("tests.broken", mail="tests/broken", priority=Priority.RECEIPT), person)
    notify(person, kind(), person)
    outbox.drain()
    assert mail_server.recipients == [person.email]
    broken = OutgoingMail.objects.get(kind="tests.broken")
    assert broken.state == State.QUEUED
    assert broken.error.startswith("TemplateSyntaxError at ")
    assert "Secret" not in broken.error


def test_mail_of_a_kind_that_is_gone_waits(mail_server):
    queue_mail(kind="tests.gone", key="gone", address="a@example.org")
    outbox.drain()
    assert OutgoingMail.objects.get().error.startswith("KeyError")


def test_secret_that_cannot_be_read_does_not_stop_the_others(kind, mail_server):
    queue_mail(kind="account", key="code", address="a@example.org", secret="{}")
    with connection.cursor() as cursor:
        cursor.execute("UPDATE notifications_outgoingmail SET secret = 'rubbish'")
    person = UserFactory()
    notify(person, kind(), person)
    outbox.drain()
    assert mail_server.recipients == [person.email]
    kept = OutgoingMail.objects.defer("secret").get(key="code")
    assert kept.error.startswith("InvalidToken at ")


@pytest.mark.parametrize(
    "address", ["nobody", "två@exämple.org", "a@example.org\nBcc: b@example.org", ""]
)
def test_broken_address_does_not_stop_the_others(kind, mail_server, address):
    wrong, right = UserFactory.create_batch(2)
    greeting = kind()
    notify(wrong, greeting, wrong)
    notify(right, greeting, right)
    type(wrong).objects.filter(pk=wrong.pk).update(email=address.lower())
    mail_server.refusals["nobody"] = "501 bad address"
    outbox.drain()
    assert [one for one in mail_server.recipients if one == right.email] == [right.email]
    assert "b@example.org" not in mail_server.recipients
    assert OutgoingMail.objects.get(user=wrong).state != State.SENT or wrong_but_possible(address)


def wrong_but_possible(address):
    return address.isprintable() and "@" in address


def test_address_refused_for_good_is_given_up_without_naming_it(kind, mail_server):
    wrong, right = UserFactory.create_batch(2)
    mail_server.refusals[wrong.email] = f"550 no such person {wrong.email}"
    greeting = kind()
    notify(wrong, greeting, wrong)
    notify(right, greeting, right)
    outbox.drain()
    assert mail_server.recipients == [right.email]
    dead = OutgoingMail.objects.get(user=wrong)
    assert (dead.state, dead.error) == (
        State.DEAD,
        "SMTPRecipientsRefused: 550 no such person …",
    )


def test_address_refused_for_now_is_tried_again(kind, mail_server):
    person = UserFactory()
    mail_server.refusals[person.email] = "451 come back later"
    notify(person, kind(), person)
    outbox.drain()
    assert states() == [State.QUEUED]
    mail_server.refusals.clear()
    with time_machine.travel(timezone.now() + timedelta(minutes=1)):
        outbox.drain()
    assert states() == [State.SENT]


def test_whoever_lost_the_lease_changes_nothing(kind, mail_server):
    person = UserFactory()
    notify(person, kind(), person)
    (slow,) = outbox.claim()
    with time_machine.travel(timezone.now() + outbox.LEASE + timedelta(seconds=1)):
        (_fast,) = outbox.claim()
        outbox.postpone(slow, "late")
    mail = OutgoingMail.objects.get()
    assert (mail.state, mail.attempts, mail.error) == (State.SENDING, 2, "")


def test_chunk_that_takes_too_long_is_given_back(kind, mail_server):
    people = UserFactory.create_batch(3)
    notify_all(people, kind(), people[0])
    mails = outbox.claim()
    with time_machine.travel(timezone.now() + outbox.LEASE):
        outbox.send_chunk(mails)
    assert mail_server.got == []
    assert set(OutgoingMail.objects.values_list("state", "attempts")) == {(State.QUEUED, 0)}


@pytest.mark.parametrize(
    ("reason", "change"),
    [
        (
            "inactive",
            lambda user, subject: type(user).objects.filter(pk=user.pk).update(is_active=False),
        ),
        ("gone", lambda user, subject: subject.delete()),
        (
            "not visible",
            lambda user, subject: type(user).objects.filter(pk=user.pk).update(name=""),
        ),
    ],
)
def test_mail_is_withheld_when_its_reader_may_not_have_it(kind, mail_server, reason, change):
    user, subject = UserFactory.create_batch(2)
    notify(user, kind(visible_to=lambda user, subject: bool(user.name)), subject)
    change(user, subject)
    outbox.drain()
    mail = OutgoingMail.objects.get()
    assert (mail.state, mail.error, mail_server.got) == (State.WITHHELD, reason, [])


@pytest.mark.parametrize(("language", "word"), [("sv", "Ja"), ("en", "Yes")])
def test_mail_has_the_language_of_its_reader(kind, mail_server, language, word):
    reader = UserFactory(language=language)
    with translation.override("en" if language == "sv" else "sv"):
        notify(reader, kind(), reader)
        outbox.drain()
    (message,) = mail_server.messages
    assert message["Subject"] == f"{word}, {reader.name} & co"
    assert message["Content-Language"] == language
    for kind_of_text in ("plain", "html"):
        assert f"{word}: {word} {reader.name}" in message.get_body([kind_of_text]).get_content()


def test_message_is_well_formed_and_does_not_track(kind, mail_server):
    person = UserFactory(name="Åsa <b>")
    notify(person, kind(), person)
    outbox.drain()
    (message,) = mail_server.messages
    assert message["To"] == person.email
    assert message["Auto-Submitted"] == "auto-generated"
    assert message["Date"]
    assert message["Message-ID"].endswith("@example.org>")
    assert str(person.pk) not in message["Message-ID"].partition("@")[0].split("-")
    text, html = (message.get_body([part]).get_content() for part in ("plain", "html"))
    assert "Åsa <b>" in text
    assert f"http://127.0.0.1:8000/om/{person.pk}/" in text
    assert "Åsa &lt;b&gt;" in html
    assert 'class="mut" style="' in html
    assert "@media (prefers-color-scheme" in html
    for trace in ("<img", "<link", "<script", "url("):
        assert trace not in html


def test_secret_lies_encrypted_and_is_forgotten(mail_server, kind):
    queue_mail(
        kind="account", key="code", address="a@example.org", secret=json.dumps({"code": "KXQ-742"})
    )
    with connection.cursor() as cursor:
        cursor.execute("SELECT secret FROM notifications_outgoingmail")
        assert b"KXQ-742" not in bytes(cursor.fetchone()[0])
    (mail,) = outbox.claim()
    assert "KXQ-742" in mail.secret
    outbox.finish(mail, State.WITHHELD)
    with connection.cursor() as cursor:
        cursor.execute("SELECT secret FROM notifications_outgoingmail")
        assert cursor.fetchone() == (None,)


def test_oldest_waiting_counts_what_is_not_sent(kind, mail_server):
    person = UserFactory()
    assert outbox.oldest_waiting() is None
    notify(person, kind(), person)
    with time_machine.travel(timezone.now() + timedelta(minutes=3)):
        assert outbox.oldest_waiting() > timedelta(minutes=2)
        outbox.drain()
        assert outbox.oldest_waiting() is None


def test_dead_mail_can_be_tried_again(kind, mail_server):
    person = UserFactory()
    mail_server.refusals[person.email] = "550 no"
    notify(person, kind(), person)
    outbox.drain()
    mail_server.refusals.clear()
    assert outbox.try_again(OutgoingMail.objects.all()) == 1
    outbox.drain()
    assert states() == [State.SENT]
    assert outbox.try_again(OutgoingMail.objects.all()) == 0
