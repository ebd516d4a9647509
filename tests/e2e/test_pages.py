"""What holds for every page type: axe, no sideways scroll, sound markup, nothing from elsewhere."""

from types import SimpleNamespace

import pytest
from axe_playwright_python.base import AXE_SCRIPT
from django.urls import URLPattern, get_resolver

from . import markup
from .conftest import PATIENCE, enter
from .pages import IN_JOURNEYS, NO_PAGES, PAGES
from .watching import Watch

AXE = {
    "runOnly": {
        "type": "tag",
        "values": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"],
    },
    "rules": {"target-size": {"enabled": True}},
    "resultTypes": ["violations"],
}
DARK_AXE = {"runOnly": ["color-contrast", "link-in-text-block"], "resultTypes": ["violations"]}
FOUND = """options => axe.run(document, options).then(found => found.violations.flatMap(
    rule => rule.nodes.map(node => `${rule.id}: ${node.target} ${node.failureSummary}`)))"""
SIDEWAYS = """() => {
    const width = document.documentElement.clientWidth
    if (document.documentElement.scrollWidth <= width) return []
    return [...document.querySelectorAll("body *")]
        .filter(one => one.getBoundingClientRect().right > width + 1)
        .map(one => one.outerHTML.slice(0, 120)).slice(0, 5)
        .concat("wider than " + width)
}"""
LANGUAGES = ["sv", "en"]


@pytest.fixture(scope="module")
def browse(browser, live, arena):
    """Opens a page type as the one who looks at it, in a window for each person."""
    windows = {}

    def open_page(kind, language):
        if kind.who not in windows:
            windows[kind.who] = window(browser, live.url, kind.who)
        page, watch = windows[kind.who]
        watch.noted.clear()
        watch.expected = {kind.status}
        page.set_viewport_size({"width": 1280, "height": 800})
        page.emulate_media(color_scheme="light")
        response = page.goto(kind.address(arena, language))
        if kind.send:
            with page.expect_navigation() as sent:
                page.eval_on_selector(
                    kind.send, "form => { form.noValidate = true; form.requestSubmit() }"
                )
            response = sent.value
        return SimpleNamespace(page=page, watch=watch, status=response.status, html=response.text())

    yield open_page
    for page, _watch in windows.values():
        page.context.close()


def window(browser, site, who):
    context = browser.new_context(base_url=site, reduced_motion="reduce")
    context.set_default_timeout(PATIENCE)
    if who:
        enter(context, site, f"{who}@example.org")
    watch = Watch(context, site)
    return context.new_page(), watch


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("kind", PAGES, ids=[kind.name for kind in PAGES])
def test_page(browse, kind, language):
    seen = browse(kind, language)
    faults = {
        "markup": markup.problems(seen.html),
        "axe": axe(seen.page, AXE),
        "axe in the dark": axe_in_the_dark(seen.page),
        "at 320 px": sideways(seen.page, 320),
        "with text at 200 %": sideways_with_large_text(seen.page),
        "browser": seen.watch.faults(),
    }
    assert seen.status == kind.status
    assert {name: found for name, found in faults.items() if found} == {}


def axe(page, options):
    if not page.evaluate("() => 'axe' in window"):
        page.evaluate(AXE_SCRIPT)
    return page.evaluate(FOUND, options)


def axe_in_the_dark(page):
    page.emulate_media(color_scheme="dark")
    return axe(page, DARK_AXE)


def sideways(page, width):
    page.set_viewport_size({"width": width, "height": 640})
    return page.evaluate(SIDEWAYS)


def sideways_with_large_text(page):
    page.evaluate("() => { document.documentElement.style.fontSize = '200%' }")
    return sideways(page, 1280)


def named(resolver, namespace=""):
    for entry in resolver.url_patterns:
        if isinstance(entry, URLPattern):
            if entry.name:
                yield namespace + entry.name
        elif entry.namespace != "admin":
            yield from named(entry, f"{entry.namespace}:" if entry.namespace else namespace)


def test_every_named_address_is_a_page_type():
    listed = {kind.url for kind in PAGES} | NO_PAGES | IN_JOURNEYS
    assert {name for name in named(get_resolver()) if name != "styleguide"} == listed
