"""A person's next digest as it would be if it were made now. Nothing is kept of it."""

from django.utils.translation import get_language

from afori.common.clock import database_now

from .choosing import settings_of
from .digest import write
from .models import Digest
from .periods import AHEAD, LOOKS_BACK, WEEK

NOBODYS = 0  # the key of what is not kept


def preview(user):
    """The `Letter`, or None while there is nothing to tell."""
    reader, now = settings_of(user), database_now()
    if reader.pk is None:
        return None
    begins = max(reader.deadlines_until, now)
    digest = Digest(
        pk=NOBODYS,
        reader=reader,
        due_at=now,
        since=max(reader.told_until, now - LOOKS_BACK),
        until=now,
        deadlines_since=begins,
        deadlines_until=max(begins, now + WEEK + AHEAD),
    )
    found = write([digest], {NOBODYS: get_language()})[NOBODYS]
    return None if isinstance(found, Exception) else found
