"""What a mail server reports of a mail that it could not deliver: RFC 3464."""

import email
import email.policy
import re
from dataclasses import dataclass
from itertools import islice

from .errors import is_about_the_address

MOST = 5  # recipients of one report: a mail of ours has one
STATUS = re.compile(r"\s*([45])\.\d{1,3}\.\d{1,3}", re.ASCII)
NAMED_BY = ("Original-Recipient", "Final-Recipient")


@dataclass(frozen=True)
class Bounce:
    address: str
    hard: bool


def read(content):
    """The bounces that a message in bytes reports; none if it is no report of a failure."""
    message = email.message_from_bytes(content, policy=email.policy.compat32)
    if message.get_content_type() != "multipart/report":
        return []
    found = (bounce(fields) for fields in blocks(message))
    return list(islice(filter(None, found), MOST))


def blocks(message):
    """Groups of fields, one about the mail and one about each recipient."""
    for part in message.walk():
        if part.get_content_type() == "message/delivery-status" and part.is_multipart():
            yield from part.get_payload()


def bounce(fields):
    """What a group tells of an address. Delays are no bounces, nor is what is about ourselves."""
    address = next(filter(None, (recipient(fields, name) for name in NAMED_BY)), "")
    status = STATUS.match(text(fields, "Status"))
    said = f"{text(fields, 'Status')} {text(fields, 'Diagnostic-Code')}"
    has_failed = text(fields, "Action").strip().lower() == "failed"
    if not (address and status and has_failed and is_about_the_address(said)):
        return None
    return Bounce(address, hard=status[1] == "5")


def recipient(fields, name):
    """The address in "rfc822; mona@kommun.example", "" if there is none."""
    kind, _semicolon, address = text(fields, name).partition(";")
    return address.strip().strip("<>") if kind.strip().lower() in ("rfc822", "utf-8") else ""


def text(fields, name):
    return str(fields.get(name, ""))
