"""What holds for every page type: axe, no sideways scroll, sound markup, nothing from elsewhere."""

from types import SimpleNamespace

import pytest
from django.urls import URLPattern, get_resolver

from . import checks
from .conftest import PATIENCE, enter
from .pages import IN_JOURNEYS, NO_PAGES, PAGES
from .watching import Watch

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
    assert seen.status == kind.status
    assert checks.faults(seen.page, seen.html) | {"browser": seen.watch.faults()} == {"browser": []}


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
