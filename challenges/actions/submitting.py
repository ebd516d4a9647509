"""Handing in and taking back: the only writer of `Submission.state` and of versions."""

from datetime import timedelta
from secrets import token_hex

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from afori.common.states import Refused, check_move
from afori.notifications.actions import notify_all

from .. import audit, opener
from ..content import Draft, fingerprint
from ..locks import as_it_stands, database_now, lock_for_share
from ..models import (
    Attempt,
    Challenge,
    ChallengeKey,
    SealedPart,
    Submission,
    SubmissionVersion,
)
from ..notifications import RECEIPT, REFUSED, WITHDRAWN
from ..parcels import manifest, sealed_parts
from .guards import Overtaken

State = Submission.State
AGAIN = timedelta(minutes=1)
HOUR = timedelta(hours=1)
MOST_AN_HOUR = 20
# Read under the locks: what decides whether and what one submits. The rest is read if asked for.
NEEDED = ("slug", "state", "opens_at", "closes_at")
CONTENT = ("challenge", "reference", "state", "latest_version", "language", "partners")
CONTENT += ("organisation__slug",)


class NotComplete(Refused):
    """The draft cannot be submitted as it is; `problems` says what to put right."""

    def __init__(self, problems):
        super().__init__(_("The answer is not complete yet."), code="incomplete")
        self.problems = problems


class KeyUsed(Refused):
    """The one-time key has already submitted, and that is no longer what stands."""

    def __init__(self):
        super().__init__(
            _("This page was used to submit an earlier text. Check the answer again."),
            code="key",
        )


class NotSealed(Refused):
    """The challenge's keys are not made, not the opener's, or promised for another time."""

    def __init__(self):
        super().__init__(
            _("The seal of this challenge is not ready. Nothing was changed."), code="seal"
        )


class TooLate(Refused):
    """Outside the time. The attempt is logged and has a receipt of its own."""

    MESSAGES = {
        Attempt.Kind.TOO_LATE: gettext_lazy("The time to answer is over. Nothing was submitted."),
        Attempt.Kind.TOO_EARLY: gettext_lazy("The challenge is not open yet."),
        Attempt.Kind.NOT_OPEN: gettext_lazy("The challenge is not accepting answers now."),
    }

    def __init__(self, attempt):
        super().__init__(self.MESSAGES[attempt.kind], code=attempt.kind)
        self.attempt = attempt


def submit(submission, *, submit_key, by, reviewed=None):
    """Receive the draft as the next version and return it; the same key again returns the same,
    as long as that one stands, and so does the same content.

    `reviewed` is the sum of what the person looked through; a draft that has changed since then is
    not received. Raises TooLate and NotSealed (logged), KeyUsed, Overtaken, NotComplete.
    """
    try:
        with transaction.atomic():
            result = receive(submission, submit_key=submit_key, by=by, reviewed=reviewed)
    except NotSealed:
        note_unsealed(submission.challenge)
        raise
    return answered(result)


def withdraw(submission, *, by):
    """Take a submission back until the deadline. Returns the Attempt that is its receipt."""
    with transaction.atomic():
        result = take_back(submission, by=by)
    return answered(result)


def answered(result):
    """Refusals are raised only now: their log has been committed."""
    if isinstance(result, Attempt) and result.kind != Attempt.Kind.WITHDRAWN:
        raise TooLate(result)
    return result


def receive(submission, *, submit_key, by, reviewed):
    submission, now = locked(submission, by)
    draft = Draft(submission)
    if earlier := received_with(submission, submit_key):
        if not stands(earlier, draft):
            raise KeyUsed
        return earlier
    if kind := refusal(submission.challenge, now):
        return refuse(submission, kind, at=now, by=by)
    if problems := draft.problems():
        raise NotComplete(problems)
    if reviewed is not None and reviewed != draft.sha256:
        raise Overtaken(_("The answer was changed after you opened the page. Check it again."))
    if same := standing(draft):
        return same
    require_moderation(draft, now)
    return store(draft, submit_key=submit_key, at=now, by=by)


def received_with(submission, submit_key):
    if not submission.latest_version:
        return None
    return submission.versions.filter(submit_key=submit_key).first()


def standing(draft):
    """The version that stands, if it holds the very same: sealing it once more changes nothing."""
    latest = draft.submission.versions.first() if draft.submission.latest_version else None
    return latest if latest and stands(latest, draft) else None


def require_moderation(draft, now):
    """Every version keeps sealed copies of all files: no one answer may fill the disk."""
    submission = draft.submission
    if submission.latest_version < MOST_AN_HOUR:
        return
    recent = submission.versions.filter(received_at__gt=now - HOUR).count()
    if recent >= MOST_AN_HOUR:
        raise Refused(_("The answer was submitted very often. Wait an hour."), code="often")
    if on_disk(submission) + sum(one.size for one in draft.files) > settings.AFORI_ANSWER_BYTES:
        raise Refused(_("The files of all versions together take too much room."), code="room")


def on_disk(submission):
    parts = SealedPart.objects.filter(version__submission=submission).exclude(file="")
    sealed = [part.file for part in parts.only("file")]
    return sum(file.size for file in sealed if file.storage.exists(file.name))


def stands(version, draft):
    """Whether the version is what is submitted now, and the draft still the same."""
    submission = draft.submission
    is_latest = version.number == submission.latest_version
    return submission.state == State.SUBMITTED and is_latest and version.sha256 == draft.sha256


def take_back(submission, *, by):
    submission, now = locked(submission, by)
    if kind := refusal(submission.challenge, now):
        return refuse(submission, kind, at=now, by=by)
    move(submission, State.WITHDRAWN)
    return log(submission, Attempt.Kind.WITHDRAWN, at=now, by=by)


def locked(submission, by):
    """The rows of challenge and submission, locked in this order, and the time *after* that.

    Where nothing is received any more nobody waits for the challenge: how long an opening holds it
    would tell how much is opened.
    """
    challenge, now = as_it_stands(Challenge(pk=submission.challenge_id), NEEDED)
    if refusal(challenge, now) in (None, Attempt.Kind.TOO_EARLY):
        challenge = lock_for_share(challenge, NEEDED)
    found = Submission.objects.visible_to(by).select_for_update(of=("self",))
    found = found.select_related("organisation").only(*CONTENT)
    submission = found.filter(pk=submission.pk).first()
    if submission is None:
        raise Refused(_("You no longer have access to this answer."), code="author")
    submission.challenge = challenge
    return submission, database_now()


def refusal(challenge, now):
    """Why nothing can be received at this moment. The last instant still counts as in time."""
    if challenge.state != Challenge.State.PUBLISHED:
        return Attempt.Kind.NOT_OPEN
    if now < challenge.opens_at:
        return Attempt.Kind.TOO_EARLY
    return Attempt.Kind.TOO_LATE if now > challenge.closes_at else None


def store(draft, *, submit_key, at, by):
    """Seal the draft as the next version. What takes time comes before the audit chain's lock."""
    submission, content = draft.submission, draft.canonical
    submission.latest_version += 1
    move(submission, State.SUBMITTED)
    version = SubmissionVersion(
        submission=submission,
        number=submission.latest_version,
        submit_key=submit_key,
        received_at=at,
        received_from=by,
        manifest=manifest(draft),
        sha256=fingerprint(content),
    )
    parts = sealed_parts(version, content, draft.files, challenge_key(submission.challenge))
    receivers = people(submission)
    version.audit_head = chained(version, "received", version=version.number, sha256=version.sha256)
    version.save(force_insert=True)
    for part in parts:
        part.version = version
    SealedPart.objects.bulk_create(parts)
    notify_all(receivers, RECEIPT, version)
    return version


def challenge_key(challenge):
    """The challenge's public key, if it is the opener's own: otherwise nothing is received."""
    key = ChallengeKey.objects.defer("wrapped_private").filter(challenge=challenge).first()
    if not opener.is_ready(challenge, key):
        raise NotSealed
    return key


@transaction.atomic
def note_unsealed(challenge):
    """Note once an hour that a challenge's keys could not be trusted to seal with."""
    facts = {"challenge": challenge.slug}
    if not audit.has("not sealed", since=database_now() - HOUR, **facts):
        audit.record("not sealed", **facts)


def refuse(submission, kind, *, at, by):
    """Log a refusal. Who tries the same again within a minute gets the earlier one back."""
    recent = submission.attempts.filter(kind=kind, by=by, at__gt=at - AGAIN)
    return recent.first() or log(submission, kind, at=at, by=by)


def log(submission, kind, *, at, by):
    attempt = Attempt(submission=submission, kind=kind, at=at, by=by)
    receivers = people(submission)
    attempt.audit_head = chained(attempt, kind)
    attempt.save(force_insert=True)
    told = WITHDRAWN if kind == Attempt.Kind.WITHDRAWN else REFUSED
    notify_all(receivers, told, attempt)
    return attempt


def chained(receipt, event, **facts):
    """Note what a receipt proves in the audit chain and return the chain's new head.

    Without the salt a supplier could guess its own entries, their numbers, and so how many others
    there are between two of them.
    """
    challenge = receipt.submission.challenge.slug
    facts |= {"challenge": challenge, "receipt": receipt.receipt_number, "salt": token_hex(16)}
    return audit.record(event, **facts).hash


def move(submission, state):
    check_move(submission.state, state, Submission.NEXT)
    submission.state = state
    submission.save(update_fields=["state", "latest_version", "updated_at"])


def people(submission):
    authors = submission.authors.active().select_related("user")
    return [one.user for one in authors.only("user__email", "user__language")]
