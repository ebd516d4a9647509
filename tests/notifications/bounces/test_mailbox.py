"""Delivery reports of real shapes, read from a mailbox over a real connection."""

import imaplib

import pytest
from django.core.management import CommandError, call_command
from django.db import connections

from afori.notifications import bounce_mailbox
from afori.notifications.bounce_mailbox import read_mailbox
from afori.notifications.delivery_reports import Bounce, read
from afori.notifications.models import BounceReport, MailAddress
from afori.notifications.tasks import read_bounces

from .imap_server import running

pytestmark = pytest.mark.django_db
ADDRESS = "mona@kommun.example"


def report(address=ADDRESS, status="5.1.1", action="failed", more=""):
    return (
        "From: MAILER-DAEMON@mx.example\r\nTo: afori@example.org\r\nSubject: Undelivered\r\n"
        'Content-Type: multipart/report; report-type=delivery-status; boundary="x"\r\n\r\n'
        "--x\r\nContent-Type: text/plain\r\n\r\nSorry.\r\n"
        "--x\r\nContent-Type: message/delivery-status\r\n\r\n"
        "Reporting-MTA: dns; mx.example\r\n\r\n"
        f"Final-Recipient: rfc822; {address}\r\nAction: {action}\r\nStatus: {status}\r\n{more}"
        "\r\n--x--\r\n"
    ).encode()


def points():
    return dict(MailAddress.objects.values_list("address", "points"))


@pytest.fixture
def server(settings):
    with running() as server:
        settings.AFORI_BOUNCE_MAILBOX = server.address
        yield server


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        (report(), [Bounce(ADDRESS, hard=True)]),
        (report(status="4.4.1"), [Bounce(ADDRESS, hard=False)]),
        (report(status="5.2.2 (mailbox full)"), [Bounce(ADDRESS, hard=True)]),
        (report(address=f"<{ADDRESS}>"), [Bounce(ADDRESS, hard=True)]),
        (report(more=f"Original-Recipient: rfc822;{ADDRESS}\r\n", address="inner@x.example"),
         [Bounce(ADDRESS, hard=True)]),
        (report(status="4.4.1", action="delayed"), []),
        (report(status="2.0.0", action="delivered"), []),
        (report(status="5.7.1"), []),
        (report(status="5.0.0", more="Diagnostic-Code: smtp; 550 5.7.26 no\r\n"), []),
        (report(status="rubbish"), []),
        (report(address=""), []),
        (b"Subject: I am away\r\n\r\nBack on Monday", []),
        (b"Content-Type: multipart/report; boundary=x\r\n\r\nrubbish", []),
        (b"Content-Type: message/delivery-status\r\n\r\nStatus: 5.0.0", []),
        (b"\xff\xfe\x00", []),
        (b"", []),
    ],
)  # fmt: skip
def test_what_a_report_tells(content, expected):
    assert read(content) == expected


def test_report_of_many_recipients_is_read_to_a_limit():
    fields = "".join(
        f"\r\nFinal-Recipient: rfc822; a{n}@x.example\r\nAction: failed\r\nStatus: 5.1.1\r\n"
        for n in range(100)
    )
    assert len(read(report(more=fields))) == 5


def test_reports_are_counted_and_deleted_and_the_rest_is_left(server):
    server.receive(report())
    server.receive(b"Subject: I am away\r\n\r\nBack on Monday")
    server.receive(report("anna@kommun.example", "4.2.2"))
    assert read_mailbox(server.address) == 2
    assert points() == {ADDRESS: 2, "anna@kommun.example": 1}
    assert server.flags == {1: {"Seen", "Deleted"}, 2: {"Seen"}, 3: {"Seen", "Deleted"}}
    assert list(server.messages) == [2]
    assert read_mailbox(server.address) == 0


def test_poison_does_not_stop_others(server, monkeypatch):
    def poisoned(content):
        if b"poison" in content:
            raise LookupError("poison")
        return read(content)

    monkeypatch.setattr(bounce_mailbox, "read", poisoned)
    server.receive(b"Subject: poison\r\n\r\n")
    server.receive(report())
    assert read_mailbox(server.address) == 1
    assert points() == {ADDRESS: 2}
    assert server.flags[1] == {"Seen", "Flagged"}


@pytest.mark.django_db(transaction=True)
def test_killed_before_it_was_marked_counts_once(server):
    committed = []

    def hang_up():
        committed.append(points())
        connections.close_all()
        raise ConnectionResetError

    server.receive(report())
    server.handle_error = lambda *_: None
    server.before_store = hang_up
    with pytest.raises((OSError, imaplib.IMAP4.error)):
        read_mailbox(server.address)
    server.before_store = lambda: None
    assert (committed, server.flags[1]) == ([{ADDRESS: 2}], set())
    assert read_mailbox(server.address) == 1
    assert points() == {ADDRESS: 2}
    assert BounceReport.objects.count() == 1


def test_large_message_is_read_to_a_limit(server):
    server.receive(report() + b"x" * 1_000_000)
    assert read_mailbox(server.address) == 1


def test_wrong_password_is_an_error_without_it(server, settings):
    settings.AFORI_BOUNCE_MAILBOX = server.address.replace("hemligt", "fel")
    with pytest.raises(CommandError) as error:
        call_command("read_bounces")
    assert "fel" not in str(error.value)


def test_task_reads_and_command_says_how_many(server, capsys):
    server.receive(report())
    read_bounces()
    assert points() == {ADDRESS: 2}
    call_command("read_bounces")
    assert capsys.readouterr().out == "0 reports\n"


def test_task_does_nothing_without_a_mailbox_and_says_when_it_is_away(settings, caplog):
    read_bounces()
    assert not caplog.records
    settings.AFORI_BOUNCE_MAILBOX = "imap://a:b@127.0.0.1:9/INBOX"
    read_bounces()
    assert "ConnectionRefusedError" in caplog.text
    settings.AFORI_BOUNCE_MAILBOX = ""
    with pytest.raises(CommandError):
        call_command("read_bounces")
