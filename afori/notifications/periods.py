"""Which news and deadlines belong to a reader's period, found for many readers in two queries.

A period is a row (id, reader_id, since, until, deadlines_since, deadlines_until): of a digest that
is planned, of one that is sent, or of one that is only looked at.
"""

from collections import namedtuple
from datetime import timedelta

from django.db import connection

from .news import news

DAY, WEEK = timedelta(days=1), timedelta(days=7)
LOOKS_BACK = timedelta(days=30)  # after a pause, or many days without workers
AHEAD = timedelta(days=2)  # deadlines are told of this long before the digest after this one

Period = namedtuple("Period", "id reader_id since until deadlines_since deadlines_until")
Found = namedtuple("Found", "period kind subject_id at followed followed_id")

GIVEN = """
    SELECT * FROM unnest(
        %(id)s::bigint[], %(reader_id)s::bigint[], %(since)s::timestamptz[],
        %(until)s::timestamptz[], %(deadlines_since)s::timestamptz[],
        %(deadlines_until)s::timestamptz[]
    ) AS period (id, reader_id, since, until, deadlines_since, deadlines_until)
"""
# What followers of an activity's targets have not read: neither refused nor mailed at once. Where
# mails at once are made in another way, they take the place of the row.
NEWS = """
    FROM period
    JOIN notifications_follow AS follow ON follow.reader_id = period.reader_id
    JOIN notifications_activitytarget AS target
        ON target.kind = follow.kind AND target.subject_id = follow.subject_id
        AND target.spread_at > period.since AND target.spread_at <= period.until
    JOIN notifications_activity AS activity ON activity.id = target.activity_id
    JOIN unnest(
        %(kinds)s::text[], %(groups)s::text[], %(mails)s::text[], %(have_mail)s::boolean[]
) AS news (kind, "group", mail, has_mail) ON news.kind = activity.kind
    JOIN notifications_reader AS reader ON reader.id = period.reader_id
    LEFT JOIN notifications_preference AS preference
        ON preference.reader_id = reader.id AND preference."group" = news."group"
    WHERE coalesce(preference.mail, news.mail) <> 'off'
    AND (news.has_mail OR coalesce(preference.mail, news.mail) = 'digest')
    AND (reader.user_id IS NULL OR NOT EXISTS (
        SELECT FROM notifications_outgoingmail AS mail
        WHERE mail.key = concat_ws(
            ':', activity.kind, activity.subject_id, reader.user_id, nullif(activity.once, '')
        )
    ))
"""
DEADLINES = """
    FROM period
    JOIN notifications_follow AS follow ON follow.reader_id = period.reader_id
    JOIN unnest(
        %(due_kinds)s::text[], %(due_ids)s::bigint[], %(due_ats)s::timestamptz[],
        %(due_groups)s::text[], %(due_mails)s::text[],
        %(due_target_kinds)s::text[], %(due_target_ids)s::bigint[]
    ) AS due (kind, subject_id, at, "group", mail, target_kind, target_id)
        ON due.target_kind = follow.kind AND due.target_id = follow.subject_id
        AND due.at > period.deadlines_since AND due.at <= period.deadlines_until
    LEFT JOIN notifications_preference AS preference
        ON preference.reader_id = period.reader_id AND preference."group" = due."group"
    WHERE coalesce(preference.mail, due.mail) <> 'off'
"""
FIND_NEWS = f"""
    WITH period AS ({GIVEN})
    SELECT period.id, activity.kind, activity.subject_id, activity.spread_at,
        follow.kind, follow.subject_id {NEWS}
"""
FIND_DEADLINES = f"""
    WITH period AS ({GIVEN})
    SELECT period.id, due.kind, due.subject_id, due.at, follow.kind, follow.subject_id {DEADLINES}
"""


def news_of(periods):
    """What happened in each, as `Found`; the same news once for each follow that brings it."""
    return find(FIND_NEWS, {**columns(periods), **kinds_of_news()})


def deadlines_of(periods):
    """What falls due in each, as `Found`."""
    after = min(one.deadlines_since for one in periods)
    until = max(one.deadlines_until for one in periods)
    return find(FIND_DEADLINES, {**columns(periods), **falling_due(after, until)})


def find(query, given):
    with connection.cursor() as cursor:
        cursor.execute(query, given)
        return [Found(*row) for row in cursor.fetchall()]


def columns(periods):
    return {name: [getattr(one, name) for one in periods] for name in Period._fields}


def kinds_of_news():
    known = news()
    return {
        "kinds": [kind.name for kind in known],
        "groups": [kind.group.name for kind in known],
        "mails": [str(kind.group.mail) for kind in known],
        "have_mail": [bool(kind.mail) for kind in known],
    }


def falling_due(after, until):
    """All deadlines between, for the targets of what they are about: a few queries a kind."""
    rows = [
        (kind.name, pk, at, kind.group.name, str(kind.group.mail), target, target_id)
        for kind in news()
        if kind.deadlines
        for pk, at, targets in due_of(kind, after, until)
        for target, target_id in targets
        if target_id is not None
    ]
    names = ("kinds", "ids", "ats", "groups", "mails", "target_kinds", "target_ids")
    lists = zip(*rows, strict=True) if rows else [()] * len(names)
    return {f"due_{name}": list(values) for name, values in zip(names, lists, strict=True)}


def due_of(kind, after, until):
    moments = kind.deadlines(after, until)
    for pk, subject in kind.subjects(list(moments)).items():
        yield pk, moments[pk], set(kind.targets(subject))
