"""What servers tell of addresses: the only writer of `MailAddress` and `BounceReport`.

An address with too many points gets nothing but codes and receipts until its owner starts again.
"""

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import transaction
from django.db.models import Case, F, When
from django.db.models.functions import Least
from django.utils import timezone

from afori.accounts.domains import ADDRESS_LENGTH

from .models import BounceReport, MailAddress

SOFT, HARD = 1, 2
MOST = 1_000


class KnownReport(Exception):
    """This report has been counted before."""


@transaction.atomic
def note_bounce(address, *, hard, report=""):
    """Give an address its points; at `MailAddress.STOPS_AT` its mail stops. Any number at the
    same time all count.

    `report` is unique to what told us: once noted, it raises `KnownReport` and counts no more.
    What is no address is passed over.
    """
    if report:
        remember(report)
    address = address.strip().lower()
    if not is_address(address):
        return
    now, weight = timezone.now(), HARD if hard else SOFT
    known = MailAddress.objects.filter(address=address)
    MailAddress.objects.bulk_create([MailAddress(address=address)], ignore_conflicts=True)
    points = Least(F("points") + weight, MOST)
    stop = Case(
        When(stopped_at=None, points__gte=MailAddress.STOPS_AT - weight, then=now),
        default=F("stopped_at"),
    )
    known.update(points=points, stopped_at=stop, updated_at=now)


def remember(report):
    mark = BounceReport.mark_of(report)
    _row, is_new = BounceReport.objects.get_or_create(mark=mark)
    if not is_new:
        raise KnownReport


def is_address(text):
    try:
        validate_email(text)
    except ValidationError:
        return False
    return "\x00" not in text and len(text) <= ADDRESS_LENGTH


def start_again(address):
    """Forget what was told of an address: its owner has confirmed it or asked for mail again."""
    MailAddress.objects.filter(address=address.strip().lower()).update(
        points=0, stopped_at=None, updated_at=timezone.now()
    )


def stopped_among(addresses):
    """Those of the addresses, in lower case, whose mail has stopped; in one query."""
    return set(
        MailAddress.objects.stopped()
        .filter(address__in={address.lower() for address in addresses})
        .values_list("address", flat=True)
    )


def is_stopped(address):
    """The rule of `stopped_among` for one."""
    return bool(stopped_among([address]))
