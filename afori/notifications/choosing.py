"""How a reader wants the news: read it, and choose anew."""

from dataclasses import dataclass

from django.db import transaction
from django.utils import timezone

from .following import reader_of
from .groups import Group, groups
from .models import Preference, Reader
from .schedule import schedule


@dataclass(frozen=True)
class Choice:
    """What a reader wants of a group of news: `mail` as in `Preference.Mail`, and `in_app`."""

    group: Group
    mail: str
    in_app: bool


def settings_of(user):
    """The person's settings; the usual ones, not saved, while there are none."""
    found = Reader.objects.of(user).first()
    return found or Reader(user=user, language=user.language, confirmed_at=timezone.now())


def choices_of(reader):
    """A `Choice` for each group, its defaults where nothing was chosen."""
    own = Preference.objects.filter(reader=reader) if reader.pk else ()
    chosen = {one.group: one for one in own}
    return [Choice(one, *wanted(one, chosen.get(one.name))) for one in groups()]


def wanted(group, preference):
    one = preference or group
    return one.mail, one.in_app


def summary(user):
    """What pages tell of how news come: the settings, and labels of groups by way of mail."""
    reader = settings_of(user)
    choices = choices_of(reader)
    return {
        "reader": reader,
        **{way: labels(choices, way) for way in Preference.Mail.values},
    }


def labels(choices, way):
    return [one.group.label for one in choices if one.mail == way]


@transaction.atomic
def choose(*, by, frequency, weekday, hour, paused_until, choices):
    """Keep how a person wants the news, and work out anew when the next digest is due."""
    reader = Reader.objects.select_for_update().get(pk=reader_of(by).pk)
    reader.frequency, reader.weekday, reader.hour = frequency, weekday, hour
    reader.paused_until, reader.next_at = paused_until, None
    reader.save()
    Preference.objects.bulk_create(
        [
            Preference(reader=reader, group=x.group.name, mail=x.mail, in_app=x.in_app)
            for x in choices
        ],
        update_conflicts=True,
        unique_fields=["reader", "group"],
        update_fields=["mail", "in_app", "updated_at"],
    )
    schedule(Reader.objects.filter(pk=reader.pk))
    reader.refresh_from_db()
    return reader
