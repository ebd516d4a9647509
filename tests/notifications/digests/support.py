"""Readers, news and time for the tests of digests. The database's clock gives all moments."""

from datetime import timedelta

from django.db import transaction

from afori.common.clock import database_now
from afori.notifications import outbox, planning
from afori.notifications.actions import tell_all
from afori.notifications.following import follow, reader_of
from afori.notifications.models import Digest, OutgoingMail, Preference, Reader
from afori.notifications.spreading import spread
from challenges.notifications import ANNOUNCED
from tests import factories as make

DAY = timedelta(days=1)
WEEK = timedelta(days=7)


def following(user, kind, subject=None):
    """The person's reader, who has not been told of anything for a minute."""
    follow(kind, subject, by=user)
    reader = reader_of(user)
    Reader.objects.filter(pk=reader.pk).update(told_until=database_now() - timedelta(minutes=1))
    return reader


def tell(kind, subject, **once):
    with transaction.atomic():
        tell_all(kind, subject, **once)


def announced(challenge):
    """News of a challenge, spread."""
    tell(ANNOUNCED, challenge)
    spread()
    return challenge


def new_challenge(cast, **fields):
    """A published one that closes in two months, when no digest speaks of that yet."""
    closes = database_now() + 60 * DAY
    fields = {"owner": cast.municipality, "network": cast.network, "closes_at": closes, **fields}
    return announced(make.ChallengeFactory(**fields))


def due(*readers):
    """Their digests are due now."""
    for reader in readers:
        Reader.objects.filter(pk=reader.pk).update(next_at=database_now() - timedelta(seconds=1))


def sent(mailoutbox):
    """Plan and send what is due. The digests' mails, by address."""
    planning.plan()
    outbox.drain()
    return {mail.to[0]: mail for mail in mailoutbox}


def mails():
    return OutgoingMail.objects.filter(kind="notifications.digest")


def outcome(reader):
    """State and reason of the reader's only digest."""
    digest = Digest.objects.get(reader=reader)
    return mails().values_list("state", "error").get(subject_id=digest.pk)


def prefer(reader, group, mail, in_app=True):
    Preference.objects.update_or_create(
        reader=reader, group=group.name, defaults={"mail": mail, "in_app": in_app}
    )
