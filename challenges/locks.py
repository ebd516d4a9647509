"""What Django has no word for: a shared lock, and the database's own clock."""

from django.db import connection

from .models import Challenge


def lock_for_share(challenge):
    """Hold the challenge's row until the transaction ends and give it as it is now.

    Many submits hold it together; an opening or an amendment, which lock it exclusively, wait for
    them and they for it. Deferred foreign keys take no such lock.
    """
    table = connection.ops.quote_name(Challenge._meta.db_table)
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT 1 FROM {table} WHERE id = %s FOR SHARE", [challenge.pk])  # noqa: S608
    return Challenge.objects.get(pk=challenge.pk)


def database_now():
    """The database's clock at this very moment, not at the transaction's start."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT clock_timestamp()")
        return cursor.fetchone()[0]
