"""A supplier's own copy: what was submitted, as it was opened."""

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _

from afori.common.files import SANDBOX

from .. import seal
from ..content import Draft
from ..models import Challenge, OpenedAnswer
from ..opened import OpenedContent
from ..parcels import TEXT, checksum, opened_chunks
from .judging import download
from .page import own, page


def copy(request, slug, reference):
    """The opened version to read and print; before that, why nobody can read it."""
    submission = own(request, slug, reference)
    draft, answer = Draft(submission), opened_answer(submission)
    context = {"standing": standing(submission, answer), "answer": answer}
    if answer:
        content = OpenedContent(answer, submission.challenge.key, draft.criteria)
        texts = [(criterion, content.text(criterion)) for criterion in draft.criteria]
        context |= {"content": content, "texts": texts, "files": content.files(with_names=True)}
    return page(request, submission, "answer_copy", draft=draft, **context)


def opened_answer(submission):
    found = OpenedAnswer.objects.filter(submission=submission).select_related("version").first()
    if found:
        found.submission = submission
    return found


def standing(submission, answer):
    if answer:
        return "opened"
    if submission.state != submission.State.SUBMITTED:
        return submission.state
    cancelled = submission.challenge.state == Challenge.State.CANCELLED
    return "cancelled" if cancelled else "sealed"


def copy_text(request, slug, reference):
    """The text letter by letter as it was received: its checksum is the receipt's."""
    content, key = opened_content(request, slug, reference)
    part = content.parts.get(TEXT)
    if not is_whole(part, key, content.version.sha256):
        return say_damaged(request, slug, reference)
    name = f"{content.version.printed_number}.json"
    headers = {**SANDBOX, "Content-Disposition": content_disposition_header(True, name)}
    chunks = opened_chunks(part, key)
    return HttpResponse(b"".join(chunks), content_type="application/json", headers=headers)


def copy_file(request, slug, reference, position):
    """A file as it was received, read once to see that it is whole, then sent."""
    content, key = opened_content(request, slug, reference)
    if not TEXT < position <= len(content.version.files):
        raise Http404
    part, told = content.file_part(position), content.version.files[position - 1]
    if not is_whole(part, key, told["sha256"]):
        return say_damaged(request, slug, reference)
    chunks = opened_chunks(part, key)
    return download(told["name"], next(chunks), chunks)


def opened_content(request, slug, reference):
    submission = own(request, slug, reference)
    answer = opened_answer(submission)
    if answer is None:
        raise Http404
    return OpenedContent(answer, submission.challenge.key, []), submission.challenge.key


def is_whole(part, key, sha256):
    if part is None or not part.data_key:
        return False
    try:
        return checksum(opened_chunks(part, key)) == sha256
    except (seal.Broken, OSError):
        return False


def say_damaged(request, slug, reference):
    messages.error(
        request,
        _("This part is damaged: it is not what your receipt tells of. Write to us at once."),
    )
    return redirect("challenges:copy", slug, reference)
