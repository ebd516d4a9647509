"""The agency checks a buyer in Swedish; the applicant follows it in each language. No scripts."""

import re

import pytest
from django.urls import reverse
from django.utils.translation import override
from playwright.sync_api import expect

from afori.accounts.actions import create_organisation
from tests import factories as make

pytestmark = pytest.mark.browser_context_args(java_script_enabled=False)
REASON = "Numret hör till ett annat bolag."


@pytest.fixture
def applicant(arena, language):
    return make.UserFactory(email=f"chef@granvik-{language}.se", language=language)


@pytest.fixture
def buyer(applicant, language):
    facts = {"name": f"Granviks kommun {language}", "kind": "municipality", "by": applicant}
    return create_organisation(**facts)


@pytest.fixture
def desk(new_watched, sign_in, buyer):
    """The editor's browser."""
    page = new_watched()
    sign_in(page.context, "editor@example.org")
    return page


def test_from_the_queue_to_the_answer(page, desk, say, sign_in, applicant, buyer, mailbox):
    sign_in(page.context, applicant.email)
    own = reverse("accounts:members", args=[buyer.slug])
    page.goto(own)
    expect(page.get_by_role("heading", name=say("Not verified yet"))).to_be_visible()

    answer(desk, buyer, "Nej, avslå", reason=REASON)
    assert REASON in mailbox(applicant.email)[0].body
    page.goto(own)
    expect(page.get_by_text(REASON)).to_be_visible()
    page.get_by_role("link", name=say("Ask for a new check")).click()
    page.get_by_label(say("Message to those who check")).fill("Nu är numret rättat.")
    page.get_by_role("button", name=say("Ask for a check")).click()
    expect(page.get_by_role("heading", name=say("Not verified yet"))).to_be_visible()

    answer(desk, buyer, "Ja, verifiera organisationen", message="Nu är numret rättat.")
    page.goto(own)
    verified = say("Verified since %(date)s").partition("%")[0]
    expect(page.get_by_text(re.compile(verified))).to_be_visible()
    assert own in mailbox(applicant.email)[0].body


def answer(desk, buyer, words, *, reason="", message=""):
    """From the first page of the desk to the decision."""
    with override("sv"):
        desk.goto(reverse("admin:index"))
    desk.get_by_role("link", name=re.compile("väntar på kontroll")).first.click()
    desk.get_by_role("link", name=buyer.name).click()
    if message:
        expect(desk.get_by_text(message)).to_be_visible()
    if words.startswith("Ja"):
        for box in desk.locator(".one-check input[type=checkbox]").all():
            box.check()
    desk.get_by_label(words).check()
    desk.get_by_label(re.compile("^Skäl")).fill(reason)
    desk.get_by_role("button", name="Spara svaret").click()
    expect(desk.locator(".messagelist .success")).to_contain_text(buyer.name)
