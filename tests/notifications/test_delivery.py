"""What staff see of runs of mails, and of addresses that bounce."""

from datetime import timedelta

import pytest
import time_machine
from django.contrib.admin.models import LogEntry
from django.contrib.auth.models import Permission
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import override

from afori.accounts.groups import make_editors
from afori.notifications import delivery, outbox
from afori.notifications.bounces import note_bounce
from afori.notifications.models import MailAddress, OutgoingMail
from tests.cast import ROLES
from tests.factories import UserFactory

pytestmark = pytest.mark.django_db
State = OutgoingMail.State
PAGE = "admin:notifications_outgoingmail_runs"
AGAIN = f"{PAGE}_again"
ADDRESSES = "admin:notifications_mailaddress_changelist"
RUN = "digest 2026-11-23 07:00"


@pytest.fixture(autouse=True)
def _without_second_factor(settings):
    settings.AFORI_REQUIRE_MFA = False


@pytest.fixture
def chief(client):
    person = UserFactory(is_staff=True, is_superuser=True)
    client.force_login(person)
    return person


def mail(run=RUN, state=State.SENT, **fields):
    now = timezone.now()
    fields = {
        "kind": "notifications.digest",
        "address": "hidden.name@kommun.example",
        "language": "sv",
        "subject_id": 1,
        "next_attempt_at": now,
        "sent_at": now if state == State.SENT else None,
        "lease_until": now if state == State.SENDING else None,
        **fields,
    }
    key = f"test-{OutgoingMail.objects.count()}"
    return OutgoingMail.objects.create(key=key, run=run, state=state, **fields)


def some_of_each():
    for state, number in zip(State, (1, 1, 3, 0, 2), strict=True):
        for _ in range(number):
            mail(state=state)
    for reason in ("stopped", "empty", "stopped", "some new reason"):
        mail(state=State.WITHHELD, error=reason)


def test_a_run_is_counted_by_state_and_reason():
    some_of_each()
    mail(run="")
    with override("en"):
        (row,) = delivery.explained(delivery.runs())
        reasons = [(str(reason), number) for reason, number in row["reasons"]]
    names = ("run", "planned", "sent", "waiting", "withheld", "dead")
    assert [row[name] for name in names] == [RUN, 11, 3, 2, 4, 2]
    assert reasons == [
        ("address bounces", 2),
        ("nothing left to tell", 1),
        ("some new reason", 1),
    ]
    sent = OutgoingMail.objects.filter(state=State.SENT, run=RUN).values_list("sent_at", flat=True)
    assert (row["first"], row["last"]) == (min(sent), max(sent))


@pytest.mark.parametrize(
    ("language", "titles"),
    [
        ("sv", ["Temaveckan cirkular-vecka: start", "Sammandrag måndag 23 november 2026 kl. 7.00"]),
        ("en", ["Theme week cirkular-vecka: Start", "Digest Monday 23 November 2026 at 7.00"]),
    ],
)
def test_runs_have_names_in_words(language, titles):
    mail()
    mail(run="week cirkular-vecka start", kind="knowledge.theme_week")
    with override(language):
        shown = [" ".join(row["title"].split()) for row in delivery.explained(delivery.runs())]
    assert [one.lower() for one in shown] == [one.lower() for one in titles]


def test_page_shows_runs_and_no_addresses(client, chief):
    some_of_each()
    page = client.get(reverse(PAGE)).content.decode()
    assert "2026" in page
    assert "hidden.name" not in page
    assert reverse(AGAIN) in page


def test_page_says_when_nothing_was_planned(client, chief):
    with override("en"):
        assert b"Nothing has been planned" in client.get(reverse(PAGE)).content


def test_runs_older_than_ninety_days_are_left_out():
    with time_machine.travel(timezone.now() - timedelta(days=91)):
        mail(run="digest 2026-08-01 07:00")
    mail()
    assert [row["run"] for row in delivery.runs()] == [RUN]


def test_sealed_mail_changes_nothing_on_the_page(client, chief, kind, settings):
    some_of_each()
    sealed = kind("tests.sealed", sealed=True)
    moment = timezone.now()
    with time_machine.travel(moment, tick=False):
        before = delivery.explained(delivery.runs()), outbox.oldest_waiting()
    for state in State:
        mail(kind=sealed.name, state=state)
        mail(run="sealed", kind=sealed.name, state=state)
    OutgoingMail.objects.filter(kind=sealed.name).update(created_at=moment - timedelta(days=1))
    with time_machine.travel(moment, tick=False):
        assert (delivery.explained(delivery.runs()), outbox.oldest_waiting()) == before
    OutgoingMail.objects.update(state=State.DEAD, sent_at=None, lease_until=None)
    delivery.try_again(RUN)
    assert set(OutgoingMail.objects.filter(kind=sealed.name).values_list("state", flat=True)) == {
        State.DEAD
    }


@pytest.mark.parametrize("number", [1, 3, 100])
def test_page_asks_as_often_for_any_number_of_runs(client, chief, number):
    client.get(reverse(PAGE))
    for hour in range(number):
        mail(run=f"digest 2026-11-{hour // 24 + 1:02} {hour % 24:02}:00")
        mail(run=f"digest 2026-11-{hour // 24 + 1:02} {hour % 24:02}:00", state=State.WITHHELD)
    with CaptureQueriesContext(connection) as asked:
        assert client.get(reverse(PAGE)).status_code == 200
    assert len(asked) == 7, [one["sql"] for one in asked]


def test_runs_come_twenty_a_page(client, chief):
    for hour in range(24):
        mail(run=f"digest 2026-11-01 {hour:02}:00")
    assert len(client.get(reverse(PAGE)).context["rows"]) == 20
    assert len(client.get(reverse(PAGE) + "?page=2").context["rows"]) == 4
    assert len(client.get(reverse(PAGE) + "?page=rubbish").context["rows"]) == 20


def test_alarm_is_that_of_readiness(client, chief):
    waiting = mail(state=State.QUEUED)
    for minutes, late in ((1, False), (3, True)):
        created = timezone.now() - timedelta(minutes=minutes)
        OutgoingMail.objects.filter(pk=waiting.pk).update(created_at=created)
        assert client.get(reverse(PAGE)).context["is_late"] is late
        assert client.get("/readyz").json()["mail"] == ("late" if late else "on time")


# Trying again


def test_dead_ones_of_a_run_are_tried_again(client, chief):
    dead, other = mail(state=State.DEAD), mail(run="week x start", state=State.DEAD)
    sent = mail()
    response = client.post(reverse(AGAIN), {"run": RUN, "page": "2"})
    assert response["Location"] == reverse(PAGE) + "?page=2"
    states = OutgoingMail.objects.in_bulk()
    assert [states[one.pk].state for one in (dead, other, sent)] == ["queued", "dead", "sent"]


@pytest.mark.parametrize("data", [{}, {"run": ""}, {"run": "none"}, {"page": "x" * 99}])
def test_trying_nothing_again_changes_nothing(client, chief, data):
    mail(run="", state=State.DEAD)
    assert client.post(reverse(AGAIN), data)["Location"] == reverse(PAGE)
    assert OutgoingMail.objects.get().state == State.DEAD


def test_trying_again_is_a_post(client, chief):
    mail(state=State.DEAD)
    assert client.get(reverse(AGAIN), {"run": RUN}).status_code == 405
    assert client.post(reverse(PAGE), {"run": RUN}).status_code == 405


def test_looking_is_not_trying_again(client):
    person = UserFactory(is_staff=True)
    person.user_permissions.add(Permission.objects.get(codename="view_outgoingmail"))
    client.force_login(person)
    mail(state=State.DEAD)
    assert reverse(AGAIN) not in client.get(reverse(PAGE)).content.decode()
    assert client.post(reverse(AGAIN), {"run": RUN}).status_code == 403
    assert OutgoingMail.objects.get().state == State.DEAD


# Who may


@pytest.mark.parametrize("role", [*ROLES, "editor"])
def test_only_those_with_the_permission_see_and_act(cast, sign_in, role):
    cast.editor = UserFactory(is_staff=True)
    cast.editor.groups.add(make_editors())
    client = sign_in(getattr(cast, role))
    may = role == "superuser"
    refused = 403 if role in ("staff", "editor") else 302
    mail(state=State.DEAD)
    note_bounce("hidden.name@kommun.example", hard=True)
    row = MailAddress.objects.get()
    pages = [reverse(PAGE), reverse(ADDRESSES)]
    pages.append(reverse("admin:notifications_mailaddress_change", args=[row.pk]))
    for url in pages:
        response = client.get(url)
        assert response.status_code == (200 if may else refused), url
        assert ("kommun.example" in response.content.decode()) is (may and url != pages[0])
        assert "hidden.name" not in response.content.decode()
    response = client.post(reverse(AGAIN), {"run": RUN})
    assert (OutgoingMail.objects.get().state == State.QUEUED) is may
    client.post(reverse(ADDRESSES), {"action": "start_again", "_selected_action": [row.pk]})
    assert (MailAddress.objects.get().points == 0) is may


def test_desk_leads_to_the_page(client, chief):
    assert reverse(PAGE) in client.get(reverse("admin:index")).content.decode()
    assert reverse(PAGE) in (
        client.get(reverse("admin:notifications_outgoingmail_changelist")).content.decode()
    )


# Addresses that bounce


def stopped(address):
    note_bounce(address, hard=True)
    note_bounce(address, hard=True)
    return MailAddress.objects.get(address=address)


@pytest.mark.parametrize(
    ("words", "found"),
    [
        ("hidden.name@kommun.example", 1),
        ("Hidden.Name@kommun.example", 1),
        ("hidden.name", 0),
        ("kommun.example", 0),
        ("%@kommun.example", 0),
        ("hidden_name@kommun.example", 0),
    ],
)
def test_only_the_whole_address_finds(client, chief, words, found):
    stopped("hidden.name@kommun.example")
    response = client.get(reverse(ADDRESSES), {"q": words})
    assert response.context["cl"].result_count == found


@pytest.mark.parametrize("lookup", ["address__startswith=h", "address__contains=name"])
def test_address_is_not_guessed_letter_by_letter(client, chief, lookup):
    stopped("hidden.name@kommun.example")
    response = client.get(f"{reverse(ADDRESSES)}?{lookup}")
    assert response.status_code in (302, 400)


def test_list_is_read_only(client, chief):
    row = stopped("hidden.name@kommun.example")
    for page in ("change", "delete"):
        url = reverse(f"admin:notifications_mailaddress_{page}", args=[row.pk])
        assert client.post(url, {"points": 0, "post": "yes"}).status_code == 403
    assert client.get(reverse("admin:notifications_mailaddress_add")).status_code == 403
    assert MailAddress.objects.get().points == 4


def test_starting_again_is_written_down_without_the_address(client, chief):
    row, other = stopped("hidden.name@kommun.example"), stopped("other@kommun.example")
    client.post(reverse(ADDRESSES), {"action": "start_again", "_selected_action": [row.pk]})
    assert MailAddress.objects.stopped().get() == other
    entry = LogEntry.objects.get()
    assert (entry.user, "hidden" in f"{entry.object_repr}{entry.change_message}") == (chief, False)


def test_filter_shows_stopped_ones(client, chief):
    stopped("hidden.name@kommun.example")
    note_bounce("once@kommun.example", hard=True)
    for value, number in (("yes", 1), ("no", 1), ("x", 2)):
        response = client.get(reverse(ADDRESSES), {"stopped": value})
        assert response.context["cl"].result_count == number
