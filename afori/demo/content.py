"""The database, the content and the static files."""

import contextlib
import hashlib

from .folder import PROJECT
from .programs import Program
from .screen import say

FINGERPRINTED = ("uv.lock", "**/migrations/*.py", "afori/home/**/*", "static/**/*")


def bring_up_to_date(folder, logs, environment):
    """Load the content and collect static files, unless nothing changed since that last worked."""
    mark, now = folder / "prepared", fingerprint()
    if mark.exists() and mark.read_text() == now:
        return
    say("Loading the content ... (the first time this takes up to a minute)")
    mark.unlink(missing_ok=True)
    collect = ["manage.py", "collectstatic", "--no-input", "--verbosity", "0"]
    with contextlib.ExitStack() as at_exit:
        children = []
        for name, command in (("content", ["-m", "afori.demo", "prepare"]), ("static", collect)):
            children.append(Program(name, command, logs, environment))
            at_exit.callback(children[-1].stop)
            children[-1].launch()
        for child in children:
            child.succeed()
    mark.write_text(now)


def fingerprint():
    """A digest of everything that preparing reads."""
    digest = hashlib.sha256()
    paths = {path for pattern in FINGERPRINTED for path in PROJECT.glob(pattern)}
    for path in sorted(path for path in paths if path.is_file() and path.suffix != ".pyc"):
        digest.update(f"{path.relative_to(PROJECT)}\0".encode())
        digest.update(hashlib.sha256(path.read_bytes()).digest())
    return digest.hexdigest()


def prepare(folder):
    """Bring the database and the content up to date. Runs in a child process."""
    import django
    from django.core.management import call_command

    django.setup()
    call_command("migrate", interactive=False, verbosity=0)
    call_command("createcachetable", verbosity=0)
    call_command("load_arena")
    call_command("demo")
    with (folder / "people.txt").open("w") as people:
        call_command("demo", "--people", stdout=people)
