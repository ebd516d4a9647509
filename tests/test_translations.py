"""The catalogues under locale/ are complete: collecting anew finds nothing untranslated."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import polib
import pytest

PROJECT = Path(__file__).resolve().parent.parent
CATALOGUES = sorted(PROJECT.glob("locale/*/LC_MESSAGES/django.po"))
LEFT_OUT = ("locale", "static", "tests", "docs")


@pytest.fixture(scope="session")
def collected(tmp_path_factory):
    """A copy of the project with freshly collected catalogues."""
    if not shutil.which("xgettext"):
        stop = pytest.fail if os.environ.get("CI") else pytest.skip
        stop("No xgettext found: this needs GNU gettext (Debian: apt install gettext).")
    copy = tmp_path_factory.mktemp("project")
    for package in [*PROJECT.glob("*/__init__.py"), PROJECT / "templates" / "base.html"]:
        if package.parent.name not in LEFT_OUT:
            shutil.copytree(package.parent, copy / package.parent.name)
    for catalogue in CATALOGUES:
        target = copy / catalogue.relative_to(PROJECT)
        target.parent.mkdir(parents=True)
        shutil.copy(catalogue, target)
    command = [sys.executable, "-m", "django", "makemessages", "--all", "--no-location"]
    environment = {k: v for k, v in os.environ.items() if k != "DJANGO_SETTINGS_MODULE"}
    subprocess.run(command, cwd=copy, env=environment, check=True, capture_output=True)
    return copy


def test_there_is_swedish():
    assert [path.parts[-3] for path in CATALOGUES] == ["sv"]


@pytest.mark.parametrize("catalogue", CATALOGUES, ids=lambda path: path.parts[-3])
def test_everything_is_translated(catalogue, collected):
    entries = polib.pofile(str(collected / catalogue.relative_to(PROJECT)))

    assert len(entries) > 100
    assert [entry.msgid for entry in entries.untranslated_entries()] == []
    assert [entry.msgid for entry in entries.fuzzy_entries()] == []
    assert [entry.msgid for entry in entries.obsolete_entries()] == []


@pytest.mark.parametrize("catalogue", CATALOGUES, ids=lambda path: path.parts[-3])
def test_placeholders_survive_translation(catalogue):
    """msgfmt would refuse them; Babel, which compiles for us, does not look."""
    done = subprocess.run(
        ["msgfmt", "--check-format", "--output-file=/dev/null", catalogue],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.stderr == ""
