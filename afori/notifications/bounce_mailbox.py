"""The mailbox to which delivery reports come, read by IMAP.

A report is deleted there once what it tells is committed. All else is left, marked as read, for
people to look at; what could not be understood is flagged too.
"""

import imaplib
import logging
from contextlib import contextmanager
from urllib.parse import unquote, urlsplit

from django.db import InterfaceError, OperationalError, transaction

from .bounces import KnownReport, note_bounce
from .delivery_reports import read
from .errors import place

logger = logging.getLogger(__name__)
AT_A_TIME = 500
MOST_BYTES = 256 * 1024
TIMEOUT = 20  # seconds
PORTS = {"imaps": 993, "imap+tls": 143, "imap": 143}
LEFT, DELETED, POISON = r"(\Seen)", r"(\Seen \Deleted)", r"(\Seen \Flagged)"


def read_mailbox(address):
    """Count the bounces told in the mailbox's unread messages. Returns how many messages told any.

    `address` is that of the mailbox, as in AFORI_BOUNCE_MAILBOX. Raises OSError or
    `imaplib.IMAP4.error` when the mailbox cannot be read, and what the database raises when it is
    away; what is not done by then is done the next time.
    """
    done = 0
    with opened(address) as box:
        for number in unread(box)[:AT_A_TIME]:
            flags = flags_after(fetched(box, number))
            box.uid("STORE", number, "+FLAGS.SILENT", flags)
            done += flags == DELETED
        box.expunge()
    return done


@contextmanager
def opened(address):
    """`imaps://user:password@host:993/INBOX`; `imap+tls` begins in the open, `imap` stays there."""
    parts = urlsplit(address)
    server = imaplib.IMAP4_SSL if parts.scheme == "imaps" else imaplib.IMAP4
    box = server(parts.hostname, parts.port or PORTS[parts.scheme], timeout=TIMEOUT)
    try:
        if parts.scheme == "imap+tls":
            box.starttls()
        box.login(unquote(parts.username or ""), unquote(parts.password or ""))
        folder = unquote(parts.path.strip("/")) or "INBOX"
        answer, _data = box.select(f'"{folder}"')
        if answer != "OK":
            raise imaplib.IMAP4.error("the folder cannot be opened")
        yield box
    finally:
        close(box)


def close(box):
    try:
        box.logout()
    except (OSError, imaplib.IMAP4.error):
        box.shutdown()


def unread(box):
    _answer, data = box.uid("SEARCH", None, "UNSEEN", "UNDELETED")
    return [number.decode() for number in (data[0] or b"").split()]


def fetched(box, number):
    """The message's bytes, as far as we read, without marking it."""
    _answer, data = box.uid("FETCH", number, f"(BODY.PEEK[]<0.{MOST_BYTES}>)")
    return next((part[1] for part in data if isinstance(part, tuple)), b"")


def flags_after(content):
    """Commit what a message tells; how it is to be marked."""
    try:
        return DELETED if counted(content) else LEFT
    except (OperationalError, InterfaceError):
        raise
    except Exception as error:
        logger.warning("A message about a bounce was not understood: %s", place(error))
        return POISON


def counted(content):
    """Whether the message reports bounces; they are counted once, however often it is read."""
    bounces = read(content)
    try:
        with transaction.atomic(durable=True):
            for number, bounce in enumerate(bounces):
                report = content + f"\n{number}".encode()
                note_bounce(bounce.address, hard=bounce.hard, report=report)
    except KnownReport:
        logger.info("A report about a bounce had been counted")
    return bool(bounces)
