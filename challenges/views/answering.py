"""Before an answer: who may answer, on whose behalf, and what is asked."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _

from afori.accounts.acting import acts_elsewhere
from afori.common.linking import linked
from afori.common.states import Refused

from ..actions import start_submission
from ..detail import LISTING, capitalised, languages, times
from ..locks import database_now
from ..models import Challenge, Submission, SubmissionAuthor
from ..rules import is_owner_member
from .page import seal_is_ready


def answer(request, slug):
    """Anyone may read what is asked. A supplier starts here, an author goes on."""
    published = Challenge.objects.published().select_related("owner", "key")
    challenge = get_object_or_404(published.prefetch_related("criteria"), slug=slug)
    if request.method == "POST" and (elsewhere := acts_elsewhere(request)):
        messages.warning(request, elsewhere)
        return redirect("challenges:answer", challenge.slug)
    if own := own_submission(request, challenge):
        return redirect(own)
    if request.method == "POST":
        return start(request, challenge)
    return render(request, "challenges/answer_start.html", before_starting(request, challenge))


def before_starting(request, challenge):
    status = challenge.status(at=database_now())
    return {
        "challenge": challenge,
        "status": status,
        "standing": standing(request, challenge),
        "facts": terms(challenge),
        "times": times(challenge, timezone.now(), request.LANGUAGE_CODE),
        "is_ready": status != "open" or seal_is_ready(challenge),
    }


def terms(challenge):
    """What one should know before work begins, as pairs of term and text."""
    pairs = [
        (_("Rights"), challenge.rights_text or challenge.get_rights_display()),
        (_("Languages"), capitalised(LISTING.join(languages(challenge)))),
        (_("Owner"), linked(challenge.owner)),
    ]
    return [(term, text) for term, text in pairs if text]


def start(request, challenge):
    if not request.user.has_perm("challenges.answer_challenge", challenge):
        raise PermissionDenied
    try:
        submission = start_submission(challenge, organisation=request.acting_for, by=request.user)
    except Refused as refusal:
        messages.error(request, refusal.message)
        return redirect("challenges:answer", challenge.slug)
    return redirect(submission)


def own_submission(request, challenge):
    """The one that the person writes, or can take over, for the organisation they act for."""
    if not request.acting_for:
        return None
    theirs = Submission.objects.of(request.acting_for).answering(challenge)
    own = theirs.visible_to(request.user).select_related("challenge").first()
    left = theirs.left_to(request.user, at=database_now()).select_related("challenge")
    return own or left.first()


def standing(request, challenge):
    """Who is asking: decides which way on the page offers."""
    if not request.user.is_authenticated:
        return "stranger"
    if request.acting_for is None:
        return "alone"
    if is_owner_member(request.user, challenge):
        return "owner"
    if request.acting_for.is_buyer:
        return "buyer"
    return colleague_or_supplier(request, challenge)


def colleague_or_supplier(request, challenge):
    """A colleague of authors learns that there are some, and nothing else."""
    theirs = Submission.objects.of(request.acting_for).answering(challenge).order_by()
    taken = SubmissionAuthor.objects.active().filter(submission__in=theirs)
    return "colleague" if taken.exists() else "supplier"
