"""The page of a theme week leads through it day by day, before, during and after."""

import datetime as dt
import re

import pytest
from django.core.cache import caches
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from icalendar import Calendar

from afori.notifications.models import Reader
from knowledge import actions
from knowledge.models import Phase, ThemeDay, ThemeQuestion
from knowledge.notifications import recipients

from .. import factories as make
from .conftest import MONDAY, at

pytestmark = pytest.mark.django_db
ROLES = ["stranger", "user", "supplier", "buyer", "member", "coordinator", "staff", "superuser"]
MEMBERS = {"member", "coordinator"}


def event(week, title, day, hour, **fields):
    starts = at(day, hour)
    one = make.EventFactory(
        title_sv=title, starts_at=starts, ends_at=starts + dt.timedelta(hours=1), **fields
    )
    week.events.add(one)
    return one


def shown_days(html):
    return re.findall(r'<li class="row[^"]*" id="(\d{4}-\d\d-\d\d)"', html)


def page(client, week):
    return client.get(week.get_absolute_url()).content.decode()


def test_days_come_in_order_and_hold_their_events(client, week, time_machine):
    time_machine.move_to(at(-10, 12))
    event(week, "Onsdagens samtal", 2, 9)
    event(week, "Måndag eftermiddag", 0, 15)
    event(week, "Måndag morgon", 0, 8)
    ThemeDay.objects.create(week=week, number=4, text_sv="Torsdagen är till för att läsa.")
    ThemeDay.objects.create(week=week, number=5)
    html = page(client, week)
    assert shown_days(html) == ["2026-11-30", "2026-12-02", "2026-12-03"]
    texts = ["Måndag morgon", "Måndag eftermiddag", "Onsdagens samtal", "Torsdagen är till"]
    assert sorted(texts, key=html.index) == texts
    assert "måndag" in html.lower()
    assert "30\xa0november" in html
    assert "börjar om 10 dagar" in html


def test_event_just_after_midnight_stands_on_its_swedish_day(client, week, time_machine):
    time_machine.move_to(at(-10, 12))
    event(week, "Nattöppet", 0, 0)
    assert shown_days(page(client, week)) == ["2026-11-30"]


def test_today_comes_first_and_is_marked(client, week, time_machine):
    for day in range(5):
        event(week, f"Dag {day}", day, 13, recording_link=f"https://film.example.org/{day}")
    time_machine.move_to(at(2, 7))
    html = page(client, week)
    assert [int(day[-2:]) for day in shown_days(html)] == [2, 3, 4, 30, 1]
    assert re.findall(r'class="row today" id="([^"]+)"', html) == ["2026-12-02"]
    assert "pågår nu" in html
    assert "Tidigare i veckan" in html


def test_archive_has_recap_and_recordings_and_no_invitation(client, week, time_machine):
    event(week, "Samtal", 0, 13, recording_link="https://film.example.org/1", link="https://a.b/")
    week.recap_sv = "<p>Det blev <strong>bra</strong>.</p>"
    week.save()
    time_machine.move_to(at(5, 0))
    html = page(client, week)
    assert "<p>Det blev <strong>bra</strong>.</p>" in html
    assert "https://film.example.org/1" in html
    assert "https://a.b/" not in html
    assert "har varit" in html
    assert "kalender.ics" not in html


def test_recap_is_shown_from_when_its_mail_goes_out(client, week, time_machine):
    time_machine.move_to(at(-30, 12))
    actions.plan_mails(week)
    shown = {}
    for day, hour in [(3, 12), (4, 14), (4, 15), (5, 0)]:
        time_machine.move_to(at(day, hour))
        shown[day, hour] = "Det blev bra." in page(client, week)
    assert shown == {(3, 12): False, (4, 14): False, (4, 15): True, (5, 0): True}


def test_three_questions_become_the_staircase(client, week):
    for position in (1, 2):
        ThemeQuestion.objects.create(week=week, position=position, title_sv=f"Fråga {position}?")
    assert "Fråga 1?" not in page(client, week)
    ThemeQuestion.objects.create(week=week, position=3, title_sv="Fråga 3?")
    assert "Fråga 1?" in page(client, week)


@pytest.mark.parametrize(
    ("day", "phase"),
    [(-1, Phase.COMING), (0, Phase.RUNNING), (4, Phase.RUNNING), (5, Phase.OVER)],
)
def test_phase_follows_the_calendar(week, day, phase):
    assert week.phase(on=MONDAY + dt.timedelta(days=day)) == phase


def test_week_without_dates_is_planned(client):
    week = make.ThemeWeekFactory()
    ThemeDay.objects.create(week=week, number=1, text_sv="Första dagen")
    assert week.phase() == Phase.PLANNED
    assert "Första dagen" not in page(client, week)


@pytest.mark.parametrize("role", ROLES)
def test_event_for_members_shows_to_them_alone(cast, sign_in, week, role):
    event(week, "Hemlig träff", 1, 10, visibility="network", network=cast.network)
    event(week, "Öppet samtal", 1, 12)
    client = sign_in(getattr(cast, role))
    html = page(client, week)
    calendar = client.get(reverse("knowledge:theme_week_calendar", args=[week.slug])).content
    assert "Öppet samtal" in html
    assert ("Hemlig träff" in html) == (role in MEMBERS)
    assert ("Hemlig träff".encode() in calendar) == (role in MEMBERS)


def test_page_asks_as_often_for_a_hundred_events_as_for_one(client, week, time_machine):
    time_machine.move_to(at(1, 7))

    def queries(number):
        for _ in range(number):
            event(week, "Samtal", 1, 12)
            challenge, article = make.ChallengeFactory(), make.ArticleFactory()
            article.topics.add(make.TopicFactory())
            week.challenges.add(challenge)
            week.articles.add(article)
            week.calls.add(make.FundingCallFactory())
        caches["process"].clear()
        with CaptureQueriesContext(connection) as captured:
            assert client.get(week.get_absolute_url()).status_code == 200
        return len(captured)

    client.get(week.get_absolute_url())
    one = queries(1)
    three = queries(2)
    for _ in range(97):
        event(week, "Samtal", 2, 12)
    assert (one, three, queries(0)) == (one, one, one)
    assert one <= 12


# Calendar file


def entries(client, week):
    address = reverse("knowledge:theme_week_calendar", args=[week.slug])
    response = client.get(address)
    assert response.headers["Content-Type"] == "text/calendar; charset=utf-8"
    return response.content, Calendar.from_ical(response.content)


def test_calendar_of_the_week_is_whole(client, week, settings):
    one = event(week, "Krav; med tecken, åäö", 1, 13, place="Bergsjö stadshus")
    content, calendar = entries(client, week)
    whole, meeting = calendar.walk("VEVENT")
    assert not calendar.errors
    assert b"TZID=Europe/Stockholm" in content
    assert calendar.walk("VTIMEZONE")
    assert meeting.decoded("dtstart") == one.starts_at
    assert str(meeting["url"]) == settings.AFORI_BASE_URL + one.get_absolute_url()
    assert str(whole["url"]) == settings.AFORI_BASE_URL + week.get_absolute_url()
    assert whole.decoded("dtstart") == week.starts_on
    assert whole.decoded("dtend") == week.ends_on + dt.timedelta(days=1)
    assert calendar["x-wr-calname"] == "Köp det som går runt"


def test_calendar_fetched_again_replaces_what_it_gave(client, week, time_machine):
    one = event(week, "Samtal", 1, 13)
    before = {str(entry["uid"]): entry["sequence"] for entry in entries(client, week)[1].events}
    time_machine.move_to(timezone.now() + dt.timedelta(hours=1))
    one.starts_at, one.ends_at = at(3, 13), at(3, 14)
    one.save()
    week.starts_on, week.ends_on = week.starts_on + dt.timedelta(7), week.ends_on + dt.timedelta(7)
    week.save()
    after = {str(entry["uid"]): entry["sequence"] for entry in entries(client, week)[1].events}
    assert before.keys() == after.keys()
    assert all(after[uid] > before[uid] for uid in before)


def test_calendar_of_a_week_that_is_not_published_is_not_there(client, week):
    week.is_published = False
    week.save()
    address = reverse("knowledge:theme_week_calendar", args=[week.slug])
    assert client.get(address).status_code == 404


# Preview


def test_editor_previews_an_unpublished_week_as_strangers_will_see_it(
    client, cast, week, editor, time_machine
):
    time_machine.move_to(at(-20, 12))
    event(week, "Hemlig träff", 1, 10, visibility="network", network=cast.network)
    event(week, "Öppet samtal", 1, 12)
    week.is_published = False
    week.save()
    make.NetworkMembershipFactory(network=cast.network, user=editor)
    client.force_login(editor)
    address = reverse("knowledge:theme_week_preview", args=[week.slug])
    assert client.get(week.get_absolute_url()).status_code == 404
    html = client.get(address).content.decode()
    assert "Öppet samtal" in html
    assert "Hemlig träff" not in html
    assert "Bara redaktörer ser den" in html
    during = client.get(address, {"on": "2026-12-01"}).content.decode()
    assert 'class="row today" id="2026-12-01"' in during
    odd = client.get(address, {"on": "9999-99-99"})
    assert odd.status_code == 200


@pytest.mark.parametrize("role", [*ROLES[1:-1], "owner"])
def test_preview_is_for_editors(cast, sign_in, week, role):
    client = sign_in(getattr(cast, role))
    address = reverse("knowledge:theme_week_preview", args=[week.slug])
    assert client.get(address).status_code == 403


# Following


def test_week_is_followed_from_its_page_until_it_is_over(client, week, time_machine):
    time_machine.move_to(at(-10, 12))
    url = reverse("notifications:follow", args=["theme_week", week.slug])
    assert url in page(client, week)
    person = make.UserFactory()
    client.force_login(person)
    client.post(url)
    assert list(recipients(week)) == [Reader.objects.of(person).get()]
    assert reverse("notifications:unfollow", args=["theme_week", week.pk]) in page(client, week)
    time_machine.move_to(at(5, 0))
    client.logout()
    assert url not in page(client, week)


def test_unpublished_week_cannot_be_followed(client, week):
    week.is_published = False
    week.save()
    client.force_login(make.UserFactory())
    url = reverse("notifications:follow", args=["theme_week", week.slug])
    assert client.post(url).status_code == 404
