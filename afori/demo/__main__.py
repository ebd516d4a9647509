"""`make demo`: the whole portal on one machine, watched over until Ctrl-C."""

import argparse
import os
import signal
import sys
from pathlib import Path

from afori.embedded import Unavailable

from .commands import reset, run
from .content import prepare
from .folder import PROJECT


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


if __name__ == "__main__":
    sys.exit(main())
