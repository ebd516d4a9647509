"""The directory: who is in it, how it is narrowed, and its map."""

import re

import pytest
from django.conf import settings
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import override

from afori.accounts.choices import BUYER_KINDS, County, Kind
from afori.home.organisations import shape_of
from networks.models import NetworkMembership

from .. import factories as make

pytestmark = pytest.mark.django_db
MAP = settings.BASE_DIR / "static" / "vendor" / "svg-maps-sweden"


def closed(**fields):
    return make.OrganisationFactory(
        closed_at=timezone.now(), closing_reason="Hemligt skäl", **fields
    )


def directory(client, **query):
    return client.get(reverse("organisations:list"), query)


def names(client, **query):
    return [str(row["title"]) for row in directory(client, **query).context["organisations"]]


def row(client, name):
    return next(r for r in directory(client).context["organisations"] if r["title"] == name)


def test_the_map_has_every_county_and_no_other():
    shapes = set(re.findall(r'\sid="([^"]+)"', (MAP / "sweden.svg").read_text("utf-8")))
    assert {shape_of(county) for county in County} == shapes
    assert len(shapes) == 21


def test_the_map_comes_with_its_licence_and_says_so(client):
    assert "Attribution 4.0" in (MAP / "LICENSE").read_text("utf-8")
    html = directory(client).content.decode()
    assert "https://creativecommons.org/licenses/by/4.0/" in html
    assert "svg-maps" in html


def test_each_county_leads_on_with_the_other_choices(client):
    make.BuyerFactory(county=County.SKANE)
    page = directory(client, side="buyer", page="1", county=County.GOTLAND)
    skane = next(place for place in page.context["places"] if place.name == "Skåne län")
    assert (skane.url, skane.number, skane.current) == ("?side=buyer&county=12", 1, False)
    assert page.context["everywhere"] == "?side=buyer"
    html = page.content.decode()
    assert html.count('href="?side=buyer&amp;county=12"') == 2
    assert "<title>Skåne län, 1 organisation</title>" in html
    assert 'sweden.svg#vastra%20gotaland"' in html
    assert '<input type="hidden" name="county" value="09"' in html


def test_organisations_are_in_swedish_order(client):
    for name in ("Öster", "Zeta", "Ål", "Alfa", "Ärla"):
        make.OrganisationFactory(name=name)
    assert names(client) == ["Alfa", "Zeta", "Ål", "Ärla", "Öster"]


@pytest.fixture
def some(db):
    topic = make.TopicFactory(slug="vatten")
    town = make.BuyerFactory(name="Ekby kommun", county=County.SKANE, number="2120000142")
    firm = make.OrganisationFactory(
        name="Glimt AB", county=County.SKANE, capabilities_sv="Belysning i tunnlar"
    )
    lab = make.OrganisationFactory(
        name="Labbet", kind=Kind.INSTITUTE, county=County.UPPSALA, offers=["testbed"]
    )
    lab.topics.add(topic)
    client = make.OrganisationFactory(
        name="Kunden", kind=Kind.PUBLIC_COMPANY, offers=["reference_customer", "expertise"]
    )
    client.topics.add(topic, make.TopicFactory())
    return town, firm, lab, client


@pytest.mark.usefixtures("some")
@pytest.mark.parametrize(
    ("query", "found"),
    [
        ({}, ["Ekby kommun", "Glimt AB", "Kunden", "Labbet"]),
        ({"q": "kby"}, ["Ekby kommun"]),
        ({"q": "212000-0142"}, ["Ekby kommun"]),
        ({"q": "belysningar"}, ["Glimt AB"]),
        ({"q": "%"}, []),
        ({"side": "buyer"}, ["Ekby kommun", "Kunden"]),
        ({"side": "supplier"}, ["Glimt AB", "Labbet"]),
        ({"side": ["buyer", "supplier"]}, ["Ekby kommun", "Glimt AB", "Kunden", "Labbet"]),
        ({"kind": "institute"}, ["Labbet"]),
        ({"county": "12"}, ["Ekby kommun", "Glimt AB"]),
        ({"county": "99"}, ["Ekby kommun", "Glimt AB", "Kunden", "Labbet"]),
        ({"offer": "testbed"}, ["Labbet"]),
        ({"offer": ["testbed", "reference_customer"]}, ["Kunden", "Labbet"]),
        ({"topic": "vatten"}, ["Kunden", "Labbet"]),
        ({"topic": "vatten", "side": "buyer"}, ["Kunden"]),
        ({"county": "12", "side": "supplier"}, ["Glimt AB"]),
    ],
)
def test_filters(client, query, found):
    assert names(client, **query) == found


@pytest.mark.usefixtures("some")
def test_counts_are_those_under_the_other_choices(client):
    facets = directory(client, county="12").context["facets"]
    assert facets["side"] == {"buyer": 1, "supplier": 1}
    assert (facets["county"]["12"], facets["county"]["03"]) == (2, 1)
    assert facets["offer"]["testbed"] == 0


def test_both_sides_cover_every_kind():
    assert set(Kind) > BUYER_KINDS


def test_nothing_found_says_what_to_do(client):
    html = directory(client, q="xyzzy").content.decode()
    assert reverse("accounts:organisation_start") in html


@pytest.mark.parametrize("signed_in", [False, True])
def test_closed_and_merged_ones_are_nowhere(client, signed_in):
    left = make.OrganisationFactory(name="Kvar AB")
    closed(name="Stängd AB", county="12")
    closed(name="Uppgången AB", merged_into=left)
    if signed_in:
        client.force_login(make.UserFactory(is_staff=True, is_superuser=True))
    assert names(client) == ["Kvar AB"]
    assert directory(client).context["facets"]["county"]["12"] == 0
    for page in (reverse("search") + "?q=AB", "/sitemap.xml"):
        html = client.get(page).content.decode()
        assert "Stängd" not in html
        assert "/organisationer/organisation-" in html
        assert html.count("/organisationer/organisation-") < 4


def test_a_buyer_is_led_by_its_networks_or_its_people(client):
    member = make.NetworkMembershipFactory(organisation__name="Ekby kommun")
    member.network.organisations.add(member.organisation)
    make.NetworkFactory(organiser=member.organisation)
    make.NetworkMembershipFactory(
        organisation=make.BuyerFactory(name="Bara sedd", population=1234),
        role=NetworkMembership.Role.OBSERVER,
    )
    assert (row(client, "Ekby kommun")["figure"], row(client, "Ekby kommun")["label"]) == (
        "2",
        "nätverk",
    )
    assert row(client, "Bara sedd")["figure"] == "1\xa0234"


def test_a_supplier_is_led_by_its_offer(client):
    make.OrganisationFactory(name="Labb AB", offers=["testbed"])
    make.OrganisationFactory(name="Glimt AB", capabilities_sv="Belysning " * 60)
    assert (row(client, "Labb AB")["figure"], row(client, "Labb AB")["word"]) == (
        "Testbädd eller labb",
        True,
    )
    assert row(client, "Glimt AB")["figure"] == "Företag"
    assert len(row(client, "Glimt AB")["summary"]) <= 180


def test_each_search_in_the_portal_finds_organisations(client):
    firm = make.OrganisationFactory(name="Glimt AB", capabilities_en="Tunnel lighting")
    with override("en"):
        html = client.get("/en/search/", {"q": "tunnels"}).content.decode()
        assert f'href="{firm.get_absolute_url()}"' in html


@pytest.mark.parametrize("address", ["/organisationer/", "/en/organisations/"])
def test_the_footer_leads_here(client, address):
    home = "/en/" if address.startswith("/en") else "/"
    assert f'href="{address}"' in client.get(home).content.decode()
