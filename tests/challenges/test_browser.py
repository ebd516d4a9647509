"""Autosave in a real browser, and the same way without JavaScript."""

import os
import time
from urllib.parse import urljoin

import pytest
from django.conf import settings
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.contrib.sessions.backends.db import SessionStore
from django.urls import reverse
from playwright.sync_api import expect

from challenges import actions
from challenges.models import Answer

from .support import closes, write

pytestmark = pytest.mark.django_db(transaction=True)
# Playwright's event loop runs in the thread of the tests.
os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "1"


@pytest.fixture
def part(arena, draft, live_server):
    path = reverse("challenges:answer_edit", args=[arena.challenge.slug, draft.reference, 1])
    return live_server.url + path


def enter(context, user, url):
    """Sign in by a session cookie."""
    session = SessionStore()
    session[SESSION_KEY] = str(user.pk)
    session[BACKEND_SESSION_KEY] = settings.AUTHENTICATION_BACKENDS[-1]
    session[HASH_SESSION_KEY] = user.get_session_auth_hash()
    session.save()
    origin = urljoin(url, "/")
    context.add_cookies(
        [{"name": settings.SESSION_COOKIE_NAME, "value": session.session_key, "url": origin}]
    )
    return session


def test_what_one_writes_is_saved(arena, draft, part, context, page):
    enter(context, arena.supplier, part)
    page.goto(part)
    page.locator("textarea[name=text]").fill("Skrivet i webbläsaren")
    expect(page.locator("#saved")).to_contain_text("Sparat kl.")

    assert Answer.objects.get(criterion=arena.criteria[0]).text == "Skrivet i webbläsaren"
    page.locator("textarea[name=text]").press_sequentially(" och mer")
    page.get_by_role("button", name="Spara och stäng").click()
    expect(page).to_have_url(urljoin(part, draft.get_absolute_url()))
    answer = Answer.objects.get(criterion=arena.criteria[0])
    assert answer.text == "Skrivet i webbläsaren och mer"
    assert not answer.set_aside.exists()


def test_words_are_counted_while_one_writes(arena, part, context, page):
    enter(context, arena.supplier, part)
    page.goto(part)
    page.locator("textarea[name=text]").fill("ord " * 12)
    expect(page.locator("[data-words-for]")).to_contain_text("12 av 10 ord")


def test_a_conflict_is_told_and_both_texts_are_there(arena, two, part, context, page):
    enter(context, arena.supplier, part)
    page.goto(part)
    actions.take_over(two.draft, arena.criteria[0], by=two.other)
    write(two.draft, arena.criteria[0], "Kollegans text", by=two.other)
    page.locator("textarea[name=text]").fill("Min text")
    page.get_by_role("link", name="Visa båda texterna").click()

    expect(page.get_by_text("Kollegans text")).to_be_visible()
    expect(page.locator("textarea[name=text]")).to_have_value("Min text")


def test_a_colleague_sees_who_writes_and_takes_over(arena, two, part, context, page, new_context):
    enter(context, two.one, part)
    page.goto(part)
    other = new_context()
    enter(other, two.other, part)
    theirs = other.new_page()
    theirs.goto(part)
    expect(theirs.get_by_text(f"{two.one.name} skriver här")).to_be_visible()
    expect(theirs.locator("main textarea")).to_have_count(0)

    theirs.get_by_role("button", name="Ta över").click()
    expect(theirs.locator("textarea[name=text]")).to_be_visible()
    page.locator("textarea[name=text]").fill("Skrivet efteråt")
    expect(page.locator("#saved")).to_contain_text("En kollega har tagit över")
    page.get_by_role("link", name="Visa båda texterna").click()
    expect(page.get_by_label("Din text, sparad vid sidan om")).to_have_value("Skrivet efteråt")


def test_closing_the_window_leaves_the_part(arena, two, part, context, page):
    enter(context, two.one, part)
    page.goto(part)
    assert Answer.objects.get(criterion=arena.criteria[0]).writer == two.one
    page.goto("about:blank")
    for _each in range(50):
        if Answer.objects.get(criterion=arena.criteria[0]).writer is None:
            return
        time.sleep(0.1)
    raise AssertionError("the part is still held")


def test_logged_out_while_writing_keeps_the_text(arena, part, context, page):
    session = enter(context, arena.supplier, part)
    page.goto(part)
    session.delete()
    page.locator("textarea[name=text]").fill("Skrivet efter utloggning")
    expect(page.get_by_role("link", name="Logga in i en ny flik").first).to_be_visible()
    expect(page.locator("textarea[name=text]")).to_have_value("Skrivet efter utloggning")

    enter(context, arena.supplier, part)
    page.locator("textarea[name=text]").press_sequentially(".")
    expect(page.locator("#saved")).to_contain_text("Sparat kl.")
    assert Answer.objects.get(criterion=arena.criteria[0]).text == "Skrivet efter utloggning."


def test_unsaved_text_is_found_again(arena, part, context, page):
    enter(context, arena.supplier, part)
    page.goto(part)
    page.route("**/spara/", lambda route: route.abort())
    page.locator("textarea[name=text]").fill("Aldrig sparat")
    expect(page.locator("#saved")).to_contain_text("Inte sparat")
    page.on("dialog", lambda dialog: dialog.accept())
    page.goto(part)
    page.get_by_role("button", name="Hämta tillbaka den").click()
    expect(page.locator("textarea[name=text]")).to_have_value("Aldrig sparat")


def test_closing_while_one_writes_is_told(arena, part, context, page):
    enter(context, arena.supplier, part)
    page.goto(part)
    closes(arena.challenge, seconds=-1)
    page.locator("textarea[name=text]").fill("För sent")
    expect(page.locator("#saved")).to_contain_text("Svarstiden är slut")
    expect(page.locator("textarea[name=text]")).to_have_value("För sent")


@pytest.mark.browser_context_args(java_script_enabled=False)
def test_without_javascript(arena, draft, part, context, page):
    session = enter(context, arena.supplier, part)
    page.goto(part)
    page.locator("textarea[name=text]").fill("Utan skript")
    page.get_by_role("button", name="Spara och fortsätt").click()
    expect(page).to_have_url(part.replace("/del/1/", "/del/2/"))
    page.locator("textarea[name=text]").fill("Också utan skript")
    session.delete()
    page.get_by_role("button", name="Spara och stäng").click()
    expect(page.locator("textarea[name=text]")).to_have_value("Också utan skript")

    enter(context, arena.supplier, part)
    page.get_by_role("button", name="Spara").click()
    if page.get_by_role("heading", name="Din text finns kvar").is_visible():
        page.get_by_role("button", name="Spara").click()
    expect(page.get_by_role("status").first).to_contain_text("Sparat")
    texts = [answer.text for answer in draft.answers.order_by("criterion__position")]
    assert texts == ["Utan skript", "Också utan skript"]
