"""A small IMAP server on 127.0.0.1 with one mailbox in memory."""

import re
import socketserver
import threading
from contextlib import contextmanager

LITERAL = re.compile(r"<0\.(\d+)>")


class Handler(socketserver.StreamRequestHandler):
    def handle(self):
        self.say("* OK test")
        while line := self.rfile.readline().decode().strip():
            tag, command, *rest = line.split(" ", 2)
            answer = getattr(self, f"do_{command.lower()}", self.do_nothing)(*rest)
            self.say(f"{tag} {answer or 'OK done'}")
            if command == "LOGOUT":
                return

    def do_nothing(self, *rest):
        pass

    def do_capability(self):
        self.say("* CAPABILITY IMAP4rev1")

    def do_login(self, rest):
        if rest != self.server.login:
            return "NO wrong"
        return "OK in"

    def do_select(self, folder):
        self.say(f"* {len(self.server.messages)} EXISTS")

    def do_expunge(self):
        self.server.expunge()

    def do_logout(self):
        self.say("* BYE")

    def do_uid(self, rest):
        command, _space, arguments = rest.partition(" ")
        getattr(self, f"uid_{command.lower()}")(*arguments.split(" ", 1))

    def uid_search(self, *criteria):
        numbers = [str(one) for one, flags in self.server.flags.items() if not flags]
        self.say(f"* SEARCH {' '.join(numbers)}")

    def uid_fetch(self, number, what):
        limit = int(LITERAL.search(what)[1])
        content = self.server.messages[int(number)][:limit]
        self.wfile.write(f"* 1 FETCH (UID {number} BODY[]<0> {{{len(content)}}}\r\n".encode())
        self.wfile.write(content)
        self.say(")")

    def uid_store(self, number, change):
        self.server.before_store()
        self.server.flags[int(number)] |= set(re.findall(r"\\(\w+)", change))

    def say(self, line):
        self.wfile.write(f"{line}\r\n".encode())


class ImapServer(socketserver.ThreadingTCPServer):
    daemon_threads = True
    allow_reuse_address = True
    login = 'afori "hemligt ord"'

    def __init__(self):
        super().__init__(("127.0.0.1", 0), Handler)
        self.messages, self.flags = {}, {}
        self.before_store = lambda: None

    def receive(self, content):
        number = len(self.flags) + 1
        self.messages[number], self.flags[number] = content, set()

    def expunge(self):
        for number, flags in self.flags.items():
            if "Deleted" in flags:
                self.messages.pop(number, None)

    @property
    def address(self):
        return f"imap://afori:hemligt%20ord@127.0.0.1:{self.server_address[1]}/INBOX"


@contextmanager
def running():
    with ImapServer() as server:
        threading.Thread(target=server.serve_forever, args=[0.01], daemon=True).start()
        try:
            yield server
        finally:
            server.shutdown()
