"""Sending what waits in `OutgoingMail`, the only writer of its state.

Each mail goes out at least once. A worker that dies between the server's yes and our mark makes a
second copy, which carries the same Message-ID. No transaction is open while a server is spoken to.
"""

import logging
import smtplib
import time
from collections import defaultdict
from datetime import timedelta
from email.utils import parseaddr

from django.conf import settings
from django.core.mail import EmailMultiAlternatives, get_connection
from django.db import transaction
from django.db.models import F, Min
from django.utils import timezone, translation
from django.utils.crypto import salted_hmac

from . import registry
from .bounces import note_bounce, stopped_among
from .errors import described, is_about_the_address, place
from .letters import Withheld
from .models import OutgoingMail

logger = logging.getLogger(__name__)
State, Priority = OutgoingMail.State, OutgoingMail.Priority

CHUNK = 20
DIGESTS = 200  # their chunk: they are composed together
LEASE = timedelta(seconds=50)  # how long the mails of a worker that dies wait for another
MARGIN = timedelta(seconds=25)  # the last mail of a chunk starts this long before its lease ends
SHIFT = 60  # seconds until a task makes room for the next
LATE = timedelta(minutes=2)  # for the oldest unsent mail
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


def claim(limit=None):
    """Take the next mails for ourselves, until their lease ends. Two workers never get the same."""
    now = timezone.now()
    with transaction.atomic(durable=True):
        waiting = OutgoingMail.objects.waiting(now).order_by("priority", "next_attempt_at", "pk")
        limit = limit or size(waiting)
        locked = waiting.select_for_update(skip_locked=True).values_list("pk", flat=True)
        taken = list(locked[:limit])
        OutgoingMail.objects.filter(pk__in=taken).update(
            state=State.SENDING,
            lease_until=now + LEASE,
            attempts=F("attempts") + 1,
            updated_at=now,
        )
    mails = OutgoingMail.objects.select_related("user__reader").defer("secret").in_bulk(taken)
    return [mails[pk] for pk in taken if pk in mails]


def size(waiting):
    """Of the next chunk: large when nothing but digests waits."""
    first = waiting.values_list("priority", flat=True).first()
    return DIGESTS if first == Priority.DIGEST else CHUNK


def send_chunk(mails):
    """Send claimed mails over one connection. False if the server was out of reach."""
    connection = get_connection()
    stopped = to_stopped(mails)
    letters = composed_together([mail for mail in mails if mail.pk not in stopped]) | stopped
    number = 0
    try:
        for number, mail in enumerate(mails):
            if is_to_stop(number, mail):
                release(mails[number:])
                return True
            send(mail, connection, letters.get(mail.pk))
    except Unreachable as error:
        for mail in mails[number:]:
            postpone(mail, str(error))
        return False
    finally:
        close(connection)
    return True


def is_to_stop(number, mail):
    """When the lease is about to end, and when something more urgent than a digest has come."""
    if timezone.now() > mail.lease_until - MARGIN:
        return True
    if mail.priority != Priority.DIGEST or not number or number % CHUNK:
        return False
    return OutgoingMail.objects.waiting(timezone.now()).filter(priority__lt=mail.priority).exists()


def to_stopped(mails):
    """{key: Withheld} of those whose address has bounced too often. Codes and receipts still go."""
    held = {mail.pk: receiver(mail) for mail in mails if mail.priority > Priority.RECEIPT}
    stopped = stopped_among(held.values()) if held else set()
    return {pk: Withheld("stopped") for pk, address in held.items() if address in stopped}


def receiver(mail):
    """To which address it goes, in lower case."""
    return (mail.user.email if mail.user else mail.address).lower()


def composed_together(mails):
    """{key: Letter or exception} of those whose kind composes many at once, with `letters`."""
    by_kind = defaultdict(list)
    for mail in mails:
        if hasattr(registry.find(mail.kind), "letters"):
            by_kind[mail.kind].append(mail)
    letters = {}
    for name, own in by_kind.items():
        try:
            letters |= registry.get(name).letters(own)
        except Exception as error:
            logger.warning("%s mails could not be composed together: %s", len(own), place(error))
    return letters


def send(mail, connection, letter=None):
    """Send one claimed mail and note how it went; `letter` is what it says if that is known, or
    the exception that stopped it. Raises `Unreachable`.
    """
    try:
        with translation.override(mail.language):
            message = compose(mail, letter)
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


def compose(mail, letter=None):
    """The message as it is true now, in the language that is active. Raises `Withheld`."""
    letter = letter or registry.get(mail.kind).letter(mail)
    if isinstance(letter, Exception):
        raise letter
    headers = {
        **letter.headers,
        "Message-ID": message_id(mail.key),
        "Auto-Submitted": "auto-generated",
        "X-Auto-Response-Suppress": "All",
        "Content-Language": mail.language,
    }
    message = EmailMultiAlternatives(
        letter.subject, letter.text, settings.DEFAULT_FROM_EMAIL, [letter.to], headers=headers
    )
    message.attach_alternative(letter.html, "text/html")
    for attachment in letter.attachments:
        message.attach(*attachment)
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
    """A server that refuses the address for good is not asked again, and the address bounces."""
    codes = {code for code, _text in refused.recipients.values()}
    if all(500 <= code < 600 for code in codes):
        logger.warning("Mail %s: address refused", mail.pk)
        for address, (_code, text) in refused.recipients.items():
            if is_about_the_address(text):
                note_bounce(address, hard=True)
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


def unsealed():
    """The mails that others than their readers may know of."""
    sealed = [kind.name for kind in registry.kinds() if kind.sealed]
    return OutgoingMail.objects.exclude(kind__in=sealed)


def oldest_waiting():
    """How long the oldest unsent mail has waited, as a timedelta; None if nothing waits. Sealed
    ones do not count: all may ask, and a late receipt would tell that somebody answers.
    """
    waiting = unsealed().filter(state__in=[State.QUEUED, State.SENDING])
    since = waiting.aggregate(since=Min("created_at"))["since"]
    return timezone.now() - since if since else None


def is_late(waiting):
    """Whether that is so long that somebody should look."""
    return waiting is not None and waiting > LATE
