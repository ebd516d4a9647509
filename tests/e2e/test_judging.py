"""Two people open the answers, a panel judges them, the team decides, a supplier reads."""

import re

import pytest
from allauth.mfa.totp.internal import auth
from django.urls import reverse
from playwright.sync_api import expect

from challenges import actions
from challenges.models import Decision, OpenedAnswer, Panelist
from tests import factories as make
from tests.cast import employee
from tests.challenges import support

SECRET = "JBSWY3DPEHPK3PXP"


@pytest.fixture
def challenge(arena):
    """Closed a moment ago, answered by one, with a panel of two, openers and a team."""
    owner = make.BuyerFactory(name="Stigby kommun")
    challenge = make.ChallengeFactory(title_sv="Ljus på stigen", title_en="", owner=owner)
    make.CriterionFactory(challenge=challenge, position=1, weight=100)
    challenge.member = employee(owner)
    support.on_team(challenge, challenge.member)
    challenge.judges = support.on_panel(challenge)
    challenge.opening_people = support.name_openers(challenge)
    for person in challenge.opening_people:
        auth.TOTP.activate(person, SECRET)
    company = make.OrganisationFactory(name="Stigljus AB")
    challenge.author = employee(company)
    challenge.answer = support.answered(challenge, company, by=challenge.author)
    support.closes(challenge, seconds=-1)
    return challenge


def address(name, challenge, *args):
    return reverse(f"challenges:{name}", args=[challenge.slug, *args])


def test_from_the_opening_to_the_decision(context, page, say, sign_in, challenge):
    def become(person):
        context.clear_cookies()
        sign_in(context, person.email)

    for person in challenge.opening_people:
        become(person)
        approve(page, say, challenge)
    expect(page.get_by_role("heading", name=say("The answers are being opened"))).to_be_visible()
    actions.open_approved()
    expect(page.get_by_role("heading", name=say("The answers are opened"))).to_be_visible()
    answer = OpenedAnswer.objects.get(submission=challenge.answer)

    for person, score in zip(challenge.judges, (3, 5), strict=True):
        become(person)
        declare(page, say, challenge)
        hand_in(page, say, score)
    agree(page, say, challenge, answer)
    become(challenge.member)
    decide(page, say, challenge, answer)
    become(challenge.author)
    assert Decision.objects.sent_to(challenge.author).get().result == "chosen"
    page.goto(challenge.answer.get_absolute_url())
    expect(page.get_by_role("main")).to_contain_text("Bra arbete")


def approve(page, say, challenge):
    page.goto(address("opening", challenge))
    page.get_by_role("link", name=say("Confirm that it is you")).click()
    counter = next(auth.yield_hotp_counters_from_time())
    code = auth.format_hotp_value(auth.hotp_value(SECRET, counter))
    page.locator("main [name=code]").fill(code)
    page.locator("main form:has([name=code]) button[type=submit]").click()
    page.get_by_role("button", name=say("Approve the opening")).click()


def declare(page, say, challenge):
    page.goto(address("answers", challenge))
    expect(page).to_have_url(re.compile(f"{address('panel', challenge)}$"))
    expect(page.get_by_role("main")).not_to_contain_text("Stigljus")
    page.get_by_label(say("I have no conflict of interest")).check()
    page.get_by_role("button", name=say("Declare")).click()
    expect(page.get_by_label("Stigljus AB", exact=True)).to_be_visible()
    page.get_by_role("button", name=say("Confirm, and go on to the answers")).click()
    page.get_by_role("link", name="Stigljus AB").click()


def hand_in(page, say, score):
    expect(page.get_by_role("main")).to_contain_text("Ett kort svar")
    page.get_by_label(str(score), exact=True).check()
    page.get_by_label(say("Your comment")).fill(f"Min kommentar {score}")
    page.get_by_role("button", name=say("Save and hand in")).click()
    expect(page.get_by_text(say("Your scores are handed in and stand."))).to_be_visible()


def agree(page, say, challenge, answer):
    page.get_by_role("link", name=say("The panel’s scores and consensus")).click()
    for score in (3, 5):
        expect(page.get_by_role("table")).to_contain_text(f"Min kommentar {score}")
    page.get_by_label("4", exact=True).check()
    page.get_by_label(say("Reason")).fill("Vi möttes på mitten")
    page.get_by_role("button", name=say("Save what you agreed on")).click()
    expect(page.get_by_text(say("What you agreed on is saved."))).to_be_visible()
    assert Panelist.objects.filter(scores__answer=answer).distinct().count() == 2


def decide(page, say, challenge, answer):
    page.goto(address("ranking", challenge))
    expect(page.get_by_role("table")).to_contain_text("Stigljus AB")
    page.get_by_role("link", name=say("Decisions")).click()
    page.get_by_role("link", name="Stigljus AB").click()
    page.locator("[name=feedback]").fill("Bra arbete")
    page.get_by_role("button", name=say("Save and preview")).click()
    expect(page.get_by_role("main")).to_contain_text("Bra arbete")
    page.get_by_role("link", name=say("All decisions")).click()
    page.get_by_role("link", name=say("Go on to sending")).click()
    page.get_by_role("button", name=say("Send all decisions")).click()
    expect(page.get_by_text(say("The decisions are sent to all who answered."))).to_be_visible()
