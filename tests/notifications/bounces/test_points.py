"""What servers tell of addresses, and what still goes to those that have bounced too often."""

import json

import pytest
from django.urls import reverse
from django.utils import timezone

from afori.notifications import bounces, outbox
from afori.notifications.actions import notify, notify_all, queue_mail
from afori.notifications.bounces import KnownReport, note_bounce, start_again
from afori.notifications.models import MailAddress, OutgoingMail
from afori.notifications.personal_data import collected, erase
from tests.factories import UserFactory

from ..test_outbox import in_threads

pytestmark = pytest.mark.django_db
State, Priority = OutgoingMail.State, OutgoingMail.Priority
ADDRESS = "mona@kommun.example"


def points():
    row = MailAddress.objects.get()
    return row.points, row.stopped_at is not None


def stop(address=ADDRESS):
    note_bounce(address, hard=True)
    note_bounce(address, hard=True)


@pytest.mark.parametrize(
    ("told", "expected"),
    [
        ([False], (1, False)),
        ([True], (2, False)),
        ([True, False], (3, False)),
        ([False] * 4, (4, True)),
        ([True, True], (4, True)),
        ([True] * 3, (6, True)),
    ],
)
def test_points_add_up_and_stop_at_four(told, expected):
    for hard in told:
        note_bounce(ADDRESS, hard=hard)
    assert points() == expected


@pytest.mark.django_db(transaction=True)
def test_two_at_the_same_time_both_count():
    in_threads(8, lambda: note_bounce(ADDRESS, hard=False))
    assert points() == (8, True)


def test_points_have_an_end():
    MailAddress.objects.create(address=ADDRESS, points=bounces.MOST, stopped_at=timezone.now())
    note_bounce(ADDRESS, hard=True)
    assert points() == (bounces.MOST, True)


def test_time_of_the_stop_is_that_of_the_first():
    stop()
    first = MailAddress.objects.get().stopped_at
    note_bounce(ADDRESS, hard=True)
    assert MailAddress.objects.get().stopped_at == first


def test_addresses_are_the_same_in_any_case():
    note_bounce(" Mona@Kommun.Example ", hard=True)
    note_bounce(ADDRESS, hard=True)
    assert bounces.stopped_among(["MONA@kommun.example", "other@kommun.example"]) == {ADDRESS}
    assert bounces.is_stopped("Mona@kommun.example")


@pytest.mark.parametrize("text", ["", "nobody", "a@b@c", "a\x00@b.example", f"{'a' * 300}@b.se"])
def test_what_is_no_address_is_passed_over(text):
    note_bounce(text, hard=True)
    assert not MailAddress.objects.exists()


def test_the_same_report_counts_once():
    note_bounce(ADDRESS, hard=False, report="one")
    with pytest.raises(KnownReport):
        note_bounce(ADDRESS, hard=False, report="one")
    note_bounce(ADDRESS, hard=False, report="two")
    assert points() == (2, False)


def test_starting_again_forgets_everything():
    stop()
    start_again(ADDRESS.upper())
    assert points() == (0, False)
    note_bounce(ADDRESS, hard=True)
    assert points() == (2, False)


def test_confirming_an_address_starts_again(client):
    stop()
    new = {"name": "Mona", "email": ADDRESS, "password1": "tre ord i en rad"}
    client.post(reverse("account_signup"), new)
    code = json.loads(OutgoingMail.objects.get().secret)["context"]["code"]
    client.post(reverse("account_email_verification_sent"), {"code": code})
    assert points() == (0, False)


# What is sent


def states():
    return list(OutgoingMail.objects.order_by("priority").values_list("state", "error"))


def test_stopped_address_gets_only_codes_and_receipts(kind, mail_server):
    person = UserFactory(email=ADDRESS)
    stop()
    for name, priority in (
        ("a", Priority.RECEIPT),
        ("b", Priority.PERSONAL),
        ("c", Priority.DIGEST),
    ):
        notify(person, kind(f"tests.{name}", priority=priority), person)
    while OutgoingMail.objects.filter(state=State.QUEUED).exists():
        outbox.drain()
    assert mail_server.recipients == [ADDRESS]
    assert states() == [("sent", ""), ("withheld", "stopped"), ("withheld", "stopped")]


def test_the_address_of_today_counts(kind, mail_server):
    person = UserFactory(email=ADDRESS)
    stop()
    notify(person, kind(), person)
    person.email = "new@kommun.example"
    person.save()
    outbox.drain()
    assert mail_server.recipients == ["new@kommun.example"]


def test_mail_comes_again_after_starting_again(kind, mail_server):
    person = UserFactory(email=ADDRESS)
    stop()
    start_again(ADDRESS)
    notify(person, kind(), person)
    outbox.drain()
    assert mail_server.recipients == [ADDRESS]


@pytest.mark.parametrize("number", [1, 3, 20])
def test_a_chunk_asks_once_for_stopped_addresses(
    kind, mail_server, django_assert_num_queries, number
):
    people = UserFactory.create_batch(number)
    notify_all(people, kind(), people[0])
    mails = outbox.claim()
    with django_assert_num_queries(1):
        assert outbox.to_stopped(mails) == {}
    stop(people[0].email)
    assert len(outbox.to_stopped(mails)) == 1


@pytest.mark.parametrize(
    ("answer", "expected"),
    [
        ("550 5.1.1 no such user", 2),
        ("550 gone", 2),
        ("550 5.7.1 relaying denied", None),
        ("450 4.2.1 busy", None),
    ],
)
def test_refused_for_good_is_a_hard_bounce(kind, mail_server, answer, expected):
    person = UserFactory(email=ADDRESS)
    mail_server.refusals[ADDRESS] = answer
    notify(person, kind(), person)
    outbox.drain()
    row = MailAddress.objects.first()
    assert (row and row.points) == expected


def test_code_to_a_stopped_address_still_goes(mail_server, kind):
    stop()
    queue_mail(
        kind=kind(visible_to=lambda *_: True).name,
        key="x",
        address=ADDRESS,
        language="sv",
        user=UserFactory(email=ADDRESS),
        subject_id=UserFactory().pk,
    )
    outbox.drain()
    assert mail_server.recipients == [ADDRESS]


# What is kept


def test_own_data_and_erasing_know_of_it():
    person, other = UserFactory(email=ADDRESS), UserFactory()
    stop()
    stop(other.email)
    own = [list(rows) for rows in collected(person).values()][-1]
    assert [list(row.values())[:2] for row in own] == [[ADDRESS, 4]]
    erase(person)
    assert [row.address for row in MailAddress.objects.all()] == [other.email]
