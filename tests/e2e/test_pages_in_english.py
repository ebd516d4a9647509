"""Every page type in English: axe, no sideways scroll, sound markup. The themes are the same, and
the desk works in Swedish.
"""

import pytest

from . import checks
from .pages import PAGES

PUBLIC = [kind for kind in PAGES if not kind.is_admin]


@pytest.mark.parametrize("kind", PUBLIC, ids=[kind.name for kind in PUBLIC])
def test_page(browse, kind):
    page, response, faults = browse(kind, "en")
    assert (response.status, faults) == (kind.status, [])
    assert checks.faults(page, response.text(), checks.COLOURLESS_AXE, both=False) == {}
