"""Opening a challenge's submissions: two people approve, the opener's own process opens."""

import logging
from datetime import UTC, datetime, timedelta
from itertools import count, product
from string import ascii_uppercase

from django.db import transaction
from django.db.models import OuterRef, Subquery
from django.utils.translation import gettext as _

from afori.common.states import Refused
from afori.notifications.actions import notify_all

from .. import audit, opener, parcels, seal
from ..content import fingerprint
from ..locks import database_now
from ..models import (
    Approval,
    AuditEntry,
    Challenge,
    ChallengeKey,
    OpenedAnswer,
    Opening,
    SealedPart,
    Submission,
    SubmissionVersion,
)
from ..notifications import OPENING_APPROVED, tell_opened
from ..protocols import Finding, protocol
from .challenges import locked

logger = logging.getLogger(__name__)

TOGETHER = timedelta(minutes=30)
CONFIRMED = timedelta(minutes=5)
NOT_YET = "not yet"


class NotNow(Exception):
    """The opener declines: `str()` says which of its own checks failed."""


# What people do


@transaction.atomic
def approve_opening(challenge, *, by, confirmed_at):
    """A named opener says yes. Two of different people within half an hour open the answers.

    `confirmed_at` is when the person last proved who they are. Saying yes again while the first
    yes still counts returns that one. Raises Refused.
    """
    challenge = locked(challenge)
    now = database_now()
    person = challenge.openers.filter(user=by, user__is_active=True).first()
    if person is None:
        raise Refused(_("Only those named to open the answers can do it."), code="opener")
    require_closed(challenge, now)
    if now - confirmed_at > CONFIRMED:
        raise Refused(_("Confirm that it is you, then approve again."), code="confirm")
    earlier = challenge.approvals.filter(opener=person, at__gt=now - TOGETHER).first()
    if earlier:
        return earlier
    approval = Approval.objects.create(challenge=challenge, opener=person, at=now)
    others = challenge.openers.exclude(user=by).select_related("user")
    notify_all([one.user for one in others], OPENING_APPROVED, approval)
    audit.record("opening approved", challenge=challenge.slug, opener=person.pk)
    return approval


def require_closed(challenge, now):
    if challenge.state != Challenge.State.PUBLISHED:
        raise Refused(_("The challenge is not waiting to be opened."), code="state")
    if Opening.objects.filter(challenge=challenge).exists():
        raise Refused(_("The answers are opened already."), code="opened")
    if now <= challenge.closes_at:
        raise Refused(_("The time to answer is not over yet."), code="early")


def deciding_pair(challenge):
    """The first two approvals of different people within the time, or None."""
    approvals = list(challenge.approvals.select_related("opener__user"))
    for later in approvals:
        for first in approvals:
            if first.opener_id != later.opener_id and (
                timedelta(0) <= later.at - first.at <= TOGETHER
            ):
                return first, later
    return None


# What the opener's process does


def open_approved():
    """Open every challenge whose opening is approved by two. One that fails stops no other."""
    waiting = Challenge.objects.filter(
        state=Challenge.State.PUBLISHED, approvals__isnull=False, opening=None
    ).distinct()
    for challenge in filter(deciding_pair, waiting):
        try:
            open_submissions(challenge)
        except NotNow as refusal:
            logger.error("Opening challenge %s refused: %s", challenge.pk, refusal)


def open_submissions(challenge):
    """Check everything for itself, open the submissions and write the protocol, or do nothing.

    Killed half-way and started again it comes to the same protocol. Returns the Opening, None if
    there is one already. Raises NotNow, noting the attempt in the audit chain.
    """
    try:
        with transaction.atomic():
            return opened(challenge)
    except (NotNow, seal.Broken, opener.NotTheOpener) as refusal:
        note_refusal(challenge, str(refusal))
        raise NotNow(str(refusal)) from refusal


def note_refusal(challenge, why):
    """Once for each reason: the opener tries again every few seconds."""
    facts = {"challenge": challenge.slug, "why": why}
    known = AuditEntry.objects.filter(event="opening refused", facts=audit.canonical(facts))
    if not known.exists():
        audit.record("opening refused", **facts)


def opened(challenge):
    challenge = locked(challenge)
    if Opening.objects.filter(challenge=challenge).exists():
        return None
    key = ChallengeKey.objects.get(challenge=challenge)
    first, second = checked(challenge, key)
    private_key = seal.unwrap(opener.kek(), key.token, key.wrapped_private)
    findings = [
        find(version, letter, private_key, key)
        for letter, version in zip(letters(), versions_to_open(challenge), strict=False)
    ]
    text = protocol(challenge, key, [first, second], findings)
    return store(challenge, text, second.at, findings)


def checked(challenge, key):
    """The two approvals that count, if all that the opener was told holds. Raises NotNow."""
    seal.require_promise(opener.kek(), key.token, key.public_key, key.not_before, key.signature)
    if challenge.state != Challenge.State.PUBLISHED:
        raise NotNow("not published")
    earliest = max(key.not_before, challenge.closes_at)
    if min(database_now(), datetime.now(UTC)) <= earliest:
        raise NotNow(NOT_YET)
    pair = deciding_pair(challenge)
    if pair is None:
        raise NotNow("not approved by two")
    if min(approval.at for approval in pair) <= earliest:
        raise NotNow("approved before the deadline")
    if not all(approval.opener.user.is_active for approval in pair):
        raise NotNow("an opener's account is closed")
    return pair


def versions_to_open(challenge):
    """The latest version of each submission that stands, in the order of their random receipts.

    Of two organisations that have become one, only the version received last.
    """
    latest = SubmissionVersion.objects.filter(submission=OuterRef("pk")).order_by("-number")
    standing = Submission.objects.answering(challenge).filter(state=Submission.State.SUBMITTED)
    chosen = standing.annotate(latest=Subquery(latest.values("pk")[:1])).values("latest")
    versions = SubmissionVersion.objects.filter(pk__in=chosen).select_related(
        "submission__organisation__merged_into"
    )
    by_home = {}
    for version in versions.order_by("received_at", "pk"):
        by_home[version.submission.home.pk] = version
    return sorted(by_home.values(), key=lambda version: version.receipt_number)


def letters():
    """A, B … Z, AA, AB …"""
    for length in count(1):
        yield from map("".join, product(ascii_uppercase, repeat=length))


def find(version, letter, private_key, key):
    """Open one version's parts and compare them with its receipt."""
    finding = Finding(letter, version)
    for part in version.parts.all():
        part.version = version
        try:
            data_key = seal.open_key(private_key, part.sealed_key)
            found = parcels.checksum(parcels.plain_chunks(part, data_key, key))
        except (seal.Broken, OSError) as damage:
            finding.damage(part, type(damage).__name__)
            continue
        part.data_key = data_key.hex()
        finding.add(part, found)
    finding.miss_parts()
    return finding


def store(challenge, text, opened_at, findings):
    opening = Opening.objects.create(
        challenge=challenge,
        opened_at=opened_at,
        completed_at=database_now(),
        protocol=text,
        protocol_sha256=fingerprint(text),
    )
    OpenedAnswer.objects.bulk_create(
        OpenedAnswer(
            opening=opening,
            submission=finding.version.submission,
            version=finding.version,
            letter=finding.letter,
            is_damaged=not finding.is_whole,
        )
        for finding in findings
    )
    parts = [part for finding in findings for part in finding.parts]
    SealedPart.objects.bulk_update(parts, ["data_key"], batch_size=500)
    tell_opened(opening)
    audit.record("opened", challenge=challenge.slug, protocol=opening.protocol_sha256)
    return opening
