"""Editors build a theme week and look after its three mails."""

import datetime as dt

import pytest
from django.core import mail as django_mail
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from icalendar import Calendar

from afori.notifications import following, outbox
from afori.notifications.models import OutgoingMail
from knowledge import actions
from knowledge.models import ThemeDay, ThemeWeek, ThemeWeekMail

from .. import factories as make
from ..admin.forms import fields, save
from .conftest import at

pytestmark = pytest.mark.django_db
Which, State = ThemeWeekMail.Which, ThemeWeekMail.State
ROLES = ["user", "supplier", "buyer", "member", "coordinator", "owner", "staff"]
FORM, MAIL_FORM = "themeweek_form", "themeweekmail_form"


@pytest.fixture
def before(time_machine, week):
    """A month before the week, its mails planned."""
    time_machine.move_to(at(-30, 12), tick=False)
    actions.plan_mails(week)


@pytest.fixture
def desk_of_editor(client, editor, before):
    client.force_login(editor)
    return client


def change_page(week):
    return reverse("admin:knowledge_themeweek_change", args=[week.pk])


def mail_page(week, which, page="change", *args):
    mail = week.mails.get(which=which)
    return reverse(f"admin:knowledge_themeweekmail_{page}", args=[mail.pk, *args])


def told(response):
    return [str(message) for message in response.context["messages"]]


def follower(**fields):
    person = make.UserFactory(**fields)
    following.follow("every_theme_week", by=person)
    return person


def later(client, person, moment, time_machine):
    """That moment, with a log-in of its own: the first one has ended by then."""
    time_machine.move_to(moment, tick=False)
    client.force_login(person)


# Building


def test_each_day_waits_for_its_words(desk_of_editor, week):
    url = change_page(week)
    page = desk_of_editor.get(url)
    assert "måndag 30\xa0november" in page.content.decode()
    data = fields(page, FORM)
    assert [data[f"days-{row}-number"][0] for row in range(5)] == ["1", "2", "3", "4", "5"]
    save(desk_of_editor, url, FORM, **{"days-2-text_sv": "Onsdag är till för att mötas."})
    assert list(ThemeDay.objects.values_list("week", "number", "text_sv")) == [
        (week.pk, 3, "Onsdag är till för att mötas.")
    ]
    again = fields(desk_of_editor.get(url), FORM)
    assert again["days-0-number"] == ["3"]
    assert "days-4-number" in again
    assert "days-5-number" not in again


def test_new_week_gets_a_last_day_and_three_mails(client, editor, time_machine):
    time_machine.move_to(at(-30, 12), tick=False)
    client.force_login(editor)
    url = reverse("admin:knowledge_themeweek_add")
    save(client, url, FORM, title_sv="Ny vecka", slug="ny", starts_on="2026-11-30")
    made = ThemeWeek.objects.get(slug="ny")
    assert made.ends_on == dt.date(2026, 12, 4)
    assert made.mails.count() == 3


def test_new_first_day_moves_last_day_and_mails_and_tells(desk_of_editor, week):
    event = make.EventFactory(title_sv="Kvar i november", starts_at=at(1, 9))
    week.events.add(event)
    response = save(desk_of_editor, change_page(week), FORM, starts_on="2026-12-07")
    week.refresh_from_db()
    assert week.ends_on == dt.date(2026, 12, 11)
    text = " ".join(told(response))
    assert "7–11\xa0december 2026" in text
    assert "måndag 23\xa0november kl.\xa08.00" in text
    assert "måndag 7\xa0december kl.\xa08.00" in text
    assert "Kvar i november" in text
    assert week.mails.get(which=Which.RECAP).send_at == at(11, 15)


def test_moved_after_the_announcement_says_what_is_not_moved(
    desk_of_editor, editor, week, time_machine
):
    follower()
    later(desk_of_editor, editor, at(-14, 8), time_machine)
    actions.send_due()
    response = save(desk_of_editor, change_page(week), FORM, starts_on="2026-12-07")
    assert any("Inte flyttat" in text and "1 läsare" in text for text in told(response))


def test_other_changes_leave_the_times_alone(desk_of_editor, week):
    before = list(week.mails.values_list("send_at", flat=True))
    response = save(desk_of_editor, change_page(week), FORM, title_sv="Nytt namn")
    assert list(week.mails.values_list("send_at", flat=True)) == before
    assert not any("går nu ut" in text for text in told(response))


@pytest.mark.parametrize(
    ("days", "field"),
    [
        ({"starts_on": "", "ends_on": "2026-12-01"}, "starts_on"),
        ({"ends_on": "2026-11-01"}, "ends_on"),
    ],
)
def test_days_that_make_no_sense_are_refused(desk_of_editor, week, days, field):
    response = save(desk_of_editor, change_page(week), FORM, **days)
    assert field in response.context["adminform"].form.errors


def test_page_says_what_strangers_will_not_see(desk_of_editor, cast, week):
    week.events.add(
        make.EventFactory(title_sv="Hemlig träff", visibility="network", network=cast.network)
    )
    html = desk_of_editor.get(change_page(week)).content.decode()
    assert "visas därför inte på sidan: Hemlig träff" in html
    assert reverse("knowledge:theme_week_preview", args=[week.slug]) in html


def test_page_counts_receivers(desk_of_editor, week):
    for _ in range(3):
        follower()
    assert "3 läsare skulle få dem" in desk_of_editor.get(change_page(week)).content.decode()


# The mails


def test_usual_texts_are_shown_and_only_changes_are_kept(desk_of_editor, week):
    url = mail_page(week, Which.START)
    data = fields(desk_of_editor.get(url), MAIL_FORM)
    assert data["subject_sv"] == ["Den här veckan: Köp det som går runt"]
    assert data["subject_en"] == ["This week: Buy what goes round"]
    save(desk_of_editor, url, MAIL_FORM, intro_sv="Välkommen!")
    mail = week.mails.get(which=Which.START)
    assert (mail.subject_sv, mail.intro_sv, mail.intro_en) == ("", "Välkommen!", "")
    week.title_sv = "Annat namn"
    week.save()
    data = fields(desk_of_editor.get(url), MAIL_FORM)
    assert data["subject_sv"] == ["Den här veckan: Annat namn"]
    assert data["intro_sv"] == ["Välkommen!"]


def test_editor_gives_a_mail_another_time(desk_of_editor, week):
    url = mail_page(week, Which.START)
    save(desk_of_editor, url, MAIL_FORM, send_at_0="2026-11-30", send_at_1="07:30")
    assert week.mails.get(which=Which.START).send_at == at(0, 7, 30)
    response = save(desk_of_editor, url, MAIL_FORM, send_at_0="2026-12-30", send_at_1="07:30")
    assert any("för sent" in text for text in told(response))
    assert week.mails.get(which=Which.START).send_at == at(0, 7, 30)


@pytest.mark.parametrize("language", ["sv", "en"])
@pytest.mark.parametrize("which", list(Which))
def test_preview_is_what_is_sent(desk_of_editor, editor, week, time_machine, language, which):
    week.events.add(make.EventFactory(starts_at=at(1, 9), recording_link="https://film.example/1"))
    week.articles.add(make.ArticleFactory())
    follower(language=language)
    moment = {"announcement": at(-14, 8), "start": at(0, 8), "recap": at(4, 15)}[which]
    later(desk_of_editor, editor, moment, time_machine)
    page = desk_of_editor.get(mail_page(week, which, "preview"))
    shown = next(one for one in page.context["drawn"] if one["language"] == language)["letter"]
    html = desk_of_editor.get(mail_page(week, which, "html", language)).content.decode()
    ThemeWeekMail.objects.exclude(which=which).delete()
    actions.start_mail(week.mails.get().pk, timezone.now())
    outbox.drain()
    [message] = django_mail.outbox
    sent = message.alternatives[0][0]
    assert message.subject == shown.subject
    assert without_links_to_stop(message.body) == without_links_to_stop(shown.text)
    assert without_links_to_stop(sent) == without_links_to_stop(shown.html)
    assert without_links_to_stop(html) == without_links_to_stop(sent)
    assert page.context["receivers"] == 1


def without_links_to_stop(text):
    """Each reader's own address to stop the mails is the one thing that differs."""
    return [line for line in text.replace("><", ">\n<").splitlines() if not stops(line)]


def stops(line):
    return "Sluta få mejl" in line or "Stop mails" in line


def test_preview_frame_runs_nothing(desk_of_editor, week):
    response = desk_of_editor.get(mail_page(week, Which.START, "html", "sv"))
    policy = response.headers["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "sandbox" in policy
    assert response.headers["X-Frame-Options"] == "SAMEORIGIN"
    assert desk_of_editor.get(mail_page(week, Which.START, "html", "xx")).status_code == 404


def test_start_goes_with_a_calendar_file(desk_of_editor, week):
    week.events.add(make.EventFactory(title_sv="Samtal", starts_at=at(1, 9)))
    html = desk_of_editor.get(mail_page(week, Which.START, "preview")).content.decode()
    assert "runt.ics" in html
    file = desk_of_editor.get(mail_page(week, Which.START, "calendar")).content
    assert [str(one["summary"]) for one in Calendar.from_ical(file).events][1] == "Samtal"


@pytest.mark.parametrize(
    ("language", "word"), [("sv", "Prov: Den här veckan"), ("en", "Test: This week")]
)
def test_editor_sends_a_test_to_themself_alone(desk_of_editor, editor, week, language, word):
    follower()
    save(desk_of_editor, mail_page(week, Which.START), MAIL_FORM, button=f"_test_{language}")
    outbox.drain()
    [message] = django_mail.outbox
    assert message.to == [editor.email]
    assert message.subject.startswith(word)
    assert week.mails.get(which=Which.START).state == State.PLANNED


def test_editor_cancels_and_plans_again(desk_of_editor, week):
    url = mail_page(week, Which.START)
    save(desk_of_editor, url, MAIL_FORM, button="_cancel")
    assert week.mails.get(which=Which.START).state == State.CANCELLED
    save(desk_of_editor, url, MAIL_FORM, button="_again")
    assert week.mails.get(which=Which.START).state == State.PLANNED


def test_mail_that_has_gone_cannot_be_changed(desk_of_editor, editor, week, time_machine):
    follower()
    later(desk_of_editor, editor, at(-14, 8), time_machine)
    actions.send_due()
    url = mail_page(week, Which.ANNOUNCEMENT)
    page = desk_of_editor.get(url)
    assert "subject_sv" not in fields(page, MAIL_FORM)
    assert ">1<" in page.content.decode()
    desk_of_editor.post(url, {"subject_sv": "Smyg", "send_at_0": "2026-11-29", "_save": "1"})
    mail = week.mails.get(which=Which.ANNOUNCEMENT)
    assert (mail.subject_sv, mail.state) == ("", State.STARTED)
    save(desk_of_editor, url, MAIL_FORM, button="_cancel")
    outbox.drain()
    assert django_mail.outbox == []
    assert OutgoingMail.objects.get().state == "withheld"


@pytest.mark.parametrize("role", ROLES)
def test_who_may_not_edit_weeks_gets_no_mail_page(cast, sign_in, before, week, role):
    client = sign_in(getattr(cast, role))
    for page, args in [("change", []), ("preview", []), ("html", ["sv"]), ("calendar", [])]:
        assert client.get(mail_page(week, Which.START, page, *args)).status_code in (302, 403)
    client.post(mail_page(week, Which.START), {"_cancel": "1"})
    assert week.mails.get(which=Which.START).state == State.PLANNED


def test_pages_ask_as_often_for_many_as_for_one(desk_of_editor, week):
    def queries(url):
        with CaptureQueriesContext(connection) as captured:
            assert desk_of_editor.get(url).status_code == 200
        return len(captured)

    urls = [mail_page(week, Which.START, "preview"), mail_page(week, Which.START)]
    week.events.add(make.EventFactory(starts_at=at(1, 9)))
    follower()
    one = [queries(url) for url in urls]
    for _ in range(5):
        follower()
        week.events.add(make.EventFactory(starts_at=at(1, 9)))
    assert [queries(url) for url in urls] == one
