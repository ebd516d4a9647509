"""The lists of those who judge: a page at a time, ranked over all, as cheap for many as for one."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from .crowds import opened_answers
from .support import on_team, opened

pytestmark = pytest.mark.django_db

LISTS = ["answers", "consensus", "ranking", "decisions"]
MORE = [1, 2, 117]


def test_lists_cost_the_same_for_one_three_and_many(arena, sign_in):
    on_team(arena.challenge, arena.owner)
    opening = opened(arena.challenge)
    client = sign_in(arena.owner)
    found = {name: set() for name in LISTS}
    for number in MORE:
        opened_answers(opening, number, by=arena.owner)
        for name in LISTS:
            with CaptureQueriesContext(connection) as captured:
                page = client.get(reverse(f"challenges:{name}", args=[arena.challenge.slug]))
            found[name].add(len(captured))
            assert len(page.context["page_obj"]) <= 50
    assert all(len(numbers) == 1 and max(numbers) <= 12 for numbers in found.values()), found


def test_places_are_those_among_all(arena, sign_in):
    on_team(arena.challenge, arena.owner)
    opening = opened(arena.challenge)
    opened_answers(opening, 90, by=arena.owner)
    client = sign_in(arena.owner)
    address = reverse("challenges:ranking", args=[arena.challenge.slug])
    first, last = (client.get(address, {"page": page}).context for page in (1, 2))
    places = [line["place"].number for page in (first, last) for line in page["places"]]
    assert places == sorted([1, 16, 31, 46, 61, 76] * 15)
    assert len(first["places"]) == 50
    decisions = reverse("challenges:decisions", args=[arena.challenge.slug])
    page = client.get(decisions, {"page": 2}).content.decode()
    assert "90 beslut" in page
    assert "plats 76" in page
