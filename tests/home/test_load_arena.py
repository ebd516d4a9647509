import datetime as dt
import re
from collections import Counter
from io import StringIO

import pytest
from django.core.exceptions import ValidationError
from django.core.management import call_command
from django.db import transaction
from django.utils import timezone

from afori.accounts.models import Organisation
from afori.events.models import Event
from afori.home import arena
from afori.taxonomy.models import Topic
from challenges.models import Challenge
from funding.models import FundingCall
from knowledge.models import Article, ThemeWeek
from networks.models import Need, Network

# Report 2019:3, table 1: start, organisers, who pays.
TABLE_1 = {
    "bebo": (1989, ["byggherrarna", "wsp"], ["energimyndigheten"]),
    "belok": (2001, ["byggherrarna", "cit"], ["energimyndigheten"]),
    "4s-ledningsnat": (2012, ["stockholm-vatten"], ["member_fees"]),
    "valfardsteknik": (2016, ["skl"], ["vinnova"]),
    "konstgras": (2017, ["fritids-och-kulturchefsforeningen"], ["naturvardsverket"]),
    "a-challenge-from-sweden": (2018, ["energimyndigheten"], ["energimyndigheten"]),
    "renare-mark-och-vatten": (2018, ["sgu"], ["sgu", "naturvardsverket"]),
    "digitala-tjanster-inom-socialtjansten": (2018, ["skl"], ["vinnova"]),
    "avancerad-rening-av-avloppsvatten": (2018, ["svenskt-vatten"], ["naturvardsverket"]),
    "raddningstjanst": (None, ["winguard"], ["msb"]),
}

# Its section 9.5.
PROPOSED = {
    "digitalt-stod-och-datadriven-innovation",
    "sjukvard-och-omsorg",
    "hallbar-mobilitet",
    "hallbar-stadsbyggnad",
}

PROGRAMMES = {
    "nasta-generations-resor-och-transporter",
    "smarta-stader",
    "cirkular-och-biobaserad-ekonomi",
    "life-science",
    "uppkopplad-industri-och-nya-material",
}


@pytest.fixture(scope="module")
def content(django_db_setup, django_db_blocker):
    """The content, loaded once for this file."""
    with django_db_blocker.unblock(), transaction.atomic():
        arena.load_arena()
        yield
        transaction.set_rollback(True)


@pytest.fixture
def loaded(content, db):
    """The content, with each test's own changes taken back."""


def load_by_command(**options):
    out = StringIO()
    call_command("load_arena", stdout=out, **options)
    return out.getvalue().splitlines()


@pytest.mark.parametrize("kind", arena.KINDS)
def test_every_record_says_where_it_comes_from_and_when_it_held(kind):
    for record in arena.records(kind):
        assert record["source"], record["slug"]
        assert dt.date(2016, 12, 1) <= record["facts_as_of"] <= timezone.localdate(), record["slug"]


@pytest.mark.parametrize("kind", ["topics", "networks", "needs", "challenges", "funding", "events"])
def test_names_and_summaries_come_in_both_languages(kind):
    for record in arena.records(kind):
        for name in ("name", "title", "summary", "description", "function", "body"):
            assert bool(record.get(f"{name}_sv")) == bool(record.get(f"{name}_en")), record["slug"]
        assert len(record["summary_sv"]) <= 220
        assert len(record["summary_en"]) <= 220


def test_no_two_records_share_an_address():
    for kind in arena.KINDS.keys() - {"articles", "terms"}:
        slugs = Counter(record["slug"] for record in arena.records(kind))
        assert slugs.most_common(1)[0][1] == 1, kind
    readings = [record["slug"] for kind in ("articles", "terms") for record in arena.records(kind)]
    assert len(readings) == len(set(readings))


def test_no_record_passes_for_a_fictitious_example_or_the_other_way_round():
    for kind in arena.KINDS:
        assert not [record for record in arena.records(kind) if "is_example" in record]


def test_the_second_run_writes_nothing(loaded, django_assert_max_num_queries):
    before = Network.objects.values_list("slug", "updated_at").order_by("slug")
    first = list(before)

    with django_assert_max_num_queries(len(arena.KINDS) + 2):
        assert load_by_command() == ["Nothing to add."]

    assert list(before.all()) == first


def test_an_editors_change_stays_until_a_refresh(loaded):
    Network.objects.filter(slug="bebo").update(summary_sv="Ändrad")
    Article.objects.filter(slug="innovationstrappan").update(state=Article.State.ARCHIVED)

    load_by_command()
    assert Network.objects.get(slug="bebo").summary_sv == "Ändrad"

    load_by_command(refresh=True)
    assert Network.objects.get(slug="bebo").summary_sv.startswith("Beställare som sedan 1989")
    assert Article.objects.get(slug="innovationstrappan").state == Article.State.ARCHIVED


def test_a_refresh_doubles_nothing(loaded):
    load_by_command(refresh=True)

    network = Network.objects.get(slug="renare-mark-och-vatten")
    assert network.financings.count() == 2
    assert network.organiser.organised_networks.count() == 1


def test_the_ten_networks_are_those_of_table_1(loaded):
    networks = Network.objects.exclude(status=Network.Status.PROPOSED)

    assert {network.slug: facts(network) for network in networks} == TABLE_1
    assert Counter(networks.values_list("initiator", flat=True)) == {"agency": 7, "buyers": 3}
    assert set(networks.values_list("facts_as_of", flat=True)) == {dt.date(2019, 3, 31)}
    assert networks.get(slug="raddningstjanst").status == Network.Status.FORMING


def facts(network):
    organisers = [network.organiser, *network.co_organisers.all()]
    payers = [row.financier.slug if row.financier else row.kind for row in network.financings.all()]
    return network.start_year, [organiser.slug for organiser in organisers], payers


def test_the_proposed_networks_are_the_four_of_section_9_5(loaded):
    proposed = Network.objects.filter(status=Network.Status.PROPOSED)

    assert set(proposed.values_list("slug", flat=True)) == PROPOSED
    assert not proposed.exclude(start_year=None, organiser=None).exists()


def test_topics_hold_the_five_programmes_and_every_topic_is_used(loaded):
    programmes = Topic.objects.filter(is_programme=True)
    assert set(programmes.values_list("slug", flat=True)) == PROGRAMMES

    used = set()
    for kind in arena.KINDS:
        for record in arena.records(kind):
            used |= set(record.get("topics", []))
    assert set(Topic.objects.values_list("slug", flat=True)) - used <= PROGRAMMES


def test_the_chain_leads_from_network_to_outcome_without_invented_times(loaded):
    challenge = Challenge.objects.published().get(slug="sustainable-mobility-challenge")

    assert challenge.network.slug == "a-challenge-from-sweden"
    assert [need.slug for need in challenge.needs.all()] == ["hallbara-resor-utan-egen-bil"]
    assert challenge.outcome.kind == "unknown"
    assert challenge.outcome.facts_as_of == dt.date(2019, 3, 31)
    assert not Challenge.objects.exclude(closes_at=None, opens_at=None, published_at=None).exists()
    assert not Challenge.objects.open().exists()


def test_levels_are_those_that_the_report_tells(loaded):
    told = {
        "hallbara-resor-utan-egen-bil": "initiate",
        "avancerad-rening-av-avloppsvatten": "introduce",
    }
    for slug, level in told.items():
        assert Need.objects.get(slug=slug).level == level


def test_support_is_shown_as_standing_programmes_with_the_day_it_was_checked(loaded):
    calls = FundingCall.objects.all()

    assert set(calls.values_list("funder__slug", flat=True)) == {
        "vinnova",
        "energimyndigheten",
        "naturvardsverket",
        "eu",
    }
    assert not calls.filter(checked_on=None).exists()
    assert not calls.exclude(cutoffs=None).exists()
    assert not calls.exclude(opens_at=None, amount_min=None, amount_max=None).exists()


def test_the_launch_starts_at_one_in_the_afternoon_in_stockholm(loaded):
    launch = Event.objects.get(kind=Event.Kind.LAUNCH)

    assert launch.starts_at == dt.datetime(2022, 3, 30, 11, tzinfo=dt.UTC)
    assert "Darja Isaksson" in launch.body_sv


def test_theme_weeks_wait_for_their_dates(loaded):
    assert ThemeWeek.objects.count() == 3
    assert not ThemeWeek.objects.exclude(starts_on=None, ends_on=None).exists()


def test_articles_are_published_with_a_day_for_review(loaded):
    articles = Article.objects.all()

    assert articles.count() == articles.published().count() >= 25
    assert not articles.filter(review_by=None).exists()
    assert articles.terms().exists()


def test_links_between_articles_lead_to_articles():
    articles = arena.records("articles")
    bodies = [
        article.get(f"body_{language}", "") for article in articles for language in ("sv", "en")
    ]
    links = re.findall(r'href="/(?:kunskap|en/knowledge)/([^/"]*)/', "".join(bodies))

    assert set(links) <= {article["slug"] for article in articles} | {"ordlista", "glossary"}
    assert len(links) > 100


def test_rich_text_is_cleaned(db):
    network = arena.save(
        Network,
        {"slug": "x", "name_sv": "X", "description_sv": "<p>Hej<script>alert(1)</script></p>"},
    )

    assert network.description_sv == "<p>Hej</p>"


def test_a_wrong_value_is_refused(db):
    with pytest.raises(ValidationError):
        arena.save(Organisation, {"slug": "x", "name": "X", "kind": "guild"})


def test_a_reference_to_nothing_is_named(db):
    with pytest.raises(LookupError, match="'nowhere'"):
        arena.save(Need, {"slug": "x", "title_sv": "X", "network": "nowhere"})
