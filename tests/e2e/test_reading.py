"""Anyone reads: from the front page down the chain and back, without scripts, then by keyboard."""

import re

import pytest
from django.urls import reverse
from django.utils.translation import override
from playwright.sync_api import expect

from challenges.models import Challenge
from networks.models import Need, Network

from .arena import NEED, NETWORK, OPEN

without_scripts = pytest.mark.browser_context_args(java_script_enabled=False)


@pytest.fixture
def titles(arena, language):
    """Titles in the page's language."""
    return {
        "challenge": str(Challenge.objects.get(slug=OPEN).title),
        "network": str(Network.objects.get(slug=NETWORK).name),
        "need": str(Need.objects.get(slug=NEED).title),
    }


@without_scripts
def test_from_the_front_page_to_a_challenge(page, say, titles):
    page.goto(reverse("home"))
    menu = page.get_by_role("navigation", name=say("Main menu"))
    menu.get_by_role("link", name=say("Challenges"), exact=True).click()
    rows = page.locator("main .row")
    everything = rows.count()

    form = page.locator("#filters")
    form.locator("[name=level][value=initiate]").check()
    form.get_by_role("button", name=say("Show")).click()
    expect(page).to_have_url(re.compile(r"level=initiate"))
    assert 0 < rows.count() < everything
    chips = page.get_by_role("list", name=say("Choices made"))
    chips.get_by_role("link").click()
    expect(page).not_to_have_url(re.compile("level"))
    assert rows.count() == everything

    page.get_by_role("link", name=titles["challenge"]).click()
    expect(page.get_by_role("heading", level=1)).to_have_text(titles["challenge"])


@without_scripts
def test_along_the_chain_and_back(page, say, titles):
    page.goto(reverse("challenges:detail", args=[OPEN]))
    for text in (titles["need"], titles["network"]):
        along(page, say, text)
        expect(page.get_by_role("heading", level=1)).to_have_text(text)
    page.go_back()
    along(page, say, titles["challenge"])
    expect(page).to_have_url(re.compile(f"{reverse('challenges:detail', args=[OPEN])}$"))


def along(page, say, text):
    chain = page.get_by_role("navigation", name=say("The chain from network to outcome")).first
    chain.get_by_role("link", name=text).first.click()


@without_scripts
def test_search_and_the_other_language(page, say, language):
    page.goto(reverse("home"))
    field = page.get_by_role("searchbox").first
    field.fill("upphandling")
    field.press("Enter")
    expect(page.get_by_role("status")).to_contain_text("upphandling")
    page.locator("main .rows h3 a").first.click()
    expect(page.get_by_role("heading", level=1)).to_be_visible()

    other = {"sv": "en", "en": "sv"}[language]
    page.goto(reverse("challenges:detail", args=[OPEN]))
    page.locator(f".nav [hreflang={other}]").click()
    with override(other):
        expect(page).to_have_url(re.compile(f"{reverse('challenges:detail', args=[OPEN])}$"))
    expect(page.locator("html")).to_have_attribute("lang", other)


@without_scripts
def test_an_empty_list_helps(page, say):
    page.goto(reverse("challenges:list") + "?q=xyzzy")
    assert page.locator("main .row").count() == 0
    page.get_by_role("main").get_by_role("link", name=say("Clear"), exact=False).first.click()
    expect(page.locator("main .row")).not_to_have_count(0)


def test_by_keyboard_on_a_phone(page, say):
    page.set_viewport_size({"width": 390, "height": 800})
    page.goto(reverse("home"))
    page.keyboard.press("Tab")
    assert_focus(page, say("Skip to content"))
    page.keyboard.press("Enter")
    assert page.evaluate("() => document.activeElement.id") == "main"

    menu = page.get_by_role("navigation", name=say("Main menu"))
    expect(menu).to_be_hidden()
    page.get_by_role("button", name=say("Menu")).focus()
    page.keyboard.press("Enter")
    expect(menu).to_be_visible()
    page.keyboard.press("Tab")
    assert_focus(page, say("Close"))
    page.keyboard.press("Escape")
    expect(menu).to_be_hidden()
    assert_focus(page, say("Menu"))

    page.keyboard.press("Enter")
    for _step in range(2):
        page.keyboard.press("Tab")
    words = page.evaluate("() => document.activeElement.textContent")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_be_visible()
    expect(page.locator(".nav [aria-current]")).to_have_text(words)


def assert_focus(page, words):
    """The words have the focus, and it shows."""
    page.wait_for_function(
        "words => document.activeElement.textContent.trim() === words", arg=words
    )
    shown = page.evaluate(
        """() => {
            const one = document.activeElement, box = one.getBoundingClientRect()
            const style = getComputedStyle(one)
            const ring = style.outlineStyle !== "none" || style.boxShadow !== "none"
            return [box.width > 0 && box.top >= 0, ring]
        }"""
    )
    assert shown == [True, True]


def test_the_header_stays_on_one_line(page, sign_in, language):
    """Also for a person with unread notifications, whose header holds the most."""
    sign_in(page.context, "coordinator@example.org")
    page.goto(reverse("my_pages"))
    for width in (960, 1215, 1216, 1280, 1600):
        page.set_viewport_size({"width": width, "height": 700})
        height = page.locator(".bar").evaluate("bar => bar.offsetHeight")
        assert height < 100, width
