"""When digests are planned, and that nothing falls between two or comes twice."""

import threading
from datetime import UTC, date, datetime, timedelta

import pytest
from django.db import connection, transaction
from django.utils import timezone

from afori.common.clock import database_now
from afori.notifications import outbox, planning
from afori.notifications.actions import tell_all
from afori.notifications.following import reader_of
from afori.notifications.models import Activity, Digest, Notification, Reader
from afori.notifications.schedule import schedule
from afori.notifications.spreading import spread
from challenges.notifications import ANNOUNCED
from tests import factories as make
from tests.telling import send_all

from .support import DAY, WEEK, due, following, mails, new_challenge, sent, tell

pytestmark = pytest.mark.django_db


def at_once(number, work):
    """Run the work in as many threads, each with a connection of its own, begun together."""
    start, failures = threading.Barrier(number), []

    def run():
        try:
            start.wait()
            work()
        except Exception as error:
            failures.append(error)
        finally:
            connection.close()

    threads = [threading.Thread(target=run) for _each in range(number)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=60)
    assert failures == []


@pytest.mark.django_db(transaction=True)
def test_planners_that_race_plan_each_once(cast):
    readers = [following(make.UserFactory(), "network", cast.network) for _each in range(40)]
    new_challenge(cast)
    due(*readers)
    at_once(4, planning.plan)
    assert Digest.objects.count() == mails().count() == 40
    assert Digest.objects.values("reader").distinct().count() == 40
    at_once(4, planning.plan)
    assert Digest.objects.count() == 40


@pytest.mark.django_db(transaction=True)
def test_workers_that_race_spread_each_once(cast):
    for _each in range(10):
        following(make.UserFactory(), "network", cast.network)
    challenges = [make.ChallengeFactory(network=cast.network) for _each in range(5)]
    for challenge in challenges:
        tell(ANNOUNCED, challenge)
    at_once(4, spread)
    spread()
    assert not Activity.objects.filter(spread_at=None).exists()
    assert Notification.objects.filter(kind=ANNOUNCED.name).count() == 50


@pytest.mark.django_db(transaction=True)
def test_news_that_commit_after_planning_are_in_the_next_digest(cast, mailoutbox):
    reader = following(cast.user, "network", cast.network)
    first = new_challenge(cast, title_sv="Den första")
    slow = make.ChallengeFactory(
        network=cast.network, title_sv="Den långsamma", closes_at=timezone.now() + 60 * DAY
    )
    written, planned = threading.Event(), threading.Event()

    def write_slowly():
        with transaction.atomic():
            tell_all(ANNOUNCED, slow)
            written.set()
            planned.wait(timeout=30)
        connection.close()

    writer = threading.Thread(target=write_slowly)
    writer.start()
    assert written.wait(timeout=30)
    due(reader)
    sent(mailoutbox)
    planned.set()
    writer.join()
    due(reader)
    sent(mailoutbox)
    before, after = (mail.body for mail in mailoutbox)
    assert (first.title_sv in before, slow.title_sv in before) == (True, False)
    assert (first.title_sv in after, slow.title_sv in after) == (False, True)


def test_periods_touch_and_deadlines_come_once(cast, mailoutbox):
    reader = following(cast.user, "network", cast.network)
    new_challenge(cast, title_sv="Stänger snart", closes_at=timezone.now() + 3 * DAY)
    due(reader)
    assert sent(mailoutbox)[cast.user.email].subject == "1 tid att passa"
    new_challenge(cast)
    due(reader)
    sent(mailoutbox)
    assert [mail.subject for mail in mailoutbox] == ["1 tid att passa", "1 nyhet"]
    one, other = Digest.objects.order_by("pk")
    assert (one.until, one.deadlines_until) == (other.since, other.deadlines_since)


def test_three_days_without_workers_give_one_digest_with_everything(cast, mailoutbox):
    reader = following(cast.user, "network", cast.network)
    Reader.objects.filter(pk=reader.pk).update(
        frequency="daily", next_at=database_now() - 3 * DAY, told_until=database_now() - 4 * DAY
    )
    challenges = [new_challenge(cast) for _each in range(2)]
    Activity.objects.update(spread_at=database_now() - 2 * DAY)
    late = make.ChallengeFactory(network=cast.network, closes_at=timezone.now() + 60 * DAY)
    tell(ANNOUNCED, late)  # committed, and no worker has spread it yet
    for _beat in range(3):
        planning.plan()
    outbox.drain()
    [mail] = mailoutbox
    for challenge in (*challenges, late):
        assert challenge.title_sv in mail.body
    assert reader_of(cast.user).next_at > timezone.now()


def test_in_a_pause_nothing_comes_and_after_it_everything(cast, mailoutbox):
    reader = following(cast.user, "network", cast.network)
    today = timezone.localdate()
    Reader.objects.filter(pk=reader.pk).update(paused_until=today + WEEK)
    new_challenge(cast)
    due(reader)
    assert sent(mailoutbox) == {}
    Reader.objects.filter(pk=reader.pk).update(paused_until=today)
    assert sent(mailoutbox)[cast.user.email].subject == "1 nyhet"


def test_digests_look_back_thirty_days_at_most(cast):
    reader = following(cast.user, "network", cast.network)
    Reader.objects.filter(pk=reader.pk).update(told_until=database_now() - 90 * DAY)
    new_challenge(cast)
    due(reader)
    planning.plan()
    digest = Digest.objects.get()
    assert digest.until - digest.since == 30 * DAY


# The time of the next one

STOCKHOLM = timezone.get_default_timezone()


def next_after(moment, **wanted):
    """The next digest of a reader with these wishes, as local time."""
    reader = reader_of(make.UserFactory())
    Reader.objects.filter(pk=reader.pk).update(**wanted)
    schedule(Reader.objects.filter(pk=reader.pk), now=moment)
    at = Reader.objects.get(pk=reader.pk).next_at
    return at and at.astimezone(STOCKHOLM)


def local(*parts):
    return datetime(*parts, tzinfo=STOCKHOLM)


WANTED = [
    ({}, local(2026, 11, 21, 20), local(2026, 11, 23, 7)),
    ({}, local(2026, 11, 23, 7), local(2026, 11, 30, 7)),
    ({}, local(2026, 11, 23, 6, 59), local(2026, 11, 23, 7)),
    ({"weekday": 7, "hour": 0}, local(2026, 11, 21, 20), local(2026, 11, 22, 0)),
    ({"frequency": "daily"}, local(2026, 11, 21, 20), local(2026, 11, 22, 7)),
    ({"frequency": "daily", "hour": 23}, local(2026, 11, 21, 20), local(2026, 11, 21, 23)),
    ({"paused_until": date(2026, 12, 1)}, local(2026, 11, 21, 20), local(2026, 12, 7, 7)),
    ({"paused_until": date(2026, 11, 30)}, local(2026, 11, 21, 20), local(2026, 11, 30, 7)),
    ({"frequency": "off", "next_at": None}, local(2026, 11, 21, 20), None),
]


@pytest.mark.parametrize(("wanted", "now", "expected"), WANTED)
def test_the_next_digest_is_at_the_wanted_day_and_hour(wanted, now, expected):
    assert next_after(now, **wanted) == expected


@pytest.mark.parametrize("hour", [1, 2, 3])
@pytest.mark.parametrize("night", [date(2026, 3, 29), date(2026, 10, 25)])
def test_nights_when_clocks_change_have_one_digest(hour, night):
    """Whatever minute the planner looks: one moment on that date, then one on the next."""
    now = datetime(night.year, night.month, night.day, tzinfo=STOCKHOLM) - timedelta(minutes=1)
    moments = set()
    for _quarter in range(30 * 4):
        moments.add(next_after(now.astimezone(UTC), frequency="daily", hour=hour))
        now = (now.astimezone(UTC) + timedelta(minutes=15)).astimezone(STOCKHOLM)
    days = [moment.date() for moment in sorted(moments)]
    assert days == sorted(set(days))
    assert days[0] == night


# Spreading


@pytest.mark.parametrize("number", [1, 300])
def test_telling_costs_the_acting_request_the_same(cast, django_assert_num_queries, number):
    people = make.UserFactory.create_batch(number)
    for person in people:
        following(person, "network", cast.network)
    challenge = make.ChallengeFactory(network=cast.network)
    with django_assert_num_queries(9):
        tell(ANNOUNCED, challenge)
    with django_assert_num_queries(13):
        spread()
    assert Notification.objects.count() == number


def test_news_of_what_is_gone_are_passed_over(cast):
    following(cast.user, "network", cast.network)
    Activity.objects.create(
        kind="challenges.answers_published", subject_id=0, happened_at=timezone.now()
    )
    Activity.objects.create(kind="gone.kind", subject_id=1, happened_at=timezone.now())
    new_challenge(cast)
    send_all()
    assert cast.user.notifications.count() == 1
    assert not Activity.objects.filter(spread_at=None).exists()
