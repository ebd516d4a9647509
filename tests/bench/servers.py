"""Web servers to measure, and what requests to them cost."""

import http.client
import json
import os
import socket
import threading
import time
from contextlib import contextmanager, suppress
from pathlib import Path
from statistics import median

from django.core.management import call_command
from django.db import connection
from django.test import override_settings

from afori.demo.folder import PROJECT
from afori.demo.programs import Program, commands, wait_for_web

CONNECTIONS = 8
TICKS = os.sysconf("SC_CLK_TCK")
KEPT = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "afori" / "bench"


@contextmanager
def granian(folder, application="afori.wsgi:application"):
    """The demo's web server on the test database, with the portal or another application."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    [(name, [*command, _portal]), *_others] = commands(folder, port)
    server = Program(name, [*command, application], folder, environment(folder))
    server.launch()
    try:
        wait_for_web(server, port)
        yield Web(port, server.process.pid)
    finally:
        server.stop()


def environment(folder):
    """Ours, without the opener's key, with the test database, and folders of its own."""
    known = connection.settings_dict
    inherited = {name: text for name, text in os.environ.items() if name != "AFORI_OPENER_KEK"}
    return inherited | {
        "AFORI_MEDIA_ROOT": str(folder / "media"),
        "AFORI_PAGE_SECONDS": "0",
        "AFORI_STATIC_ROOT": str(static_files(folder)),
        "BARE_TEMPLATES": str(folder),
        "DATABASE_URL": f"postgres://{known['USER']}@:5432/{known['NAME']}?host={known['HOST']}",
        "DJANGO_SETTINGS_MODULE": "afori.settings",
        "PYTHONPATH": str(PROJECT),
    }


def static_files(folder):
    """Collected as for production, once a folder."""
    root = folder / "static"
    if not root.exists():
        named = {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"}
        storages = {"default": {"BACKEND": "django.core.files.storage.FileSystemStorage"}}
        with override_settings(STATIC_ROOT=root, STORAGES=storages | {"staticfiles": named}):
            call_command("collectstatic", interactive=False, verbosity=0)
    return root


class Web:
    def __init__(self, port, group):
        self.port, self.group = port, group

    def computed(self):
        """Seconds of computing of the server and its children so far."""
        ticks = 0
        for entry in Path("/proc").glob("[0-9]*"):
            with suppress(OSError):
                if os.getpgid(int(entry.name)) == self.group:
                    fields = (entry / "stat").read_text().rpartition(")")[2].split()
                    ticks += int(fields[11]) + int(fields[12])
        return ticks / TICKS

    def run(self, requests, status):
        """Send (method, path, body, headers) over eight connections; each must have that status.

        Returns requests a second and the server's milliseconds of computing for each.
        """
        waiting, found, lock = iter(requests), [], threading.Lock()
        threads = [
            threading.Thread(target=self.work, args=(waiting, found, lock))
            for _each in range(CONNECTIONS)
        ]
        before, started = self.computed(), time.perf_counter()
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        took, computed = time.perf_counter() - started, self.computed() - before
        assert found == [status] * len(requests)
        return len(found) / took, computed * 1000 / len(found)

    def work(self, waiting, found, lock):
        client = http.client.HTTPConnection("127.0.0.1", self.port, timeout=60)
        while True:
            with lock:
                request = next(waiting, None)
            if request is None:
                return client.close()
            client.request(*request)
            answer = client.getresponse()
            answer.read()
            found.append(answer.status)


def compared(name, rounds, *measures):
    """Let the portal and the bare view take turns; print and keep the medians and their ratio.

    A measure is a function that sends one round and returns what `Web.run` does. The first round
    is to get warm.
    """
    taken = [[measure() for measure in measures] for _each in range(rounds + 1)][1:]
    result = {}
    for who, column in zip(("portal", "bare"), zip(*taken, strict=True), strict=True):
        rate, computing = (median(numbers) for numbers in zip(*column, strict=True))
        result[who] = {"requests_a_second": round(rate, 1), "cpu_ms": round(computing, 2)}
    result["ratio"] = {
        key: round(result["portal"][key] / result["bare"][key], 3) for key in result["bare"]
    }
    print(f"\n{name:24}{'requests/s':>12}{'CPU-ms':>10}")
    for who, numbers in result.items():
        print(f"{who:24}{numbers['requests_a_second']:>12}{numbers['cpu_ms']:>10}", flush=True)
    KEPT.mkdir(parents=True, exist_ok=True)
    (KEPT / f"{name}.json").write_text(json.dumps(result, indent=1))
    return result
