"""A small mail server on 127.0.0.1 that keeps what it gets and fails as told."""

import socketserver
import threading
from contextlib import contextmanager
from email import message_from_bytes, policy


class Handler(socketserver.StreamRequestHandler):
    def handle(self):
        self.say("220 test")
        self.recipient = ""
        while line := self.rfile.readline().decode().strip():
            command = line.split(":")[0].split()[0].upper()
            if command == "DATA":
                if not self.data():
                    return
            elif command == "QUIT":
                self.say("221 bye")
                return
            else:
                self.say(self.answer(command, line))

    def answer(self, command, line):
        if command != "RCPT":
            return "250 fine"
        self.recipient = line.partition("<")[2].partition(">")[0]
        return self.server.refusals.get(self.recipient, "250 fine")

    def data(self):
        self.say("354 go on")
        lines = []
        while (line := self.rfile.readline()) != b".\r\n":
            lines.append(line[1:] if line.startswith(b"..") else line)
        self.server.keep(self.recipient, b"".join(lines))
        if self.server.hangs_up_after_data:
            return False
        self.say("250 taken")
        return True

    def say(self, line):
        self.wfile.write(f"{line}\r\n".encode())


class MailServer(socketserver.ThreadingTCPServer):
    daemon_threads = True
    allow_reuse_address = True

    def __init__(self, port=0):
        super().__init__(("127.0.0.1", port), Handler)
        self.got = []
        self.connections = 0
        self.refusals = {}
        self.hangs_up_after_data = False
        self.on_arrival = lambda: None

    @property
    def port(self):
        return self.server_address[1]

    def process_request(self, request, client_address):
        self.connections += 1
        super().process_request(request, client_address)

    def keep(self, recipient, content):
        self.got.append((recipient, message_from_bytes(content, policy=policy.default)))
        self.on_arrival()

    @property
    def recipients(self):
        return [recipient for recipient, _message in self.got]

    @property
    def messages(self):
        return [message for _recipient, message in self.got]


@contextmanager
def running(port=0):
    with MailServer(port) as server:
        threading.Thread(target=server.serve_forever, args=[0.01], daemon=True).start()
        try:
            yield server
        finally:
            server.shutdown()
