"""What all tests share. PostgreSQL and Valkey come from tests/services.py."""

import os
import shutil

import pytest

pytest_plugins = ["tests.cast"]

CHROMIUM = next(
    filter(None, map(shutil.which, ["chromium", "chromium-browser", "google-chrome"])), ""
)


@pytest.hookimpl(trylast=True)
def pytest_configure():
    from django.conf import settings

    plain = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
    settings.STORAGES = {**settings.STORAGES, "staticfiles": plain}
    settings.WHITENOISE_AUTOREFRESH = True
    quick = "django.contrib.auth.hashers.MD5PasswordHasher"
    settings.PASSWORD_HASHERS = [quick, *settings.PASSWORD_HASHERS]


@pytest.fixture(scope="session")
def browser_type_launch_args(browser_type_launch_args):
    """The system's Chromium; without one, browser tests are skipped, but never in CI."""
    if not CHROMIUM:
        stop = pytest.fail if os.environ.get("CI") else pytest.skip
        stop("No Chromium found: browser tests need one (Debian: apt install chromium).")
    sandbox = [] if os.geteuid() else ["--no-sandbox"]
    return {**browser_type_launch_args, "executable_path": CHROMIUM, "args": sandbox}
