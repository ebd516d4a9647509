"""Writing an answer, part by part. Each works without JavaScript."""

from allauth.core.ratelimit import consume_or_429
from django.contrib import messages
from django.http import Http404, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from afori.common import files, formatting
from afori.common.states import Refused
from afori.common.words import count_words

from .. import actions
from ..ahead import ahead
from ..content import Draft, too_long
from ..ending import public_from
from ..forms import AnswerForm, FileForm, LeaveForm, PartnersForm
from ..locks import database_now
from ..models import Decision, Submission, SubmissionVersion
from ..parts import Parts
from .held import keeps_text, unlogged
from .page import RELATED, criterion_of, own, page
from .shared import told_if_refused


def submission(request, slug, reference):
    """The answer's own page: where it stands, what is left to do, its receipts."""
    now = database_now()
    try:
        submission = own(request, slug, reference)
    except Http404:
        return inherit(request, left_answer(request, slug, reference, at=now))
    versions = list(submission.versions.all())
    receipts = sorted([*versions, *submission.attempts.all()], key=happened, reverse=True)
    for receipt in receipts:
        receipt.submission = submission
    return page(
        request,
        submission,
        "submission_detail",
        receipts=receipts,
        now=now,
        decision=told_decision(submission, request.user, now),
        public_at=public_from(submission.challenge),
        ahead=ahead(submission, at=now) if versions else [],
        versions=versions,
        authors=submission.authors.active().select_related("user"),
    )


def left_answer(request, slug, reference, *, at):
    """The answer, if nobody who wrote it is left and the person can take it over; else 404."""
    left = Submission.objects.left_to(request.user, at=at).select_related(*RELATED)
    return get_object_or_404(left, challenge__slug=slug, reference=reference)


def inherit(request, submission):
    if request.method != "POST":
        return render(request, "challenges/answer_left.html", {"submission": submission})
    if told_if_refused(request, actions.inherit_answer, submission):
        messages.success(request, _("The answer is yours to read now."))
    return redirect(submission)


def told_decision(submission, user, now):
    """What the buyer decided on the answer, once all suppliers have been sent theirs."""
    if submission.challenge.is_open(at=now):
        return None
    return Decision.objects.sent_to(user).filter(answer__submission=submission).first()


def happened(receipt):
    return receipt.received_at if isinstance(receipt, SubmissionVersion) else receipt.at


@keeps_text
def answer_edit(request, slug, reference, position):
    submission = own(request, slug, reference)
    draft = Draft(submission)
    criterion = criterion_of(draft, position)
    form = AnswerForm(request.POST or None, criterion=criterion)
    if request.method == "POST" and form.is_valid():
        return save(request, submission, criterion, form)
    return edit_page(request, draft, criterion, form)


def edit_page(request, draft, criterion, form, **context):
    """The stored text, or one's own that met a newer one with the stored one beside it.

    Opening the page takes the part, so that colleagues see who writes it.
    """
    now = database_now()
    if draft.submission.challenge.is_open(at=now):
        answer = draft.answers.get(criterion.pk)
        draft.answers[criterion.pk] = actions.open_part(
            draft.submission, criterion, by=request.user, at=now, answer=answer
        )
    answer = draft.answers.get(criterion.pk)
    aside = answer and answer.set_aside.filter(user=request.user).first()
    if not form.is_bound:
        form.initial = {
            "text": aside.text if aside else draft.text(criterion),
            "revision": answer.revision if answer else 0,
        }
    return page(
        request,
        draft.submission,
        "answer_edit",
        current=str(criterion.position),
        now=now,
        draft=draft,
        criterion=criterion,
        form=form,
        answer=answer,
        aside=aside,
        is_taken=answer is not None and answer.is_written_by_another(request.user, at=now),
        **context,
    )


def save(request, submission, criterion, form):
    typed = form.cleaned_data
    try:
        stored = actions.save_answer(
            submission, criterion, typed["text"], revision=typed["revision"], by=request.user
        )
    except Refused as refusal:
        draft = Draft(submission)
        return unlogged(
            edit_page(
                request, draft, criterion, form, refusal=refusal, typed=typed["text"], status=409
            )
        )
    if stored.aside:
        return redirect(request.path)
    say_saved(request, criterion, stored.answer.text)
    return redirect(after_saving(request, submission, str(criterion.position)))


def say_saved(request, criterion, text):
    over = count_words(text) - criterion.word_limit
    if over > 0:
        messages.warning(request, f"{_('Saved.')} {criterion.prompt}: {too_long(over)}")
    else:
        messages.success(request, _("Saved."))


def after_saving(request, submission, key):
    if request.POST.get("then") == "close":
        return submission.get_absolute_url()
    return Parts(Draft(submission), key).following.url


@require_POST
def autosave(request, slug, reference, position):
    """Save while one writes. Answers with what to say, and the revision to go on from."""
    submission = own(request, slug, reference)
    criterion = criterion_of(Draft(submission), position)
    form = AnswerForm(request.POST, criterion=criterion)
    if not form.is_valid():
        return refused(" ".join(error for errors in form.errors.values() for error in errors))
    try:
        stored = actions.save_answer(
            submission, criterion, **form.cleaned_data, by=request.user, stay=True
        )
    except Refused as refusal:
        return refused(refusal.message)
    return unlogged(JsonResponse(told(stored), status=409 if stored.aside else 200))


def refused(message):
    return unlogged(JsonResponse({"state": "refused", "message": message}, status=409))


def told(stored):
    if stored.taken:
        message = _("A colleague has taken over this part. What you write is kept beside.")
        return {"state": "taken", "message": message}
    if stored.aside:
        message = _("Somebody else changed the text meanwhile. Both texts are kept.")
        return {"state": "conflict", "message": message}
    at = formatting.clock(timezone.localtime(), get_language())
    message = _("Saved %(time)s") % {"time": at}
    return {"state": "saved", "message": message, "revision": stored.answer.revision}


@require_POST
def set_aside_discard(request, slug, reference, position):
    submission = own(request, slug, reference)
    criterion = criterion_of(Draft(submission), position)
    told_if_refused(request, actions.discard_set_aside, submission, criterion)
    return redirect("challenges:answer_edit", slug, reference, position)


@require_POST
def answer_take_over(request, slug, reference, position):
    submission = own(request, slug, reference)
    criterion = criterion_of(Draft(submission), position)
    told_if_refused(request, actions.take_over, submission, criterion)
    return redirect("challenges:answer_edit", slug, reference, position)


@require_POST
def answer_leave(request, slug, reference, position):
    """Sent as the window closes. Says since when it had the part, so that one who comes back at
    once keeps it.
    """
    submission = own(request, slug, reference)
    criterion = criterion_of(Draft(submission), position)
    form = LeaveForm(request.POST)
    if form.is_valid():
        actions.leave_part(submission, criterion, by=request.user, **form.cleaned_data)
    return HttpResponse(status=204)


@keeps_text
def partners(request, slug, reference):
    submission = own(request, slug, reference)
    initial = {"language": submission.language, "partners": submission.partners}
    form = PartnersForm(
        request.POST or None, initial=initial, languages=submission.challenge.languages
    )
    if request.method == "POST" and form.is_valid() and saved(request, submission, form):
        return redirect(after_saving(request, submission, "partners"))
    authors = submission.authors.active().select_related("user")
    return page(
        request, submission, "answer_partners", current="partners", form=form, authors=authors
    )


def saved(request, submission, form):
    done = told_if_refused(request, actions.save_partners, submission, **form.cleaned_data)
    if done:
        messages.success(request, _("Saved."))
    return done


def file_add(request, slug, reference):
    """The files of the draft; a POST adds one."""
    submission = own(request, slug, reference)
    form = FileForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        if limited := consume_or_429(request, action="file_upload"):
            return limited
        if told_if_refused(request, actions.add_file, submission, form.cleaned_data["file"]):
            messages.success(request, _("The file is added."))
        return redirect("challenges:files", slug, reference)
    return page(request, submission, "answer_files", current="files", form=form)


def file(request, slug, reference, token):
    submission = own(request, slug, reference)
    stored = get_object_or_404(submission.files, token=token)
    return files.stream(stored, decrypt=True)


@require_POST
def file_remove(request, slug, reference, token):
    submission = own(request, slug, reference)
    stored = get_object_or_404(submission.files, token=token)
    if told_if_refused(request, actions.remove_file, stored):
        messages.success(request, _("The file is removed."))
    return redirect("challenges:files", slug, reference)
