from datetime import timedelta

import pytest
import time_machine
from django.contrib.auth.models import AnonymousUser
from django.db import connection
from django.utils import timezone, translation

from afori.accounts.telling import NOBODY
from afori.notifications import outbox
from afori.notifications.account_mail import queue_account_mail
from afori.notifications.models import OutgoingMail
from tests.factories import UserFactory

pytestmark = pytest.mark.django_db
State = OutgoingMail.State
CONTEXT = {
    "code": "KXQ-742",
    "activate_url": "/konto/x/",
    "request": object(),
    "ip": "203.0.113.9",
    "timestamp": timezone.now(),
}


def queue(**fields):
    queue_account_mail("account/email/test", "new@example.org", {**CONTEXT, **fields})
    return OutgoingMail.objects.get()


def test_code_reaches_the_given_address_and_is_then_forgotten(mail_server):
    mail = queue(user=UserFactory(email="old@example.org"))
    assert mail.priority == OutgoingMail.Priority.RECEIPT
    assert "203.0.113.9" not in mail.secret
    outbox.drain()
    (message,) = mail_server.messages
    assert mail_server.recipients == ["new@example.org"]
    text = message.get_body(["plain"]).get_content()
    assert "Kod KXQ-742 http://127.0.0.1:8000/konto/x/" in text
    mail.refresh_from_db()
    assert (mail.state, mail.secret) == (State.SENT, "")


def test_code_is_nowhere_in_the_database_as_text():
    queue()
    with connection.cursor() as cursor:
        cursor.execute("SELECT m::text FROM notifications_outgoingmail m")
        assert "KXQ" not in cursor.fetchone()[0]


def test_mail_that_was_made_up_never_leaves(mail_server):
    queue_account_mail("account/email/login_code", NOBODY, {"code": "KXQ-742"})
    outbox.drain()
    mail = OutgoingMail.objects.get()
    assert (mail.state, mail.error, mail.secret) == (State.WITHHELD, "nobody", "")
    assert mail_server.got == []


def test_code_that_is_too_old_is_withheld(mail_server):
    queue()
    with time_machine.travel(timezone.now() + timedelta(minutes=16)):
        outbox.drain()
    mail = OutgoingMail.objects.get()
    assert (mail.state, mail.error, mail.secret) == (State.WITHHELD, "expired", "")
    assert mail_server.got == []


@pytest.mark.parametrize("user", [None, AnonymousUser()], ids=["none", "anonymous"])
def test_stranger_gets_mail_in_the_language_of_the_page(user, mail_server):
    with translation.override("en"):
        assert queue(user=user).language == "en"
    outbox.drain()
    assert mail_server.recipients == ["new@example.org"]


def test_person_gets_mail_in_their_language():
    with translation.override("sv"):
        assert queue(user=UserFactory(language="en")).language == "en"


def test_inactive_person_gets_none(mail_server):
    queue(user=UserFactory(is_active=False))
    outbox.drain()
    assert OutgoingMail.objects.get().error == "inactive"


def test_dead_code_cannot_be_tried_again(mail_server):
    mail_server.refusals["new@example.org"] = "550 no"
    queue()
    outbox.drain()
    assert OutgoingMail.objects.get().state == State.DEAD
    assert outbox.try_again(OutgoingMail.objects.all()) == 0
