"""The team tells what came of its challenge and what became of it."""

import pytest
from django.utils import timezone

from challenges.locks import database_now
from challenges.models import Challenge, Decision, FollowUp, Outcome

from .outcomes import OTHERS, State, address, text_of, told, typed
from .support import closes, opened, submit

pytestmark = pytest.mark.django_db


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
