"""Look through, submit, receipt, withdraw."""

from uuid import uuid4

from django.contrib import messages
from django.http import Http404
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from afori.common.states import Refused
from afori.common.views import posted

from .. import actions
from ..ahead import ahead
from ..content import Draft
from ..forms import SubmitForm
from ..locks import database_now
from ..receipts import facts
from .held import keeps_draft
from .page import own, page, seal_is_ready

# What handing in needs to know before the action reads the rest for itself, under its locks.
ADDRESS = ("reference", "challenge__slug")
# What to do now, after why nothing was received.
AFTER = {
    "incomplete": gettext_lazy("Put right what is listed below, then submit."),
    "overtaken": gettext_lazy("Nothing was submitted."),
    "often": gettext_lazy("The draft is stored, and what you submitted last still stands."),
    "room": gettext_lazy(
        "The draft is stored, and what you submitted last still stands. Submit with fewer or "
        "smaller files."
    ),
    "key": gettext_lazy("The draft is stored and nothing else was submitted."),
    "seal": gettext_lazy(
        "The draft is stored. Try again in some minutes; if it stays so, write to us."
    ),
}


@keeps_draft
def submit(request, slug, reference):
    """All of the answer on one page, and the button that hands it in, once per key."""
    form = SubmitForm(posted(request))
    if request.method == "POST" and form.is_valid():
        return hand_in(request, own(request, slug, reference, of=ADDRESS), **form.values)
    submission = own(request, slug, reference)
    draft = Draft(submission)
    if not form.is_bound or form["reviewed"].value() != draft.sha256:
        form = SubmitForm(initial={"submit_key": uuid4(), "reviewed": draft.sha256})
    texts = [(criterion, draft.text(criterion)) for criterion in draft.criteria]
    return page(
        request,
        submission,
        "answer_submit",
        current="submit",
        draft=draft,
        form=form,
        problems=draft.problems(),
        texts=texts,
        is_ready=seal_is_ready(submission.challenge),
        authors=submission.authors.active().select_related("user"),
    )


def hand_in(request, submission, **values):
    try:
        receipt = actions.submit(submission, **values, by=request.user)
    except actions.TooLate as refusal:
        return redirect(refusal.attempt)
    except Refused as refusal:
        messages.error(request, f"{refusal.message} {AFTER.get(refusal.code, '')}".strip())
        if refusal.code == "author":
            return redirect(submission.challenge)
        return redirect("challenges:submit", submission.challenge.slug, submission.reference)
    if receipt.submit_key != values["submit_key"]:
        messages.info(
            request,
            _("Exactly this is submitted already. This is its receipt: nothing new was submitted."),
        )
    return redirect(receipt)


def withdraw(request, slug, reference):
    submission = own(request, slug, reference)
    if request.method == "POST":
        return take_back(request, submission)
    return page(request, submission, "submission_withdraw")


def take_back(request, submission):
    try:
        receipt = actions.withdraw(submission, by=request.user)
    except actions.TooLate as refusal:
        return redirect(refusal.attempt)
    except Refused:
        messages.error(request, _("There is no submitted answer to withdraw."))
        return redirect(submission)
    return redirect(receipt)


def receipt(request, slug, reference, number):
    submission = own(request, slug, reference)
    version = submission.versions.filter(receipt_number=number).first()
    found = version or submission.attempts.filter(receipt_number=number).first()
    if found is None:
        raise Http404
    found.submission = submission
    now = database_now()
    return page(
        request,
        submission,
        "receipt",
        receipt=found,
        version=version,
        facts=facts(found),
        now=now,
        ahead=ahead(submission, at=now),
        files=version.files if version else [],
    )
