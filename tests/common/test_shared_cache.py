from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier

import pytest
from allauth.core.internal.ratelimit import Rate, _consume_single_rate, cache_lock
from django.core.cache import cache
from django.db import connection
from django.test import RequestFactory
from django.utils import timezone

THREADS = 20


def rows():
    with connection.cursor() as cursor:
        cursor.execute("SELECT cache_key FROM cache ORDER BY cache_key")
        return [key for (key,) in cursor.fetchall()]


@pytest.fixture(autouse=True)
def empty(db):
    cache.clear()


def test_it_keeps_until_the_time_is_over(time_machine):
    cache.set("a", [1], 60)
    cache.set("a", [1, 2], 60)
    assert cache.get("a") == [1, 2]
    time_machine.move_to(timezone.now() + timedelta(seconds=61))
    assert cache.get("a") is None
    cache.set("b", 1, None)
    assert cache.get("b") == 1


def test_it_adds_and_deletes_as_others_do():
    assert cache.add("a", 1)
    assert not cache.add("a", 2)
    assert (cache.get("a"), cache.delete("a"), cache.get("a")) == (1, True, None)


def test_each_write_takes_away_what_is_over():
    for number in range(4):
        cache.set(f"old{number}", 1, -10)
    cache.set("new", 1, 60)
    cache.set("newer", 1, 60)
    assert rows() == [":1:new", ":1:newer"]


def test_nothing_is_taken_away_to_make_room(settings):
    settings.CACHES = {"default": {**settings.CACHES["default"], "OPTIONS": {"MAX_ENTRIES": 3}}}
    for number in range(10):
        cache.set(f"limit{number}", 1, 60)
    cache.add("one-more", 1, 60)
    assert len(rows()) == 11


def test_a_lock_leaves_no_row():
    with cache_lock("a") as locked:
        assert locked
    assert rows() == []


@pytest.mark.django_db(transaction=True)
def test_attempts_at_the_same_moment_are_counted_one_by_one():
    request, rate = RequestFactory().post("/"), Rate(5, 300, "key")
    barrier = Barrier(THREADS)

    def attempt(_number):
        barrier.wait()
        try:
            return _consume_single_rate(request, app="a", action="b", rate=rate, key="c")
        finally:
            connection.close()

    with ThreadPoolExecutor(THREADS) as pool:
        allowed = [one for one in pool.map(attempt, range(THREADS)) if one]
    assert len(allowed) == 5
