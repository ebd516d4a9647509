"""Dialogue meetings of a challenge: its team plans them, everybody may come and read the notes."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone
from icalendar import Calendar

from afori.common.states import Refused
from afori.events import actions
from afori.events.models import Event
from afori.events.plain_text import as_html, as_text, is_plain
from afori.notifications.following import follow
from challenges.locks import database_now
from challenges.models import Challenge, TeamMember

from .. import factories as make
from ..cast import ROLES, employee
from ..telling import notified, send_all

pytestmark = pytest.mark.django_db


@pytest.fixture
def team(cast):
    """The cast with the owner and a colleague on the team, and a follower of the challenge."""
    cast.second = employee(cast.municipality, name="Tage Team")
    for person in (cast.owner, cast.second):
        TeamMember.objects.create(challenge=cast.challenge, user=person)
    follow("challenge", cast.challenge, by=cast.user)
    return cast


def facts(**changed):
    starts = database_now() + timedelta(days=2)
    known = {
        "title_sv": "Dialogmöte om sällskap",
        "title_en": "",
        "starts_at": starts,
        "ends_at": starts + timedelta(hours=1),
        "place": "Stadshuset",
        "link": "",
        "body_sv": "Kom och fråga.\n\nAlla är <b>välkomna</b>.",
        "body_en": "",
    }
    return known | changed


def typed(**changed):
    starts = timezone.localtime(facts()["starts_at"])
    known = {name: value for name, value in facts().items() if not name.endswith("_at")}
    known |= {"starts_at_0": f"{starts:%Y-%m-%d}", "starts_at_1": "13:00"}
    known |= {"ends_at_0": f"{starts:%Y-%m-%d}", "ends_at_1": "14:30"}
    return known | changed


@pytest.fixture
def meeting(team):
    return actions.plan_meeting(team.challenge, by=team.owner, **facts())


def held(meeting):
    """As if it had been held yesterday."""
    yesterday = database_now() - timedelta(days=1)
    Event.objects.filter(pk=meeting.pk).update(
        starts_at=yesterday, ends_at=yesterday + timedelta(hours=1)
    )
    meeting.refresh_from_db()
    return meeting


def seen(meeting):
    meeting.refresh_from_db()
    return meeting.updated_at.isoformat()


def page_of(team, name, *args):
    return reverse(f"meetings:{name}", args=[team.challenge.slug, *args])


def test_the_team_plans_a_meeting_that_everybody_sees(team, sign_in, client):
    sent = sign_in(team.owner).post(page_of(team, "new"), typed())
    assert sent.status_code == 302
    meeting = Event.objects.get()
    client.logout()

    page = client.get(meeting.get_absolute_url()).content.decode()
    assert "Kom och fråga." in page
    assert "&lt;b&gt;välkomna&lt;/b&gt;" in page
    assert meeting.title_sv in client.get(team.challenge.get_absolute_url()).content.decode()
    assert meeting.title_sv in client.get(reverse("events:list")).content.decode()
    file = client.get(reverse("events:calendar", args=[meeting.slug]))
    [entry] = Calendar.from_ical(file.content).walk("VEVENT")
    assert entry.decoded("dtstart") == meeting.starts_at
    told = notified(kind="challenges.meeting_planned").get()
    assert told.user == team.user


@pytest.mark.parametrize(
    ("changed", "field"),
    [
        ({"ends_at_1": "12:00"}, "ends_at"),
        ({"place": "", "link": ""}, "place"),
        ({"starts_at_0": "i morgon"}, "starts_at"),
        ({"title_sv": ""}, "title_sv"),
        ({"link": "javascript:alert(1)"}, "link"),
    ],
)
def test_what_is_wrong_is_told_and_what_was_typed_stays(team, sign_in, changed, field):
    page = sign_in(team.owner).post(page_of(team, "new"), typed(**changed))
    assert field in page.context["form"].errors
    assert "Kom och fråga." in page.content.decode()
    assert not Event.objects.exists()


@pytest.mark.parametrize("days", [-1, 30])
def test_a_meeting_is_ahead_and_before_the_challenge_closes(team, sign_in, days):
    day = timezone.localtime() + timedelta(days=days)
    when = {"starts_at_0": f"{day:%Y-%m-%d}", "ends_at_0": f"{day:%Y-%m-%d}"}
    page = sign_in(team.owner).post(page_of(team, "new"), typed(**when))
    assert page.status_code == 409
    assert "Kom och fråga." in page.content.decode()
    assert not Event.objects.exists()


def test_another_time_is_told_another_text_is_not(team, meeting):
    when = {"starts_at": meeting.starts_at, "ends_at": meeting.ends_at}
    change = {"seen": seen(meeting), "by": team.second}
    meeting = actions.change_meeting(meeting, **change, **facts(body_sv="Nytt", **when))
    assert not notified(kind="challenges.meeting_changed").exists()
    change["seen"] = seen(meeting)
    actions.change_meeting(meeting, **change, **facts(place="Biblioteket", **when))
    assert notified(kind="challenges.meeting_changed").count() == 1


def test_the_second_of_two_colleagues_is_told(team, meeting, sign_in):
    old = seen(meeting)
    actions.change_meeting(meeting, seen=old, by=team.second, **facts(place="Biblioteket"))
    client = sign_in(team.owner)
    page = client.post(page_of(team, "change", meeting.slug), typed(place="Torget", seen=old))
    html = page.content.decode()
    assert page.status_code == 409
    assert "Biblioteket" in html
    assert 'value="Torget"' in html
    meeting.refresh_from_db()
    assert meeting.place == "Biblioteket"

    again = {"seen": page.context["form"]["seen"].value()}
    client.post(page_of(team, "change", meeting.slug), typed(place="Torget", **again))
    meeting.refresh_from_db()
    assert meeting.place == "Torget"


def test_notes_are_for_all_and_watchers_are_told(team, meeting, sign_in, client, mailoutbox):
    client = sign_in(team.owner)
    early = client.post(
        page_of(team, "notes", meeting.slug), {"notes_sv": "Hej", "seen": seen(meeting)}
    )
    assert early.status_code == 409
    held(meeting)
    sent = client.post(
        page_of(team, "notes", meeting.slug),
        {"notes_sv": "Vi frågade <script>.\n\nAlla svarade.", "seen": seen(meeting)},
    )
    assert sent.status_code == 302
    send_all()
    assert {mail.to[0] for mail in mailoutbox} == {team.user.email}
    client.logout()
    html = client.get(meeting.get_absolute_url()).content.decode()
    assert "<p>Alla svarade.</p>" in html
    assert "&lt;script&gt;" in html
    assert (
        f"{meeting.get_absolute_url()}#notes"
        in client.get(team.challenge.get_absolute_url()).content.decode()
    )


def test_text_that_an_editor_formatted_is_not_flattened(team, meeting, sign_in):
    held(meeting)
    Event.objects.filter(pk=meeting.pk).update(notes_sv="<h2>Rubrik</h2><p>Text</p>")
    client = sign_in(team.owner)
    sent = {"notes_sv": "Text", "seen": seen(meeting)}
    page = client.post(page_of(team, "notes", meeting.slug), sent)
    assert page.context["is_formatted"]
    meeting.refresh_from_db()
    assert "<h2>" in meeting.notes_sv


@pytest.mark.parametrize(
    "text",
    ["En rad", "Två\nrader", "Ett stycke.\n\nEtt till & <b>tecken</b>.", "- punkt\n- punkt", ""],
)
def test_plain_text_survives_being_rich(text):
    assert as_text(as_html(text)) == text
    assert is_plain(Event._meta.get_field("notes_sv").clean(as_html(text), None))


@pytest.mark.parametrize("role", [role for role in ROLES if role != "owner"])
def test_only_the_team_plans_and_writes(team, meeting, sign_in, role):
    client = sign_in(getattr(team, role))
    addresses = [page_of(team, "list"), page_of(team, "new")]
    addresses += [page_of(team, name, meeting.slug) for name in ("change", "notes")]
    for address in addresses:
        expected = {302, 403} if role == "stranger" else {404}
        assert client.get(address).status_code in expected
        assert client.post(address, typed()).status_code in expected
    assert Event.objects.count() == 1


@pytest.mark.parametrize("state", ["draft", "in_review", "cancelled", "decided"])
def test_only_published_challenges_have_meetings(team, sign_in, state):
    Challenge.objects.filter(pk=team.challenge.pk).update(state=state)
    with pytest.raises(Refused):
        actions.plan_meeting(team.challenge, by=team.owner, **facts())


def test_a_meeting_of_another_challenge_or_kind_is_not_found(team, meeting, sign_in):
    other = make.ChallengeFactory(owner=team.municipality)
    TeamMember.objects.create(challenge=other, user=team.owner)
    seminar = make.EventFactory(challenge=team.challenge)
    client = sign_in(team.owner)
    assert (
        client.get(reverse("meetings:change", args=[other.slug, meeting.slug])).status_code == 404
    )
    assert client.get(page_of(team, "change", seminar.slug)).status_code == 404


@pytest.mark.parametrize("number", [1, 3])
def test_pages_have_constant_queries(team, sign_in, django_assert_max_num_queries, number):
    for _each in range(number):
        actions.plan_meeting(team.challenge, by=team.owner, **facts())
    client = sign_in(team.owner)
    for address in (page_of(team, "list"), reverse("challenges:work", args=[team.challenge.slug])):
        client.get(address)
        with django_assert_max_num_queries(12):
            assert client.get(address).status_code == 200
