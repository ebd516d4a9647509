"""The broker may be away: what was promised is in the database, and requests stay fast."""

import socket
import time

import pytest
from celery import current_app

from afori.notifications import outbox, waking
from afori.notifications.actions import notify
from afori.notifications.models import OutgoingMail
from tests.factories import UserFactory

publish = waking.publish


@pytest.fixture
def broker_url(monkeypatch):
    """Sets the broker's address and brings back real publishing."""

    def use(url):
        monkeypatch.setattr(waking, "publish", publish)
        monkeypatch.setattr(current_app.conf, "broker_url", url)
        monkeypatch.setattr(current_app.conf, "broker_write_url", url)

    return use


def seconds(work):
    start = time.monotonic()
    work()
    return time.monotonic() - start


def test_dead_broker_costs_no_time_and_is_said_once(broker_url, caplog):
    broker_url("redis://127.0.0.1:1/0")
    assert seconds(waking.wake) < 1
    waking.broker.away_until = 0
    assert seconds(waking.wake) < 1
    assert [record.message for record in caplog.records if record.name == waking.__name__] == [
        "The broker is away, mails wait for the clock: OperationalError"
    ]


def test_silent_broker_costs_a_second_at_most_and_then_rests(broker_url):
    with socket.create_server(("127.0.0.1", 0)) as deaf:
        broker_url(f"redis://127.0.0.1:{deaf.getsockname()[1]}/0")
        assert seconds(waking.wake) < 1
        assert seconds(lambda: [waking.wake() for _ in range(50)]) < 0.1


def test_broker_that_is_back_is_noticed(monkeypatch):
    waking.broker.failed(OSError())
    waking.broker.away_until = 0
    waking.wake()
    assert not waking.broker.is_away


@pytest.mark.django_db(transaction=True)
def test_what_was_queued_without_a_broker_is_sent_by_the_clock(broker_url, kind, mail_server):
    broker_url("redis://127.0.0.1:1/0")
    person = UserFactory()
    assert seconds(lambda: notify(person, kind(), person)) < 1
    outbox.drain()
    assert mail_server.recipients == [person.email]
    assert OutgoingMail.objects.get().state == OutgoingMail.State.SENT


def test_clock_sends_every_five_seconds(settings):
    entry = settings.CELERY_BEAT_SCHEDULE["send-mail"]
    assert (entry["task"], entry["schedule"]) == (waking.send_mail.name, 5)
    assert waking.send_mail.name in current_app.tasks
