"""Our own processes: how they start, and who starts them again."""

import contextlib
import http.client
import sys
import time

from afori.embedded import Unavailable
from afori.embedded.processes import end_group, last_words, start_process
from afori.embedded.server import Server

from .folder import PROJECT
from .screen import say


class Program(Server):
    """One of our own processes."""

    def __init__(self, name, command, logs, environment):
        self.name = name
        super().__init__(logs)
        self.command, self.environment = command, environment

    def launch(self):
        with self.log_path.open("ab") as log:
            command = [sys.executable, *self.command]
            self.process = start_process(command, log=log, env=self.environment, cwd=PROJECT)

    def succeed(self):
        """Wait until the process has done its work."""
        if self.process.wait():
            reason = last_words(self.log_path)
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
            raise Unavailable(f"The web server does not start: {last_words(web.log_path)}")
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
    end_group(server.process)
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
