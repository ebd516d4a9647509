"""The team tells what came of its challenge and what became of that; a stranger reads it."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import expect

from .arena import ended

TEXT = "Ljusglimt valdes, för att alla hörde larmet."
LATER = "Larmen används i tre hus."


@pytest.fixture
def challenge(arena, language):
    return ended(f"resan-{language}", f"Larm som hörs {language}", arena.people["coordinator"])


@pytest.fixture
def reader(new_watched):
    """Somebody without an account."""
    return new_watched()


def test_from_missing_outcome_to_follow_up(page, reader, say, challenge, sign_in, mailbox):
    sign_in(page.context, "coordinator@example.org")
    page.goto(reverse("my_pages"))
    outcomes = page.get_by_role("region", name=say("Outcomes to tell"))
    outcomes.get_by_role("link", name=challenge.title).click()
    tell_the_outcome(page, say)

    reader.goto(challenge.get_absolute_url())
    came_of_it = reader.get_by_role("region", name=say("What came of it"))
    expect(came_of_it).to_contain_text(TEXT)
    expect(came_of_it.get_by_role("link", name="Ljusglimt AB")).to_be_visible()
    assert TEXT in mailbox("coordinator@example.org")[0].body

    tell_what_became_of_it(page, say)
    reader.reload()
    expect(came_of_it).to_contain_text(say("In use"))
    expect(came_of_it).to_contain_text(LATER)
    reader.goto(reverse("challenges:list") + "?outcome=in_use")
    expect(reader.get_by_role("link", name=challenge.title)).to_be_visible()


def tell_the_outcome(page, say):
    page.get_by_label(say("A solution was chosen"), exact=True).check()
    page.get_by_label(say("What was decided and why, and what happens now")).fill(TEXT)
    page.get_by_label(say("Find a supplier by name")).fill("ljusglimt")
    page.get_by_role("main").get_by_role("button", name=say("Search")).click()
    page.get_by_label("Ljusglimt AB").check()
    page.get_by_label(say("Day of the decision")).fill(yesterday())
    page.get_by_role("button", name=say("Tell the outcome to all")).click()
    told = say("The outcome is public, and those who follow the challenge are told.")
    expect(page.get_by_text(told)).to_be_visible()


def tell_what_became_of_it(page, say):
    page.get_by_role("link", name=say("After %(months)s months", months=6)).click()
    page.get_by_label(say("In use"), exact=True).check()
    page.get_by_label(say("Tell in a few sentences")).fill(LATER)
    page.get_by_role("button", name=say("Tell it to all")).click()
    told = say("Told. Everybody can read it on the challenge's page.")
    expect(page.get_by_text(told)).to_be_visible()


def yesterday():
    return (timezone.localdate() - timedelta(days=1)).isoformat()
