"""Every page type in English: axe, no sideways scroll, sound markup. The themes are the same."""

import pytest

from . import checks
from .pages import PAGES


@pytest.mark.parametrize("kind", PAGES, ids=[kind.name for kind in PAGES])
def test_page(browse, kind):
    page, response, faults = browse(kind, "en")
    assert (response.status, faults) == (kind.status, [])
    assert checks.faults(page, response.text(), kind.axe, dark=False) == {}
