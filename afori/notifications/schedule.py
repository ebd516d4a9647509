"""When a reader's next digest is due: the only writer of `Reader.next_at`."""

from django.conf import settings
from django.db.models import DateTimeField
from django.db.models.expressions import RawSQL

from afori.common.clock import database_now

from .models import Reader

# The next wanted day and hour strictly after a moment, and not within a pause, in the time of a
# zone. An hour that a night in spring lacks is the one after it; one that autumn has twice is one.
NEXT = """
    SELECT min(due) FROM (
        SELECT start, (day::date + make_interval(hours => hour)) AT TIME ZONE zone AS due
        FROM (
            SELECT zone, greatest(
                %s::timestamptz,
                (paused_until::timestamp AT TIME ZONE zone) - interval '1 microsecond'
            ) AS start
            FROM (VALUES (%s)) AS place (zone)
        ) AS base, generate_series(
            date_trunc('day', start AT TIME ZONE zone),
            date_trunc('day', start AT TIME ZONE zone) + interval '7 days',
            interval '1 day'
        ) AS day
        WHERE frequency = 'daily' OR extract(isodow FROM day) = weekday
    ) AS days
    WHERE due > start AND frequency <> 'off' AND confirmed_at IS NOT NULL
"""


def schedule(readers, *, now=None):
    """Work out anew when the next digest of each is due: after whatever changes what they want."""
    given = [now or database_now(), settings.TIME_ZONE]
    next_at = RawSQL(f"({NEXT % ('%s', '%s')})", given, output_field=DateTimeField())  # noqa: S611
    return Reader.objects.filter(pk__in=readers.values("pk")).update(next_at=next_at)
