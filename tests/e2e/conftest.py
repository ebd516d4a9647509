"""A live site with the arena's content in it, loaded once, and browsers that watch for faults."""

import os
import time

import pytest
from django.conf import settings
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.contrib.sessions.backends.db import SessionStore
from django.core import mail
from django.core.cache import cache
from django.db import connection
from django.test import override_settings
from django.test.utils import setup_databases, teardown_databases
from django.utils.translation import gettext, override
from pytest_django.live_server_helper import LiveServer

from afori.accounts.models import User
from afori.notifications import waking
from tests import tables
from tests.telling import send_all

from . import arena as contents
from . import checks
from .kinds import STRANGER
from .watching import Watch

PATIENCE = 15_000
SEND = "form => { form.noValidate = true; form.requestSubmit() }"
# Playwright's event loop runs in the thread of the tests, from the first browser to the last test.
os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "1"


@pytest.fixture(scope="package")
def database(django_db_setup, django_db_keepdb, django_db_blocker):
    """The test database: open for the tests of this package, emptied after them.

    pytest-django makes it only for tests that it rolls back or flushes one by one.
    """
    with django_db_blocker.unblock():
        made = []
        if not connection.settings_dict["NAME"].startswith("test_"):
            made = setup_databases(0, interactive=False, keepdb=django_db_keepdb)
        yield
        tables.empty()
        if not django_db_keepdb:
            teardown_databases(made, verbosity=0)


@pytest.fixture(scope="package")
def live(database, tmp_path_factory):
    # By name: browsers bind no passkey to a number.
    server = LiveServer("localhost", start=False)
    media = tmp_path_factory.mktemp("media")
    with (
        server._live_server_modified_settings,
        override_settings(MEDIA_ROOT=media),
        pytest.MonkeyPatch.context() as patch,
    ):
        patch.setattr(waking, "publish", lambda: None)
        server.start()
        with override_settings(AFORI_BASE_URL=server.url):
            yield server
        server.stop()


@pytest.fixture(scope="package")
def arena(live):
    """What `load_arena` and `demo` make, and what people did there: `arena.draft`, …"""
    return contents.load()


@pytest.fixture
def site(live, arena):
    cache.clear()
    return live.url


@pytest.fixture
def browser_context_args(browser_context_args, site):
    return {**browser_context_args, "base_url": site, "reduced_motion": "reduce"}


@pytest.fixture
def watch(context, site):
    """Fails the test on faults in the browser that it did not expect."""
    watch = Watch(context, site)
    context.set_default_timeout(PATIENCE)
    yield watch
    assert watch.faults() == []


@pytest.fixture
def page(watch, context):
    return context.new_page()


@pytest.fixture
def new_watched(new_context, site):
    """Another browser, of somebody else; it is watched as well."""
    watches = []

    def open_page():
        context = new_context()
        context.set_default_timeout(PATIENCE)
        watches.append(Watch(context, site))
        return context.new_page()

    yield open_page
    assert [fault for watch in watches for fault in watch.faults()] == []


@pytest.fixture(params=["sv", "en"])
def language(request):
    with override(request.param):
        yield request.param


@pytest.fixture
def say(language):
    """The words of the portal in the page's language, from the words of the code."""

    def text(message, **values):
        return gettext(message) % values if values else gettext(message)

    return text


def session_of(user, confirmed=False):
    """A session; where it is confirmed, security pages need not ask again who it is."""
    session = SessionStore()
    if confirmed:
        tomorrow = time.time() + 24 * 3600
        record = {"method": "password", "at": tomorrow, "reauthenticated": True}
        session["account_authentication_methods"] = [record]
        session["account_authentication_methods_user"] = str(user.pk)
    session[SESSION_KEY] = str(user.pk)
    session[BACKEND_SESSION_KEY] = settings.AUTHENTICATION_BACKENDS[-1]
    session[HASH_SESSION_KEY] = user.get_session_auth_hash()
    session.save()
    return session.session_key


@pytest.fixture
def sign_in(site):
    """Give a browser the session of a person, by address."""
    return lambda context, email: enter(context, site, email)


def enter(context, site, email, *, confirmed=False):
    key = session_of(User.objects.get(email=email), confirmed)
    context.add_cookies([{"name": settings.SESSION_COOKIE_NAME, "value": key, "url": site}])


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
        response = page.goto(kind.address(arena, language))
        for name, text in kind.fill.items():
            page.locator(f"main [name={name}]").first.fill(text)
        if kind.send:
            with page.expect_navigation() as sent:
                page.eval_on_selector(kind.send, SEND)
            response = sent.value
        return page, response, [*watch.faults()]

    yield open_page
    for page, _watch in windows.values():
        page.context.close()


def window(browser, site, who):
    context = browser.new_context(base_url=site, reduced_motion="reduce")
    context.set_default_timeout(PATIENCE)
    if who and not who.startswith(STRANGER):
        enter(context, site, f"{who}@example.org", confirmed=True)
    watch = Watch(context, site)
    page = context.new_page()
    page.set_viewport_size(checks.WIDE)
    return page, watch


@pytest.fixture
def mailbox():
    """Sends what is to be told and gives the mails to an address, latest first."""

    def read(address):
        send_all()
        return [one for one in reversed(mail.outbox) if address in one.to]

    return read
