"""What Django has no word for: a shared lock, and the database's own clock."""

from django.db import connection

from afori.common.clock import database_now

from .models import Challenge

__all__ = ["database_now", "lock_for_share"]


def lock_for_share(challenge):
    """Hold the challenge's row until the transaction ends and give it as it is now.

    Many submits hold it together; an opening or an amendment, which lock it exclusively, wait for
    them and they for it. Deferred foreign keys take no such lock.
    """
    table = connection.ops.quote_name(Challenge._meta.db_table)
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT 1 FROM {table} WHERE id = %s FOR SHARE", [challenge.pk])  # noqa: S608
    return Challenge.objects.get(pk=challenge.pk)
