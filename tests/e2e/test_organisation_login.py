"""An organisation's own log-in in a browser: the policy that no form leads elsewhere holds."""

import re

import pytest
from django.urls import reverse
from playwright.sync_api import expect

from afori.accounts.models import LoginProvider
from afori.accounts.providers import seal_secret


@pytest.fixture
def provider(site, identity):
    settings = {
        "server_url": identity.url,
        "domains": ["ekhamra.se"],
        "secret": seal_secret("hemligt"),
    }
    made = LoginProvider.objects.create(
        provider="openid_connect",
        provider_id="browser",
        name="Ekhamra kommun",
        client_id="afori",
        settings=settings,
    )
    yield made
    made.delete()


def test_one_goes_there_and_comes_back_logged_in(new_context, language, provider, identity):
    page = new_context().new_page()
    subject = f"berta-{language}"
    identity.knows(subject, name="Berta Berg", email=f"{subject}@ekhamra.se")
    page.goto(reverse("account_login"))
    page.get_by_role("button", name="Ekhamra kommun").click()
    page.locator("input[name=sub]").fill(subject)
    page.get_by_role("button", name="Authorize").click()
    expect(page).to_have_url(re.compile(f"{reverse('accounts:organisation_start')}$"))
    expect(page.locator("html")).to_have_attribute("lang", language)
