"""Every page type in Swedish: axe in both themes, no sideways scroll, sound markup."""

import pytest
from django.urls import URLPattern, get_resolver

from . import checks
from .no_pages import IN_JOURNEYS, NO_PAGES
from .pages import PAGES


@pytest.mark.parametrize("kind", PAGES, ids=[kind.name for kind in PAGES])
def test_page(browse, kind):
    page, response, faults = browse(kind, "sv")
    assert (response.status, faults) == (kind.status, [])
    assert checks.faults(page, response.text(), kind.axe) == {}


def named(resolver, namespace=""):
    for entry in resolver.url_patterns:
        if isinstance(entry, URLPattern):
            if entry.name:
                yield namespace + entry.name
        elif entry.namespace != "admin":
            yield from named(entry, f"{entry.namespace}:" if entry.namespace else namespace)


def test_every_named_address_is_a_page_type():
    listed = {kind.url for kind in PAGES if not kind.is_admin} | NO_PAGES | IN_JOURNEYS
    assert {name for name in named(get_resolver()) if name != "styleguide"} == listed
