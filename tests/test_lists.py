"""Every public list: the same queries for 1, 3 and 50 rows, bad input never a 500, small HTML."""

import pytest
from django.core.cache import caches
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils.translation import override

from . import factories as make

LISTS = {
    "challenges:list": make.ChallengeFactory,
    "networks:list": make.NetworkFactory,
    "networks:needs": make.NeedFactory,
    "knowledge:list": make.ArticleFactory,
    "knowledge:glossary": lambda **kw: make.ArticleFactory(kind="term", **kw),
    "knowledge:theme_weeks": make.ThemeWeekFactory,
    "funding:list": make.FundingCallFactory,
    "events:list": make.EventFactory,
    "organisations:list": make.BuyerFactory,
}
MOST_QUERIES = 12
MOST_BYTES = 40_000
BAD_QUERIES = [
    "topic=%27",
    "topic=%27;drop",
    "level=nonsense",
    "level=initiate&level=%27",
    "q=" + "a" * 5_000,
    "q=%3Cscript%3E",
    "q=%22%27%3A%26%7C%21",
    "unknown=1",
    "topic=",
]
NOT_FOUND_QUERIES = ["page=0", "page=0x1", "page=-1", f"page={10**30}", "page=2"]
REFUSED_QUERIES = ["q=%00", "topic=%00", "q=%ED%A0%80", "q=%ff"]

pytestmark = pytest.mark.django_db


@pytest.fixture(params=LISTS)
def name(request):
    return request.param


def queries_of(client, address):
    caches["process"].clear()
    with CaptureQueriesContext(connection) as captured:
        response = client.get(address)
    assert response.status_code == 200
    return len(captured), response


def with_topics(rows):
    for row in rows:
        if hasattr(row, "topics"):
            row.topics.add(make.TopicFactory(), make.TopicFactory())
    return rows


def test_list_has_constant_queries(client, name):
    factory = LISTS[name]
    with_topics([factory()])
    client.get(reverse(name))
    one, _ = queries_of(client, reverse(name))
    with_topics([factory(), factory()])
    three, _ = queries_of(client, reverse(name))
    with_topics(factory.create_batch(20) if hasattr(factory, "create_batch") else [factory()])
    many, _ = queries_of(client, reverse(name))
    assert one == three == many
    assert one <= MOST_QUERIES


def test_list_page_stays_small(client, name):
    factory = LISTS[name]
    for _ in range(25):
        factory()
    _, response = queries_of(client, reverse(name))
    assert len(response.content) <= MOST_BYTES


def test_empty_list_says_what_to_do(client, name):
    response = client.get(reverse(name))
    assert response.status_code == 200
    assert b"<main" in response.content


def answers(client, name, queries):
    return {query: client.get(f"{reverse(name)}?{query}").status_code for query in queries}


def test_list_ignores_what_it_does_not_know(client, name):
    LISTS[name]()
    assert answers(client, name, BAD_QUERIES) == dict.fromkeys(BAD_QUERIES, 200)


@pytest.mark.parametrize("name", sorted(LISTS.keys() - {"knowledge:glossary"}))
def test_page_that_does_not_exist_is_not_found(client, name):
    LISTS[name]()
    assert answers(client, name, NOT_FOUND_QUERIES) == dict.fromkeys(NOT_FOUND_QUERIES, 404)


def test_broken_text_is_refused(client, name):
    assert answers(client, name, REFUSED_QUERIES) == dict.fromkeys(REFUSED_QUERIES, 400)


@pytest.mark.parametrize("prefix", ["", "/en"])
def test_list_for_strangers_may_be_kept_by_a_shared_cache(client, name, prefix):
    with override("en" if prefix else "sv"):
        address = reverse(name)
    response = client.get(address)
    assert response.headers["Cache-Control"].startswith("public")
    assert "Set-Cookie" not in response.headers
    assert "Vary" not in response.headers
    assert b"csrfmiddlewaretoken" not in response.content


def test_list_for_signed_in_people_is_private(client, name):
    client.force_login(make.UserFactory())
    response = client.get(reverse(name))
    assert "private" in response.headers["Cache-Control"]
    assert "no-store" in response.headers["Cache-Control"]
