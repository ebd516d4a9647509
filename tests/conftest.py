"""What all tests share. PostgreSQL and Valkey come from tests/services.py."""

import os
import shutil

import pytest
from hypothesis import HealthCheck, settings

settings.register_profile(
    "any machine", deadline=None, suppress_health_check=[HealthCheck.too_slow]
)
settings.load_profile("any machine")

pytest_plugins = ["tests.cast", "tests.identity"]

CHROMIUM = next(
    filter(None, map(shutil.which, ["chromium", "chromium-browser", "google-chrome"])), ""
)


@pytest.hookimpl(trylast=True)
def pytest_configure():
    from django.conf import settings
    from django.db.models.signals import pre_migrate
    from django.test import TransactionTestCase

    from tests import tables

    plain = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
    settings.STORAGES = {**settings.STORAGES, "staticfiles": plain}
    settings.WHITENOISE_AUTOREFRESH = True
    settings.PGTRIGGER_INSTALL_ON_MIGRATE = True
    settings.PGHISTORY_INSTALL_CONTEXT_FUNC_ON_MIGRATE = True
    pre_migrate.connect(add_trigrams)
    quick = "django.contrib.auth.hashers.MD5PasswordHasher"
    settings.PASSWORD_HASHERS = [quick, *settings.PASSWORD_HASHERS]
    TransactionTestCase._fixture_teardown = lambda case: tables.empty()


def add_trigrams(using, **kwargs):
    """What the tables need and only a migration brings: tests make the tables from the models."""
    from django.db import connections

    with connections[using].cursor() as cursor:
        cursor.execute("CREATE EXTENSION IF NOT EXISTS pg_trgm")


@pytest.fixture(autouse=True)
def nothing_kept_in_the_process():
    """No test meets what an earlier one left in this process's cache."""
    from django.core.cache import caches

    caches["process"].clear()


@pytest.fixture(scope="session")
def browser_type_launch_args(browser_type_launch_args):
    """The system's Chromium; without one, browser tests are skipped, but never in CI."""
    if not CHROMIUM:
        stop = pytest.fail if os.environ.get("CI") else pytest.skip
        stop("No Chromium found: browser tests need one (Debian: apt install chromium).")
    sandbox = [] if os.geteuid() else ["--no-sandbox"]
    return {**browser_type_launch_args, "executable_path": CHROMIUM, "args": sandbox}


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup, django_db_blocker):
    """Ends what a browser's last request may still hold before the test database is dropped."""
    yield
    from django.db import connection

    with django_db_blocker.unblock(), connection.cursor() as cursor:
        cursor.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
            " WHERE datname = current_database() AND pid <> pg_backend_pid()"
        )
