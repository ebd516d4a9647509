"""When an approved challenge is published: the only writer of `Challenge.publish_at`."""

from django.db import transaction
from django.db.models import F
from django.utils.translation import gettext as _

from afori.common.states import NotAllowedNow, Refused
from afori.notifications.actions import notify_all, tell_all

from .. import audit
from ..locks import database_now
from ..models import Challenge
from ..notifications import ANNOUNCED
from ..notifications.publishing import NOT_PUBLISHED, PUBLISHED
from ..notifications.watching import team
from .challenges import has_key, locked, obstacles, publish, require_whole
from .keys import ask_for_key, drop_key, each_alone


@transaction.atomic
def plan_publishing(challenge, *, by, at=None):
    """Publish now, or at a time, as soon as the opener's process has made the keys.

    Raises Refused, saying what is missing. Doing it again changes the time.
    """
    challenge = approved(challenge)
    now = database_now()
    require_whole(obstacles(challenge, now))
    if at and at <= now:
        raise Refused(_("Choose a time that lies ahead."), code="time")
    if at and at >= challenge.closes_at:
        raise Refused(_("Publish it before the last time to answer."), code="time")
    challenge.publish_at = at or now
    challenge.save(update_fields=["publish_at", "updated_at"])
    if not has_key(challenge):
        drop_key(challenge)
    ask_for_key(challenge)
    return challenge


@transaction.atomic
def cancel_publishing(challenge, *, by):
    """Keep it approved but unpublished."""
    challenge = approved(challenge)
    challenge.publish_at = None
    challenge.save(update_fields=["publish_at", "updated_at"])
    return challenge


def approved(challenge):
    """The challenge, locked, if an editor has approved it and it is not published yet."""
    challenge = locked(challenge)
    if challenge.state == Challenge.State.PUBLISHED:
        raise Refused(_("The challenge is published already."), code="published")
    if challenge.state != Challenge.State.IN_REVIEW or not challenge.approved_at:
        raise Refused(_("An editor has not approved the challenge yet."), code="approval")
    return challenge


def due(now):
    """Those whose time has come and whose keys are made."""
    return Challenge.objects.filter(
        state=Challenge.State.IN_REVIEW, publish_at__lte=now, key__not_before=F("closes_at")
    ).order_by("publish_at", "pk")


def publish_due():
    """Publish what is due, each in a transaction of its own. Returns how many."""
    return each_alone(publish_one, due(database_now()))


def publish_one(challenge):
    if not has_key(challenge):
        return False
    try:
        publish_and_tell(challenge)
    except NotAllowedNow:
        return False
    except Refused:
        give_up(challenge)
        return False
    return True


@transaction.atomic
def publish_and_tell(challenge):
    """Raises Refused if something has changed since the team asked for it."""
    at = challenge.publish_at
    challenge = publish(challenge, by=None)
    if challenge.publish_at != at:
        raise NotAllowedNow(_("The time was changed meanwhile."), code="state")
    notify_all(team(challenge), PUBLISHED, challenge)
    tell_all(ANNOUNCED, challenge)
    audit.record(
        "published",
        challenge=challenge.slug,
        closes_at=challenge.closes_at.isoformat(),
        key=challenge.key.token,
        openers=challenge.openers.count(),
    )


@transaction.atomic
def give_up(challenge):
    """Tell the team that it could not be published; their page says why."""
    challenge = locked(challenge)
    if challenge.state != Challenge.State.IN_REVIEW or challenge.publish_at is None:
        return
    at, challenge.publish_at = challenge.publish_at, None
    challenge.save(update_fields=["publish_at", "updated_at"])
    notify_all(team(challenge), NOT_PUBLISHED, challenge, once=at.isoformat())
