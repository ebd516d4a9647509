"""Reports of bounces that a mail provider posts, signed with a secret that both know.

docs/operations.md describes the format.
"""

import hashlib
import hmac
import json
import re
import time
from dataclasses import dataclass

MOST_BYTES = 4_096
MOST_LETTERS = 200
FRESH = 300  # seconds that the stamp may differ from our clock
SIGNATURE = re.compile(r"t=(\d{1,12}),v1=([0-9a-f]{64})", re.ASCII)
KINDS = {"hard": True, "soft": False}


@dataclass(frozen=True)
class Told:
    id: str
    address: str
    hard: bool


def is_genuine(header, body, secret):
    """Whether the body was signed just now by one who knows the secret."""
    given = SIGNATURE.fullmatch(header)
    if not given:
        return False
    stamp, signature = given.groups()
    right = hmac.compare_digest(signed(stamp, body, secret), signature)
    return right and abs(time.time() - int(stamp)) <= FRESH


def signed(stamp, body, secret):
    content = f"{stamp}.".encode() + body
    return hmac.new(secret.encode(), content, hashlib.sha256).hexdigest()


def read(body):
    """What the body tells. Raises ValueError when it is not in the format."""
    try:
        told = json.loads(body)
        report = Told(told["id"], told["address"], KINDS[told["kind"]])
    except (KeyError, TypeError, RecursionError) as error:
        raise ValueError("not in the format") from error
    for text in (report.id, report.address):
        if not isinstance(text, str) or not 0 < len(text.encode()) <= MOST_LETTERS * 2:
            raise ValueError("not in the format")
    return report
