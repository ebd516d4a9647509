"""A free port, kept while we start."""

import contextlib
import socket
import sys

from afori.embedded import Unavailable

FIRST_PORT = 8000


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
