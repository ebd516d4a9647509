"""Logging in and out, without scripts."""

import re

import pytest
from django.urls import reverse
from playwright.sync_api import expect

from afori.home.demo import PASSWORD

from .arena import NETWORK
from .people import log_out

pytestmark = pytest.mark.browser_context_args(java_script_enabled=False)
ADDRESS = "procurer@example.org"


def test_a_log_in_leads_back_to_the_page_it_began_on(page, say):
    page.goto(reverse("networks:detail", args=[NETWORK]))
    page.get_by_role("main").get_by_role("link", name=say("Join the network")).first.click()
    log_in(page, "fel lösenord")
    expect(page.locator(".ds-error-summary")).to_be_visible()
    expect(page.locator("[name=login]")).to_have_value(ADDRESS)
    log_in(page, PASSWORD)
    expect(page).to_have_url(re.compile(reverse("networks:detail", args=[NETWORK])))
    expect(page.get_by_label(say("Message to the coordinator")).first).to_be_attached()
    log_out(page, say)
    page.goto(reverse("my_pages"))
    expect(page).to_have_url(re.compile(reverse("account_login")))


def log_in(page, password):
    page.locator("[name=login]").fill(ADDRESS)
    page.locator("[name=password]").fill(password)
    page.locator("main form button[type=submit]").first.click()
