"""The mails of theme weeks: when they go, to whom, once, and what stops them."""

import datetime as dt
import re
import threading
from email import message_from_bytes, policy

import pytest
from django.conf import settings
from django.core import mail as django_mail
from django.db import connection, connections
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from icalendar import Calendar

from afori.common.states import NotAllowedNow, Refused
from afori.notifications import following, outbox
from afori.notifications.models import (
    Follow,
    MailAddress,
    Notification,
    OutgoingMail,
    Preference,
    Reader,
)
from afori.notifications.spreading import spread
from knowledge import actions
from knowledge.models import ThemeWeek, ThemeWeekMail
from knowledge.notifications import THEME_WEEKS, WEEK_ANNOUNCED, recipients

from .. import factories as make
from .conftest import MONDAY, at

pytestmark = pytest.mark.django_db
Which, State = ThemeWeekMail.Which, ThemeWeekMail.State
Reason = ThemeWeekMail.Reason


def follower(kind="every_theme_week", subject=None, **fields):
    person = make.UserFactory(**fields)
    following.follow(kind, subject, by=person)
    return person


def sent_to():
    return sorted(message.to[0] for message in django_mail.outbox)


def states(week):
    return dict(week.mails.values_list("which", "state"))


def planned(week, time_machine, day=-30):
    """The three mails, planned a month before."""
    time_machine.move_to(at(day, 12), tick=False)
    actions.plan_mails(week)
    return {mail.which: mail for mail in week.mails.all()}


def run(moment, time_machine):
    time_machine.move_to(moment, tick=False)
    actions.send_due()
    outbox.drain()
    actions.send_due()


# When


def test_three_mails_at_their_times(week, time_machine):
    mails = planned(week, time_machine)
    assert {which: mail.send_at for which, mail in mails.items()} == {
        "announcement": at(-14, 8),
        "start": at(0, 8),
        "recap": at(4, 15),
    }
    assert actions.plan_mails(week) == []


@pytest.mark.parametrize("monday", [dt.date(2026, 3, 30), dt.date(2026, 10, 26)])
def test_times_hold_over_the_nights_when_clocks_change(week, time_machine, monday):
    """The announcement is sent in one season, the week is held in the other."""
    week.starts_on, week.ends_on = monday, monday + dt.timedelta(days=4)
    week.save()
    time_machine.move_to(at(-30, 12, monday=monday), tick=False)
    actions.plan_mails(week)
    follower(email="a@example.org")
    local = {
        mail.which: timezone.localtime(mail.send_at).strftime("%d %H:%M")
        for mail in week.mails.all()
    }
    assert {hour[-5:] for hour in local.values()} == {"08:00", "15:00"}
    for day, hour in [(-14, 8), (0, 8), (4, 15)]:
        run(at(day, hour, monday=monday) - dt.timedelta(seconds=1), time_machine)
        before = len(django_mail.outbox)
        run(at(day, hour, monday=monday), time_machine)
        assert len(django_mail.outbox) == before + 1
    assert set(states(week).values()) == {State.SENT}


@pytest.mark.parametrize("night", [dt.date(2026, 3, 29), dt.date(2026, 10, 25)])
def test_mail_within_the_night_that_clocks_change_goes_once(week, editor, time_machine, night):
    monday = night + dt.timedelta(days=8)
    week.starts_on, week.ends_on = monday, monday + dt.timedelta(days=4)
    week.save()
    mail = planned(week, time_machine, day=-400)["announcement"]
    moment = timezone.make_aware(dt.datetime.combine(night, dt.time(2, 30)))
    actions.reschedule_mail(mail, at=moment, by=editor)
    follower()
    start = dt.datetime.combine(night, dt.time(0), dt.UTC)
    for minutes in range(-60, 180, 15):
        run(start + dt.timedelta(minutes=minutes), time_machine)
    assert len(django_mail.outbox) == 1


def test_week_made_late_gives_editors_until_the_next_morning(week, time_machine):
    mails = planned(week, time_machine, day=-5)
    assert mails["announcement"].send_at == at(-4, 8)
    assert mails["announcement"].state == State.PLANNED


def test_archive_entered_afterwards_sends_nothing(week, time_machine):
    planned(week, time_machine, day=60)
    assert set(states(week).values()) == {State.WITHHELD}
    follower()
    run(at(62, 12), time_machine)
    assert django_mail.outbox == []


def test_week_that_nobody_saved_in_the_admin_gets_its_mails(week, time_machine):
    time_machine.move_to(at(-30, 12), tick=False)
    actions.send_due()
    assert week.mails.count() == 3
    make.ThemeWeekFactory()
    actions.send_due()
    assert ThemeWeekMail.objects.count() == 3


# To whom


def test_recipients_are_counted_as_they_are_later_sent(week, time_machine):
    mails = planned(week, time_machine)
    topic = week.topics.get()
    expected = [
        follower(email="alla@example.org"),
        follower("topic", topic, email="amne@example.org"),
        follower("theme_week", week, email="veckan@example.org"),
    ]
    both = follower(email="bada@example.org")
    following.follow("topic", topic, by=both)
    follower("topic", make.TopicFactory(), email="annat@example.org")
    follower("every_challenge", email="utmaningar@example.org")
    for mail in (Preference.Mail.OFF, Preference.Mail.DIGEST):
        prefers(follower(email=f"{mail}@example.org"), mail)
    prefers(follower(email="strax@example.org"), Preference.Mail.AT_ONCE)
    paused = follower(email="paus@example.org")
    Reader.objects.of(paused).update(paused_until=MONDAY)
    back = follower(email="ater@example.org")
    Reader.objects.of(back).update(paused_until=at(-14, 0).date())
    MailAddress.objects.create(
        address=follower(email="studs@example.org").email, points=4, stopped_at=timezone.now()
    )
    follower(email="stangd@example.org", is_active=False)
    address("obekraftad@example.org")
    address("bekraftad@example.org", confirmed_at=timezone.now())
    wanted = sorted(
        [person.email for person in [*expected, both, back]]
        + ["strax@example.org", "bekraftad@example.org"]
    )
    time_machine.move_to(at(-14, 8), tick=False)
    counted = recipients(week).count()
    run(at(-14, 8), time_machine)
    assert sent_to() == wanted
    mails["announcement"].refresh_from_db()
    assert (counted, mails["announcement"].receivers) == (len(wanted), len(wanted))


def prefers(person, mail):
    Preference.objects.create(
        reader=Reader.objects.of(person).get(), group=THEME_WEEKS.name, mail=mail, in_app=True
    )


def address(text, **fields):
    reader = Reader.objects.create(address=text, **fields)
    Follow.objects.create(reader=reader, kind="every_theme_week")
    return reader


def test_each_gets_the_mail_in_their_own_language(week, time_machine):
    planned(week, time_machine)
    follower(email="sv@example.org", language="sv")
    follower(email="en@example.org", language="en")
    run(at(0, 8), time_machine)
    subjects = {message.to[0]: message.subject for message in django_mail.outbox}
    assert subjects == {
        "sv@example.org": "Den här veckan: Köp det som går runt",
        "en@example.org": "This week: Buy what goes round",
    }


def test_queueing_and_composing_ask_as_often_for_many_as_for_one(week, time_machine):
    mail = planned(week, time_machine)["start"]
    time_machine.move_to(at(0, 8), tick=False)

    def queries(number):
        for _ in range(number):
            follower()
        with CaptureQueriesContext(connection) as captured:
            queued = actions.theme_weeks.queue_to_readers(
                recipients(week),
                kind=actions.theme_weeks.THEME_WEEK_MAIL,
                key=f"theme_week:{mail.pk}",
                subject_id=mail.pk,
                run=mail.run,
            )
            ThemeWeekMail.objects.filter(pk=mail.pk).update(
                state=State.STARTED, started_at=timezone.now(), receivers=1
            )
            waiting = list(OutgoingMail.objects.filter(run=mail.run))
            made = actions.theme_weeks.THEME_WEEK_MAIL.letters(waiting)
        assert queued == number
        return len(captured), {type(letter).__name__ for letter in made.values()}

    one = queries(1)
    assert queries(30) == one
    assert one[1] == {"Letter"}


def test_no_mail_tells_of_an_event_for_members(week, cast, time_machine):
    """Not even to a member: the mail is the same for all."""
    week.events.add(
        make.EventFactory(
            title_sv="Hemlig träff", visibility="network", network=cast.network, starts_at=at(1, 9)
        ),
        make.EventFactory(
            title_sv="Öppet samtal", starts_at=at(1, 12), recording_link="https://film.example/1"
        ),
    )
    planned(week, time_machine)
    following.follow("every_theme_week", by=cast.member)
    for moment in (at(-14, 8), at(0, 8), at(4, 15)):
        run(moment, time_machine)
    assert len(django_mail.outbox) == 3
    for message in django_mail.outbox:
        sent = message.body + message.alternatives[0][0] + str(message.attachments)
        assert "Öppet samtal" in sent
        assert "Hemlig" not in sent


def test_start_brings_the_calendar_of_the_week(week, time_machine):
    week.events.add(make.EventFactory(title_sv="Samtal; åäö", starts_at=at(1, 9)))
    planned(week, time_machine)
    follower(language="sv")
    run(at(0, 8), time_machine)
    message = message_from_bytes(django_mail.outbox[0].message().as_bytes(), policy=policy.default)
    [file] = message.iter_attachments()
    assert (file.get_content_type(), file.get_filename()) == ("text/calendar", "runt.ics")
    whole, talk = Calendar.from_ical(file.get_content()).events
    assert (talk["summary"], talk.decoded("dtstart")) == ("Samtal; åäö", at(1, 9))
    assert whole["summary"] == "Köp det som går runt"
    time_machine.move_to(at(4, 15), tick=False)
    run(at(4, 15), time_machine)
    assert django_mail.outbox[1].attachments == []


def test_one_click_stops_them_without_a_log_in(week, client, time_machine):
    planned(week, time_machine)
    first, second = follower(email="ett@example.org"), follower(email="tva@example.org")
    run(at(-14, 8), time_machine)
    message = next(one for one in django_mail.outbox if one.to == [first.email])
    link = re.match(r"<(https?://[^>]+)>, <mailto:", message.extra_headers["List-Unsubscribe"])[1]
    assert message.extra_headers["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert link in message.body
    assert link in message.alternatives[0][0]
    path = link.removeprefix(settings.AFORI_BASE_URL)
    assert client.get(path).status_code == 200
    assert recipients(week).count() == 2
    assert client.post(path, {"List-Unsubscribe": "One-Click"}).status_code == 200
    run(at(0, 8), time_machine)
    assert sent_to() == sorted([first.email, second.email, second.email])


# Once


@pytest.mark.django_db(transaction=True)
def test_many_beats_at_once_queue_each_reader_once(week, time_machine):
    planned(week, time_machine)
    people = [follower() for _ in range(20)]
    time_machine.move_to(at(0, 8), tick=False)
    start = threading.Barrier(6)

    def beat():
        start.wait()
        try:
            actions.send_due()
        finally:
            connections.close_all()

    threads = [threading.Thread(target=beat) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    outbox.drain()
    assert sent_to() == sorted(person.email for person in people)
    mail = week.mails.get(which=Which.START)
    assert (mail.receivers, OutgoingMail.objects.count()) == (20, 20)


@pytest.mark.django_db(transaction=True)
def test_moving_the_week_while_a_mail_goes_out_moves_it_or_tells(week, time_machine):
    """Whoever comes first, nobody gets two and the mail is not left half-way."""
    planned(week, time_machine)
    for _ in range(5):
        follower()
    time_machine.move_to(at(-14, 8), tick=False)
    start = threading.Barrier(2)

    def together(work):
        def act():
            start.wait()
            try:
                work()
            finally:
                connections.close_all()

        return threading.Thread(target=act)

    def move():
        ThemeWeek.objects.filter(pk=week.pk).update(
            starts_on=MONDAY + dt.timedelta(7), ends_on=MONDAY + dt.timedelta(11)
        )
        actions.plan_mails(week)

    threads = [together(move), together(actions.send_due)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    run(at(-7, 8), time_machine)
    assert len(django_mail.outbox) == 5
    assert states(week)["announcement"] == State.SENT


def test_sent_mail_is_not_sent_again(week, time_machine):
    planned(week, time_machine)
    follower()
    for day in range(4):
        run(at(day, 8), time_machine)
    assert len(django_mail.outbox) == 1
    mail = week.mails.get(which=Which.START)
    assert (mail.state, mail.sent_at) == (State.SENT, at(0, 8))


def test_nobody_follows_and_the_mail_counts_as_sent_to_none(week, time_machine):
    planned(week, time_machine)
    run(at(0, 8), time_machine)
    mail = week.mails.get(which=Which.START)
    assert (mail.state, mail.receivers) == (State.SENT, 0)


def test_run_and_message_id_tell_mails_apart(week, time_machine):
    planned(week, time_machine)
    person = follower()
    run(at(0, 8), time_machine)
    mail = OutgoingMail.objects.get()
    own = week.mails.get(which=Which.START)
    assert mail.run == "week runt start"
    assert mail.key == f"theme_week:{own.pk}:{Reader.objects.of(person).get().pk}"
    assert mail.priority == OutgoingMail.Priority.DIGEST


# Outages


def test_three_days_outage_withholds_what_is_no_longer_true(week, time_machine):
    planned(week, time_machine)
    follower()
    run(at(1, 9), time_machine)
    assert states(week)["announcement"] == State.WITHHELD
    assert states(week)["start"] == State.SENT
    assert week.mails.get(which=Which.ANNOUNCEMENT).reason == Reason.BEGUN
    assert len(django_mail.outbox) == 1


def test_start_gives_way_to_the_recap_that_is_due_as_well(week, time_machine):
    planned(week, time_machine)
    follower()
    run(at(4, 16), time_machine)
    start = week.mails.get(which=Which.START)
    assert (start.state, start.reason) == (State.WITHHELD, Reason.OVERTAKEN)
    assert [message.subject for message in django_mail.outbox] == [
        "Det här tar vi med oss: Köp det som går runt"
    ]


def test_recap_still_goes_after_an_outage_but_not_weeks_later(week, time_machine):
    planned(week, time_machine)
    follower()
    run(at(7, 9), time_machine)
    assert states(week)["recap"] == State.SENT
    other = make.ThemeWeekFactory(starts_on=MONDAY, ends_on=MONDAY, recap_sv="<p>x</p>")
    time_machine.move_to(at(-30, 12), tick=False)
    actions.plan_mails(other)
    run(at(15, 9), time_machine)
    recap = other.mails.get(which=Which.RECAP)
    assert (recap.state, recap.reason) == (State.WITHHELD, Reason.OLD)


def test_recap_waits_until_it_is_written(week, time_machine):
    ThemeWeek.objects.filter(pk=week.pk).update(recap_sv="")
    planned(week, time_machine)
    follower()
    run(at(0, 8), time_machine)
    run(at(4, 16), time_machine)
    assert states(week)["recap"] == State.PLANNED
    assert len(django_mail.outbox) == 1
    ThemeWeek.objects.filter(pk=week.pk).update(recap_en="<p>It went well.</p>")
    run(at(5, 9), time_machine)
    assert states(week)["recap"] == State.SENT


def test_mails_queued_before_a_long_outage_of_the_server_are_withheld(week, time_machine):
    planned(week, time_machine)
    follower()
    time_machine.move_to(at(-14, 8), tick=False)
    actions.send_due()
    time_machine.move_to(at(0, 9), tick=False)
    outbox.drain()
    assert django_mail.outbox == []
    mail = OutgoingMail.objects.get()
    assert (mail.state, mail.error) == ("withheld", "too late")


def test_mail_that_cannot_be_started_holds_up_no_other(week, time_machine):
    """The database refuses one of its rows."""
    poison = planned(week, time_machine)["start"]
    other = make.ThemeWeekFactory(starts_on=MONDAY, ends_on=MONDAY + dt.timedelta(days=4))
    actions.plan_mails(other)
    follower()
    with connection.cursor() as cursor:
        cursor.execute(
            "ALTER TABLE notifications_outgoingmail ADD CONSTRAINT poison "
            f"CHECK (subject_id IS DISTINCT FROM {poison.pk})"
        )
    run(at(0, 8), time_machine)
    assert states(week)["start"] == State.PLANNED
    assert states(other)["start"] == State.SENT


# What stops them


def queued(week, time_machine):
    planned(week, time_machine)
    person = follower()
    time_machine.move_to(at(0, 8), tick=False)
    actions.send_due()
    assert OutgoingMail.objects.get().state == "queued"
    return person


def unpublish(week, person):
    ThemeWeek.objects.filter(pk=week.pk).update(is_published=False)


def cancel(week, person):
    actions.cancel_mail(week.mails.get(which=Which.START), by=None)


def leave(week, person):
    following.unfollow("every_theme_week", by=person)


def choose_digest(week, person):
    prefers(person, Preference.Mail.DIGEST)


def pause(week, person):
    Reader.objects.of(person).update(paused_until=MONDAY + dt.timedelta(days=9))


def suspend(week, person):
    person.is_active = False
    person.save()


def remove_week(week, person):
    ThemeWeek.objects.get(pk=week.pk).delete()


@pytest.mark.parametrize(
    "stop", [unpublish, cancel, leave, choose_digest, pause, suspend, remove_week]
)
def test_what_stops_a_mail_between_queueing_and_sending(week, time_machine, stop):
    person = queued(week, time_machine)
    stop(week, person)
    outbox.drain()
    assert django_mail.outbox == []
    assert OutgoingMail.objects.get().state == "withheld"


def test_mail_cancelled_while_a_worker_holds_it_is_withheld(week, time_machine):
    person = queued(week, time_machine)
    held = outbox.claim()
    cancel(week, person)
    outbox.send_chunk(held)
    assert django_mail.outbox == []
    mail = OutgoingMail.objects.get()
    assert (mail.state, mail.error) == ("withheld", "cancelled")


def test_unpublished_week_waits_and_goes_if_still_true(week, time_machine):
    planned(week, time_machine)
    follower()
    unpublish(week, None)
    run(at(0, 8), time_machine)
    assert states(week)["start"] == State.PLANNED
    ThemeWeek.objects.filter(pk=week.pk).update(is_published=True)
    run(at(1, 8), time_machine)
    assert len(django_mail.outbox) == 1


def test_cancelled_mail_is_not_sent_and_can_be_planned_again(week, editor, time_machine):
    mail = planned(week, time_machine)["start"]
    follower()
    actions.cancel_mail(mail, by=editor)
    run(at(0, 8), time_machine)
    assert states(week)["start"] == State.CANCELLED
    actions.plan_again(mail, by=editor)
    run(at(1, 9), time_machine)
    assert len(django_mail.outbox) == 1


def test_mail_that_has_begun_is_not_planned_again(week, editor, time_machine):
    queued(week, time_machine)
    mail = week.mails.get(which=Which.START)
    actions.cancel_mail(mail, by=editor)
    with pytest.raises(NotAllowedNow):
        actions.plan_again(mail, by=editor)
    with pytest.raises(Refused):
        actions.reschedule_mail(mail, at=at(2, 8), by=editor)


def test_sent_mail_cannot_be_cancelled(week, editor, time_machine):
    planned(week, time_machine)
    run(at(0, 8), time_machine)
    with pytest.raises(NotAllowedNow):
        actions.cancel_mail(week.mails.get(which=Which.START), by=editor)


# Moving


def test_week_moved_before_anything_has_gone_moves_all_three(week, editor, time_machine):
    mails = planned(week, time_machine)
    actions.reschedule_mail(mails["start"], at=at(0, 7, 15), by=editor)
    shift(week, 7)
    assert {mail.which: mail.send_at for mail in actions.plan_mails(week)} == {
        "announcement": at(-7, 8),
        "start": at(7, 7, 15),
        "recap": at(11, 15),
    }


def shift(week, days):
    week.starts_on += dt.timedelta(days)
    week.ends_on += dt.timedelta(days)
    week.save()


def test_week_moved_after_the_announcement_moves_the_rest_and_tells(week, time_machine):
    planned(week, time_machine)
    follower()
    make.EventFactory(starts_at=at(1, 9))
    inside, outside = make.EventFactory(starts_at=at(8, 9)), make.EventFactory(starts_at=at(1, 9))
    week.events.add(inside, outside)
    run(at(-14, 8), time_machine)
    shift(week, 7)
    moved = actions.plan_mails(week)
    told = actions.moved_dates(week, moved)
    assert [mail.which for mail in told.mails] == ["start", "recap"]
    assert [mail.which for mail in told.gone] == ["announcement"]
    assert told.events == [outside]
    run(at(7, 8), time_machine)
    assert len(django_mail.outbox) == 2


def test_week_moved_by_a_restore_is_followed_by_its_mails(week, time_machine):
    planned(week, time_machine)
    shift(week, 14)
    actions.send_due()
    assert week.mails.get(which=Which.RECAP).send_at == at(18, 15)


def test_withheld_announcement_is_planned_anew_when_the_week_moves(week, time_machine):
    planned(week, time_machine)
    run(at(1, 9), time_machine)
    shift(week, 28)
    actions.plan_mails(week)
    assert states(week)["announcement"] == State.PLANNED
    assert week.mails.get(which=Which.ANNOUNCEMENT).send_at == at(14, 8)


def test_time_over_the_change_of_clocks_stays_the_same_on_the_clock(week, time_machine):
    week.starts_on, week.ends_on = dt.date(2026, 10, 19), dt.date(2026, 10, 23)
    week.save()
    planned(week, time_machine, day=-90)
    shift(week, 7)
    actions.plan_mails(week)
    start = timezone.localtime(week.mails.get(which=Which.START).send_at)
    assert (start.hour, start.utcoffset()) == (8, dt.timedelta(hours=1))


@pytest.mark.parametrize(("day", "code"), [(-40, "past"), (5, "late")])
def test_times_that_make_no_sense_are_refused(week, editor, time_machine, day, code):
    mail = planned(week, time_machine)["start"]
    with pytest.raises(Refused) as refusal:
        actions.reschedule_mail(mail, at=at(day, 8), by=editor)
    assert refusal.value.code == code


# In the portal and in digests


def test_week_is_news_once_for_those_who_follow(week, time_machine):
    """In the portal for all, at the announcement or, if that was missed, at the start."""
    planned(week, time_machine)
    person = follower()
    for day in (-14, 0):
        run(at(day, 8), time_machine)
        spread()
    [told] = Notification.objects.of(person)
    assert (told.kind, told.subject_id) == ("knowledge.theme_week_announced", week.pk)
    assert len(django_mail.outbox) == 2


def test_news_of_an_unpublished_week_is_nobodys(week):
    ids = [week.pk]
    assert WEEK_ANNOUNCED.readable(ids, [None]) == {None: {week.pk}}
    ThemeWeek.objects.filter(pk=week.pk).update(is_published=False)
    assert WEEK_ANNOUNCED.readable(ids, [None]) == {None: set()}
