"""Web servers to measure, requests to send them, and what they cost."""

import http.client
import os
import socket
import subprocess
import sys
import threading
import time
from contextlib import contextmanager
from pathlib import Path
from statistics import median

from django.db import connection

from afori import demo, embedded

CONNECTIONS = 8
TICKS = os.sysconf("SC_CLK_TCK")


@contextmanager
def granian(folder, application="afori.wsgi:application"):
    """The demo's web server on the test database, with the portal or another application."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    known = connection.settings_dict
    [(name, [*command, _portal]), *_others] = demo.commands(folder, port)
    environment = {k: v for k, v in os.environ.items() if k != "AFORI_OPENER_KEK"} | {
        "DJANGO_SETTINGS_MODULE": "afori.settings",
        "DATABASE_URL": f"postgres://{known['USER']}@:5432/{known['NAME']}?host={known['HOST']}",
        "AFORI_MEDIA_ROOT": str(folder / "media"),
        "AFORI_STATIC_ROOT": str(folder / "static"),
        "PYTHONPATH": str(demo.PROJECT),
    }
    server = demo.Program(name, [*command, application], folder, environment)
    server.launch()
    try:
        demo.wait_for_web(server, port)
        yield Web(port, server.process.pid)
    finally:
        server.stop()


class Web:
    def __init__(self, port, pid):
        self.port, self.pid = port, pid

    def computed(self):
        """Seconds of computing of the server and its children so far."""
        ticks = 0
        for entry in Path("/proc").glob("[0-9]*"):
            try:
                if os.getpgid(int(entry.name)) == self.pid:
                    fields = (entry / "stat").read_text().rpartition(")")[2].split()
                    ticks += int(fields[11]) + int(fields[12])
            except OSError:
                continue
        return ticks / TICKS

    def run(self, requests):
        """Send (method, path, body, headers) over eight connections.

        Returns requests a second and the server's milliseconds of computing for each.
        """
        waiting, statuses = iter(list(requests)), []
        lock = threading.Lock()

        def work():
            client = http.client.HTTPConnection("127.0.0.1", self.port, timeout=60)
            while True:
                with lock:
                    request = next(waiting, None)
                if request is None:
                    return client.close()
                client.request(*request)
                answer = client.getresponse()
                answer.read()
                statuses.append((answer.status, answer.headers.get("Location", "")))

        threads = [threading.Thread(target=work) for _each in range(CONNECTIONS)]
        before, started = self.computed(), time.perf_counter()
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        took, computed = time.perf_counter() - started, self.computed() - before
        return len(statuses) / took, computed * 1000 / len(statuses), statuses
