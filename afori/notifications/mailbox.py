"""The demo's mail: each message becomes a file that the mailbox pages show."""

import email.policy
import secrets
import time
from dataclasses import dataclass
from datetime import UTC, datetime
from email.message import EmailMessage
from email.parser import BytesHeaderParser, BytesParser
from email.utils import parseaddr
from pathlib import Path

from django.conf import settings
from django.core.mail.backends.base import BaseEmailBackend

ENDING = ".eml"
NANOSECONDS = 1_000_000_000


class EmailBackend(BaseEmailBackend):
    """Writes messages into `settings.AFORI_MAILBOX_DIR`, each whole or not at all."""

    def send_messages(self, messages):
        folder = Path(settings.AFORI_MAILBOX_DIR)
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        for message in messages:
            store(folder, message.message().as_bytes(linesep="\r\n"))
        return len(messages)


def store(folder, content):
    name = f"{time.time_ns():020}-{secrets.token_hex(4)}"
    unfinished = folder / f"{name}.part"
    unfinished.write_bytes(content)
    unfinished.rename(folder / f"{name}{ENDING}")


def arrived(name):
    return datetime.fromtimestamp(int(name.partition("-")[0]) / NANOSECONDS, UTC)


@dataclass(frozen=True)
class Mail:
    """A stored mail. Its name starts with the nanoseconds of its arrival."""

    name: str
    message: EmailMessage

    @property
    def arrived(self):
        return arrived(self.name)

    @property
    def to(self):
        return parseaddr(str(self.message["To"] or ""))[1]

    @property
    def subject(self):
        return str(self.message["Subject"] or "")

    @property
    def text(self):
        return self.part("plain")

    @property
    def html(self):
        return self.part("html")

    @property
    def headers(self):
        return self.message.items()

    def part(self, kind):
        body = self.message.get_body(preferencelist=(kind,))
        return body.get_content() if body else ""


def mails(address="", limit=100):
    """The latest mails, newest first, of one address if it is given."""
    found = []
    for path in newest_first():
        mail = read(path, BytesHeaderParser)
        if mail and address.strip().lower() in mail.to.lower():
            found.append(mail)
        if len(found) == limit:
            break
    return found


def newest_first():
    return sorted(Path(settings.AFORI_MAILBOX_DIR).glob(f"[0-9]*{ENDING}"), reverse=True)


def find(name):
    """The mail of that name, None if there is none. The name must be a slug."""
    return read(Path(settings.AFORI_MAILBOX_DIR) / f"{name}{ENDING}", BytesParser)


def read(path, parser):
    try:
        content = path.read_bytes()
    except FileNotFoundError:
        return None
    return Mail(path.stem, parser(policy=email.policy.default).parsebytes(content))


def forget(words):
    """Throw away all mails to or about a person, by their addresses and name."""
    for path in newest_first():
        mail = read(path, BytesParser)
        if mail and any(word in f"{mail.to} {mail.subject} {mail.text}" for word in words):
            path.unlink(missing_ok=True)
