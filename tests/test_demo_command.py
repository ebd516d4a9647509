"""The supervisor of `make demo`, without and with the portal."""

import contextlib
import http.client
import os
import re
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path

import pytest

from afori.demo import content, ports
from afori.demo.content import fingerprint
from afori.demo.folder import (
    PROJECT,
    claim,
    environment_for,
    new_log_folder,
    openers_key,
    secrets_in,
)
from afori.demo.ports import take_port
from afori.demo.programs import Patience
from afori.embedded import Unavailable
from afori.embedded.accounts import lock, remove_stand_in
from afori.embedded.processes import is_alive, wait_until


@pytest.fixture
def folder(tmp_path, monkeypatch):
    folder = tmp_path / "å demo"
    monkeypatch.setenv("AFORI_DEMO_DIR", str(folder))
    yield folder
    remove_stand_in(folder)


@contextlib.contextmanager
def busy_port():
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        yield other.getsockname()[1]


def free_port():
    with busy_port() as port:
        return port


def run_demo(*arguments):
    return subprocess.run(
        [sys.executable, "-m", "afori.demo", *arguments],
        cwd=PROJECT,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )


def test_port_in_use_is_one_line_and_exit_2(folder):
    with busy_port() as port:
        done = run_demo("run", "--port", str(port))

    assert done.returncode == 2
    assert done.stderr == (
        f"Afori: Port {port} is in use: choose another, for example PORT={port + 1}.\n"
    )


@pytest.mark.parametrize("port", ["0", "65536", "abc", "", "８０８０", "-1"])
def test_port_must_be_a_port(port):
    with pytest.raises(Unavailable, match="PORT must be a number"):
        take_port(port)


def test_without_port_the_next_free_one_is_taken(monkeypatch):
    with busy_port() as port:
        monkeypatch.setattr(ports, "FIRST_PORT", port)
        taken, reservation = take_port(None)
    with reservation:
        assert port < taken < port + 100


@pytest.mark.skipif(sys.platform != "linux", reason="reservations need abstract sockets")
def test_reserved_port_is_not_given_twice():
    port = str(free_port())
    _, reservation = take_port(port)

    with reservation, pytest.raises(Unavailable, match="is in use"):
        take_port(port)


def test_folder_with_other_files_is_refused(folder):
    folder.mkdir()
    (folder / "thesis.odt").touch()

    done = run_demo("run")

    assert done.returncode == 2
    assert "holds other files" in done.stderr


def test_second_demo_on_the_same_folder_is_refused(folder):
    claim(folder)
    with lock(folder):
        for command in ("run", "reset"):
            done = run_demo(command)
            assert done.returncode == 2
            assert "Already running" in done.stderr


def test_reset_forgets_what_is_ours_and_nothing_else(folder):
    claim(folder)
    lock(folder).close()
    for name in ("postgres", "log", "log.1", "media", "notes"):
        (folder / name).mkdir()
        (folder / name / "file").touch()
    secrets_in(folder)

    assert run_demo("reset").returncode == 0

    assert [path.name for path in folder.iterdir()] == ["notes"]


def test_secrets_are_kept_and_private(folder):
    folder.mkdir()
    first, openers = secrets_in(folder), openers_key(folder)

    assert (secrets_in(folder), openers_key(folder)) == (first, openers)
    assert not first.keys() & openers.keys()
    for name in ("secrets.json", "opener.json"):
        assert (folder / name).stat().st_mode & 0o777 == 0o600
    assert len(first["SECRET_KEY"]) >= 50


def test_logs_rotate_by_start(folder):
    folder.mkdir()
    for start in range(8):
        (new_log_folder(folder) / "web.log").write_text(str(start))

    kept = {path.name: (path / "web.log").read_text() for path in folder.iterdir()}
    expected = {"log": "7", **{f"log.{age}": str(7 - age) for age in range(1, 6)}}
    assert kept == expected


def test_foreign_settings_do_not_reach_the_programs(folder, monkeypatch):
    folder.mkdir()
    for name in ("DEBUG", "PGPORT", "GRANIAN_PORT", "DATABASE_URL"):
        monkeypatch.setenv(name, "9")
    services = type("Services", (), {"environment": {"DATABASE_URL": "postgres://ours"}})

    environment = environment_for(folder, 8123, services)

    assert environment["DATABASE_URL"] == "postgres://ours"
    assert not {"DEBUG", "PGPORT", "GRANIAN_PORT"} & environment.keys()


def test_fingerprint_follows_migrations_and_content(monkeypatch, tmp_path):
    monkeypatch.setattr(content, "PROJECT", tmp_path)
    migrations = tmp_path / "networks" / "migrations"
    migrations.mkdir(parents=True)
    empty = fingerprint()
    (migrations / "0001_initial.py").write_text("first")
    first = fingerprint()
    (migrations / "0001_initial.py").write_text("second")

    assert len({empty, first, fingerprint()}) == 3


def test_patience_grows_with_each_quick_death():
    patience = Patience()
    delays = []
    for _ in range(6):
        patience.is_new_death()
        delays.append(patience.delay)
        patience.start()

    assert delays == [0.5, 1.5, 3.5, 7.5, 15, 15]


# The portal


def get(port, path):
    client = http.client.HTTPConnection("127.0.0.1", port, timeout=20)
    with contextlib.closing(client), contextlib.suppress(OSError, http.client.HTTPException):
        client.request("GET", path)
        return client.getresponse().status
    return None


def children_of(pid):
    tasks = Path(f"/proc/{pid}/task").glob("*/children")
    return [int(child) for task in tasks for child in task.read_text().split()]


def name_of(pid):
    command = Path(f"/proc/{pid}/cmdline").read_bytes().replace(b"\0", b" ").decode()
    if "opener@" in command:
        return "opener"
    found = re.search("postgres|valkey|granian|worker|beat", command)
    return found[0] if found else "just dying"


def family(pid):
    return [pid, *(one for child in children_of(pid) for one in family(child))]


@contextlib.contextmanager
def running_demo(port):
    """A demo in full swing: its process and what it printed until it was ready."""
    process = subprocess.Popen(
        [sys.executable, "-m", "afori.demo", "run", "--port", str(port)],
        cwd=PROJECT,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    lines = []
    with process:
        try:
            for line in process.stdout:
                lines.append(line)
                if "Ctrl-C" in line:
                    break
            yield process, "".join(lines)
        finally:
            process.terminate()


def stops_cleanly(process, number):
    everyone = family(process.pid)
    process.send_signal(number)
    return process.wait(30) == 0 and wait_until(lambda: not any(map(is_alive, everyone)), seconds=5)


@pytest.mark.skipif(sys.platform != "linux", reason="looks at processes through /proc")
def test_demo_heals_itself_stops_cleanly_and_starts_again_fast(folder):
    port = free_port()
    with running_demo(port) as (process, text):
        assert f"http://127.0.0.1:{port}/" in text
        for person in ("procurer", "coordinator", "supplier", "editor", "admin"):
            assert f"{person}@example.org" in text
        assert get(port, "/") == 200

        before = {name_of(pid): pid for pid in children_of(process.pid)}
        assert before.keys() == {"postgres", "valkey", "granian", "worker", "opener", "beat"}
        for pid in before.values():
            os.kill(pid, signal.SIGKILL)

        def has_healed():
            after = {name_of(pid): pid for pid in children_of(process.pid)}
            renewed = not set(after.values()) & set(before.values())
            return after.keys() == before.keys() and renewed and get(port, "/readyz") == 200

        assert wait_until(has_healed, seconds=40)
        assert get(port, "/") == 200
        assert stops_cleanly(process, signal.SIGTERM)

    started = time.monotonic()
    with running_demo(port) as (process, text):
        assert "Loading" not in text
        assert time.monotonic() - started < 15
        assert stops_cleanly(process, signal.SIGINT)
