"""Writing an answer before it is submitted. Only its authors do, and only until the deadline."""

from dataclasses import dataclass
from secrets import token_hex

from django.conf import settings
from django.db import transaction
from django.utils.text import normalize_newlines
from django.utils.translation import gettext as _

from afori.accounts.rules import is_organisation_admin
from afori.common import files
from afori.common.states import Refused
from afori.notifications.actions import notify

from .. import audit
from ..locks import database_now
from ..models import Answer, SetAside, Submission, SubmissionAuthor, SubmissionFile
from ..notifications import AUTHOR_ADDED
from .guards import locked_draft, locked_own, require_member, require_open
from .writers import leave_part, renew


@dataclass(frozen=True)
class Saved:
    """The answer as it is stored; `aside` holds the text that could not be, if there is one, and
    `taken` says that a colleague has the part open now.
    """

    answer: Answer
    aside: SetAside | None = None
    taken: bool = False


@transaction.atomic
def start_submission(challenge, *, organisation, by):
    """The organisation's submission, with the person as its first author.

    One who is an author already gets the same again. When no author is left in the organisation,
    its administrator takes over. Raises Refused for other colleagues and outside the time. What
    was begun for an organisation that has become part of this one counts as its own.
    """
    require_open(challenge)
    require_member(organisation, by)
    submission, is_new = found_or_begun(challenge, organisation)
    theirs = Submission.objects.of(organisation).answering(challenge)
    authors = SubmissionAuthor.objects.active().filter(submission__in=theirs.order_by())
    if own := authors.filter(user=by).values("submission"):
        return theirs.filter(pk__in=own).first()
    if is_new or (not authors.exists() and is_organisation_admin(by, organisation)):
        SubmissionAuthor.objects.get_or_create(submission=submission, user=by)
        return submission
    raise Refused(_("Colleagues of yours handle the answer."), code="colleagues")


def found_or_begun(challenge, organisation):
    """The organisation's submission, locked, and whether it is a new one."""
    theirs = Submission.objects.of(organisation).answering(challenge)
    if found := theirs.select_for_update(of=("self",)).first():
        return found, False
    language = challenge.languages[0] if challenge.languages else settings.LANGUAGE_CODE
    return Submission.objects.select_for_update().get_or_create(
        challenge=challenge, organisation=organisation, defaults={"language": language}
    )


@transaction.atomic
def save_answer(submission, criterion, text, *, revision, by, stay=False):
    """Store a text if it was written over the latest one and no colleague has the part open, else
    keep it beside: nothing is lost.

    `revision` is that of the text the person started from. Whoever stays goes on holding the part,
    others give it back. Returns a `Saved`.
    """
    submission = locked_draft(submission, by)
    answer, _new = Answer.objects.get_or_create(submission=submission, criterion=criterion)
    text = normalize_newlines(text)
    is_taken = answer.is_written_by_another(by, at=database_now())
    if text == answer.text:
        aside = None
    elif is_taken or revision != answer.revision:
        aside = set_aside(answer, text, by)
    else:
        aside = None
        store(answer, text, by)
    if stay and not is_taken:
        renew(answer, by=by)
    elif not stay:
        leave_part(submission, criterion, by=by)
    return Saved(answer, aside, is_taken)


def set_aside(answer, text, by):
    return SetAside.objects.update_or_create(answer=answer, user=by, defaults={"text": text})[0]


def store(answer, text, by):
    answer.text = text
    answer.revision += 1
    answer.saved_by = by
    answer.save(update_fields=["text", "revision", "saved_by", "updated_at"])
    answer.set_aside.filter(user=by).delete()


@transaction.atomic
def discard_set_aside(submission, criterion, *, by):
    """Throw away one's own text that met a newer one."""
    submission = locked_draft(submission, by)
    SetAside.objects.filter(answer__submission=submission, answer__criterion=criterion).filter(
        user=by
    ).delete()


@transaction.atomic
def save_partners(submission, *, language, partners, by):
    submission = locked_draft(submission, by)
    submission.language = language
    submission.partners = normalize_newlines(partners)
    submission.save(update_fields=["language", "partners", "updated_at"])
    return submission


@transaction.atomic
def add_file(submission, upload, *, by):
    """Keep a checked `Upload`, encrypted before it touches the disk."""
    submission = locked_draft(submission, by)
    if submission.files.count() >= settings.AFORI_UPLOAD_FILES:
        raise Refused(
            _("An answer may have at most %(number)d files.")
            % {"number": settings.AFORI_UPLOAD_FILES},
            code="files",
        )
    stored = SubmissionFile(submission=submission, uploaded_by=by)
    files.fill(stored, upload, encrypt=True)
    stored.save()
    return stored


@transaction.atomic
def remove_file(stored, *, by):
    """Take a file out of the draft for good. Versions that were submitted with it hold it sealed,
    each on its own.
    """
    submission = locked_draft(stored.submission, by)
    stored = submission.files.filter(pk=stored.pk).first()
    if stored is None:
        return
    name = stored.file.name
    stored.delete()
    transaction.on_commit(lambda: stored.file.storage.delete(name))


@transaction.atomic
def add_author(submission, user, *, by):
    """Let a colleague see the answer, and edit it until the time is over."""
    submission = locked_own(submission, by)
    require_member(submission.home, user)
    author, is_new = SubmissionAuthor.objects.get_or_create(submission=submission, user=user)
    if is_new:
        notify(user, AUTHOR_ADDED, author)
    return author


@transaction.atomic
def inherit_answer(submission, *, by):
    """Let an administrator of the organisation in where nobody who wrote the answer is left and the
    time to answer is over: somebody has to read what was decided.
    """
    Submission.objects.select_for_update().get(pk=submission.pk)
    left = Submission.objects.left_to(by, at=database_now()).select_related("challenge")
    submission = left.filter(pk=submission.pk).first()
    if submission is None:
        raise Refused(_("You no longer have access to this answer."), code="author")
    SubmissionAuthor.objects.get_or_create(submission=submission, user=by)
    facts = {"challenge": submission.challenge.slug, "answer": submission.reference}
    audit.record("answer inherited", **facts, by=by.pk, salt=token_hex(16))
    return submission


@transaction.atomic
def remove_author(submission, user, *, by):
    """Take the answer away from an author. One who is still a member always stays."""
    submission = locked_draft(submission, by)
    if not submission.authors.active().exclude(user=user).exists():
        raise Refused(_("The last one who writes the answer cannot be removed."), code="last")
    submission.authors.filter(user=user).delete()
