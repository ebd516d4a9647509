"""An editor asks for a change and approves; the team publishes and then amends."""

import re

import pytest
from django.urls import reverse
from playwright.sync_api import expect

from challenges import actions
from tests import factories as make
from tests.cast import employee
from tests.challenges.support import complete

WAITS = (
    "The challenge waits for the keys that seal the answers. "
    "It is published by itself when they are made."
)


@pytest.fixture
def sent(arena, language):
    """In review, with a team of one."""
    owner = make.BuyerFactory()
    challenge = make.ChallengeFactory(
        owner=owner, state="draft", published_at=None, title_en=f"Quiet {language}"
    )
    challenge.author = employee(owner)
    challenge.team.create(user=challenge.author)
    complete(challenge)
    actions.send_to_review(challenge, by=challenge.author)
    return challenge


def test_review_publish_and_amend(page, say, arena, sent, sign_in):
    sign_in(page.context, arena.people["editor"].email)
    ask_for_a_change(page, say, sent)
    sign_in(page.context, sent.author.email)
    settle(page, say, sent)
    sign_in(page.context, arena.people["editor"].email)
    approve(page, say, sent)
    sign_in(page.context, sent.author.email)
    page.goto(reverse("challenges:publishing", args=[sent.slug]))
    page.get_by_role("button", name=say("Publish")).click()
    expect(page.get_by_text(say(WAITS))).to_be_visible()
    actions.make_keys()
    actions.publish_due()
    page.get_by_role("link", name=say("See if it is published")).click()
    expect(page).to_have_url(re.compile(sent.get_absolute_url()))
    amend(page, say, sent)


def ask_for_a_change(page, say, sent):
    page.goto(reverse("challenges:review_list"))
    page.get_by_role("link", name=sent.title).click()
    box = page.locator("details", has=page.locator("[name=change_background]"))
    box.locator("summary").click()
    page.locator("[name=change_background]").fill("Hur många?")
    page.get_by_role("button", name=say("Ask for changes")).click()
    assert sent.change_requests.get().section == "background"


def settle(page, say, sent):
    """In the same press as what is written."""
    page.goto(reverse("challenges:section", args=[sent.slug, "background"]))
    page.locator("[name=background_sv]").fill("Femtio i veckan.")
    page.get_by_label(say("What the editors asked for here is settled")).check()
    page.get_by_role("button", name=say("Save and close")).click()
    page.get_by_role("link", name=say("Send to review"), exact=True).click()
    page.get_by_role("button", name=say("Send to review")).click()
    expect(page.get_by_role("link", name=say("Take it back and write more"))).to_be_visible()


def approve(page, say, sent):
    page.goto(reverse("challenges:review", args=[sent.slug]))
    expect(page.get_by_text("Hur många?")).to_be_visible()
    expect(page.get_by_text("Femtio i veckan.")).to_be_visible()
    page.get_by_role("button", name=say("Approve")).click()
    expect(page.get_by_role("link", name=sent.title)).to_have_count(0)


def amend(page, say, sent):
    page.goto(reverse("challenges:amendment", args=[sent.slug]))
    page.get_by_text(say("Terms"), exact=True).click()
    page.locator("[name=contact]").fill("Karin Almgren")
    page.locator("[name=reason_sv]").fill("Ny kontakt.")
    page.get_by_role("button", name=say("Look at the change")).click()
    expect(page.get_by_role("main").get_by_text("Karin Almgren")).to_be_visible()
    page.get_by_role("button", name=say("Publish the change")).click()
    expect(page.get_by_role("article").get_by_text("Ny kontakt.")).to_be_visible()
