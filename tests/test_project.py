"""The project as a whole: migrations, production settings, and what the operators' guide says."""

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
from django.core.management import call_command

from challenges.models import Attempt

PROJECT = Path(__file__).resolve().parent.parent
GUIDE = (PROJECT / "docs" / "operations.md").read_text()
PRODUCTION = {
    "AFORI_BASE_URL": "https://arena.example.org",
    "AFORI_DATA_KEYS": "YWZvcmktdGVzdHMtb25seS1ub3QtYS1zZWNyZXQtMDE=",
    "AFORI_OPENER_VERIFY_KEY": "ZmjicXGLD1wh_y7IVdLFl-tyi2C9A1xF4cxMGpnUYgA=",
    "AFORI_TRUSTED_PROXIES": "1",
    "ALLOWED_HOSTS": "arena.example.org",
    "EMAIL_URL": "smtp+tls://afori:secret@mail.example.org:587",
    "SECRET_KEY": "k9Jq2vXw7LrT4mZs8NbYc3Hd6Gf1PaEu5RtWi0QoKxVjMzBn-Sy7Ug",
}


def manage(*arguments, environment):
    return subprocess.run(
        [sys.executable, "-W", "error", "manage.py", *arguments],
        cwd=PROJECT,
        env={name: os.environ[name] for name in ("PATH", "DATABASE_URL", "REDIS_URL")}
        | environment,
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.mark.django_db
def test_models_and_migrations_agree():
    call_command("makemigrations", check=True, dry_run=True)


def test_production_settings_have_no_warnings():
    done = manage("check", "--deploy", "--fail-level", "WARNING", environment=PRODUCTION)

    assert done.returncode == 0, done.stderr
    assert "no issues" in done.stdout


@pytest.mark.parametrize(
    "name", ["AFORI_BASE_URL", "AFORI_DATA_KEYS", "ALLOWED_HOSTS", "SECRET_KEY"]
)
def test_missing_setting_is_named(name):
    environment = {key: value for key, value in PRODUCTION.items() if key != name}

    done = manage("check", environment=environment)

    assert done.returncode != 0
    assert name in done.stderr.splitlines()[-1]


def test_guide_explains_every_variable():
    settings = (PROJECT / "afori" / "settings.py").read_text()
    compose = (PROJECT / "docker-compose.yml").read_text()
    names = set(re.findall(r'env\.\w+\(\s*"(\w+)"', settings))
    names |= set(re.findall(r"\$\{(\w+)", compose))

    assert len(names) > 20
    assert {name for name in names if f"`{name}`" not in GUIDE} == set()


def test_guide_names_no_variable_that_is_not_there():
    sources = [*PROJECT.glob("afori/**/*.py"), PROJECT / "docker-compose.yml", PROJECT / "Makefile"]
    code = "".join(path.read_text() for path in sources)
    explained = set(re.findall(r"^\| `([A-Z_]+)`", GUIDE, re.MULTILINE))

    assert {name for name in explained if name not in code} == set()


def test_guide_names_every_event_of_the_audit_chain():
    code = "".join(path.read_text() for path in PROJECT.glob("challenges/**/*.py"))
    events = set(re.findall(r'(?:record|chained)\(\s*(?:\w+, )?"([a-z ]+)"', code))
    events |= {
        one for pair in re.findall(r'event = "(.+)" if \w+ else "(.+)"', code) for one in pair
    }

    assert len(events) > 20
    assert {one for one in events | set(Attempt.Kind.values) if f"`{one}`" not in GUIDE} == set()


def test_image_gets_every_package():
    rules = (PROJECT / ".dockerignore").read_text().splitlines()
    packages = {path.parent.name for path in PROJECT.glob("*/__init__.py")} - {"tests"}

    assert {name for name in packages if f"!{name}" not in rules} == set()
