"""What everybody reads: list, detail, calendar, and the way in to an answer."""

from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from django.urls import reverse
from django.utils import timezone
from icalendar import Calendar

from challenges.actions.amending import amend
from challenges.models import Challenge, Outcome, TeamMember
from challenges.rows import challenge_rows
from tests import factories as make

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)


def challenge(**times):
    now = timezone.now()
    return make.ChallengeFactory(**{name: now + value for name, value in times.items()})


@pytest.fixture
def all_kinds():
    return {
        "open": challenge(closes_at=3 * DAY),
        "later": challenge(closes_at=9 * DAY),
        "upcoming": challenge(opens_at=2 * DAY, closes_at=20 * DAY),
        "closed": challenge(opens_at=-9 * DAY, closes_at=-DAY),
        "decided": make.ChallengeFactory(state="decided"),
        "historic": make.ChallengeFactory(
            state="completed", opens_at=None, closes_at=None, published_at=None, year=2018
        ),
        "draft": make.ChallengeFactory(state="draft"),
    }


def test_list_has_its_sections_in_order(client, all_kinds):
    page = client.get(reverse("challenges:list"))
    sections = {
        name: [row["url"] for row in rows] for name, _heading, rows in page.context["sections"]
    }
    assert list(sections) == ["open", "upcoming", "closed", "finished"]
    assert sections["open"] == [
        all_kinds["open"].get_absolute_url(),
        all_kinds["later"].get_absolute_url(),
    ]
    assert all_kinds["draft"].title_sv not in page.content.decode()


@pytest.mark.parametrize("status", ["open", "upcoming", "closed", "finished"])
def test_rule_for_a_set_and_for_one_agree(all_kinds, status):
    at = timezone.now()
    of_set = set(Challenge.objects.filter(Challenge.objects.status_condition(status, at=at)))
    public = [one for one in all_kinds.values() if one.is_public]
    assert of_set == {one for one in public if one.status(at=at) == status}


@pytest.mark.parametrize(
    ("query", "names"),
    [
        ("status=upcoming", {"upcoming"}),
        ("status=open&status=closed", {"open", "later", "closed"}),
        ("level=implement", {"open"}),
        ("method=hackathon", {"later"}),
        ("topic=energi", {"closed"}),
        ("topic=energi&status=open", set()),
        ("q=vindkraft", {"later"}),
        ("status=%27&page=1", {"open", "later", "upcoming", "closed", "decided", "historic"}),
    ],
)
def test_filters(client, all_kinds, query, names):
    topic = make.TopicFactory(slug="energi")
    all_kinds["closed"].topics.add(topic)
    Challenge.objects.filter(pk=all_kinds["open"].pk).update(level="implement")
    Challenge.objects.filter(pk=all_kinds["later"].pk).update(
        method="hackathon", title_sv="Vindkraft"
    )
    page = client.get(f"{reverse('challenges:list')}?{query}")
    assert set(page.context["object_list"]) == {all_kinds[name] for name in names}


def test_empty_result_helps(client, all_kinds):
    page = client.get(f"{reverse('challenges:list')}?q=finnsinte").content.decode()
    assert "Ingen utmaning passar dina val" in page


@pytest.mark.parametrize("number", [1, 3])
def test_list_has_constant_queries(client, django_assert_num_queries, number):
    for _each in range(number):
        made = challenge(closes_at=3 * DAY)
        made.topics.add(make.TopicFactory())
        Outcome.objects.create(challenge=made, kind="none")
    address = f"{reverse('challenges:list')}?q="
    client.get(f"{address}&page=1")
    with django_assert_num_queries(3):
        client.get(address)


@pytest.mark.parametrize("number", [1, 3])
def test_detail_has_constant_queries(client, arena, django_assert_num_queries, number):
    for _each in range(number):
        arena.challenge.topics.add(make.TopicFactory())
        arena.challenge.needs.add(make.NeedFactory(network=arena.network))
    with django_assert_num_queries(6):
        client.get(arena.challenge.get_absolute_url())


def test_strangers_page_may_be_shared(client, arena):
    for name in ("detail", "answer"):
        page = client.get(reverse(f"challenges:{name}", args=[arena.challenge.slug]))
        assert page.headers["Cache-Control"].startswith("public")
        assert not page.cookies
        assert "csrf" not in page.content.decode()


def test_chain_leads_both_ways(client, arena):
    need = make.NeedFactory(network=arena.network)
    arena.challenge.needs.add(need)
    page = client.get(arena.challenge.get_absolute_url()).content.decode()
    assert arena.network.get_absolute_url() in page
    assert need.get_absolute_url() in page


def test_need_of_a_network_alone_is_not_told_to_strangers(client, arena, sign_in):
    need = make.NeedFactory(network=arena.network, visibility="network")
    arena.challenge.needs.add(need)
    address = arena.challenge.get_absolute_url()
    assert need.title_sv not in client.get(address).content.decode()
    assert need.title_sv in sign_in(arena.member).get(address).content.decode()


@pytest.mark.parametrize("state", ["decided", "completed", "cancelled"])
def test_outcome_is_told_when_it_is_over(client, arena, state):
    Outcome.objects.create(challenge=arena.challenge, kind="cancelled", text_sv="Så gick det till")
    address = arena.challenge.get_absolute_url()
    assert "Så gick det till" not in client.get(address).content.decode()
    Challenge.objects.filter(pk=arena.challenge.pk).update(state=state)
    assert "Så gick det till" in client.get(address).content.decode()


def test_historic_without_dates_says_so(client, all_kinds):
    Challenge.objects.filter(pk=all_kinds["historic"].pk).update(source="Rapport 2019:3")
    page = client.get(all_kinds["historic"].get_absolute_url()).content.decode()
    assert "2018" in page
    assert "Rapport 2019:3" in page


def test_drafts_are_for_the_team_and_the_owners_administrators(arena, sign_in):
    TeamMember.objects.create(challenge=arena.challenge, user=arena.coordinator)
    Challenge.objects.filter(pk=arena.challenge.pk).update(state="draft")
    address = arena.challenge.get_absolute_url()
    found = {
        role: sign_in(getattr(arena, role)).get(address).status_code
        for role in ("stranger", "rival", "buyer", "staff", "member", "owner", "coordinator")
    }
    assert found == {
        **dict.fromkeys(["stranger", "rival", "buyer", "staff", "member"], 404),
        **dict.fromkeys(["owner", "coordinator"], 200),
    }


# Both nights on which the clocks change, 2026: 25 October 3.00 → 2.00, 29 March 2.00 → 3.00.
NIGHTS = [
    (datetime(2026, 10, 25, 0, 30, tzinfo=UTC), "2.30.00", "UTC+2"),
    (datetime(2026, 10, 25, 1, 30, tzinfo=UTC), "2.30.00", "UTC+1"),
    (datetime(2026, 3, 29, 0, 59, tzinfo=UTC), "1.59.00", "UTC+1"),
    (datetime(2026, 3, 29, 1, 0, tzinfo=UTC), "3.00.00", "UTC+2"),
]


@pytest.mark.parametrize(("closes_at", "clock", "zone"), NIGHTS)
def test_the_nights_when_clocks_change(client, arena, closes_at, clock, zone):
    arena.challenge = make.ChallengeFactory(opens_at=closes_at - 30 * DAY, closes_at=closes_at)
    with time_machine.travel(closes_at - 2 * DAY, tick=False):
        page = client.get(arena.challenge.get_absolute_url()).content.decode()
        [row] = challenge_rows([arena.challenge])
    calendar = client.get(reverse("challenges:calendar", args=[arena.challenge.slug]))
    [closing] = [
        event
        for event in Calendar.from_ical(calendar.content).walk("VEVENT")
        if event["uid"].startswith("closes-")
    ]

    assert f"senast kl.\u00a0{clock}" in page
    assert f"svensk tid ({zone})" in page
    assert row["figure"] == "2"
    assert closing.decoded("dtstart").astimezone(UTC) == closes_at or "T0230" in str(
        closing["dtstart"].to_ical()
    )


def test_calendar_has_all_times(client, arena):
    now = timezone.now().replace(microsecond=0)
    Challenge.objects.filter(pk=arena.challenge.pk).update(
        questions_until=now + DAY, decision_expected_on=timezone.localdate() + 40 * DAY
    )
    response = client.get(reverse("challenges:calendar", args=[arena.challenge.slug]))
    calendar = Calendar.from_ical(response.content)
    kinds = [event["uid"].split("-")[0] for event in calendar.walk("VEVENT")]

    assert kinds == ["opens", "questions", "closes", "decision"]
    assert {event["sequence"] for event in calendar.walk("VEVENT")} == {0}
    assert calendar.walk("VTIMEZONE")
    assert response.headers["Content-Type"].startswith("text/calendar")


def test_a_calendar_follows_an_amendment(client, arena):
    """The same entries, at their new times, under a higher number."""

    def closing():
        response = client.get(reverse("challenges:calendar", args=[arena.challenge.slug]))
        [event] = [
            one
            for one in Calendar.from_ical(response.content).walk("VEVENT")
            if one["uid"].startswith("closes-")
        ]
        return event

    before = closing()
    later = arena.challenge.closes_at.replace(microsecond=0) + DAY
    amend(arena.challenge, {"closes_at": later}, reason_sv="Mer tid", seen=0, by=arena.owner)
    after = closing()
    assert after["uid"] == before["uid"]
    assert (before["sequence"], after["sequence"]) == (0, 1)
    assert after.decoded("dtstart") == later
    assert after.decoded("dtstart").tzinfo is not None
    assert after.decoded("dtstamp") > before.decoded("dtstamp")
    assert after["url"].endswith(arena.challenge.get_absolute_url())


def test_the_page_tells_who_is_affected_and_who_may_answer(client, arena):
    texts = {"affected_sv": "Elva tusen pendlare", "eligibility_sv": "Alla utom säljare"}
    Challenge.objects.filter(pk=arena.challenge.pk).update(**texts)
    page = client.get(arena.challenge.get_absolute_url())
    for text in texts.values():
        assert text in page.text
    named = [name for name, _heading in page.context["contents"]]
    assert {"affected", "eligibility"} <= set(named)


def test_the_print_version_has_all_of_it(client, arena, django_assert_max_num_queries):
    for number in range(5):
        changes = {"contact": f"Kontakt {number}"}
        amend(arena.challenge, changes, reason_sv="Ny", seen=number, by=arena.owner)
    arena.challenge.criteria.update(help_sv="Så här menar vi")
    with django_assert_max_num_queries(12):
        page = client.get(reverse("challenges:print", args=[arena.challenge.slug]))
    assert page.text.count("Ändring ") == 5
    assert page.text.count("Så här menar vi") == 2


def test_the_team_finds_its_workspace(arena, sign_in):
    arena.challenge.team.create(user=arena.member)
    work = reverse("challenges:work", args=[arena.challenge.slug])
    for role in ("stranger", "rival", "staff", "coordinator"):
        assert (
            work not in sign_in(getattr(arena, role)).get(arena.challenge.get_absolute_url()).text
        )
    assert work in sign_in(arena.member).get(arena.challenge.get_absolute_url()).text


def test_no_calendar_without_dates(client, all_kinds):
    address = reverse("challenges:calendar", args=[all_kinds["historic"].slug])
    assert client.get(address).status_code == 404


WAYS = {
    "stranger": "Logga in för att svara",
    "user": "/organisation/",
    "supplier": "Börja på svaret",
    "rival": "Börja på svaret",
    "buyer": "leverantörer som svarar",
    "member": "äger utmaningen",
    "owner": "äger utmaningen",
    "staff": "/organisation/",
}


@pytest.mark.parametrize("role", WAYS)
def test_the_way_in_is_told_to_each(arena, sign_in, role):
    page = sign_in(getattr(arena, role)).get(
        reverse("challenges:answer", args=[arena.challenge.slug])
    )
    assert WAYS[role] in page.content.decode()


def test_after_log_in_one_comes_back(arena, client):
    address = reverse("challenges:answer", args=[arena.challenge.slug])
    assert f"?next={address}" in client.get(address).content.decode()


@pytest.mark.parametrize("query", ["page=0", "page=10000000000000000000", "topic=%27", "q=%00"])
def test_bad_input_is_never_a_server_error(client, all_kinds, query):
    assert client.get(f"{reverse('challenges:list')}?{query}").status_code in (200, 302, 400, 404)


def test_positions_beyond_reason_are_not_found(arena, draft, sign_in):
    client = sign_in(arena.supplier)
    address = reverse("challenges:submission", args=[arena.challenge.slug, draft.reference])
    for position in ("0", "99", str(10**30)):
        assert client.get(f"{address}del/{position}/").status_code == 404
