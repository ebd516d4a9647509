"""The pages of outcomes and follow-ups: who may, what it says, and what nobody learns too early."""

import re
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
from challenges.models import Challenge, Decision, FollowUp, Outcome, TeamMember
from tests import factories as make

from ..telling import notified
from .support import closes, opened, submit
from .test_secrecy import seen

pytestmark = pytest.mark.django_db
OTHERS = [
    *["stranger", "user", "supplier", "rival", "buyer", "coordinator", "owner", "staff"],
    *["superuser", "colleague"],
]
CANARY = "Kanarieordet 5e1ect10n"
State = Challenge.State


@pytest.fixture
def team(arena):
    """The owner's Mona works on the challenge, which is from before the seal and closed."""
    TeamMember.objects.create(challenge=arena.challenge, user=arena.member)
    closes(arena.challenge, seconds=-1)
    arena.key = arena.challenge.key
    arena.key.delete()
    return arena


def text_of(response):
    """The words of a page, without markup and space."""
    return " ".join(
        re.sub(r"<[^>]+>", " ", response.content.decode()).replace("\u00a0", " ").split()
    )


def address(name, challenge, *args):
    return reverse(f"challenges:{name}", args=[challenge.slug, *args])


def typed(**more):
    day = timezone.localdate().isoformat()
    return {"kind": "none", "text_sv": "Inget svar höll.", "decided_on": day, **more}


def waiting(arena, **facts):
    """An outcome that is saved and becomes public in nine days."""
    sent = database_now() - timedelta(days=1)
    Challenge.objects.filter(pk=arena.challenge.pk).update(wait_days=10, decisions_sent_at=sent)
    arena.challenge.refresh_from_db()
    return told(arena, **facts)


def told(arena, kind="chosen", **facts):
    day = {"decided_on": timezone.localdate(), "text_sv": CANARY, **facts}
    return actions.tell_outcome(arena.challenge, by=arena.member, kind=kind, **day)


def wait_is_over(arena):
    sent = database_now() - timedelta(days=10, seconds=1)
    Challenge.objects.filter(pk=arena.challenge.pk).update(decisions_sent_at=sent)
    tasks.publish_outcomes()


# Who may


@pytest.mark.parametrize("role", OTHERS)
@pytest.mark.parametrize("name", ["outcome", "cancel"])
def test_nobody_but_the_team_tells(team, sign_in, role, name):
    client = sign_in(getattr(team, role))
    expected = 302 if role == "stranger" else 404
    assert client.get(address(name, team.challenge)).status_code == expected
    assert client.post(address(name, team.challenge), typed()).status_code in (403, 404)
    assert not Outcome.objects.exists()


def test_follow_ups_are_for_the_team(team, sign_in):
    outcome = told(team)
    page = address("follow_up", team.challenge, 6)
    for role in ("rival", "coordinator", "superuser"):
        assert sign_in(getattr(team, role)).post(page, {"state": "in_use"}).status_code == 404
    assert sign_in(team.member).get(page).status_code == 200
    assert not outcome.follow_ups.told().exists()


@pytest.mark.parametrize("months", [0, 7, 10**30])
def test_odd_follow_ups_are_not_found(team, sign_in, months):
    told(team)
    page = address("follow_up", team.challenge, months)
    assert sign_in(team.member).get(page).status_code == 404


def test_one_who_left_the_owner_is_no_longer_on_the_team(team, sign_in):
    client = sign_in(team.member)
    team.member.memberships.update(state="ended", ended_at=timezone.now())
    assert client.get(address("outcome", team.challenge)).status_code == 404


# Telling


def test_told_in_the_browser_of_the_team(team, sign_in):
    client = sign_in(team.member)
    response = client.post(address("outcome", team.challenge), typed(), follow=True)
    assert "Utfallet är offentligt" in text_of(response)
    assert Challenge.objects.get(pk=team.challenge.pk).state == State.DECIDED
    page = text_of(client.get(team.challenge.get_absolute_url()))
    assert "Ingen lösning valdes" in page
    assert "Inget svar höll." in page


def test_open_one_says_when_and_offers_to_cancel(team, sign_in):
    closes(team.challenge, days=1)
    client = sign_in(team.member)
    page = client.get(address("outcome", team.challenge))
    assert "är inte slut" in text_of(page)
    assert address("cancel", team.challenge) in page.content.decode()
    client.post(address("outcome", team.challenge), typed())
    assert not Outcome.objects.exists()


@pytest.mark.parametrize(
    "wrong",
    [
        {"text_sv": ""},
        {"kind": ""},
        {"kind": "cancelled"},
        {"decided_on": ""},
        {"decided_on": "2999-01-01"},
        {"decided_on": "2001-01-01"},
        {"notice_url": "http://ted.europa.eu/1"},
        {"notice_url": "javascript:alert(1)"},
        {"chosen": "finns-inte", "kind": "chosen"},
    ],
)
def test_what_is_wrong_is_said_and_what_was_typed_stays(team, sign_in, wrong):
    response = sign_in(team.member).post(address("outcome", team.challenge), typed(**wrong))
    assert response.status_code == 200
    assert "ds-error-summary" in response.content.decode()
    assert (wrong.get("text_sv") == "") or ("Inget svar höll." in response.content.decode())
    assert not Outcome.objects.exists()


def test_text_survives_a_log_out(team, sign_in):
    response = sign_in(None).post(address("outcome", team.challenge), typed(chosen="a"))
    assert response.status_code == 403
    assert "Inget svar höll." in response.content.decode()


def test_suppliers_are_found_by_name(team, sign_in):
    client = sign_in(team.member)
    search = typed(kind="chosen", find="ljus", search="1")
    page = client.post(address("outcome", team.challenge), search).content.decode()
    assert f'value="{team.company.slug}"' in page
    assert "Inget svar höll." in page
    assert "ds-error-summary" not in page
    assert not Outcome.objects.exists()
    client.post(address("outcome", team.challenge), typed(kind="chosen", chosen=team.company.slug))
    assert list(Outcome.objects.get().chosen.all()) == [team.company]


def test_the_owner_is_not_a_supplier_of_its_own(team, sign_in):
    search = typed(find=team.municipality.name, search="1")
    page = sign_in(team.member).post(address("outcome", team.challenge), search).content.decode()
    assert f'value="{team.municipality.slug}"' not in page


def test_suppliers_come_from_the_decisions(draft, team, sign_in):
    team.key.save()
    closes(team.challenge, days=1)
    submit(draft, by=team.supplier)
    opening = opened(team.challenge)
    Decision.objects.create(
        answer=opening.answers.get(),
        result="chosen",
        feedback="Bra",
        by=team.member,
        sent_at=database_now(),
    )
    Challenge.objects.filter(pk=team.challenge.pk).update(decisions_sent_at=database_now())
    client = sign_in(team.member)
    page = client.get(address("outcome", team.challenge)).content.decode()
    assert f'value="{team.company.slug}"' in page
    assert 'name="find"' not in page
    wrong = typed(kind="chosen", chosen=team.rival_company.slug)
    assert client.post(address("outcome", team.challenge), wrong).status_code == 200
    assert not Outcome.objects.exists()


def test_cancelling_in_the_browser(team, sign_in):
    closes(team.challenge, days=1)
    client = sign_in(team.member)
    assert "förseglat för alltid" in text_of(client.get(address("cancel", team.challenge)))
    assert client.post(address("cancel", team.challenge), {"text_sv": " "}).status_code == 200
    page = client.post(address("cancel", team.challenge), {"text_sv": "Föll bort."}, follow=True)
    assert "Föll bort." in text_of(page)
    assert "Avbruten" in text_of(page)


def test_follow_up_in_the_browser(team, sign_in):
    told(team)
    client = sign_in(team.member)
    page = address("follow_up", team.challenge, 6)
    stopped = client.post(page, {"state": "stopped"})
    assert "Skriv varför det stoppades." in text_of(stopped)
    facts = {
        "state": "in_use",
        "text_sv": "Lamporna lyser.",
        "effect": "1 250,5",
        "effect_unit_sv": "fler promenader",
        "link": "https://example.org/rapport",
    }
    assert client.post(page, {**facts, "effect_unit_sv": ""}).status_code == 200
    assert client.post(page, facts).status_code == 302
    shown = text_of(client.get(team.challenge.get_absolute_url()))
    assert "I användning" in shown
    assert "1 250,5 fler promenader" in shown
    mark = FollowUp.objects.get(months=6).mark
    client.post(page, {**facts, "text_sv": "Lamporna lyser inte.", "mark": mark})
    shown = text_of(client.get(team.challenge.get_absolute_url()))
    assert "Lamporna lyser inte." in shown
    assert "rättat" in shown


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
