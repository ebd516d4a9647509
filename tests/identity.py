"""A real OpenID Connect provider in a process of its own, as an organisation would run one."""

import contextlib
import socket
import subprocess
import sys
import time
from urllib.parse import urlsplit

import pytest
import requests


class Identity:
    """The provider. Whoever signs in there is who the form says; `knows` sets what it tells."""

    def __init__(self, port):
        self.url = f"http://localhost:{port}"

    def knows(self, subject, **claims):
        requests.put(f"{self.url}/users/{subject}", json=claims, timeout=5).raise_for_status()

    def answer(self, address, subject="", **form):
        """Sign in at the address that one was led to; the path and query one is sent back to."""
        form = {"sub": subject} if subject else form
        response = requests.post(address, data=form, allow_redirects=False, timeout=5)
        assert response.status_code == 302, response.text
        back = urlsplit(response.headers["Location"])
        return f"{back.path}?{back.query}"


@pytest.fixture(scope="session")
def identity():
    port = free_port()
    command = [sys.executable, "-W", "ignore", "-m", "oidc_provider_mock", "--port", str(port)]
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        wait_for(port, process)
        yield Identity(port)
    finally:
        process.terminate()
        process.wait()


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def wait_for(port, process, seconds=30):
    limit = time.monotonic() + seconds
    while process.poll() is None and time.monotonic() < limit:
        with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), 1):
            return
        time.sleep(0.05)
    pytest.fail("The identity provider does not start.")
