"""An outcome in lists, and hidden from everybody until it is public."""

import threading
from datetime import timedelta

import pytest
import time_machine
from django.core.cache import caches
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from afori.notifications import registry
from afori.notifications.models import OutgoingMail
from afori.notifications.spreading import spread
from challenges import actions, tasks
from challenges.locks import database_now
from challenges.models import Challenge, FollowUp, Outcome, TeamMember
from tests import factories as make
from tests.telling import notified

from .outcomes import CANARY, OTHERS, State, address, text_of, told, wait_is_over, waiting
from .test_secrecy import seen

pytestmark = pytest.mark.django_db


# Secrecy


def public_addresses(arena, user):
    challenge = arena.challenge
    found = [
        reverse("home"),
        challenge.get_absolute_url(),
        address("calendar", challenge),
        reverse("my_pages"),
        reverse("notifications:list"),
        reverse("search") + f"?q={CANARY.split()[0]}",
        arena.rival_company.get_absolute_url(),
        arena.municipality.get_absolute_url(),
        reverse("challenges:overdue"),
        address("work", challenge),
        address("outcome", challenge),
        *(reverse("challenges:list") + f"?outcome={kind}" for kind in ("chosen", "none")),
    ]
    if getattr(user, "is_staff", False):
        found += [
            reverse("admin:index"),
            reverse("admin:challenges_challenge_changelist"),
            reverse("admin:challenges_challenge_change", args=[challenge.pk]),
            reverse("admin:challenges_challenge_history", args=[challenge.pk]),
        ]
    return found


@pytest.mark.parametrize("role", OTHERS)
def test_nobody_learns_of_the_outcome_before_it_is_public(team, sign_in, role, settings):
    settings.AFORI_REQUIRE_MFA = False
    team.challenge.needs.add(make.NeedFactory())
    Challenge.objects.update(decision_expected_on=timezone.localdate() - timedelta(days=3))
    user = getattr(team, role)
    with time_machine.travel(timezone.now(), tick=False):
        client = sign_in(user)
        pages = public_addresses(team, user)
        sent = database_now() - timedelta(days=1)
        Challenge.objects.update(wait_days=10, decisions_sent_at=sent)
        before = {page: seen(client, page) for page in pages}
        team.challenge.refresh_from_db()
        told(team, chosen=[team.rival_company])
        after = {page: seen(client, page) for page in pages}
    assert {page for page in pages if before[page] != after[page]} == set()
    assert not notified().exclude(user=team.member).exists()
    wait_is_over(team)
    shown = client.get(team.challenge.get_absolute_url()).content.decode()
    assert CANARY in shown
    assert team.rival_company.name in shown


def test_staff_list_what_is_missing_whether_it_is_written_or_not(team, sign_in):
    Challenge.objects.update(decision_expected_on=timezone.localdate() - timedelta(days=3))
    client = sign_in(team.superuser)
    assert team.challenge.title_sv in client.get(reverse("challenges:overdue")).content.decode()
    waiting(team)
    assert team.challenge.title_sv in client.get(reverse("challenges:overdue")).content.decode()
    wait_is_over(team)
    assert team.challenge.title_sv not in client.get(reverse("challenges:overdue")).content.decode()


def test_mails_to_watchers_are_kept_from_staff(draft, team):
    told(team)
    spread()
    sealed = OutgoingMail.objects.filter(kind="challenges.outcome_told")
    assert {mail.user for mail in sealed} == {team.member, team.supplier}
    assert registry.get("challenges.outcome_told").sealed


# Lists


def over(team, kind="chosen", became=""):
    challenge = make.ChallengeFactory(
        opens_at=timezone.now() - timedelta(days=9), closes_at=timezone.now() - timedelta(days=2)
    )
    state = State.CANCELLED if kind == "cancelled" else State.DECIDED
    Challenge.objects.filter(pk=challenge.pk).update(state=state)
    outcome = Outcome.objects.create(
        challenge=challenge, kind=kind, became=became, decided_on=timezone.localdate()
    )
    outcome.chosen.add(team.company)
    return challenge


def test_the_list_is_filtered_by_what_came_of_it(team, client):
    caches["process"].clear()
    chosen, none = over(team), over(team, "none")
    in_use, stopped = over(team, became="in_use"), over(team, became="stopped")
    cancelled = over(team, "cancelled")
    told_not = waiting(team).challenge
    found = {
        "chosen": {chosen, in_use, stopped},
        "none": {none},
        "cancelled": {cancelled},
        "procured": set(),
        "in_use": {in_use},
        "stopped": {stopped},
    }
    for value, expected in found.items():
        response = client.get(reverse("challenges:list"), {"outcome": value})
        assert set(response.context["object_list"]) == expected
        assert response.context["facets"]["outcome"][value] == len(expected)
        assert told_not not in response.context["object_list"]


def test_rows_and_chain_show_what_matters_most(team, client):
    challenge = over(team, became="in_use")
    for page in (reverse("challenges:list"), challenge.get_absolute_url()):
        assert "I användning" in text_of(client.get(page))
    Outcome.objects.update(became="not_yet")
    assert "I användning" not in text_of(client.get(challenge.get_absolute_url()))


def test_what_was_won_is_on_the_suppliers_page(team, client):
    challenge, hidden = over(team), waiting(team, chosen=[team.company]).challenge
    page = text_of(client.get(team.company.get_absolute_url()))
    assert challenge.title_sv in page
    assert hidden.title_sv not in page


@pytest.mark.parametrize("role", [*OTHERS, "member"])
def test_editors_alone_see_what_is_late(team, sign_in, role):
    status = sign_in(getattr(team, role)).get(reverse("challenges:overdue")).status_code
    assert status == {"stranger": 302, "superuser": 200, "staff": 200}.get(role, 403)


def late(team):
    challenge = over(team)
    Outcome.objects.filter(challenge=challenge).update(decided_on="2024-02-29")
    due = timezone.localdate() - timedelta(days=9)
    FollowUp.objects.create(outcome=challenge.outcome, months=6, due_on=due)
    make.ChallengeFactory(
        opens_at=timezone.now() - timedelta(days=300),
        closes_at=timezone.now() - timedelta(days=290),
        decision_expected_on=due,
    )


@pytest.mark.parametrize("query", ["", "?what=outcome", "?what=follow_up", "?what=x&page=99"])
def test_what_is_late_costs_the_same_for_one_and_for_three(team, sign_in, query):
    client = sign_in(team.superuser)
    numbers = []
    for more in (1, 2):
        for _each in range(more):
            late(team)
        with CaptureQueriesContext(connection) as made:
            response = client.get(reverse("challenges:overdue") + query)
        numbers.append(len(made))
    assert numbers[0] == numbers[1] <= 12
    assert len(response.context["rows"]) == {"?what=outcome": 3, "?what=follow_up": 3}.get(query, 6)
    assert response.context["rows"][0]["figure"] == "9"


def test_the_first_page_of_the_admin_tells_of_it(team, sign_in, settings):
    settings.AFORI_REQUIRE_MFA = False
    late(team)
    page = sign_in(team.superuser).get(reverse("admin:index")).content.decode()
    assert reverse("challenges:overdue") in page


def test_the_page_of_a_finished_challenge_costs_the_same(team, client):
    outcome = told(team)
    numbers = []
    for months, company in ((6, team.company), (12, team.rival_company)):
        by = {"by": team.member, "state": "procured"}
        actions.tell_follow_up(outcome.follow_ups.get(months=months), **by)
        outcome.chosen.add(company)
        with CaptureQueriesContext(connection) as made:
            client.get(team.challenge.get_absolute_url())
        numbers.append(len(made))
    assert numbers[0] == numbers[1] <= 12


def test_an_outcome_without_a_day_tells_its_follow_ups(team, client):
    outcome = told(team)
    Outcome.objects.update(decided_on=None)
    actions.tell_follow_up(outcome.follow_ups.get(months=6), by=team.member, state="in_use")
    page = client.get(team.challenge.get_absolute_url())
    assert "dagen är inte angiven" in page.content.decode()


# Two at once


@pytest.mark.django_db(transaction=True)
def test_two_workers_publish_and_remind_once(team):
    waiting(team)
    Challenge.objects.update(decisions_sent_at=database_now() - timedelta(days=11))
    due = timezone.localdate() - timedelta(days=1)
    other = make.ChallengeFactory(
        opens_at=timezone.now() - timedelta(days=300),
        closes_at=timezone.now() - timedelta(days=290),
        decision_expected_on=due,
        owner=team.municipality,
    )
    TeamMember.objects.create(challenge=other, user=team.member)
    at_once(4, tasks.publish_outcomes)
    at_once(4, spread)
    assert OutgoingMail.objects.filter(kind="challenges.outcome_told").count() == 1
    assert FollowUp.objects.count() == 3
    FollowUp.objects.filter(months=6).update(due_on=due)
    at_once(4, tasks.remind_teams)
    kinds = ("challenges.follow_up_due", "challenges.outcome_missing")
    counts = [OutgoingMail.objects.filter(kind=kind).count() for kind in kinds]
    assert counts == [1, 1]


def at_once(number, work):
    """Run it in so many threads, each with a connection of its own."""
    faults, gate = [], threading.Barrier(number)

    def run():
        try:
            gate.wait()
            work()
        except Exception as fault:
            faults.append(fault)
        finally:
            connection.close()

    threads = [threading.Thread(target=run) for _each in range(number)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert faults == []
