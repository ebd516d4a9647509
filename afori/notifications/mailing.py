"""One mail to many readers, queued by the database itself whatever their number."""

from django.conf import settings
from django.db import connection, transaction
from django.utils import timezone

from .models import OutgoingMail
from .waking import wake

# 60 random bits: a key that does not tell how many others there are.
RANDOM = """('x' || left(replace(gen_random_uuid()::text, '-', ''), 16))::bit(64)::bigint
    & 4611686018427387903"""

QUEUE = f"""
    INSERT INTO notifications_outgoingmail (
        id, created_at, updated_at, key, kind, subject_id, user_id, address, language,
        priority, state, attempts, next_attempt_at, error, run
    )
    SELECT {RANDOM}, %s, %s, %s || reader.id, %s, %s,
        reader.user_id, coalesce(person.email, reader.address),
        CASE WHEN coalesce(person.language, reader.language) = ANY(%s)
            THEN coalesce(person.language, reader.language) ELSE %s END,
        %s, 'queued', 0, %s, '', %s
    FROM notifications_reader AS reader
    LEFT JOIN accounts_user AS person ON person.id = reader.user_id
    WHERE reader.id IN ({{readers}})
    ON CONFLICT (key) DO NOTHING
"""  # noqa: S608 - no text of others is in it


def queue_to_readers(readers, *, kind, key, subject_id, run):
    """Queue a mail to each of the readers, once: `key` is unique to the mail, theirs follows it.

    In one statement, for the transaction that decides that it goes. Returns how many were queued.
    """
    chosen, params = readers.order_by().values("pk").query.sql_with_params()
    now = timezone.now()
    about = [f"{key}:", kind.name, subject_id]
    languages = [[code for code, _name in settings.LANGUAGES], settings.LANGUAGE_CODE]
    given = [now, now, *about, *languages, OutgoingMail.Priority.DIGEST, now, run]
    with connection.cursor() as cursor:
        cursor.execute(QUEUE.format(readers=chosen), [*given, *params])
        queued = cursor.rowcount
    transaction.on_commit(wake, robust=True)
    return queued


def reader_id(mail):
    """To which reader such a mail goes; None if its key does not say."""
    number = mail.key.rpartition(":")[2]
    return int(number) if number.isdecimal() else None
