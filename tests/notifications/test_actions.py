import pytest

from afori.notifications.actions import mark_read, notify, notify_all, queue_mail
from afori.notifications.models import Notification, OutgoingMail
from tests.factories import UserFactory

pytestmark = pytest.mark.django_db


def test_telling_twice_is_telling_once(kind):
    person, greeting = UserFactory(), kind()
    notify(person, greeting, person)
    notify(person, greeting, person)
    assert [one.key for one in Notification.objects.all()] == [
        f"tests.greeting:{person.pk}:{person.pk}"
    ]
    assert OutgoingMail.objects.count() == 1


def test_once_tells_repetitions_apart(kind):
    person, greeting = UserFactory(), kind()
    notify(person, greeting, person, once="first")
    notify(person, greeting, person, once="second")
    assert Notification.objects.count() == OutgoingMail.objects.count() == 2


@pytest.mark.parametrize("number", [1, 3, 40])
def test_telling_many_takes_two_queries(kind, number, django_assert_num_queries):
    people, greeting = UserFactory.create_batch(number), kind()
    with django_assert_num_queries(2):
        notify_all(people, greeting, people[0])
    assert OutgoingMail.objects.count() == number


def test_kind_without_mail_makes_only_a_notification(kind):
    person = UserFactory()
    notify(person, kind(mail=""), person)
    assert (Notification.objects.count(), OutgoingMail.objects.count()) == (1, 0)


def test_telling_nobody_is_harmless(kind):
    notify_all([], kind(), UserFactory())
    assert Notification.objects.count() == 0


def test_mail_for_a_stranger_has_the_language_of_the_page():
    queue_mail(kind="account", key="a", address="a@example.org")
    queue_mail(kind="account", key="b", address="a@example.org", language="en")
    queue_mail(kind="account", key="c", address="a@example.org", language="xx")
    languages = OutgoingMail.objects.order_by("key").values_list("language", flat=True)
    assert list(languages) == ["sv", "en", "sv"]


def test_mark_read_leaves_others_alone(kind):
    one, other = UserFactory.create_batch(2)
    notify_all([one, other], kind(), one)
    assert mark_read(one) == 1
    assert mark_read(one) == 0
    assert [left.user for left in Notification.objects.unread()] == [other]
