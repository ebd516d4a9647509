"""Signing up, as anybody does it in the browser."""

import re

from django.urls import reverse
from playwright.sync_api import expect

PASSWORD = "tre ord i en rad"


def sign_up(page, say, mailbox, *, name, email, start=None):
    """From the form to the code in the mail, and on to the question of organisation."""
    page.goto(start or reverse("account_signup"))
    page.get_by_label(say("Your name")).fill(name)
    page.get_by_label(say("E-mail address")).fill(email)
    page.locator("[name=password1]").fill(PASSWORD)
    page.get_by_role("main").get_by_role("button", name=say("Create an account")).click()
    expect(page.get_by_role("heading", level=1)).to_have_text(say("Enter the code from the e-mail"))
    page.locator("[name=code]").fill(code_in(mailbox(email)[0].body))
    page.get_by_role("button", name=say("Continue")).click()


def code_in(text):
    """The code of a mail: it stands on a line of its own."""
    return re.search(r"^\s*([A-Z0-9]{3,}(?:-[A-Z0-9]{3,})*)\s*$", text, re.MULTILINE)[1]


def log_out(page, say):
    page.goto(reverse("my_pages"))
    page.get_by_role("button", name=say("Log out")).click()
    expect(page.get_by_role("link", name=say("Log in")).first).to_be_visible()
