"""Planning digests: the only writer of `Digest` and of how far a reader has been told.

A reader's period begins where the last one ended, so that two planners, a restart or days without
any give one digest with everything in it.
"""

from django.conf import settings
from django.db import connection, transaction
from django.utils import timezone

from afori.common.clock import database_now

from .models import OutgoingMail
from .periods import AHEAD, DEADLINES, LOOKS_BACK, NEWS, WEEK, falling_due, kinds_of_news
from .schedule import NEXT
from .spreading import spread, take_lock

AT_A_TIME = 1_000

DUE = """
    SELECT reader.id FROM notifications_reader AS reader
    LEFT JOIN accounts_user AS person ON person.id = reader.user_id
    WHERE reader.next_at <= %(now)s
    AND (reader.paused_until IS NULL OR reader.paused_until <= %(today)s)
    AND (reader.user_id IS NULL OR person.is_active)
    ORDER BY reader.next_at, reader.id LIMIT %(limit)s
    FOR UPDATE OF reader SKIP LOCKED
"""
PERIODS = """
    SELECT
        id, id AS reader_id, next_at AS due_at,
        least(greatest(told_until, %(now)s - %(looks_back)s), %(now)s) AS since,
        %(now)s AS until,
        greatest(deadlines_until, %(now)s) AS deadlines_since,
        greatest(
            deadlines_until,
            %(now)s + CASE frequency WHEN 'daily' THEN interval '1 day' ELSE interval '7 days' END
            + %(ahead)s
        ) AS deadlines_until
    FROM notifications_reader WHERE id = ANY(%(readers)s)
"""
PLAN = f"""
    WITH period AS ({PERIODS}), worth AS (
        SELECT period.id {NEWS} UNION SELECT period.id {DEADLINES}
    ), digest AS (
        INSERT INTO notifications_digest (
            reader_id, due_at, since, until, deadlines_since, deadlines_until,
            created_at, updated_at
        )
        SELECT
            reader_id, due_at, since, until, deadlines_since, deadlines_until, now(), now()
        FROM period WHERE id IN (SELECT id FROM worth)
        ON CONFLICT DO NOTHING
        RETURNING id, reader_id, due_at
    )
    INSERT INTO notifications_outgoingmail (
        id, key, kind, subject_id, user_id, address, language, priority, state, attempts,
        next_attempt_at, error, run, created_at, updated_at
    )
    SELECT
        ('x' || left(md5(gen_random_uuid()::text), 16))::bit(64)::bigint & ((1::bigint << 62) - 1),
        'digest:' || digest.id, %(kind)s, digest.id, person.id,
        coalesce(person.email, reader.address), coalesce(person.language, reader.language),
        %(priority)s, 'queued', 0, now(), '',
        to_char(digest.due_at AT TIME ZONE %(zone)s, '"digest "YYYY-MM-DD HH24:MI'), now(), now()
    FROM digest
    JOIN notifications_reader AS reader ON reader.id = digest.reader_id
    LEFT JOIN accounts_user AS person ON person.id = reader.user_id
"""  # noqa: S608
MOVE_ON = f"""
    WITH period AS ({PERIODS})
    UPDATE notifications_reader AS notifications_reader SET
        told_until = period.until,
        deadlines_until = period.deadlines_until,
        next_at = ({NEXT % ("%(now)s", "%(zone)s")}),
        updated_at = now()
    FROM period WHERE notifications_reader.id = period.id
"""  # noqa: S608


def plan(*, now=None):
    """Plan all digests that are due. Returns how many.

    `now` is the database's clock unless given. What has happened is spread first: news that
    waited for a worker are in the digest as well.
    """
    spread()
    planned = 0
    while (found := plan_some(now)) is not None:
        planned += found
    return planned


@transaction.atomic(durable=True)
def plan_some(now=None):
    """Plan the next thousand readers' digests; None if nobody's is due."""
    take_lock(wait=True)
    now = now or database_now()
    given = {
        "now": now,
        "today": timezone.localtime(now).date(),
        "limit": AT_A_TIME,
        "looks_back": LOOKS_BACK,
        "ahead": AHEAD,
        "zone": settings.TIME_ZONE,
        "kind": "notifications.digest",
        "priority": OutgoingMail.Priority.DIGEST,
    }
    with connection.cursor() as cursor:
        cursor.execute(DUE, given)
        readers = [pk for (pk,) in cursor.fetchall()]
        if not readers:
            return None
        given |= {"readers": readers, **kinds_of_news()}
        given |= falling_due(now, now + WEEK + AHEAD)
        cursor.execute(PLAN, given)
        planned = cursor.rowcount
        cursor.execute(MOVE_ON, given)
    return planned
