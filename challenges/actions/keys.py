"""A challenge's keys: asked for by publishing, made by the opener's own process."""

import logging

from django.db import transaction
from django.db.models import F

from .. import audit, opener, seal
from ..locks import database_now
from ..models import Challenge, ChallengeKey
from .challenges import locked

logger = logging.getLogger(__name__)


def ask_for_key(challenge):
    """Ask the opener for a key pair. Asking again changes nothing."""
    return ChallengeKey.objects.get_or_create(challenge=challenge)[0]


def drop_key(challenge):
    """Forget the keys of a challenge that is not published: it may get other times."""
    ChallengeKey.objects.filter(
        challenge=challenge, challenge__state__in=Challenge.WRITTEN
    ).delete()


def make_keys():
    """Make the key pairs that are asked for. The opener alone can. Returns how many."""
    waiting = ChallengeKey.objects.filter(made_at=None, challenge__closes_at__isnull=False)
    return each_alone(make_key, waiting.select_related("challenge"))


def each_alone(work, rows):
    """Do the work for each row and return for how many it did something. One that fails is
    logged and stops no other.
    """
    done = 0
    for row in rows:
        try:
            done += bool(work(row))
        except Exception:
            logger.exception("%s failed for %s", work.__name__, row.pk)
    return done


@transaction.atomic
def make_key(key):
    challenge = locked(key.challenge)
    key = ChallengeKey.objects.select_for_update().filter(pk=key.pk, made_at=None).first()
    if key is None or challenge.closes_at is None:
        return False
    pair = seal.new_pair(opener.kek(), key.token, challenge.closes_at)
    key.public_key = pair.public_key
    key.wrapped_private = pair.wrapped_private
    key.signature = pair.signature
    key.not_before = challenge.closes_at
    key.made_at = database_now()
    key.save()
    audit.record(
        "key made",
        challenge=challenge.slug,
        key=key.token,
        public_key=pair.public_key.hex(),
        not_before=key.not_before.isoformat(),
    )
    return True


def renew_promises():
    """Promise the later time where a deadline was moved. Never an earlier one."""
    behind = ChallengeKey.objects.exclude(made_at=None).filter(
        challenge__closes_at__gt=F("not_before")
    )
    return each_alone(renew_promise, behind.select_related("challenge"))


@transaction.atomic
def renew_promise(key):
    challenge = locked(key.challenge)
    key = ChallengeKey.objects.select_for_update().get(pk=key.pk)
    if not challenge.closes_at or challenge.closes_at <= key.not_before:
        return False
    kek = opener.kek()
    seal.require_promise(kek, key.token, key.public_key, key.not_before, key.signature)
    key.not_before = challenge.closes_at
    key.signature = seal.promise(kek, key.token, key.public_key, key.not_before)
    key.save(update_fields=["not_before", "signature", "updated_at"])
    audit.record(
        "promise renewed",
        challenge=challenge.slug,
        key=key.token,
        not_before=key.not_before.isoformat(),
    )
    return True
