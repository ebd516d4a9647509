"""A colleague is invited, signs up from the mail and acts for the organisation, until removed."""

import re

import pytest
from django.urls import reverse
from playwright.sync_api import expect

from tests import factories as make
from tests.cast import employee

from .people import sign_up

pytestmark = pytest.mark.browser_context_args(java_script_enabled=False)
REASON = "Projektet är slut."


@pytest.fixture
def organisation(arena, language):
    return make.BuyerFactory(name=f"Granby kommun {language}", slug=f"granby-{language}")


@pytest.fixture
def office(new_watched, sign_in, organisation, language):
    """The administrator's browser."""
    email = f"chef-{language}@example.org"
    admin = employee(organisation, name="Alva Admin", email=email, language=language)
    admin.memberships.update(role="admin")
    page = new_watched()
    sign_in(page.context, email)
    return page


def test_from_the_invitation_to_the_removal(
    page, watch, office, say, organisation, mailbox, language
):
    guest = f"gun-{language}@granby.example"
    invite(office, say, organisation, guest)
    link = re.search(r"http\S+", mailbox(guest)[0].body)[0]

    page.goto(link)
    start = page.get_by_role("link", name=say("Create an account")).get_attribute("href")
    sign_up(page, say, mailbox, name="Gun Gäst", email=guest, start=start)
    page.get_by_role("button", name=say("Accept"), exact=True).click()
    acting = page.get_by_role("banner").get_by_text(organisation.name)
    expect(acting).to_be_visible()

    members = reverse("accounts:members", args=[organisation.slug])
    page.goto(members)
    expect(page.get_by_role("heading", name="Alva Admin")).to_be_visible()
    expect(page.get_by_role("button", name=say("Make administrator"))).to_have_count(0)

    remove(office, say, organisation)
    watch.expected = {403}
    assert page.reload().status == 403
    page.goto(reverse("my_pages"))
    expect(acting).to_have_count(0)
    expect(page.get_by_role("banner")).to_contain_text(say("You act for no organisation yet."))
    assert REASON in mailbox(guest)[0].body


def invite(office, say, organisation, address):
    office.goto(reverse("accounts:members", args=[organisation.slug]))
    office.get_by_role("link", name=say("Invite"), exact=True).click()
    office.get_by_label(say("E-mail addresses")).fill(f"{address}\nfel")
    office.get_by_label(say("Message in the e-mail")).fill("Välkommen!")
    office.get_by_role("button", name=say("Send"), exact=True).click()
    expect(office.get_by_role("main")).to_contain_text("fel")
    expect(office.get_by_label(say("Message in the e-mail"))).to_have_value("Välkommen!")
    office.get_by_label(say("E-mail addresses")).fill(address)
    office.get_by_role("button", name=say("Send"), exact=True).click()
    expect(office.get_by_role("heading", name=address)).to_be_visible()


def remove(office, say, organisation):
    office.goto(reverse("accounts:members", args=[organisation.slug]))
    row = office.get_by_role("listitem").filter(has_text="Gun Gäst")
    row.get_by_role("link", name=say("Remove")).click()
    office.get_by_label(say("Reason"), exact=True).fill(REASON)
    office.get_by_role("button", name=say("Remove")).click()
    expect(office.get_by_role("heading", name="Gun Gäst")).to_have_count(0)
