"""How a person wants the news: one form for all of it."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from afori.notifications.bounces import is_stopped, note_bounce
from afori.notifications.choosing import choices_of
from afori.notifications.following import reader_of
from afori.notifications.groups import groups
from afori.notifications.models import Preference, Reader
from tests.factories import UserFactory

pytestmark = pytest.mark.django_db
PAGE = "/notiser/val/"


@pytest.fixture
def person(client):
    person = UserFactory()
    client.force_login(person)
    return person


def answers(**changes):
    """What the form sends: weekly on Wednesdays at 15, all in the digest and the portal."""
    fields = {"frequency": "weekly", "weekday": "3", "hour": "15", "paused_until": ""}
    for group in groups():
        fields |= {f"mail_{group.name}": "digest", f"in_app_{group.name}": "on"}
    return fields | changes


def test_what_is_chosen_holds(client, person):
    sent = answers(mail_needs="off", mail_challenges="at_once")
    del sent["in_app_needs"]
    assert client.post(PAGE, sent).url == PAGE
    reader = Reader.objects.get(user=person)
    local = timezone.localtime(reader.next_at)
    assert (reader.frequency, local.isoweekday(), local.hour) == ("weekly", 3, 15)
    chosen = {one.group.name: (one.mail, one.in_app) for one in choices_of(reader)}
    assert chosen["needs"] == ("off", False)
    assert chosen["challenges"] == ("at_once", True)
    assert chosen["networks"] == ("digest", True)


def test_each_person_chooses_for_themselves(client, person):
    other = reader_of(UserFactory())
    client.post(PAGE, answers(frequency="off"))
    other.refresh_from_db()
    assert other.frequency == "weekly"
    assert not Preference.objects.filter(reader=other).exists()
    assert reader_of(person).next_at is None


def test_a_pause_moves_the_next_digest_behind_it(client, person):
    until = timezone.localdate() + timedelta(days=20)
    client.post(PAGE, answers(frequency="daily", paused_until=str(until)))
    reader = reader_of(person)
    assert reader.paused_until == until
    assert timezone.localtime(reader.next_at).date() == until
    client.post(PAGE, answers(frequency="daily"))
    assert reader_of(person).paused_until is None


def test_a_pause_that_is_over_stands_in_nobodys_way(client, person):
    Reader.objects.filter(pk=reader_of(person).pk).update(paused_until="2026-01-01")
    assert 'value="2026-01-01"' not in client.get(PAGE).text


@pytest.mark.parametrize(
    "wrong",
    [
        {"frequency": "hourly"},
        {"weekday": "8"},
        {"hour": "24"},
        {"hour": "x"},
        {"paused_until": "2020-01-01"},
        {"paused_until": "2099-01-01"},
        {"paused_until": "0001-01-01"},
        {"paused_until": "i morgon"},
        {"mail_needs": "sometimes"},
        {"mail_needs": ""},
    ],
)
def test_slips_are_told_and_nothing_typed_is_lost(client, person, wrong):
    page = client.post(PAGE, answers(mail_calls="off") | wrong)
    assert page.status_code == 200
    assert "ds-error-summary" in page.text
    assert '<option value="off" selected>' in page.text
    assert not Preference.objects.exists()


def test_form_costs_the_same_with_and_without_choices(
    client, person, django_assert_max_num_queries
):
    client.post(PAGE, answers())
    assert reverse("notifications:followed") in client.get(PAGE).text
    with django_assert_max_num_queries(10):
        client.get(PAGE)


def test_mail_that_came_back_is_told_of_and_starts_again(client):
    user = UserFactory()
    client.force_login(user)
    for _each in range(2):
        note_bounce(user.email, hard=True)
    for page in ("my_pages", "notifications:choices"):
        assert user.email in client.get(reverse(page)).content.decode()
    assert client.post(reverse("notifications:mail_again")).status_code == 302
    assert not is_stopped(user.email)
    assert "mejla-igen" not in client.get(reverse("my_pages")).content.decode()
