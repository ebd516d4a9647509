"""Both servers together, for a demo or for one test run."""

import contextlib
import shutil
import tempfile
from pathlib import Path

from .accounts import remove_stand_in, socket_folder, unprivileged
from .postgres import Postgres
from .valkey import Valkey


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
