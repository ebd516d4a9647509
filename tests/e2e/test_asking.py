"""A supplier asks, the owner rewords and publishes, everybody reads; nobody sees who asked."""

import re

import pytest
from django.urls import reverse
from playwright.sync_api import expect

from challenges.models import Question, TeamMember
from tests import factories as make
from tests.cast import employee

ASKED = "Räcker vår lykta Skenet 7 från Lyktan?"
WORDS = {
    "question_sv": "Räcker en lykta som redan finns?",
    "answer_sv": "Nej, den ska vara ny.",
    "question_en": "Is an existing lantern enough?",
    "answer_en": "No, it is to be new.",
}


@pytest.fixture
def challenge(arena):
    return make.ChallengeFactory(title_sv="Ljus i gränden", title_en="Light in the alley")


@pytest.fixture
def people(challenge):
    """The asker, and one of the challenge's team."""
    company = make.OrganisationFactory(name="Lyktmakarna AB")
    asker, owner = employee(company, name="Lova Lykta"), employee(challenge.owner)
    TeamMember.objects.create(challenge=challenge, user=owner)
    return asker, owner


def test_a_question_from_asking_to_reading(
    page, new_watched, say, language, mailbox, challenge, people, sign_in
):
    asker, owner = people
    address = reverse("challenges:questions", args=[challenge.slug])
    work, stranger = new_watched(), new_watched()
    stranger.goto(address)
    expect(stranger.get_by_role("link", name=say("Log in to ask"))).to_be_visible()

    sign_in(page.context, asker.email)
    page.goto(address)
    page.get_by_label(say("Your question")).fill(ASKED)
    page.get_by_role("button", name=say("Send the question")).click()
    expect(page.locator("[aria-labelledby=own]")).to_contain_text(ASKED)
    question = Question.objects.get(challenge=challenge)

    sign_in(work.context, owner.email)
    answer_and_publish(work, say, challenge)
    seen = [work.locator("body").inner_text()]

    stranger.goto(address)
    expect(stranger.get_by_text(WORDS[f"answer_{language}"])).to_be_visible()
    seen.append(stranger.locator("body").inner_text())
    stranger.goto(challenge.get_absolute_url())
    expect(stranger.get_by_text(WORDS[f"question_{language}"])).to_be_visible()
    seen.append(stranger.locator("body").inner_text())
    for text in seen:
        assert not re.search("Lova|Lykta|Lyktmakarna|Skenet", text)

    page.goto(address)
    expect(page.locator("[aria-labelledby=own]")).to_contain_text(say("Answered"))
    [mail] = mailbox(asker.email)
    assert WORDS["answer_sv"] in mail.body
    assert question.token not in page.url


def answer_and_publish(work, say, challenge):
    """From the hub of the team's workspace, with the words of the asker taken out."""
    work.goto(reverse("challenges:work", args=[challenge.slug]))
    work.get_by_role("link", name=say("Questions from suppliers")).click()
    work.get_by_role("link", name=ASKED).click()
    expect(work.get_by_text(ASKED)).to_be_visible()
    assert "Lyktmakarna" not in work.content()
    for name, text in WORDS.items():
        work.locator(f"[name={name}]").fill(text)
    work.get_by_role("button", name=say("Save as answered")).click()
    work.get_by_role("button", name=say("Preview the run")).click()
    both = f"{WORDS['answer_sv']}|{WORDS['answer_en']}"
    expect(work.get_by_text(re.compile(both))).to_be_visible()
    work.get_by_role("button", name=say("Publish to everybody now")).click()
    expect(work.locator(".notices")).to_contain_text("1")
