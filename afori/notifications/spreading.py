"""From news to the people who want them: rows made in sets by the database, whatever the number.

One transaction at a time spreads, or plans digests: what is spread before a digest is planned is
in it, and what commits late is in the next.
"""

import logging

from django.conf import settings
from django.db import connection, transaction
from django.utils import timezone

from afori.common.clock import database_now

from . import registry
from .models import Activity
from .news import News

logger = logging.getLogger(__name__)

LOCK = 0x61666F7269  # "afori", the advisory lock of spreading and planning
AT_A_TIME = 1_000

# Followers with an account and those told besides, each once, with what they want.
WANTED = """
    WITH told AS (
        SELECT reader.user_id AS id
        FROM notifications_activitytarget AS target
        JOIN notifications_follow AS follow
            ON follow.kind = target.kind AND follow.subject_id = target.subject_id
        JOIN notifications_reader AS reader ON reader.id = follow.reader_id
        WHERE target.activity_id = %(activity)s AND reader.user_id IS NOT NULL
        UNION
        SELECT unnest(%(also)s::bigint[])
    ), wanted AS (
        SELECT
            person.id, person.email, person.language,
            person.id = ANY(%(also)s) AS is_told_anyhow,
            coalesce(reader.paused_until > %(today)s, false) AS is_paused,
            coalesce(preference.mail, %(mail)s) AS mail,
            coalesce(preference.in_app, %(in_app)s) AS in_app
        FROM told
        JOIN accounts_user AS person ON person.id = told.id AND person.is_active
        LEFT JOIN notifications_reader AS reader ON reader.user_id = person.id
        LEFT JOIN notifications_preference AS preference
            ON preference.reader_id = reader.id AND preference."group" = %(group)s
    )
"""
KEY = "concat_ws(':', %(kind)s::text, %(subject)s::bigint, id, nullif(%(once)s::text, ''))"
NOTIFY = f"""
    {WANTED}
    INSERT INTO notifications_notification
        (key, token, user_id, kind, subject_id, created_at, updated_at)
    SELECT {KEY}, left(md5(gen_random_uuid()::text), 16), id, %(kind)s, %(subject)s, now(), now()
    FROM wanted WHERE in_app
    ON CONFLICT DO NOTHING
"""  # noqa: S608
# In a pause followers get nothing: the first digest after it has what they missed.
MAIL = f"""
    {WANTED}
    INSERT INTO notifications_outgoingmail (
        id, key, kind, subject_id, user_id, address, language, priority, state, attempts,
        next_attempt_at, error, run, created_at, updated_at
    )
    SELECT
        ('x' || left(md5(gen_random_uuid()::text), 16))::bit(64)::bigint & ((1::bigint << 62) - 1),
        {KEY}, %(kind)s, %(subject)s, id, email,
        CASE WHEN language = ANY(%(languages)s) THEN language ELSE %(language)s END,
        %(priority)s, 'queued', 0, now(), '', '', now(), now()
    FROM wanted
    WHERE CASE WHEN is_told_anyhow THEN mail <> 'off' ELSE mail = 'at_once' AND NOT is_paused END
    ON CONFLICT DO NOTHING
"""  # noqa: S608


def spread():
    """Tell those who want it at once of all news that are committed. Returns how many news."""
    waiting = Activity.objects.filter(spread_at=None).order_by("pk")
    done = 0
    for pk in list(waiting.values_list("pk", flat=True)[:AT_A_TIME]):
        try:
            done += spread_one(pk)
        except Exception:
            logger.exception("Activity %s could not be spread", pk)
    return done


@transaction.atomic(durable=True)
def spread_one(pk):
    """Whether it was ours to spread: another worker may be at it, or have done it."""
    if not take_lock(wait=False):
        return False
    activity = Activity.objects.filter(pk=pk, spread_at=None).first()
    if activity is None:
        return False
    now = database_now()
    Activity.objects.filter(pk=pk).update(spread_at=now, updated_at=now)
    activity.targets.update(spread_at=now)
    kind = registry.find(activity.kind)
    if isinstance(kind, News) and (subject := kind.subjects([activity.subject_id])):
        tell(activity, kind, subject[activity.subject_id])
    return True


def take_lock(*, wait):
    """The right to spread or plan until the transaction ends. False if another has it."""
    with connection.cursor() as cursor:
        if wait:
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [LOCK])
            return True
        cursor.execute("SELECT pg_try_advisory_xact_lock(%s)", [LOCK])
        return cursor.fetchone()[0]


def tell(activity, kind, subject):
    """Make the notifications and mails of all who want them now."""
    also = list(kind.also(subject).order_by().values_list("pk", flat=True))
    given = {
        "activity": activity.pk,
        "kind": kind.name,
        "subject": activity.subject_id,
        "once": activity.once,
        "group": kind.group.name,
        "mail": kind.group.mail,
        "in_app": kind.group.in_app,
        "also": also,
        "today": timezone.localdate(),
        "priority": kind.priority,
        "language": settings.LANGUAGE_CODE,
        "languages": [code for code, _name in settings.LANGUAGES],
    }
    with connection.cursor() as cursor:
        cursor.execute(NOTIFY, given)
        if kind.mail:
            cursor.execute(MAIL, given)
