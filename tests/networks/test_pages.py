"""Lists and details for everybody: filters, counts of queries, bad input, both languages."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from django.utils.translation import override

from networks.models import Financing, Need, Network, Programme
from tests import factories as make


def queries(client, path):
    with CaptureQueriesContext(
        connection,
    ) as captured:
        assert client.get(path).status_code == 200
    return len(captured)


def fill(cast, number):
    """Networks and needs with something in every corner."""
    topic = make.TopicFactory()
    for i in range(number):
        network = make.NetworkFactory(organiser=make.OrganisationFactory(), start_year=2000)
        network.topics.add(topic)
        network.co_organisers.add(make.OrganisationFactory())
        Financing.objects.create(network=network, financier=make.OrganisationFactory())
        furnish(cast, cast.network, topic, i)


def furnish(cast, network, topic, i):
    need = make.NeedFactory(network=network, level="initiate")
    need.topics.add(topic)
    make.CommitmentFactory(need=need, volume_a_year=i + 1, shown_by_name=True)
    network.organisations.add(make.OrganisationFactory())
    make.ChallengeFactory(network=network).needs.add(need)
    make.EventFactory(network=network)
    make.ArticleFactory().networks.add(network)
    make.NetworkMembershipFactory(network=network)


pytestmark = pytest.mark.django_db
LISTS = ["/en/networks/", "/en/needs/"]


PAGES = [*LISTS, "/en/networks/{slug}/"]
VISITS = [(role, page) for role in ("stranger", "user", "coordinator") for page in PAGES]


@pytest.mark.parametrize(
    ("role", "address"), [*VISITS, ("coordinator", "/en/networks/{slug}/room/")]
)
def test_queries_do_not_grow(cast, sign_in, address, role):
    client = sign_in(getattr(cast, role))
    path = address.format(slug=cast.network.slug)
    fill(cast, 1)
    queries(client, path)
    few = queries(client, path)
    fill(cast, 4)
    assert queries(client, path) == few
    assert few <= 12


@pytest.mark.parametrize("role", ["stranger", "buyer"])
def test_queries_of_a_need_do_not_grow(cast, sign_in, role):
    fill(cast, 1)
    need = Need.objects.get()
    client = sign_in(getattr(cast, role))
    queries(client, f"/en/needs/{need.slug}/")
    few = queries(client, f"/en/needs/{need.slug}/")
    for _more in range(5):
        make.CommitmentFactory(need=need, shown_by_name=True, contract_ends_on=timezone.localdate())
        make.ChallengeFactory().needs.add(need)
    assert queries(client, f"/en/needs/{need.slug}/") == few
    assert few <= 12


@pytest.mark.parametrize("address", LISTS)
def test_page_holds_twenty_rows_in_forty_kilobytes(cast, client, address):
    for i in range(25):
        network = make.NetworkFactory(
            name_en=f"{'Long name ' * 8}{i}", summary_en="s" * 200, organiser=cast.municipality
        )
        need = make.NeedFactory(network=network, title_en="T" * 150, summary_en="s" * 200)
        make.CommitmentFactory(need=need, volume_a_year=1000 + i)
    response = client.get(address)
    assert len(response.context["object_list"]) == 20
    assert len(response.content) <= 40_000
    assert response.context["total"] >= 25


@pytest.mark.parametrize("address", LISTS)
@pytest.mark.parametrize(
    "query",
    ["topic=%27", "topic=%25", "level=x&state=%22", "q=%27%20or%201=1", "q=(((", "status=%F0%9F"],
)
def test_bad_filters_are_ignored_or_refused(cast, client, address, query):
    assert client.get(f"{address}?{query}").status_code in (200, 400)


@pytest.mark.parametrize("address", LISTS)
@pytest.mark.parametrize("number", ["1" + "0" * 30, "-1", "0", "x", "%00"])
def test_bad_page_numbers_are_no_errors(cast, client, address, number):
    assert client.get(f"{address}?page={number}").status_code in (200, 400, 404)


@pytest.mark.parametrize(
    "path",
    [
        "/en/networks/nothing/",
        "/en/needs/nothing/",
        "/en/networks/nothing/room/",
        "/en/networks/nothing/requests/",
        "/en/networks/nothing/documents/x/",
    ],
)
def test_unknown_addresses_are_not_found(cast, sign_in, path):
    assert sign_in(cast.member).get(path).status_code == 404


def test_huge_key_is_not_found(cast, sign_in):
    path = f"/en/networks/{cast.network.slug}/requests/{10**30}/"
    assert sign_in(cast.coordinator).get(path).status_code == 404


def test_strangers_get_no_cookie_and_no_token(cast, client):
    need = make.NeedFactory(network=cast.network)
    for path in (*LISTS, cast.network.get_absolute_url(), need.get_absolute_url()):
        response = client.get(path)
        assert not response.cookies
        assert "csrfmiddlewaretoken" not in response.content.decode()
        assert "s-maxage" in response["Cache-Control"]


def names(response, language="en"):
    with override(language):
        return [str(one) for one in response.context["object_list"]]


def test_networks_narrow_by_status_level_topic_and_words(client):
    topic = make.TopicFactory(slug="energi")
    one = make.NetworkFactory(name_en="Alpha", levels=["initiate"], summary_en="light bulbs")
    one.topics.add(topic)
    make.NetworkFactory(name_en="Beta", status=Network.Status.DORMANT)
    for query in ("status=active", "level=initiate", "topic=energi", "q=bulbs"):
        assert names(client.get(f"/en/networks/?{query}")) == ["Alpha"]
    facets = client.get("/en/networks/?q=bulbs").context["facets"]
    assert facets["status"]["active"] == 1
    assert facets["status"]["dormant"] == 0


def test_needs_narrow_by_state_level_topic_and_words(client):
    topic = make.TopicFactory(slug="energi")
    one = make.NeedFactory(title_en="Alpha", level="initiate", function_en="sees the dark")
    one.topics.add(topic)
    make.NeedFactory(title_en="Beta", state=Need.State.PROPOSED)
    for query in ("state=open", "level=initiate", "topic=energi", "q=dark"):
        assert names(client.get(f"/en/needs/?{query}")) == ["Alpha"]


def test_empty_result_offers_to_take_choices_away(client):
    page = client.get("/en/needs/?level=implement").content.decode()
    assert "No needs fit your choices" in page
    assert 'href="."' in page


def test_needs_most_wanted_first_then_by_name(client):
    for title, volume in (("Öga", None), ("Apa", None), ("Zon", 5), ("Ål", 50), ("Äng", None)):
        need = make.NeedFactory(title_sv=title, title_en="")
        if volume:
            make.CommitmentFactory(need=need, volume_a_year=volume)
    assert names(client.get("/behov/")) == ["Ål", "Zon", "Apa", "Äng", "Öga"]


def test_networks_oldest_first_proposed_last(client):
    make.NetworkFactory(name_en="New", start_year=2018)
    make.NetworkFactory(name_en="Idea", status=Network.Status.PROPOSED, start_year=1900)
    make.NetworkFactory(name_en="Old", start_year=1989)
    make.NetworkFactory(name_en="Undated")
    assert names(client.get("/en/networks/")) == ["Old", "New", "Undated", "Idea"]


def test_network_shows_facts_programme_and_chain(client):
    organiser = make.OrganisationFactory(name="Byggherrarna")
    network = make.NetworkFactory(
        organiser=organiser,
        start_year=1989,
        website="https://example.org/x",
        source="Rapport 2019:3",
        facts_as_of="2019-03-31",
        initiator=Network.Initiator.AGENCY,
    )
    Programme.objects.create(network=network, long_term_goals_en="Less energy", meetings_a_year=4)
    ends = timezone.localdate() + timedelta(days=30)
    Financing.objects.create(network=network, financier=organiser, ends_on=ends)
    need = make.NeedFactory(network=network, title_en="Light")
    challenge = make.ChallengeFactory(network=network, title_en="Show us light")
    challenge.needs.add(need)
    page = client.get(f"/en/networks/{network.slug}/").content.decode()
    for text in (
        "Active since 1989",
        "Started by an agency",
        "Facts as of March 2019",
        "Rapport 2019:3",
        "Less energy",
        "4 meetings a year.",
        "Byggherrarna",
        "example.org/x",
        "The financing from Byggherrarna ends on",
        need.get_absolute_url().replace("/behov/", "/en/needs/"),
        "Show us light",
    ):
        assert text in page, text


def test_need_shows_the_chain_both_ways(cast, client):
    need = make.NeedFactory(network=cast.network)
    challenge = make.ChallengeFactory(title_en="Show us light")
    challenge.needs.add(need)
    links = client.get(f"/en/needs/{need.slug}/").context["chain"]
    assert [link["state"] for link in links] == ["done", "here", "done", "todo"]
    assert links[0]["text"] == "Welfare technology"
    assert links[2]["text"] == "Show us light"


def test_draft_challenges_show_to_nobody(cast, sign_in):
    challenge = make.ChallengeFactory(
        network=cast.network, owner=cast.municipality, state="draft", title_en="Not yet told"
    )
    need = make.NeedFactory(network=cast.network)
    challenge.needs.add(need)
    client = sign_in(cast.owner)
    for path in (f"/en/networks/{cast.network.slug}/", f"/en/needs/{need.slug}/"):
        assert "Not yet told" not in client.get(path).content.decode()


def test_closed_network_tells_why_and_what_follows(client):
    successor = make.NetworkFactory(name_en="The next one")
    network = make.NetworkFactory(
        status=Network.Status.CLOSED, successor=successor, closing_note_en="The goal was met."
    )
    page = client.get(f"/en/networks/{network.slug}/").content.decode()
    assert "The goal was met." in page
    assert "The next one" in page


@pytest.mark.parametrize(
    ("swedish", "english"), [("/natverk/", "/en/networks/"), ("/behov/", "/en/needs/")]
)
def test_both_languages_point_to_each_other(client, swedish, english):
    for path, language in ((swedish, "sv"), (english, "en")):
        page = client.get(path).content.decode()
        assert f'<html lang="{language}"' in page
        assert swedish in page
        assert english in page


def test_text_in_the_other_language_is_marked(client):
    network = make.NetworkFactory(name_sv="Bara svenska", name_en="")
    page = client.get(f"/en/networks/{network.slug}/").content.decode()
    assert '<h1 lang="sv">Bara svenska</h1>' in page
