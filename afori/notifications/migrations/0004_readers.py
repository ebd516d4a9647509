from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db import migrations
from django.db.models import OuterRef, Subquery
from django.utils import timezone

from afori.common.models import new_token


def next_monday(now):
    """Monday 07:00 in Stockholm strictly after now: when a reader who chose nothing has a digest."""
    zone = ZoneInfo(settings.TIME_ZONE)
    day = now.astimezone(zone).date()
    day += timedelta(days=-day.weekday() % 7)
    due = datetime.combine(day, time(7), zone)
    return due if due > now else datetime.combine(day + timedelta(days=7), time(7), zone)


def make_readers(apps, schema_editor):
    """Whoever follows something gets settings of their own."""
    Follow = apps.get_model('notifications', 'Follow')
    Reader = apps.get_model('notifications', 'Reader')
    now = timezone.now()
    people = Follow.objects.order_by('user').values_list('user', 'user__language').distinct()
    Reader.objects.bulk_create(
        [
            Reader(
                user_id=user,
                language=language,
                confirmed_at=now,
                next_at=next_monday(now),
                token=new_token(),
            )
            for user, language in people
        ],
        batch_size=1000,
    )
    reader = Reader.objects.filter(user=OuterRef('user')).values('pk')
    Follow.objects.update(reader=Subquery(reader[:1]))


class Migration(migrations.Migration):

    dependencies = [
        ('notifications', '0003_digests'),
    ]

    operations = [
        migrations.RunPython(make_readers, migrations.RunPython.noop),
    ]
