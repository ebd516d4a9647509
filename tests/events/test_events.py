from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.urls import reverse
from django.utils import timezone
from icalendar import Calendar

from afori.events.models import Event

from .. import factories as make

pytestmark = pytest.mark.django_db
STOCKHOLM = ZoneInfo("Europe/Stockholm")
MAY_SEE = {"member", "coordinator"}
ROLES = ["stranger", "user", "supplier", "buyer", "member", "coordinator", "staff", "superuser"]


@pytest.fixture
def meeting(cast):
    return make.EventFactory(title_sv="Hemlig träff", visibility="network", network=cast.network)


@pytest.mark.parametrize("role", ROLES)
def test_event_of_a_network_is_for_its_members(cast, sign_in, meeting, role):
    person = getattr(cast, role)
    client = sign_in(person)
    expected = 200 if role in MAY_SEE else 404
    assert client.get(meeting.get_absolute_url()).status_code == expected
    assert client.get(reverse("events:calendar", args=[meeting.slug])).status_code == expected
    listed = "Hemlig träff" in client.get(reverse("events:list")).content.decode()
    assert listed == (role in MAY_SEE)
    found = (
        meeting.get_absolute_url()
        in client.get(reverse("search"), {"q": "hemlig"}).content.decode()
    )
    assert found == (role in MAY_SEE)


def test_member_who_left_sees_the_event_no_more(cast, sign_in, meeting):
    client = sign_in(cast.member)
    assert client.get(meeting.get_absolute_url()).status_code == 200
    cast.member.network_memberships.all().delete()
    assert client.get(meeting.get_absolute_url()).status_code == 404


def test_calendar_file_has_zone_and_link(client, settings):
    event = make.EventFactory(
        title_sv="Dialogmöte, åäö; med tecken",
        starts_at=datetime(2026, 7, 1, 13, 0, tzinfo=STOCKHOLM),
        ends_at=datetime(2026, 7, 1, 14, 30, tzinfo=STOCKHOLM),
    )
    response = client.get(reverse("events:calendar", args=[event.slug]))
    assert response.headers["Content-Type"] == "text/calendar; charset=utf-8"
    [entry] = Calendar.from_ical(response.content).walk("VEVENT")
    assert entry.decoded("dtstart") == event.starts_at
    assert entry["summary"] == "Dialogmöte, åäö; med tecken"
    assert str(entry["url"]) == settings.AFORI_BASE_URL + event.get_absolute_url()
    assert b"TZID=Europe/Stockholm" in response.content


def test_list_shows_what_comes_first_and_the_latest_past_after(client):
    times = {"Sen": 20, "Snart": 2, "Nyss": -2, "Länge sedan": -200}
    for title, days in times.items():
        make.EventFactory(title_sv=title, starts_at=timezone.now() + timedelta(days=days))
    html = client.get(reverse("events:list")).content.decode()
    assert sorted(times, key=html.index) == ["Snart", "Sen", "Nyss", "Länge sedan"]


def test_event_page_hides_the_name_of_a_draft_challenge(client):
    draft = make.ChallengeFactory(state="draft", title_sv="Hemligt utkast")
    event = make.EventFactory(challenge=draft)
    assert "Hemligt utkast" not in client.get(event.get_absolute_url()).content.decode()


def test_upcoming_holds_what_has_not_ended(time_machine):
    event = make.EventFactory()
    time_machine.move_to(event.ends_at)
    assert list(Event.objects.upcoming()) == [event]
