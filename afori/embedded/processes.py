"""Processes that end with us, and what their logs say."""

import contextlib
import ctypes
import os
import re
import signal
import subprocess
import sys
import time
from pathlib import Path

from .accounts import identity

TELLING = re.compile(r"PANIC|FATAL|error:|Fatal|No space left|^[\w.]+(Error|Exception)\b")
PR_SET_PDEATHSIG = 1


def start_process(command, *, log, account=None, last_signal=signal.SIGTERM, env=None, cwd="/"):
    """Start `command` in a session of its own; it gets `last_signal` if we die without stopping it.

    Call from the main thread: Linux ties the death signal to the thread that starts the process.
    """
    return subprocess.Popen(
        [str(part) for part in command],
        stdin=subprocess.DEVNULL,
        stdout=log,
        stderr=subprocess.STDOUT,
        env=env,
        cwd=cwd,
        start_new_session=True,
        preexec_fn=die_with_parent(last_signal),
        **identity(account),
    )


def die_with_parent(last_signal):
    """A function for the child to call before it becomes another program. Linux only."""
    if not sys.platform.startswith("linux"):
        return None
    prctl, parent = ctypes.CDLL(None).prctl, os.getpid()

    def before_exec():
        prctl(PR_SET_PDEATHSIG, int(last_signal))
        if os.getppid() != parent:
            os._exit(1)

    return before_exec


def stop_process(process, stop_signal=signal.SIGTERM, *, patience=15):
    """Ask the process to stop, wait, and end its whole group if it does not."""
    if process is None:
        return
    if process.poll() is None:
        with contextlib.suppress(ProcessLookupError):
            process.send_signal(stop_signal)
        with contextlib.suppress(subprocess.TimeoutExpired):
            process.wait(patience)
    end_group(process)


def end_group(process):
    """Kill what is left of the process and of its children in the same group."""
    with contextlib.suppress(ProcessLookupError, PermissionError):
        os.killpg(process.pid, signal.SIGKILL)
    process.wait()


def quiet_environment():
    """Our environment without what would change the servers' behaviour or language."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("PG", "LC_"))}
    return kept | {"LC_ALL": "C", "TZ": "UTC"}


def last_words(log_path):
    """The line of a log that says best what went wrong."""
    lines = log_path.read_text(errors="replace").splitlines() if log_path.exists() else []
    lines = [line.strip() for line in lines[-40:] if line.strip()]
    telling = [line for line in lines if TELLING.search(line)]
    return (telling or lines or ["it says nothing"])[-1]


def is_alive(pid):
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True


def program_of(pid):
    """The program's name; where there is no /proc, the one we expect."""
    try:
        return Path(f"/proc/{pid}/comm").read_text().strip()
    except OSError:
        return "postgres"


def wait_until(condition, *, seconds):
    limit = time.monotonic() + seconds
    while time.monotonic() < limit:
        if condition():
            return True
        time.sleep(0.05)
    return condition()
