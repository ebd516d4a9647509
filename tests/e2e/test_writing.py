"""An author's way from an empty draft to the editors, in the browser."""

import re

import pytest
from django.urls import reverse
from playwright.sync_api import expect

from challenges.models import Challenge
from tests.challenges.support import complete


@pytest.fixture
def author(page, sign_in):
    sign_in(page.context, "procurer@example.org")
    return page


@pytest.fixture
def draft(author, say, language):
    """Begun from the list of challenges, as a buyer does."""
    title = f"Ljus över bron {language}"
    author.goto(reverse("challenges:list"))
    author.get_by_role("main").get_by_role("link", name=say("Write a challenge")).click()
    author.get_by_label(say("Title in Swedish")).fill(title)
    author.get_by_role("button", name=say("Start the challenge")).click()
    expect(author.get_by_role("heading", level=1)).to_have_text(title)
    return Challenge.objects.get(title_sv=title)


def test_from_an_empty_draft_to_the_editors(author, draft, say):
    write_texts(author, draft, say)
    write_criteria(author, draft, say)
    say_when(author, draft, say)
    name_an_opener(author, draft, say)
    draft.refresh_from_db()
    complete(draft)

    author.goto(reverse("challenges:work", args=[draft.slug]))
    author.get_by_role("link", name=say("Preview"), exact=True).click()
    expect(author.get_by_text("Det är mörkt på bron.")).to_be_visible()
    author.get_by_role("link", name=say("Back to the work")).click()
    copy(author, draft, say)

    author.goto(reverse("challenges:work", args=[draft.slug]))
    author.get_by_role("link", name=say("Send to review"), exact=True).click()
    author.get_by_role("button", name=say("Send to review")).click()
    told = say("The challenge is with the editors. You are told when they answer.")
    expect(author.get_by_text(told)).to_be_visible()
    draft.refresh_from_db()
    assert draft.state == "in_review"


def write_texts(page, draft, say):
    """By keyboard; what is left behind unsaved is asked about."""
    page.get_by_role("link", name=say("Background and need")).press("Enter")
    page.locator("[name=background_sv]").fill("Det är mörkt på bron.")
    page.get_by_role("button", name=say("Save and continue")).press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text(say("Function asked for"))
    page.locator("[name=function_sv]").fill("Det ska vara ljust när någon går.")
    page.get_by_role("button", name=say("Save and close")).click()
    expect(page.get_by_role("link", name=say("Background and need"))).to_contain_text(
        say("Complete")
    )


def write_criteria(page, draft, say):
    page.get_by_role("link", name=re.compile(f"^{say('Criteria')}")).click()
    add = page.get_by_role("button", name=say("Save and add a criterion"))
    for number, prompt in enumerate(["Hur lyser det?", "Vad kostar det?"]):
        add.click()
        page.locator(f"[name='{number}-prompt_sv']").fill(prompt)
    page.locator("[name='0-weight']").fill("70")
    sum_of_weights = say("The weights make {sum} per cent. They must make 100.").format(sum=70)
    expect(page.locator("#sum")).to_have_text(sum_of_weights)
    page.locator("[name='1-weight']").fill("30")
    expect(page.locator("#sum")).to_have_text(say("The weights make 100 per cent."))
    page.get_by_role("button", name=say("Move up")).click()
    expect(page.locator("[name='0-prompt_sv']")).to_have_value("Vad kostar det?")
    page.get_by_role("button", name=say("Save and close")).last.click()
    expect(page.get_by_role("heading", level=1)).to_have_text(draft.title_sv)


def say_when(page, draft, say):
    """A time in the hour that the clocks skip is refused, and stays in its field."""
    page.get_by_role("link", name=re.compile(f"^{say('Times')}")).click()
    page.locator("[name=closes_at_0]").fill("2027-03-28")
    page.locator("[name=closes_at_1]").fill("02:30")
    page.get_by_role("button", name=say("Save and close")).click()
    expect(page.locator(".ds-error-summary")).to_be_visible()
    expect(page.locator("[name=closes_at_1]")).to_have_value("02:30")
    page.locator("[name=closes_at_1]").fill("12:00")
    page.get_by_role("button", name=say("Save and close")).click()
    expect(page.get_by_role("heading", level=1)).to_have_text(draft.title_sv)


def name_an_opener(page, draft, say):
    page.get_by_role("link", name=re.compile(f"^{say('Those who open the answers')}")).click()
    page.get_by_label(say("E-mail address")).fill("opener1@example.org")
    page.get_by_role("button", name=say("Name the person")).click()
    expect(page.locator("main .rows")).to_contain_text("opener1@example.org")


def copy(page, draft, say):
    page.get_by_role("link", name=say("Copy to a new challenge")).click()
    page.get_by_label(say("Title in Swedish")).fill(f"{draft.title_sv}, en till")
    page.get_by_role("button", name=say("Start the challenge")).click()
    expect(page.get_by_role("link", name=say("Background and need"))).to_contain_text(
        say("Carried over, look it through")
    )
