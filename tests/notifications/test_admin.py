import pytest
from django.urls import reverse

from afori.notifications.actions import notify
from afori.notifications.models import OutgoingMail
from tests.factories import UserFactory

pytestmark = pytest.mark.django_db
State = OutgoingMail.State
LIST = "admin:notifications_outgoingmail_changelist"


@pytest.fixture
def chief(client, settings):
    settings.AFORI_REQUIRE_MFA = False
    person = UserFactory(is_staff=True, is_superuser=True)
    client.force_login(person)
    return person


@pytest.fixture
def mail(kind):
    person = UserFactory(email="hidden.name@kommun.example")
    notify(person, kind(), person)
    return OutgoingMail.objects.get()


def test_list_shows_domains_but_no_addresses(client, chief, mail):
    for url in (reverse(LIST), reverse("admin:notifications_outgoingmail_change", args=[mail.pk])):
        page = client.get(url).content.decode()
        assert "kommun.example" in page
        assert "hidden.name" not in page


def test_nothing_can_be_written_or_deleted(client, chief, mail):
    change = reverse("admin:notifications_outgoingmail_change", args=[mail.pk])
    delete = reverse("admin:notifications_outgoingmail_delete", args=[mail.pk])
    assert client.post(change, {"state": "sent"}).status_code == 403
    assert client.post(delete, {"post": "yes"}).status_code == 403
    assert client.get(reverse("admin:notifications_outgoingmail_add")).status_code == 403


def test_only_dead_ones_are_tried_again(client, chief, mail):
    OutgoingMail.objects.update(state=State.DEAD, attempts=11, error="x")
    client.post(reverse(LIST), {"action": "try_again", "_selected_action": [mail.pk]})
    mail.refresh_from_db()
    assert (mail.state, mail.attempts, mail.error) == (State.QUEUED, 0, "")


def test_sealed_mail_is_not_there(client, chief, kind):
    person = UserFactory(email="x@sealed.example")
    notify(person, kind("tests.sealed", sealed=True), person)
    assert "sealed.example" not in client.get(reverse(LIST)).content.decode()
