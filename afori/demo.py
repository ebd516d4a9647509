"""`make demo`: the whole portal on one machine, watched over until Ctrl-C.

Starts PostgreSQL, Valkey, the web server, a worker, the opener and the clock; what dies is started
again.
Data, logs and throw-away secrets lie in `.demo/`, or in the folder that AFORI_DEMO_DIR names.
Django is imported only by the child process that prepares the database.
"""

import argparse
import base64
import contextlib
import fnmatch
import hashlib
import http.client
import json
import os
import secrets
import shutil
import signal
import socket
import sys
import time
from pathlib import Path

from afori import embedded
from afori.embedded import Unavailable

PROJECT = Path(__file__).resolve().parent.parent
FIRST_PORT = 8000
LOGS_KEPT = 5
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
]
OURS += ["sockets", "static"]
FINGERPRINTED = ("uv.lock", "**/migrations/*.py", "afori/home/**/*", "static/**/*")
FOREIGN_SETTINGS = ("PG", "GRANIAN_", "CELERY_", "DJANGO_", "DEBUG", "AFORI_OPENER_KEK")


class Stop(BaseException):
    """Somebody wants the demo to end: Ctrl-C, TERM, or a closed terminal."""


def main(arguments=None):
    parser = argparse.ArgumentParser(prog="make demo", description=__doc__.splitlines()[0])
    commands = parser.add_subparsers(dest="command", required=True)
    commands.add_parser("run").add_argument("--port")
    commands.add_parser("reset")
    commands.add_parser("prepare")
    options = parser.parse_args(arguments)
    folder = Path(os.environ.get("AFORI_DEMO_DIR") or PROJECT / ".demo").resolve()
    if options.command == "prepare":
        return prepare(folder)
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, stop)
    try:
        run(folder, options.port) if options.command == "run" else reset(folder)
    except Unavailable as reason:
        return complain(reason)
    except OSError as error:
        return complain(f"{error.strerror}: {error.filename}" if error.filename else error)
    except Stop:
        pass
    return 0


def complain(reason):
    print(f"Afori: {reason}", file=sys.stderr)
    return 2


def stop(number, frame):
    for quiet in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(quiet, signal.SIG_IGN)
    raise Stop


def say(text=""):
    print(text, flush=True)


# Commands


def run(folder, wanted_port):
    """Start everything, tell how to get in, and keep it running until told to stop."""
    claim(folder)
    with contextlib.ExitStack() as at_exit:
        at_exit.enter_context(embedded.lock(folder))
        port, reservation = take_port(wanted_port)
        at_exit.enter_context(reservation)
        say("Afori is starting ...")
        kill_leftovers(folder)
        logs = new_log_folder(folder)
        services = embedded.Services(folder, logs)
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
    with embedded.lock(folder):
        embedded.remove_stand_in(folder)
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


# Before the start


def claim(folder):
    """Make the folder ours, or refuse one that holds something else."""
    if folder.is_dir() and not (folder / "lock").exists() and any(folder.iterdir()):
        raise Unavailable(f"{folder} holds other files: name an empty folder in AFORI_DEMO_DIR.")
    folder.mkdir(parents=True, exist_ok=True, mode=0o711)
    if not os.access(folder, os.W_OK):
        raise Unavailable(f"{folder} belongs to another user.")


def take_port(wanted):
    """A port on 127.0.0.1 and a reservation of it: the one wanted, or the first free one."""
    if wanted is None:
        for port in range(FIRST_PORT, FIRST_PORT + 100):
            with contextlib.suppress(OSError):
                return port, reserve(port)
        raise Unavailable(f"No port from {FIRST_PORT} to {FIRST_PORT + 99} is free.")
    port = port_from(wanted)
    try:
        return port, reserve(port)
    except PermissionError:
        raise Unavailable(
            f"Port {port} needs rights you do not have: choose one above 1023."
        ) from None
    except OSError:
        raise Unavailable(
            f"Port {port} is in use: choose another, for example PORT={port + 1}."
        ) from None


def port_from(text):
    if not text.isascii() or not text.isdigit() or not 0 < int(text) < 65536:
        raise Unavailable(f"PORT must be a number from 1 to 65535, not {text!r}.")
    return int(text)


def reserve(port):
    """Fail if the port is taken. The returned socket keeps other demos away while we start.

    The web server shares its port with anyone who asks (SO_REUSEPORT): its bind tells nothing.
    """
    sign = socket.socket(socket.AF_UNIX)
    try:
        if sys.platform.startswith("linux"):
            sign.bind(f"\0afori-demo-{port}")
        with socket.socket() as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            probe.bind(("127.0.0.1", port))
            probe.listen(1)
    except BaseException:
        sign.close()
        raise
    return sign


def new_log_folder(folder):
    """An empty `log` folder; earlier ones become `log.1` (the latest), `log.2` and so on."""
    shutil.rmtree(folder / f"log.{LOGS_KEPT}", ignore_errors=True)
    for age in range(LOGS_KEPT - 1, -1, -1):
        older = folder / (f"log.{age}" if age else "log")
        if older.exists():
            older.rename(folder / f"log.{age + 1}")
    (folder / "log").mkdir()
    return folder / "log"


def kill_leftovers(folder):
    """End processes of an earlier demo on this folder that outlived it. Linux only."""
    sign = f"AFORI_DEMO_CHILD={folder}".encode()
    for entry in Path("/proc").glob("[0-9]*/environ"):
        with contextlib.suppress(OSError):
            if sign in entry.read_bytes().split(b"\0"):
                os.kill(int(entry.parent.name), signal.SIGKILL)


def environment_for(folder, port, services):
    """What the processes get: our environment, the services, and this demo's own secrets."""
    inherited = {k: v for k, v in os.environ.items() if not k.startswith(FOREIGN_SETTINGS)}
    return (
        inherited
        | services.environment
        | secrets_in(folder)
        | {
            "AFORI_DEMO": "1",
            "AFORI_DEMO_CHILD": str(folder),
            "AFORI_BASE_URL": f"http://127.0.0.1:{port}",
            "AFORI_MEDIA_ROOT": str(folder / "media"),
            "AFORI_STATIC_ROOT": str(folder / "static"),
            "ALLOWED_HOSTS": "127.0.0.1,localhost",
            "DJANGO_SETTINGS_MODULE": "afori.settings",
        }
    )


def secrets_in(folder):
    """Keys made at the first start, for every process."""
    return kept(
        folder / "secrets.json",
        {"SECRET_KEY": secrets.token_urlsafe(48), "AFORI_DATA_KEYS": random_key()},
    )


def openers_key(folder):
    """What the opener alone gets, beside those that prepare the demo."""
    return kept(folder / "opener.json", {"AFORI_OPENER_KEK": random_key()})


def random_key():
    return base64.urlsafe_b64encode(secrets.token_bytes(32)).decode()


def kept(path, made):
    """What the file holds, made at the first start and readable by the owner alone."""
    if not path.exists():
        with open(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
            json.dump(made, file)
    return json.loads(path.read_text())


# The database, the content and the static files


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


# The programs


class Program(embedded.Server):
    """One of our own processes."""

    def __init__(self, name, command, logs, environment):
        self.name = name
        super().__init__(logs)
        self.command, self.environment = command, environment

    def launch(self):
        with self.log_path.open("ab") as log:
            command = [sys.executable, *self.command]
            self.process = embedded.start_process(
                command, log=log, env=self.environment, cwd=PROJECT
            )

    def succeed(self):
        """Wait until the process has done its work."""
        if self.process.wait():
            reason = embedded.last_words(self.log_path)
            raise Unavailable(f"Loading failed: {reason} (all of it: {self.log_path})")


def commands(folder, port):
    web = [
        "-m",
        "granian",
        "--interface",
        "wsgi",
        "--host",
        "127.0.0.1",
        "--port",
        str(port),
        "--no-ws",
    ]
    web += ["--blocking-threads", "4", "--respawn-failed-workers", "afori.wsgi:application"]
    worker = ["-m", "celery", "-A", "afori", "worker", "--pool", "threads", "--concurrency", "2"]
    worker += ["--loglevel", "INFO", "--without-gossip", "--without-mingle"]
    opener = [*worker, "--queues", "opener", "--hostname", "opener@%h"]
    beat = ["-m", "celery", "-A", "afori", "beat", "--loglevel", "INFO", "--pidfile="]
    beat += ["--schedule", str(folder / "beat")]
    return [("web", web), ("worker", worker), ("opener", opener), ("beat", beat)]


def wait_for_web(web, port, seconds=60):
    limit = time.monotonic() + seconds
    while not answers(port):
        if web.poll() is not None or time.monotonic() > limit:
            raise Unavailable(f"The web server does not start: {embedded.last_words(web.log_path)}")
        time.sleep(0.1)


def answers(port):
    client = http.client.HTTPConnection("127.0.0.1", port, timeout=5)
    with contextlib.closing(client), contextlib.suppress(OSError, http.client.HTTPException):
        client.request("GET", "/healthz")
        return client.getresponse().status == 200
    return False


def watch(servers):
    """Start again whatever dies, sooner or later depending on how often it did."""
    patience = {server: Patience() for server in servers}
    while True:
        for server, wait in patience.items():
            if server.poll() is None:
                continue
            if wait.is_new_death():
                say(f"  {server.name} stopped by itself; starting it again.")
            if wait.is_over():
                restart(server)
                wait.start()
        time.sleep(0.2)


def restart(server):
    embedded.end_group(server.process)
    try:
        server.launch()
    except (Unavailable, OSError) as reason:
        say(f"  {server.name}: {reason}")


class Patience:
    """How long to wait before starting a server once more: from at once to 15 seconds."""

    LONGEST, CALM = 15, 60  # seconds

    def __init__(self):
        self.started, self.died, self.delay = time.monotonic(), 0.0, 0.0

    def is_new_death(self):
        if self.died:
            return False
        self.died = time.monotonic()
        lived = self.died - self.started
        self.delay = 0 if lived > self.CALM else min(self.LONGEST, self.delay * 2 + 0.5)
        return True

    def is_over(self):
        return time.monotonic() - self.died >= self.delay

    def start(self):
        self.started, self.died = time.monotonic(), 0.0


def welcome(folder, port):
    say(f"\nAfori is ready: http://127.0.0.1:{port}/\n")
    say((folder / "people.txt").read_text().rstrip())
    say(f"\nLogs: {folder / 'log'}. Stop: Ctrl-C. Forget what was done: make demo-reset.\n")


if __name__ == "__main__":
    sys.exit(main())
