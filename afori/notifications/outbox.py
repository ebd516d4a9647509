"""Sending what waits in `OutgoingMail`, the only writer of its state.

Each mail goes out at least once. A worker that dies between the server's yes and our mark makes a
second copy, which carries the same Message-ID. No transaction is open while a server is spoken to.
"""

import logging
import smtplib
import time
from datetime import timedelta
from email.utils import parseaddr

from django.conf import settings
from django.core.mail import EmailMultiAlternatives, get_connection
from django.db import transaction
from django.db.models import F, Min
from django.utils import timezone, translation
from django.utils.crypto import salted_hmac

from . import registry
from .errors import described, place
from .letters import Withheld
from .models import OutgoingMail

logger = logging.getLogger(__name__)
State = OutgoingMail.State

CHUNK = 20
LEASE = timedelta(minutes=3)
MARGIN = timedelta(minutes=1)  # the last mail of a chunk starts this long before its lease ends
SHIFT = 60  # seconds until a task makes room for the next
DELAYS = [
    timedelta(seconds=seconds)
    for seconds in (10, 30, 120, 600, 1800, 3600, 3 * 3600, 6 * 3600, 12 * 3600, 24 * 3600)
]


class Unreachable(Exception):
    """The mail server could not be spoken to at all."""


# The work


def drain():
    """Send all that waits, the most urgent first, until nothing is left or the shift is over."""
    end = time.monotonic() + SHIFT
    while time.monotonic() < end:
        mails = claim()
        if not mails or not send_chunk(mails):
            return


def claim(limit=CHUNK):
    """Take the next mails for ourselves, until their lease ends. Two workers never get the same."""
    now = timezone.now()
    with transaction.atomic(durable=True):
        waiting = OutgoingMail.objects.waiting(now).order_by("priority", "next_attempt_at", "pk")
        locked = waiting.select_for_update(skip_locked=True).values_list("pk", flat=True)
        taken = list(locked[:limit])
        OutgoingMail.objects.filter(pk__in=taken).update(
            state=State.SENDING,
            lease_until=now + LEASE,
            attempts=F("attempts") + 1,
            updated_at=now,
        )
    mails = OutgoingMail.objects.select_related("user").defer("secret").in_bulk(taken)
    return [mails[pk] for pk in taken if pk in mails]


def send_chunk(mails):
    """Send claimed mails over one connection. False if the server was out of reach."""
    connection = get_connection()
    try:
        for number, mail in enumerate(mails):
            if timezone.now() > mail.lease_until - MARGIN:
                release(mails[number:])
                return True
            send(mail, connection)
    except Unreachable as error:
        for mail in mails[number:]:
            postpone(mail, str(error))
        return False
    finally:
        close(connection)
    return True


def send(mail, connection):
    """Send one claimed mail and note how it went. Raises `Unreachable`."""
    try:
        with translation.override(mail.language):
            message = compose(mail)
    except Withheld as reason:
        finish(mail, State.WITHHELD, error=str(reason))
        return
    except Exception as error:
        postpone(mail, place(error))
        return
    connect(connection)
    try:
        message.connection = connection
        if not message.send():
            raise ValueError("nobody to send to")
    except smtplib.SMTPRecipientsRefused as error:
        give_up_or_postpone(mail, error)
    except Exception as error:
        close(connection)
        postpone(mail, described(error))
    else:
        finish(mail, State.SENT, sent_at=timezone.now())


def connect(connection):
    try:
        connection.open()
    except (OSError, smtplib.SMTPException) as error:
        raise Unreachable(described(error)) from error


def close(connection):
    try:
        connection.close()
    except (OSError, smtplib.SMTPException):
        logger.info("The mail server did not say goodbye")


# The message


def compose(mail):
    """The message as it is true now, in the language that is active. Raises `Withheld`."""
    letter = registry.get(mail.kind).letter(mail)
    headers = {
        "Message-ID": message_id(mail.key),
        "Auto-Submitted": "auto-generated",
        "X-Auto-Response-Suppress": "All",
        "Content-Language": mail.language,
    }
    message = EmailMultiAlternatives(
        letter.subject, letter.text, settings.DEFAULT_FROM_EMAIL, [letter.to], headers=headers
    )
    message.attach_alternative(letter.html, "text/html")
    return message


def message_id(key):
    """The same for each attempt. The key's ids cannot be guessed from it: they may be secret."""
    domain = parseaddr(settings.DEFAULT_FROM_EMAIL)[1].rpartition("@")[2]
    return f"<{salted_hmac('afori.mail', key, algorithm='sha256').hexdigest()[:40]}@{domain}>"


# The state. Whoever lost the lease changes nothing.


def finish(mail, state, **fields):
    """Close a mail we hold for good. Forget its secret, and whose it was if it is nobody's now."""
    if mail.user_id is None and mail.subject_id is None:
        fields["address"] = ""
    change(mail, state=state, secret=None, **fields)


def postpone(mail, error):
    """Try again later, each time after a longer pause; give up after the last one."""
    logger.warning("Mail %s, attempt %s: %s", mail.pk, mail.attempts, error)
    if mail.attempts > len(DELAYS):
        finish(mail, State.DEAD, error=error)
        return
    later = timezone.now() + DELAYS[mail.attempts - 1]
    change(mail, state=State.QUEUED, next_attempt_at=later, error=error)


def give_up_or_postpone(mail, refused):
    """A server that refuses the address for good is not asked again."""
    codes = {code for code, _text in refused.recipients.values()}
    if all(500 <= code < 600 for code in codes):
        logger.warning("Mail %s: address refused", mail.pk)
        finish(mail, State.DEAD, error=described(refused))
    else:
        postpone(mail, described(refused))


def release(mails):
    """Give back what we had no time for, as if we had not taken it."""
    for mail in mails:
        change(mail, state=State.QUEUED, attempts=F("attempts") - 1)


def change(mail, **fields):
    held = OutgoingMail.objects.filter(
        pk=mail.pk, state=State.SENDING, lease_until=mail.lease_until, attempts=mail.attempts
    )
    return held.update(**{"lease_until": None, "updated_at": timezone.now(), **fields}) == 1


# For people who watch


def try_again(mails):
    """Queue dead mails once more. Returns how many. Those whose content was secret are lost."""
    now = timezone.now()
    dead = mails.filter(state=State.DEAD, subject_id__isnull=False)
    return dead.update(
        state=State.QUEUED, attempts=0, next_attempt_at=now, error="", updated_at=now
    )


def withhold(mails):
    """Give up queued mails whose content has lost its sense, and forget it."""
    return mails.filter(state=State.QUEUED).update(
        state=State.WITHHELD, secret=None, error="expired", updated_at=timezone.now()
    )


def oldest_waiting():
    """How long the oldest unsent mail has waited, as a timedelta; None if nothing waits. Sealed
    ones do not count: all may ask, and a late receipt would tell that somebody answers.
    """
    waiting = OutgoingMail.objects.filter(state__in=[State.QUEUED, State.SENDING])
    waiting = waiting.exclude(kind__in=[kind.name for kind in registry.kinds() if kind.sealed])
    since = waiting.aggregate(since=Min("created_at"))["since"]
    return timezone.now() - since if since else None
