"""Passkeys in a browser with a device of its own: the first factor, the second, and both."""

import re

import pytest
from django.urls import reverse
from playwright.sync_api import expect

from afori.accounts.models import Membership, User
from tests import factories as make

from .people import code_in, log_out

DEVICE = {
    "protocol": "ctap2",
    "transport": "internal",
    "hasResidentKey": True,
    "hasUserVerification": True,
    "isUserVerified": True,
    "automaticPresenceSimulation": True,
}


@pytest.fixture
def phone(page, context):
    """A phone or computer that knows its owner."""
    session = context.new_cdp_session(page)
    session.send("WebAuthn.enable")
    made = session.send("WebAuthn.addVirtualAuthenticator", {"options": DEVICE})

    def present(here):
        options = {"authenticatorId": made["authenticatorId"], "isUserVerified": here}
        session.send("WebAuthn.setUserVerified", options)

    return present


@pytest.fixture
def press(page, say):
    main = page.get_by_role("main")

    def click(words):
        main.get_by_role("button", name=say(words), exact=True).or_(
            main.get_by_role("link", name=say(words), exact=True)
        ).first.click()

    return click


def heading(page):
    return page.get_by_role("heading", level=1)


def enter_code(page, press, mailbox, email):
    page.locator("[name=code]").fill(code_in(mailbox(email)[0].body))
    press("Continue")


def test_from_sign_up_by_code_to_a_log_in_with_nothing_but_the_device(
    site, page, press, say, language, mailbox, phone, settings
):
    settings.AFORI_REQUIRE_MFA = True
    email = f"nyckel-{language}@example.com"
    page.goto(reverse("account_signup"))
    page.locator("[name=name]").fill("Nils Nyckel")
    page.locator("[name=email]").fill(email)
    press("Create an account")
    enter_code(page, press, mailbox, email)
    expect(page).to_have_url(re.compile(reverse("accounts:organisation_start")))

    make.MembershipFactory(user=User.objects.get(email=email), role=Membership.Role.ADMIN)
    page.goto(reverse("accounts:settings"))
    expect(heading(page)).to_have_text(say("Log in in two steps"))
    press("Add a passkey")
    press("Make the passkey")
    expect(heading(page)).to_have_text(say("Recovery codes"))
    press("I have saved them, continue")
    expect(page).to_have_url(re.compile(reverse("accounts:settings")))

    log_out(page, say)
    page.goto(reverse("accounts:settings"))
    press("Use a passkey")
    expect(page).to_have_url(f"{site}{reverse('accounts:settings')}")

    log_out(page, say)
    page.goto(reverse("account_login"))
    page.locator("[name=login]").fill(email)
    press("Get a code by e-mail")
    enter_code(page, press, mailbox, email)
    expect(heading(page)).to_have_text(say("The second step"))
    press("Use a passkey")
    expect(page).to_have_url(re.compile(reverse("my_pages")))


@pytest.mark.parametrize("language", ["sv"], indirect=True)
def test_an_account_with_a_passkey_alone(page, press, say, mailbox, phone, watch):
    email = "bara-nyckel@example.com"
    page.goto(reverse("account_signup"))
    page.locator("[name=name]").fill("Nina Nyckel")
    page.locator("[name=email]").fill(email)
    press("Create with a passkey instead")
    enter_code(page, press, mailbox, email)
    expect(heading(page)).to_have_text(say("Make your passkey"))
    page.locator("[name=name]").fill("Min dator")
    press("Make the passkey")
    expect(page).to_have_url(re.compile(reverse("accounts:organisation_start")))

    page.goto(reverse("mfa_index"))
    page.get_by_role("main").get_by_role("link", name=say("Rename")).click()
    phone(False)
    expect(heading(page)).to_have_text(say("Confirm that it is you"))
    press("Use a passkey")
    expect(page.locator("[data-failed]")).to_be_visible()
    phone(True)
    press("Use a passkey")
    page.locator("[name=name]").fill("Jobbdatorn")
    press("Save")
    expect(page.get_by_role("heading", name="Jobbdatorn")).to_be_visible()

    page.get_by_role("main").get_by_role("link", name=say("Remove")).click()
    press("Remove")
    expect(page.get_by_text(say("Two-step log-in is off"))).to_be_visible()
    log_out(page, say)
    page.goto(reverse("account_login"))
    press("Use a passkey")
    words = say("The passkey was not accepted. Try again, or choose another way.")
    expect(page.get_by_text(words)).to_be_visible()


@pytest.mark.parametrize("language", ["sv"], indirect=True)
@pytest.mark.browser_context_args(java_script_enabled=False)
def test_without_scripts_the_page_says_what_to_do_instead(page, say):
    page.goto(reverse("account_login"))
    expect(page.locator("noscript p")).to_be_visible()
    expect(page.get_by_role("button", name=say("Use a passkey"))).not_to_be_visible()
