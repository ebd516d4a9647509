import pytest
from django.urls import reverse
from django.utils import timezone

from afori.accounts.models import User
from afori.notifications.actions import notify, notify_all
from afori.notifications.models import Notification
from afori.notifications.reading import entries, latest
from tests.factories import UserFactory

pytestmark = pytest.mark.django_db
LIST = "/notiser/"


@pytest.fixture
def reader(client):
    person = UserFactory(name="Maja")
    client.force_login(person)
    return person


def test_strangers_are_asked_to_log_in(client):
    response = client.get(reverse("notifications:list"))
    assert response.status_code == 302
    assert "next=" in response["Location"]


def test_list_tells_what_happened_and_what_is_unread(client, reader, kind):
    notify(reader, kind(), reader)
    page = client.get(reverse("notifications:list")).content.decode()
    assert "Maja" in page
    assert reverse("notifications:open", args=[Notification.objects.get().token]) in page
    assert reverse("notifications:read") in page


def test_list_without_anything_offers_a_next_step(client, reader):
    page = client.get(reverse("notifications:list")).content.decode()
    assert reverse("networks:list") in page
    assert "csrfmiddlewaretoken" not in page.partition("<main")[2].partition("</main")[0]


@pytest.mark.parametrize("number", [1, 3, 30])
def test_list_costs_the_same_whatever_its_length(
    client, reader, kind, number, django_assert_max_num_queries
):
    greeting = kind()
    for subject in UserFactory.create_batch(number):
        notify(reader, greeting, subject)
    with django_assert_max_num_queries(10) as queries:
        client.get(reverse("notifications:list"))
    test_list_costs_the_same_whatever_its_length.seen.add(len(queries))
    assert len(test_list_costs_the_same_whatever_its_length.seen) == 1


test_list_costs_the_same_whatever_its_length.seen = set()


def test_one_that_may_no_longer_be_seen_tells_nothing(client, reader, kind):
    secret = UserFactory(name="Hemlig")
    notify(reader, kind(visible_to=lambda user, subject: False), secret)
    assert "Hemlig" not in client.get(reverse("notifications:list")).content.decode()
    notification = Notification.objects.get()
    response = client.get(reverse("notifications:open", args=[notification.token]))
    assert response["Location"] == reverse("notifications:list")


def test_one_whose_kind_or_subject_is_gone_does_not_break_the_list(client, reader, kind):
    subject = UserFactory()
    notify(reader, kind(), subject)
    subject.delete()
    Notification.objects.create(user=reader, kind="tests.gone", subject_id=1, key="gone")
    assert client.get(reverse("notifications:list")).status_code == 200
    assert [entry.url for entry in latest(reader)] == ["", ""]


def test_rule_that_asks_the_database_asks_once(client, reader, kind, django_assert_num_queries):
    def visible_among(user, ids):
        return User.objects.filter(pk__in=ids, name="Bo").values_list("pk", flat=True)

    greeting = kind(visible_to=None, visible_among=visible_among)
    for name in ("Bo", "Bo", "Hemlig"):
        notify(reader, greeting, UserFactory(name=name))
    notifications = list(Notification.objects.of(reader))
    with django_assert_num_queries(1):
        shown = entries(notifications, reader)
    assert sorted(bool(entry.url) for entry in shown) == [False, True, True]
    assert not any("Hemlig" in entry.text for entry in shown)


def test_unread_come_first(client, reader, kind):
    greeting = kind()
    old, new = UserFactory(name="Gammal"), UserFactory(name="Färsk")
    notify(reader, greeting, old)
    notify(reader, greeting, new)
    Notification.objects.filter(subject_id=new.pk).update(read_at=timezone.now())
    page = client.get(reverse("notifications:list")).content.decode()
    assert page.index("Gammal") < page.index("Färsk")


def test_what_is_done_with_counts_as_read(client, reader, kind):
    notify(reader, kind(visible_to=lambda user, subject: False), reader)
    assert "ds-badge" not in client.get(reverse("notifications:list")).content.decode()
    assert not Notification.objects.unread().exists()


def test_opening_marks_as_read_and_leads_to_the_place(client, reader, kind):
    notify(reader, kind(), reader)
    notification = Notification.objects.get()
    response = client.get(reverse("notifications:open", args=[notification.token]))
    assert (response.status_code, response["Location"]) == (302, f"/om/{reader.pk}/")
    notification.refresh_from_db()
    assert notification.read_at


def test_opening_somebody_elses_is_not_found(client, reader, kind):
    other = UserFactory()
    notify(other, kind(), other)
    notification = Notification.objects.get()
    url = reverse("notifications:open", args=[notification.token])
    assert client.get(url).status_code == 404
    notification.refresh_from_db()
    assert notification.read_at is None


def test_mark_all_as_read_is_for_oneself_and_by_post(client, reader, kind):
    other = UserFactory()
    notify_all([reader, other], kind(), reader)
    assert client.get(reverse("notifications:read")).status_code == 405
    assert client.post(reverse("notifications:read")).status_code == 302
    assert [left.user for left in Notification.objects.unread()] == [other]


@pytest.mark.parametrize("number", ["0", "99", "1" * 30, "x", "-1", "%27"])
def test_wrong_page_number_is_not_found(client, reader, kind, number):
    assert client.get(reverse("notifications:list"), {"page": number}).status_code == 404
