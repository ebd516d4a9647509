"""Who PostgreSQL runs as, and folders that this account can reach.

PostgreSQL refuses to run as root, so root starts it as an unprivileged account that exists already.
Where that account cannot reach the project (a clone under /root), its files lie in a folder of
their own under /var/tmp, and a link named `elsewhere` leads there.
"""

import contextlib
import fcntl
import functools
import os
import pwd
import re
import shutil
import subprocess
import tempfile
from pathlib import Path

from . import Unavailable

PLAIN_PATH = re.compile(r"[\w./-]{1,60}", re.ASCII)  # fits a socket's name; needs no quoting


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


def need_room(folder, room):
    free = shutil.disk_usage(folder).free
    if free < room:
        needed = f"{room >> 20} MB are needed, {free >> 20} MB are free"
        raise Unavailable(f"The disk of {folder} is full: {needed}.")
