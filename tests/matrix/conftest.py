import pytest
from django.conf import settings as configured

from .arena import fill

BLANK = ["tests.matrix.blank.Blank"]


@pytest.fixture
def arena(cast, settings, tmp_path):
    """Everybody, and a challenge in each state; pages are not rendered."""
    settings.MEDIA_ROOT = tmp_path
    arena = fill(cast)
    [engine] = configured.TEMPLATES
    options = {**engine["OPTIONS"], "loaders": BLANK}
    settings.TEMPLATES = [{**engine, "APP_DIRS": False, "OPTIONS": options}]
    return arena
