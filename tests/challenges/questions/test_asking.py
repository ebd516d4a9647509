"""Suppliers ask, and take back what nobody has answered."""

from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from django.urls import reverse

from afori.common.states import Refused
from challenges import actions
from challenges.actions.questions import MOST_WAITING
from challenges.locks import database_now
from challenges.models import Asker, Challenge, Question
from tests import factories as make

from .support import TEXT, answer, ask, ask_by, page_of, publish

pytestmark = pytest.mark.django_db


# Asking


def test_a_supplier_asks_and_sees_it_wait(team, sign_in):
    client = sign_in(team.supplier)
    page = client.get(page_of(team.challenge))
    assert page.context["standing"] == "supplier"

    client.post(page_of(team.challenge, "ask"), {"text": TEXT, "for": team.company.slug})

    [own] = client.get(page_of(team.challenge)).context["own"]
    assert (own.text, own.state) == (TEXT, "asked")


@pytest.mark.parametrize(
    ("role", "standing"),
    [
        ("stranger", "stranger"),
        ("user", "alone"),
        ("buyer", "buyer"),
        ("owner", "owner"),
        ("second", "owner"),
        ("rival", "supplier"),
        ("colleague", "supplier"),
        ("superuser", "alone"),
    ],
)
def test_everybody_gets_the_form_or_the_reason(team, sign_in, role, standing):
    client = sign_in(getattr(team, role))
    page = client.get(page_of(team.challenge))
    assert (page.status_code, page.context["standing"]) == (200, standing)
    assert ("<textarea" in page.content.decode()) == (standing == "supplier")

    sent = client.post(page_of(team.challenge, "ask"), {"text": TEXT})
    assert sent.status_code == (302 if standing == "supplier" else 403)
    assert Question.objects.exists() == (standing == "supplier")
    if standing != "supplier":
        assert TEXT in sent.content.decode()


def test_the_owners_people_cannot_ask_as_a_supplier(team, sign_in):
    make.MembershipFactory(user=team.second, organisation=team.company)
    client = sign_in(team.second)
    client.post(reverse("accounts:act_for"), {"organisation": team.company.slug})
    page = client.get(page_of(team.challenge))
    assert page.wsgi_request.acting_for == team.company
    assert page.context["standing"] == "employed"
    assert client.post(page_of(team.challenge, "ask"), {"text": TEXT}).status_code == 403


def test_an_empty_question_is_told(team, sign_in):
    page = sign_in(team.supplier).post(page_of(team.challenge, "ask"), {"text": " "})
    assert page.status_code == 200
    assert page.context["form"].errors["text"]


def test_the_same_question_twice_is_one(team):
    assert ask(team.challenge, team.supplier) == ask(team.challenge, team.supplier)
    assert Question.objects.count() == 1


def test_limits_are_told_and_the_text_comes_back(team, sign_in):
    for number in range(MOST_WAITING):
        ask(team.challenge, team.supplier, f"Fråga {number}")
    page = sign_in(team.supplier).post(page_of(team.challenge, "ask"), {"text": TEXT})
    assert page.status_code == 409
    assert page.context["typed"] == TEXT
    assert str(MOST_WAITING) in page.context["refusal"]
    ask(team.challenge, team.rival)


def test_no_more_than_the_most_are_asked_by_one(team, monkeypatch):
    monkeypatch.setattr(Asker, "MOST", 2)
    for number in range(2):
        answer(ask(team.challenge, team.supplier, f"Fråga {number}"), team.owner)
    with pytest.raises(Refused, match="2"):
        ask(team.challenge, team.supplier)


@pytest.mark.parametrize("hours", [-1, 1])
def test_the_database_decides_until_when_one_may_ask(team, sign_in, hours):
    now = database_now()
    ask_by(team.challenge, now + timedelta(minutes=30))
    client = sign_in(team.supplier)
    with time_machine.travel(datetime.now(UTC) + timedelta(hours=hours)):
        assert client.post(page_of(team.challenge, "ask"), {"text": TEXT}).status_code == 302

    ask_by(team.challenge, now - timedelta(minutes=30))
    with time_machine.travel(datetime.now(UTC) + timedelta(hours=hours)):
        late = client.post(page_of(team.challenge, "ask"), {"text": "För sent"})
    assert late.status_code == 409
    assert late.context["standing"] == "over"
    assert "För sent" in late.content.decode()
    assert Question.objects.count() == 1


@pytest.mark.parametrize("state", ["draft", "in_review", "decided", "cancelled", "completed"])
def test_one_asks_about_published_challenges_alone(team, sign_in, state):
    Challenge.objects.filter(pk=team.challenge.pk).update(state=state)
    with pytest.raises(actions.TooLateToAsk):
        ask(team.challenge, team.supplier)
    page = sign_in(team.supplier).get(page_of(team.challenge))
    assert page.status_code == (404 if state in Challenge.WRITTEN else 200)


def test_a_log_in_that_ran_out_gives_the_text_back(team, client):
    page = client.post(page_of(team.challenge, "ask"), {"text": TEXT, "wants_meeting": "on"})
    assert page.status_code == 403
    assert TEXT in page.content.decode()
    assert 'name="wants_meeting" value="on"' in page.content.decode()


def test_after_logging_in_one_is_at_the_form(team, sign_in):
    page = sign_in(team.supplier).get(page_of(team.challenge, "ask"))
    assert page.headers["Location"] == page_of(team.challenge) + "#ask"


def test_a_form_shown_for_another_organisation_does_not_count(team, sign_in):
    page = sign_in(team.supplier).post(
        page_of(team.challenge, "ask"), {"text": TEXT, "for": team.rival_company.slug}
    )
    assert page.status_code == 409
    assert TEXT in page.content.decode()
    assert not Question.objects.exists()


# Taking back


def test_a_waiting_question_is_taken_back_and_nothing_stays(team, question, sign_in):
    client = sign_in(team.supplier)
    client.post(page_of(team.challenge, "question_take_back"), {"question": question.token})
    assert not Question.objects.exists()
    assert not Asker.objects.exists()


@pytest.mark.parametrize("role", ["rival", "colleague", "owner", "superuser"])
def test_nobody_takes_back_the_question_of_another(team, question, sign_in, role):
    client = sign_in(getattr(team, role))
    client.post(page_of(team.challenge, "question_take_back"), {"question": question.token})
    client.post(page_of(team.challenge, "question_take_back"), {"question": "x" * 500})
    client.post(page_of(team.challenge, "question_take_back"))
    assert Question.objects.get() == question


def test_what_is_published_is_not_taken_back(team, question):
    publish(team.challenge, team.owner, answer(question, team.owner))
    with pytest.raises(actions.Gone):
        actions.take_back(team.challenge, question.token, by=team.supplier)
