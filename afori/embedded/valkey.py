import contextlib
import socket

from .binaries import valkey_binary
from .processes import quiet_environment, start_process
from .server import Server


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
