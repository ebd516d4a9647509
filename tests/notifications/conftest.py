from pathlib import Path

import pytest
from django.utils.translation import gettext as _

from afori.accounts.models import User
from afori.notifications import registry, waking
from afori.notifications.registry import Kind

from .mail_server import running

TEMPLATES = Path(__file__).parent / "templates"


@pytest.fixture(autouse=True)
def test_templates(settings):
    engine = settings.TEMPLATES[0]
    settings.TEMPLATES = [{**engine, "DIRS": [*engine["DIRS"], TEMPLATES]}]


@pytest.fixture(autouse=True)
def no_nudges(monkeypatch):
    """Nothing is published to the broker; the tests drain by themselves."""
    monkeypatch.setattr(waking, "publish", lambda: None)
    monkeypatch.setattr(waking, "broker", waking.Broker())


@pytest.fixture
def kind():
    """Makes kinds about a person, for the length of a test."""
    made = []

    def make(name="tests.greeting", **fields):
        fields = {
            "model": User,
            "text": lambda person: _("Yes") + f" {person.name}",
            "url": lambda person: f"/om/{person.pk}/",
            "visible_to": lambda user, person: True,
            "mail": "tests/greeting",
            **fields,
        }
        made.append(registry.register(Kind(name=name, **fields)))
        return made[-1]

    yield make
    for one in made:
        del registry._kinds[one.name]


@pytest.fixture
def mail_server(settings):
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST = "127.0.0.1"
    settings.EMAIL_HOST_USER = settings.EMAIL_HOST_PASSWORD = ""
    settings.EMAIL_USE_TLS = settings.EMAIL_USE_SSL = False
    settings.EMAIL_TIMEOUT = 5
    with running() as server:
        settings.EMAIL_PORT = server.port
        yield server
