"""A challenge's keys: asked for by publishing, made by the opener's own process."""

import logging
from datetime import UTC, datetime

from django.db import transaction
from django.db.models import F

from .. import audit, opener, seal
from ..locks import database_now
from ..models import AuditEntry, Challenge, ChallengeKey
from .challenges import locked

logger = logging.getLogger(__name__)
PUBLISHED = Challenge.State.PUBLISHED
MADE, RENEWED = "key made", "promise renewed"


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


def check_keys():
    """Have those keys made anew that this opener cannot open with, until their challenge is
    published, and say so of those where it is too late.
    """
    unopened = Challenge.objects.filter(opening=None, state__in=[*Challenge.WRITTEN, PUBLISHED])
    made = ChallengeKey.objects.exclude(made_at=None).filter(challenge__in=unopened)
    strange = [key for key in made.select_related("challenge") if not opener.is_own(key)]
    each_alone(replace_or_tell, strange)


@transaction.atomic
def replace_or_tell(key):
    challenge = locked(key.challenge)
    if challenge.state in Challenge.WRITTEN:
        drop_key(challenge)
        ask_for_key(challenge)
    elif challenge.state == PUBLISHED:
        tell_of_strange(challenge, key)


def tell_of_strange(challenge, key):
    """Once for each key: the opener looks every few seconds."""
    facts = {"challenge": challenge.slug, "key": key.token}
    if not audit.has("key of another opener", **facts):
        logger.error("Challenge %s cannot be opened: its key is another opener's", challenge.pk)
        audit.record("key of another opener", **facts)


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
    """Not for a time that has passed: somebody may have set it so for these few seconds."""
    challenge = locked(key.challenge)
    key = ChallengeKey.objects.select_for_update().filter(pk=key.pk, made_at=None).first()
    if key is None or not is_ahead(challenge.closes_at):
        return False
    fill(key, challenge.closes_at)
    tell_of_key(challenge, key)
    return True


def is_ahead(moment):
    """By the opener's own clock as well as by the database's."""
    return moment is not None and moment > max(database_now(), datetime.now(UTC))


def fill(key, not_before):
    pair = seal.new_pair(opener.kek(), key.token, not_before)
    key.public_key = pair.public_key
    key.wrapped_private = pair.wrapped_private
    key.signature = pair.signature
    key.not_before = not_before
    key.made_at = database_now()
    key.save()


def tell_of_key(challenge, key):
    audit.record(
        MADE,
        challenge=challenge.slug,
        key=key.token,
        public_key=key_hex(key),
        not_before=key.not_before.isoformat(),
    )


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
    opener.require_promise(key, seal.verify_key(opener.kek()))
    promise(key, challenge.closes_at)
    audit.record(
        RENEWED,
        challenge=challenge.slug,
        key=key.token,
        not_before=key.not_before.isoformat(),
    )
    return True


def promise(key, not_before):
    key.not_before = not_before
    key.signature = seal.promise(opener.kek(), key.token, key.public_key, not_before)
    key.save(update_fields=["not_before", "signature", "updated_at"])


def promised(key):
    """The latest time that the audit chain tells of for these very keys, None if it knows none of
    them: a promise that was renewed counts, whatever its row says since.
    """
    entries = AuditEntry.objects.telling(MADE, RENEWED, key=key.token)
    told = [
        entry.told
        for entry in entries
        if entry.told.get("public_key", key_hex(key)) == key_hex(key)
    ]
    moments = [datetime.fromisoformat(facts["not_before"]) for facts in told]
    return max(moments) if any("public_key" in facts for facts in told) else None


def key_hex(key):
    return bytes(key.public_key).hex()
