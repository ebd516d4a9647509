"""Organisations that are here already, found by what somebody writes."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from afori.accounts.choices import Kind
from afori.accounts.likeness import alike, core_of
from afori.accounts.models import Organisation
from tests import factories as make

pytestmark = pytest.mark.django_db
NAMES = [
    "Åmåls kommun",
    "Lunds kommun",
    "Lunds universitet",
    "Region Skåne",
    "Ljusglimt AB",
    "Klarström Teknik AB",
    "Göteborgs Stad",
    "Föreningen Granntråd",
]
NUMBER = "5560360793"


@pytest.fixture
def names(db):
    for name in NAMES:
        make.OrganisationFactory(name=name)


@pytest.mark.usefixtures("names")
@pytest.mark.parametrize(
    ("typed", "found"),
    [
        ("Åmål", ["Åmåls kommun"]),
        ("åmåls kommun", ["Åmåls kommun"]),
        ("ÅMÅLS KOMMUN", ["Åmåls kommun"]),
        ("Amals kommun", []),
        ("Lund kommun", ["Lunds kommun", "Lunds universitet"]),
        ("Lunds", ["Lunds kommun", "Lunds universitet"]),
        ("Ljusglimt", ["Ljusglimt AB"]),
        ("ljusglimt aktiebolag (publ)", ["Ljusglimt AB"]),
        ("Ljusglint AB", ["Ljusglimt AB"]),
        ("Ljusglimt Sverige AB", ["Ljusglimt AB"]),
        ("Ljusg", ["Ljusglimt AB"]),
        ("Klarstrom teknik", ["Klarström Teknik AB"]),
        ("Skåne", ["Region Skåne"]),
        ("Göteborg", ["Göteborgs Stad"]),
        ("Granntråd ekonomisk förening", ["Föreningen Granntråd"]),
        ("Eslövs kommun", []),
        ("Solkant AB", []),
        ("AB", []),
        ("kommun", []),
        ("a", []),
        ("", []),
        ("%", []),
        ("_____", []),
        ("'; drop table", []),
        ("\\", []),
        ("😀😀😀", []),
        ("x" * 5000, []),
        ("\u202e" * 50, []),
    ],
)
def test_names(typed, found):
    assert sorted(one.name for one in alike(name=typed)) == sorted(found)


@pytest.mark.parametrize(
    ("typed", "is_found"),
    [
        (NUMBER, True),
        ("556036-0793", True),
        ("556036 0793", True),
        ("16556036-0793", True),
        (" 556036–0793 ", True),
        ("556036-0794", False),
        ("55603607", False),
        ("５５６０３６０７９３", True),
        ("٥٥٦٠٣٦٠٧٩٣", False),
        ("-" * 100, False),
        ("9" * 10_000, False),
        ("1e9", False),
        ("0x5560360793", False),
        ("'", False),
        ("\u00b2", False),
    ],
)
def test_numbers(typed, is_found):
    make.OrganisationFactory(number=NUMBER)
    assert bool(alike(number=typed)) == is_found


def test_the_number_comes_first_and_five_are_shown():
    for number in range(8):
        make.OrganisationFactory(name=f"Glimt {number}")
    last = make.OrganisationFactory(name="Öster", number=NUMBER)
    found = alike(name="Glimt", number=NUMBER)
    assert (len(found), found[0]) == (5, last)


def test_closed_ones_are_not_offered():
    facts = {"closed_at": timezone.now(), "closing_reason": "Slut"}
    make.OrganisationFactory(name="Ljusglimt AB", number=NUMBER, **facts)
    assert alike(name="Ljusglimt", number=NUMBER) == []


def test_words_that_many_share_do_not_count():
    assert core_of("Ljusglimt Sverige AB (publ)") == "ljusglimt"
    assert core_of("Kommun AB") == "kommun ab"


def fragment(client, **query):
    return client.get(reverse("accounts:organisation_alike"), query)


def test_fragment_is_for_people_who_have_logged_in(client):
    assert fragment(client, name="Ljusglimt").status_code == 302


@pytest.mark.usefixtures("names")
def test_fragment_names_them_and_leads_on(client):
    client.force_login(make.UserFactory())
    html = fragment(client, name="Ljusglimt").content.decode()
    organisation = Organisation.objects.get(name="Ljusglimt AB")
    assert "Ljusglimt AB" in html
    assert "Företag" in html
    assert reverse("accounts:organisation_join", args=[organisation.slug]) in html
    assert fragment(client, name="Något helt annat").content.strip() == b""
    assert fragment(client).content.strip() == b""


def test_fragment_costs_the_same_for_one_and_many(client):
    client.force_login(make.UserFactory())
    fragment(client, name="Glimt")
    counts = []
    for more in (1, 2, 40):
        make.OrganisationFactory.create_batch(more, name="Glimt AB")
        with CaptureQueriesContext(connection) as captured:
            fragment(client, name="Glimt", number=NUMBER)
        counts.append(len(captured))
    assert len(set(counts)) == 1
    assert counts[0] <= 12


@pytest.mark.usefixtures("names")
def test_fragment_says_nothing_to_the_hasty(client, settings):
    settings.ACCOUNT_RATE_LIMITS = {
        **settings.ACCOUNT_RATE_LIMITS,
        "organisation_alike": "2/m/user",
    }
    client.force_login(make.UserFactory())
    sizes = [len(fragment(client, name="Ljusglimt").content.strip()) for _ in range(4)]
    assert [bool(size) for size in sizes] == [True, True, False, False]


def register(client, **facts):
    data = {"name": "Ljusglimt Sverige", "kind": Kind.COMPANY, **facts}
    return client.post(reverse("accounts:organisation_create"), data)


@pytest.mark.usefixtures("names")
def test_a_similar_name_is_asked_about_once(client):
    client.force_login(make.UserFactory())
    response = register(client, website="https://ljusglimt.example")
    html = response.content.decode()
    assert response.status_code == 200
    assert 'name="sure"' in html
    assert 'value="https://ljusglimt.example"' in html
    assert Organisation.objects.count() == len(NAMES)
    assert register(client, sure="1").status_code == 302
    assert Organisation.objects.filter(name="Ljusglimt Sverige").exists()


def test_a_taken_number_is_refused_even_to_the_sure(client):
    taken = make.OrganisationFactory(name="Ljusglimt AB", number=NUMBER)
    client.force_login(make.UserFactory())
    for facts in ({}, {"sure": "1"}):
        html = register(client, number="556036-0793", **facts).content.decode()
        assert reverse("accounts:organisation_join", args=[taken.slug]) in html
        assert 'name="sure"' not in html
    assert Organisation.objects.count() == 1


@pytest.mark.parametrize("merged", [False, True])
def test_the_number_of_a_closed_one_leads_to_what_is_left(client, merged):
    left = make.OrganisationFactory(name="Kvar AB") if merged else None
    facts = {"closed_at": timezone.now(), "closing_reason": "Slut", "merged_into": left}
    make.OrganisationFactory(name="Borta AB", slug="borta", number=NUMBER, **facts)
    client.force_login(make.UserFactory())
    html = register(client, number=NUMBER).content.decode()
    assert reverse("accounts:organisation_join", args=["borta"]) not in html
    if merged:
        assert reverse("accounts:organisation_join", args=[left.slug]) in html


@pytest.mark.parametrize(
    ("name", "kept"),
    [("  Glimt   AB ", "Glimt AB"), ("Glimt\u202eBA", "GlimtBA"), ("---", None), ("\u200b", None)],
)
def test_names_are_what_they_look_like(client, name, kept):
    client.force_login(make.UserFactory())
    register(client, name=name)
    assert [one.name for one in Organisation.objects.all()] == ([kept] if kept else [])
