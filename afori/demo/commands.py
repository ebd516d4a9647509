"""Start everything, or forget it."""

import contextlib
import fnmatch
import shutil

from afori.embedded.accounts import lock, remove_stand_in
from afori.embedded.services import Services

from .content import bring_up_to_date
from .folder import claim, environment_for, kill_leftovers, new_log_folder, openers_key
from .ports import take_port
from .programs import Program, commands, wait_for_web, watch
from .screen import say

OURS = [
    "beat*",
    "lock",
    "log",
    "log.[0-9]",
    "media",
    "opener.json",
    "people.txt",
    "postgres*",
    "prepared",
    "secrets.json",
    "sockets",
    "static",
]


def run(folder, wanted_port):
    """Start everything, tell how to get in, and keep it running until told to stop."""
    claim(folder)
    with contextlib.ExitStack() as at_exit:
        at_exit.enter_context(lock(folder))
        port, reservation = take_port(wanted_port)
        at_exit.enter_context(reservation)
        say("Afori is starting ...")
        kill_leftovers(folder)
        logs = new_log_folder(folder)
        services = Services(folder, logs)
        at_exit.callback(services.stop)
        if not services.postgres.data.exists():
            (folder / "prepared").unlink(missing_ok=True)
        services.start()
        environment = environment_for(folder, port, services)
        opener = environment | openers_key(folder)
        bring_up_to_date(folder, logs, opener)
        programs = [
            Program(name, command, logs, opener if name == "opener" else environment)
            for name, command in commands(folder, port)
        ]
        for program in programs:
            at_exit.callback(program.stop)
            program.launch()
            if program.name == "web":
                wait_for_web(program, port)
        welcome(folder, port)
        at_exit.callback(say, "Stopping ...")
        watch([*services.servers, *programs])


def reset(folder):
    """Delete what the demo made, and nothing else that may lie in its folder."""
    if not (folder / "lock").exists():
        say("There is no demo data to forget.")
        return
    with lock(folder):
        remove_stand_in(folder)
        for path in folder.iterdir():
            if any(fnmatch.fnmatch(path.name, pattern) for pattern in OURS):
                delete(path)
    with contextlib.suppress(OSError):
        folder.rmdir()
    say("The demo data is gone. make demo starts afresh.")


def delete(path):
    if path.is_dir() and not path.is_symlink():
        shutil.rmtree(path)
    else:
        path.unlink()


def welcome(folder, port):
    say(f"\nAfori is ready: http://127.0.0.1:{port}/\n")
    say((folder / "people.txt").read_text().rstrip())
    say(f"\nLogs: {folder / 'log'}. Stop: Ctrl-C. Forget what was done: make demo-reset.\n")
