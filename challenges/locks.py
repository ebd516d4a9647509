"""What Django has no word for: a shared lock, and the database's own clock."""

from django.db import connection
from django.db.models import DateTimeField, Func

from afori.common.clock import database_now

from .models import Challenge

__all__ = ["as_it_stands", "database_now", "lock_for_share"]


def lock_for_share(challenge, fields=()):
    """Hold the challenge's row until the transaction ends and give it as it is now, with all
    fields or those named.

    Many submits hold it together; an opening or an amendment, which lock it exclusively, wait for
    them and they for it. Deferred foreign keys take no such lock.
    """
    quoted = map(connection.ops.quote_name, ["id", *fields])
    columns = ", ".join(quoted) if fields else "*"
    table = connection.ops.quote_name(Challenge._meta.db_table)
    statement = f"SELECT {columns} FROM {table} WHERE id = %s FOR SHARE"  # noqa: S608
    return Challenge.objects.raw(statement, [challenge.pk])[0]


def as_it_stands(challenge, fields):
    """The fields named, read without waiting for anybody, and the database's clock."""
    clock = Func(function="clock_timestamp", output_field=DateTimeField())
    found = Challenge.objects.only(*fields).annotate(read_at=clock).get(pk=challenge.pk)
    return found, found.read_at
