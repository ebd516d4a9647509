"""Handing in and taking back: the only writer of `Submission.state` and of versions."""

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from afori.common.states import Refused, check_move
from afori.notifications.actions import notify_all

from ..content import Draft, fingerprint
from ..locks import database_now, lock_for_share
from ..models import Attempt, Challenge, Submission, SubmissionVersion
from ..notifications import RECEIPT, REFUSED, WITHDRAWN

State = Submission.State


class NotComplete(Refused):
    """The draft cannot be submitted as it is; `problems` says what to put right."""

    def __init__(self, problems):
        super().__init__(_("The answer is not complete yet."), code="incomplete")
        self.problems = problems


class KeyUsed(Refused):
    """The one-time key has already submitted another content."""

    def __init__(self):
        super().__init__(
            _("This page was used to submit an earlier text. Check the answer again."),
            code="key",
        )


class Changed(Refused):
    """The draft is no longer the one the person looked through."""

    def __init__(self):
        super().__init__(
            _("The answer was changed after you opened the page. Check it again."),
            code="changed",
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
    """Receive the draft as the next version and return it; the same key again returns the same.

    `reviewed` is the sum of what the person looked through; a draft that has changed since then is
    not received. Raises TooLate (logged), KeyUsed, Changed, NotComplete.
    """
    with transaction.atomic():
        result = receive(submission, submit_key=submit_key, by=by, reviewed=reviewed)
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
    if earlier := submission.versions.filter(submit_key=submit_key).first():
        if earlier.sha256 != draft.sha256:
            raise KeyUsed
        return earlier
    if refusal := refused(submission, now):
        return log(submission, refusal, at=now, by=by)
    if problems := draft.problems():
        raise NotComplete(problems)
    content = draft.canonical
    if reviewed is not None and reviewed != fingerprint(content):
        raise Changed
    return store(submission, content, submit_key=submit_key, at=now, by=by)


def take_back(submission, *, by):
    submission, now = locked(submission, by)
    if refusal := refused(submission, now):
        return log(submission, refusal, at=now, by=by)
    move(submission, State.WITHDRAWN)
    return log(submission, Attempt.Kind.WITHDRAWN, at=now, by=by)


def locked(submission, by):
    """The rows of challenge and submission, locked in this order, and the time *after* that."""
    challenge = lock_for_share(Challenge(pk=submission.challenge_id))
    found = Submission.objects.visible_to(by).select_for_update(of=("self",))
    submission = found.select_related("organisation").filter(pk=submission.pk).first()
    if submission is None:
        raise Refused(_("You no longer have access to this answer."), code="author")
    submission.challenge = challenge
    return submission, database_now()


def refused(submission, now):
    """Why nothing can be received at this moment. The last instant still counts as in time."""
    challenge = submission.challenge
    if challenge.state != Challenge.State.PUBLISHED:
        return Attempt.Kind.NOT_OPEN
    if now < challenge.opens_at:
        return Attempt.Kind.TOO_EARLY
    return Attempt.Kind.TOO_LATE if now > challenge.closes_at else None


def store(submission, content, *, submit_key, at, by):
    submission.latest_version += 1
    move(submission, State.SUBMITTED)
    version = SubmissionVersion.objects.create(
        submission=submission,
        number=submission.latest_version,
        submit_key=submit_key,
        received_at=at,
        received_from=by,
        content=content,
        sha256=fingerprint(content),
    )
    notify_all(people(submission), RECEIPT, version)
    return version


def log(submission, kind, *, at, by):
    attempt = Attempt.objects.create(submission=submission, kind=kind, at=at, by=by)
    told = WITHDRAWN if kind == Attempt.Kind.WITHDRAWN else REFUSED
    notify_all(people(submission), told, attempt)
    return attempt


def move(submission, state):
    check_move(submission.state, state, Submission.NEXT)
    submission.state = state
    submission.save(update_fields=["state", "latest_version", "updated_at"])


def people(submission):
    return [author.user for author in submission.authors.active().select_related("user")]
