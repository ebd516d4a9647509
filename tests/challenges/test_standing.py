"""May we answer? Whoever asks, at whatever time, gets words and a next step."""

import pytest
from django.urls import reverse

from challenges.models import Challenge, ChallengeKey, Submission
from tests import factories as make

from .support import closes

pytestmark = pytest.mark.django_db


@pytest.fixture
def address(arena):
    return reverse("challenges:answer", args=[arena.challenge.slug])


def words(client, address):
    page = client.get(address).content.decode()
    return page.partition("<main")[2].partition("</main")[0]


@pytest.mark.parametrize(
    ("role", "told", "step"),
    [
        ("stranger", "Logga in för att svara", "/konto/logga-in/"),
        ("user", "inte en person", "/organisation"),
        ("buyer", "Holmfors kommun", "/utmaningar/"),
        ("owner", "Ekhamra kommun", "/utmaningar/"),
        ("rival", "Rivalen AB", "csrfmiddlewaretoken"),
        ("staff", "inte en person", "/organisation"),
    ],
)
def test_whoever_asks_has_a_next_step(arena, address, sign_in, role, told, step):
    page = words(sign_in(getattr(arena, role)), address)
    assert told in page
    assert step in page


@pytest.mark.parametrize(
    ("state", "told"),
    [
        ("upcoming", "Ni kan svara från och med då"),
        ("closed", "Svarstiden är slut"),
        ("cancelled", "tar inte emot några svar"),
        ("decided", "avgjord"),
        ("unready", "Förseglingen är inte klar än"),
    ],
)
def test_each_time_has_its_words(arena, address, sign_in, state, told):
    if state == "upcoming":
        closes(arena.challenge, days=9)
    elif state == "closed":
        closes(arena.challenge, seconds=-1)
    elif state == "unready":
        ChallengeKey.objects.all().delete()
    else:
        Challenge.objects.update(state=state)
    page = words(sign_in(arena.rival), address)
    assert told in page
    assert ("csrfmiddlewaretoken" in page) == (state == "unready")


def test_conditions_are_told_before_work_starts(arena, address, client):
    Challenge.objects.update(
        eligibility_sv="Bara för små företag.", rights="shared", languages=["sv", "en"]
    )
    page = words(client, address)
    told = ["Bara för små företag.", "Rättigheterna delas", "Svenska, engelska"]
    assert [word for word in told if word not in page] == []
    assert reverse("challenges:seal") in page


@pytest.mark.parametrize("role", ["stranger", "rival"])
def test_asking_changes_nothing_and_costs_little(
    arena, address, sign_in, role, django_assert_max_num_queries
):
    client = sign_in(getattr(arena, role))
    client.get(address)
    with django_assert_max_num_queries(11):
        client.get(address)
    assert not Submission.objects.exists()


def test_a_challenge_without_dates_keeps_its_page(client):
    long_ago = make.ChallengeFactory(
        state="completed", opens_at=None, closes_at=None, published_at=None, year=2018
    )
    assert "avgjord" in words(client, reverse("challenges:answer", args=[long_ago.slug]))
