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
from ..comparing import deviations
from ..content import fingerprint
from ..locks import database_now
from ..models import (
    Approval,
    Challenge,
    ChallengeKey,
    OpenedAnswer,
    Opening,
    SealedPart,
    Submission,
    SubmissionVersion,
)
from ..notifications import OPENING_APPROVED, tell_opened
from ..protocols import Finding, moment, protocol
from .challenges import locked
from .keys import each_alone, promised

logger = logging.getLogger(__name__)

TOGETHER = timedelta(minutes=30)
CONFIRMED = timedelta(minutes=5)
HOUR = timedelta(hours=1)
NOT_YET = "not yet"


class NotNow(Exception):
    """The opener declines: `str()` says which of its own checks failed."""


# What people do


def approve_opening(challenge, *, by, confirmed_at):
    """A named opener says yes. Two of different people within half an hour open the answers.

    `confirmed_at` is when the person last proved who they are. Saying yes again while the first
    yes still counts returns that one. Raises Refused, noting the attempt in the audit chain.
    """
    try:
        return approved(challenge, by=by, confirmed_at=confirmed_at)
    except Refused as refusal:
        note_attempt(challenge, by, refusal.code)
        raise


@transaction.atomic
def approved(challenge, *, by, confirmed_at):
    challenge = locked(challenge)
    now = database_now()
    person = challenge.openers.filter(user=by, user__is_active=True).first()
    if person is None:
        raise Refused(_("Only those named to open the answers can do it."), code="opener")
    require_closed(challenge, now)
    if now - confirmed_at > CONFIRMED:
        raise Refused(_("Confirm that it is you, then approve again."), code="confirm")
    valid = max(challenge.closes_at, now - TOGETHER)
    earlier = challenge.approvals.filter(opener=person, at__gt=valid).first()
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


@transaction.atomic
def note_attempt(challenge, person, code):
    """Note an approval that was refused, once an hour for each person and reason."""
    challenge = locked(challenge)
    facts = {"challenge": challenge.slug, "person": person.pk, "code": code}
    if not audit.has("approval refused", since=database_now() - HOUR, **facts):
        audit.record("approval refused", **facts)


def key_of(challenge):
    """The challenge's key, made or only asked for, or None."""
    return ChallengeKey.objects.filter(challenge=challenge).first()


def earliest(challenge, key):
    """Until that moment nothing is opened, and no approval counts."""
    promised = key.not_before if key else None
    return max(promised or challenge.closes_at, challenge.closes_at)


def counting(challenge, key):
    """The approvals that count: given in time, by people whose account is active."""
    if challenge.closes_at is None:
        return challenge.approvals.none()
    in_time = challenge.approvals.filter(at__gt=earliest(challenge, key))
    return in_time.filter(opener__user__is_active=True).select_related("opener__user")


def deciding_pair(challenge):
    return first_pair(counting(challenge, key_of(challenge)))


def first_pair(approvals):
    """The first two of different people within the time, or None."""
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
    each_alone(open_if_approved, waiting)


def open_if_approved(challenge):
    if deciding_pair(challenge) is None:
        return None
    try:
        return open_submissions(challenge)
    except NotNow as refusal:
        logger.error("Opening challenge %s refused: %s", challenge.pk, refusal)
        return None


def open_submissions(challenge):
    """Check everything for itself, open the submissions and write the protocol, or do nothing.

    Killed half-way and started again it comes to the same protocol. Returns the Opening, None if
    there is one already. Raises NotNow, or what went wrong, noting the attempt in the audit chain.
    """
    try:
        require_whole_chain()
        with transaction.atomic():
            return opened(challenge)
    except (NotNow, seal.Broken, opener.NotTheOpener) as refusal:
        note_refusal(challenge, str(refusal))
        raise NotNow(str(refusal)) from refusal
    except Exception as failure:
        note_refusal(challenge, type(failure).__name__)
        raise


def require_whole_chain():
    """What the opener promised, and what was received, stands there alone."""
    if broken := audit.verify_chain().broken:
        raise NotNow(f"the audit chain is broken: {broken}")


def note_refusal(challenge, why):
    """Once for each reason and pair of approvals: the opener tries again every few seconds."""
    facts = attempted(challenge, deciding_pair(challenge)) | {"why": why}
    if not audit.has("opening refused", **facts):
        audit.record("opening refused", **facts)


def attempted(challenge, pair):
    """What the audit chain tells of an opening that was tried: which, on whose approval."""
    return {"challenge": challenge.slug, "approved_at": moment(pair[1].at) if pair else ""}


def opened(challenge):
    challenge = locked(challenge)
    if Opening.objects.filter(challenge=challenge).exists():
        return None
    key = key_of(challenge)
    if key is None or key.made_at is None:
        raise NotNow("no key")
    first, second = checked(challenge, key)
    private_key = seal.unwrap(opener.kek(), key.token, key.wrapped_private)
    findings = [
        find(version, letter, private_key, key)
        for letter, version in zip(letters(), versions_to_open(challenge), strict=False)
    ]
    text = protocol(challenge, key, [first, second], findings, deviations(challenge))
    return store(challenge, text, second.at, findings)


def checked(challenge, key):
    """The two approvals that count, if all that the opener was told holds. Raises NotNow."""
    opener.require_promise(key, seal.verify_key(opener.kek()))
    if key.not_before != promised(key):
        raise NotNow("not the latest promise")
    if challenge.state != Challenge.State.PUBLISHED:
        raise NotNow("not published")
    if min(database_now(), datetime.now(UTC)) <= earliest(challenge, key):
        raise NotNow(NOT_YET)
    pair = first_pair(counting(challenge, key))
    if pair is None:
        raise NotNow("not approved by two")
    return pair


def versions_to_open(challenge):
    """The latest version of each submission that stands, in the order of their random receipts.

    Of two organisations that have become one, only the version received last. What may not be
    readable is left for later.
    """
    latest = SubmissionVersion.objects.filter(submission=OuterRef("pk")).order_by("-number")
    standing = Submission.objects.answering(challenge).filter(state=Submission.State.SUBMITTED)
    chosen = standing.annotate(latest=Subquery(latest.values("pk")[:1])).values("latest")
    versions = SubmissionVersion.objects.filter(pk__in=chosen).select_related(
        "submission__organisation__merged_into"
    )
    versions = versions.defer("manifest", "submission__partners")
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
    for part in version.parts.defer("data_key"):
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
