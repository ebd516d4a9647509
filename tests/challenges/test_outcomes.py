"""What came of a challenge: who tells it when, and when all may read it."""

from datetime import date, timedelta

import pytest
import time_machine
from django.utils import timezone

from afori.common.states import Refused
from afori.notifications.following import follow
from afori.notifications.models import OutgoingMail
from challenges import actions, tasks
from challenges.ending import add_months
from challenges.locks import database_now
from challenges.models import AuditEntry, Challenge, FollowUp, Opening, Outcome, TeamMember

from ..telling import notified, send_all
from .support import closes, opened, submit

pytestmark = pytest.mark.django_db
State = Challenge.State
FACTS = {"text_sv": "Vi valde den som hörs bäst.", "decided_on": date(2026, 2, 28)}


@pytest.fixture
def team(arena):
    """The owner's Mona works on the challenge, which is from before the seal and closed."""
    TeamMember.objects.create(challenge=arena.challenge, user=arena.member)
    closes(arena.challenge, seconds=-1)
    arena.key = arena.challenge.key
    arena.key.delete()
    return arena


def tell(arena, kind="chosen", **facts):
    by = arena.member
    return actions.tell_outcome(arena.challenge, by=by, kind=kind, **{**FACTS, **facts})


def sent(challenge, **ago):
    """The suppliers got their decisions that long ago, or in that long."""
    at = database_now() + timedelta(**ago)
    Challenge.objects.filter(pk=challenge.pk).update(decisions_sent_at=at)
    challenge.refresh_from_db()


def state_of(challenge):
    return Challenge.objects.values_list("state", flat=True).get(pk=challenge.pk)


def history_of(thing):
    return thing.pgh_event_model.objects.filter(pgh_obj=thing).order_by("pgh_id")


def refusal(act, *args, **kwargs):
    with pytest.raises(Refused) as refused:
        act(*args, **kwargs)
    return refused.value.code


def test_nobody_answered_or_opened_so_it_is_public_at_once(team):
    outcome = tell(team, chosen=[team.company])
    assert state_of(team.challenge) == State.DECIDED
    assert list(outcome.chosen.all()) == [team.company]
    assert AuditEntry.objects.filter(event="outcome public").count() == 1


def test_not_while_suppliers_may_answer(team):
    closes(team.challenge, days=1)
    assert refusal(tell, team) == "open"
    assert not Outcome.objects.exists()


def test_not_before_the_suppliers_have_their_decisions(draft, team):
    team.key.save()
    closes(team.challenge, days=1)
    submit(draft, by=team.supplier)
    opened(team.challenge)
    assert refusal(tell, team) == "decisions"
    sent(team.challenge, seconds=-1)
    tell(team)
    assert state_of(team.challenge) == State.DECIDED


def test_opened_without_any_answer_there_is_nothing_to_send(team):
    at = database_now()
    Opening.objects.create(
        challenge=team.challenge, opened_at=at, completed_at=at, protocol="–", protocol_sha256="0"
    )
    tell(team, "none")
    assert state_of(team.challenge) == State.DECIDED


def test_it_waits_as_long_as_the_owner_promised(team):
    Challenge.objects.update(wait_days=10)
    sent(team.challenge, days=-9)
    tell(team)
    tasks.publish_outcomes()
    assert state_of(team.challenge) == State.PUBLISHED
    assert not notified().exists()
    tell(team, text_sv="Bättre ord.")
    sent(team.challenge, days=-10, seconds=-1)
    tasks.publish_outcomes()
    assert state_of(team.challenge) == State.DECIDED
    assert Outcome.objects.get().text_sv == "Bättre ord."
    tasks.publish_outcomes()
    assert notified(kind="challenges.outcome_told").count() == 1


def test_deciding_alone_does_not_skip_the_wait(team):
    Challenge.objects.update(wait_days=10)
    sent(team.challenge, days=-9)
    tell(team)
    assert refusal(actions.decide, team.challenge, by=None) == "wait"


def test_the_reason_is_compulsory(team):
    assert refusal(tell, team, text_sv="  ") == "why"
    assert refusal(actions.cancel_challenge, team.challenge, by=team.member) == "why"
    assert state_of(team.challenge) == State.PUBLISHED


def test_told_once_then_only_corrected(team):
    outcome = tell(team)
    assert refusal(tell, team) == "state"
    corrected = actions.correct_outcome(
        outcome, by=team.member, kind="none", **{**FACTS, "text_sv": "Valet hävdes av domstol."}
    )
    assert (corrected.kind, corrected.corrected_at is None) == ("none", False)
    assert [one.months for one in corrected.follow_ups.all()] == [12]
    history = history_of(outcome).values_list("text_sv", flat=True)
    assert FACTS["text_sv"] in history


def test_a_decision_is_not_corrected_into_a_cancelling(team):
    outcome = tell(team)
    assert refusal(actions.correct_outcome, outcome, by=team.member, kind="cancelled", **FACTS) == (
        "kind"
    )


# Cancelling


@pytest.mark.parametrize("ago", [{"days": 5}, {"days": -5}])
def test_cancelled_at_any_time_until_decided(team, ago):
    closes(team.challenge, **ago)
    actions.cancel_challenge(team.challenge, by=team.member, text_sv="Behovet föll bort.")
    assert state_of(team.challenge) == State.CANCELLED
    code = refusal(actions.cancel_challenge, team.challenge, by=team.member, text_sv="Igen")
    assert code == "state"
    assert not FollowUp.objects.exists()


def test_decided_is_not_cancelled(team):
    tell(team)
    assert refusal(actions.cancel_challenge, team.challenge, by=team.member, text_sv="x") == "state"


def test_what_was_submitted_to_a_cancelled_one_is_never_opened(draft, team):
    team.key.save()
    closes(team.challenge, days=1)
    submit(draft, by=team.supplier)
    actions.cancel_challenge(team.challenge, by=team.member, text_sv="Behovet föll bort.")
    with pytest.raises(Refused):
        opened(team.challenge)
    assert not Opening.objects.exists()


def test_authors_of_drafts_followers_and_team_are_told_at_once(draft, team, mailoutbox):
    closes(team.challenge, days=1)
    follow("challenge", team.challenge, by=team.user)
    actions.cancel_challenge(team.challenge, by=team.member, text_sv="Behovet föll bort.")
    send_all()
    told = notified(kind="challenges.cancelled")
    assert {one.user for one in told} == {team.user, team.supplier, team.member}
    assert {mail.to[0] for mail in mailoutbox} == {one.user.email for one in told}
    assert all("Behovet föll bort." in mail.body for mail in mailoutbox)


# Telling those who watch


def test_watchers_and_team_get_one_mail_each(draft, team, mailoutbox):
    follow("challenge", team.challenge, by=team.supplier)
    follow("challenge", team.challenge, by=team.user)
    tell(team)
    send_all()
    receivers = sorted(mail.to[0] for mail in mailoutbox)
    assert receivers == sorted(one.email for one in (team.user, team.supplier, team.member))


# Follow-ups


@pytest.mark.parametrize(
    ("decided", "months", "due"),
    [
        (date(2028, 2, 29), 12, date(2029, 2, 28)),
        (date(2028, 2, 29), 24, date(2030, 2, 28)),
        (date(2026, 2, 28), 24, date(2028, 2, 28)),
        (date(2026, 8, 31), 6, date(2027, 2, 28)),
        (date(2027, 8, 31), 6, date(2028, 2, 29)),
        (date(2026, 6, 30), 6, date(2026, 12, 30)),
        (date(2026, 12, 31), 12, date(2027, 12, 31)),
    ],
)
def test_months_later_by_the_calendar(decided, months, due):
    assert add_months(decided, months) == due


def test_follow_ups_are_planned_from_the_day_of_the_decision(team):
    outcome = tell(team, decided_on=date(2026, 8, 31))
    rows = list(outcome.follow_ups.values_list("months", "due_on"))
    assert rows == [(6, date(2027, 2, 28)), (12, date(2027, 8, 31)), (24, date(2028, 8, 31))]


def test_without_a_choice_it_is_followed_up_once(team):
    assert [one.months for one in tell(team, "none").follow_ups.all()] == [12]


def followed_up(outcome, months, state="procured", **facts):
    one = outcome.follow_ups.get(months=months)
    by = TeamMember.objects.get().user
    return actions.tell_follow_up(one, by=by, state=state, **facts)


def test_told_at_once_and_the_latest_one_counts(team):
    outcome = tell(team, decided_on=timezone.localdate())
    follow("challenge", team.challenge, by=team.user)
    assert refusal(followed_up, outcome, 24, "in_use") == "order"
    followed_up(outcome, 6, "procured")
    followed_up(outcome, 12, "in_use", text_sv="I drift.")
    outcome.refresh_from_db()
    assert outcome.became == "in_use"
    followed_up(outcome, 6, "not_yet", text_sv="Vi skrev fel.")
    outcome.refresh_from_db()
    assert outcome.became == "in_use"
    told = notified(kind="challenges.follow_up_told", user=team.user)
    assert told.count() == 2


def test_stopped_says_why(team):
    outcome = tell(team)
    assert refusal(followed_up, outcome, 6, "stopped") == "why"
    assert followed_up(outcome, 6, "stopped", text_sv="Pengarna tog slut.").told_at


def test_corrected_keeps_what_was_told_before(team):
    outcome = tell(team)
    first = followed_up(outcome, 6, text_sv="Köpt.")
    again = followed_up(outcome, 6, text_sv="Köpt av två kommuner.")
    assert (again.told_at, again.corrected_at is None) == (first.told_at, False)
    texts = list(history_of(first).values_list("text_sv", flat=True))
    assert texts == ["", "Köpt.", "Köpt av två kommuner."]


def test_the_last_one_completes_the_challenge(team):
    outcome = tell(team)
    for months in (6, 12, 24):
        assert state_of(team.challenge) == State.DECIDED
        followed_up(outcome, months)
    assert state_of(team.challenge) == State.COMPLETED


# Reminders


def reminded(kind):
    return notified(kind=kind).count()


def test_three_reminders_of_a_follow_up_and_no_more(team):
    outcome = tell(team, decided_on=date(2026, 2, 28))
    due = date(2026, 8, 28)
    days = {-1: 0, 0: 1, 1: 1, 29: 1, 30: 2, 59: 2, 60: 3, 61: 3, 89: 3, 90: 3, 150: 3}
    for after, number in days.items():
        with time_machine.travel(f"{due + timedelta(days=after)} 06:20", tick=False):
            tasks.remind_teams()
            tasks.remind_teams()
        assert reminded("challenges.follow_up_due") == number, after
    assert OutgoingMail.objects.filter(kind="challenges.follow_up_due").count() == 3
    followed_up(outcome, 6)


def test_told_ones_are_not_reminded_of_and_mails_are_held_back(team, mailoutbox):
    outcome = tell(team, decided_on=date(2026, 2, 28))
    with time_machine.travel("2026-08-28 06:20", tick=False):
        tasks.remind_teams()
    followed_up(outcome, 6)
    send_all()
    assert [mail for mail in mailoutbox if "blivit" in mail.subject] == []
    with time_machine.travel("2026-09-28 06:20", tick=False):
        tasks.remind_teams()
    assert reminded("challenges.follow_up_due") == 1


def test_a_missing_outcome_is_reminded_of_every_thirty_days(team):
    expected = timezone.localdate() + timedelta(days=3)
    Challenge.objects.update(decision_expected_on=expected)
    for after, number in {0: 0, 1: 1, 2: 1, 30: 1, 31: 2, 60: 2, 61: 3, 91: 4}.items():
        with time_machine.travel(f"{expected + timedelta(days=after)} 06:20", tick=False):
            tasks.remind_teams()
            tasks.remind_teams()
        assert reminded("challenges.outcome_missing") == number, after


def test_without_a_day_six_months_after_closing(team):
    closed = Challenge.objects.with_outcome_due().get(pk=team.challenge.pk)
    assert closed.outcome_due == add_months(timezone.localdate(closed.closes_at), 6)
    today = closed.outcome_due
    lacking = Challenge.objects.lacking_outcome
    assert (list(lacking(on=today)), list(lacking(on=today + timedelta(days=1)))) == ([], [closed])


def test_people_who_left_the_team_are_not_reminded(team):
    Challenge.objects.update(decision_expected_on=date(2026, 1, 1))
    team.member.memberships.update(state="ended", ended_at=timezone.now())
    tasks.remind_teams()
    assert reminded("challenges.outcome_missing") == 0


def test_told_and_waiting_is_not_missing_to_the_team(team):
    Challenge.objects.update(decision_expected_on=date(2026, 1, 1), wait_days=10)
    sent(team.challenge, days=-1)
    tell(team)
    tasks.remind_teams()
    assert reminded("challenges.outcome_missing") == 0
