"""The editors' queue of challenges to review, and the review itself."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db.models import Prefetch
from django.db.models.functions import Coalesce
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.generic import ListView

from afori.common.states import Refused
from afori.common.views import posted, require

from ..actions import Gone, approve, ask_for_changes
from ..completeness import missing, owner_obstacles, with_progress
from ..detail import times
from ..forms.reviewing import ReviewForm
from ..locks import database_now
from ..models import Challenge, Opener, Panelist
from ..reviewing import reviewed_sections
from ..rules import is_reviewer
from .held import keeps_text


class ReviewQueue(ListView):
    """Those that wait for an editor, the one that has waited longest first."""

    template_name = "challenges/review_list.html"
    paginate_by = 20

    def dispatch(self, request, *args, **kwargs):
        require(request.user, "challenges.review_challenge")
        return super().dispatch(request, *args, **kwargs)

    def get_queryset(self):
        waiting = Challenge.objects.waiting_for_review().select_related("owner")
        return (
            waiting.annotate(since=Coalesce("sent_to_review_at", "updated_at"))
            .order_by("since", "pk")
            .defer(*Challenge.LONG_TEXTS)
        )

    def get_context_data(self, **kwargs):
        context = super().get_context_data(**kwargs)
        for challenge in context["object_list"]:
            challenge.is_own = not is_reviewer(self.request.user, challenge)
        return context


@keeps_text
def review(request, slug):
    """The challenge section by section: ask for changes, or approve."""
    challenge = seen_by_editor(request, slug)
    form = ReviewForm(posted(request))
    if not challenge.waits_for_review:
        return taken(request, challenge, form)
    if request.method == "POST" and form.is_valid():
        try:
            return decide(request, challenge, form)
        except Gone:
            return taken(request, seen_by_editor(request, slug), form)
        except Refused as refusal:
            form.add_error(None, refusal.message)
    return page(request, challenge, form)


def taken(request, challenge, form):
    """It does not wait any more: by whom it was reviewed, and what was typed here, to copy."""
    typed = [(one.label, one.value()) for one in form if form.is_bound and one.value()]
    context = {
        "challenge": challenge,
        "typed": typed,
        "latest": challenge.change_requests.select_related("by").last(),
    }
    return render(
        request, "challenges/review_taken.html", context, status=409 if form.is_bound else 200
    )


def decide(request, challenge, form):
    if request.POST.get("decision") == "approve" and form.texts:
        raise Refused(
            _("You have asked for changes below. Empty those fields to approve it as it is.")
        )
    if request.POST.get("decision") == "approve":
        approve(challenge, by=request.user)
        text = _("“%(challenge)s” is approved. Its team is told and publishes it.")
    else:
        ask_for_changes(challenge, form.texts, by=request.user)
        text = _("Your requests are sent. “%(challenge)s” is with its team again.")
    messages.success(request, text % {"challenge": challenge.title})
    return redirect("challenges:review_list")


def seen_by_editor(request, slug):
    """What waits for a review, or was reviewed and is not public yet; 404 for all but editors."""
    if not request.user.has_perm("challenges.review_challenge"):
        raise Http404
    found = Challenge.objects.reviewable().select_related("owner", "network", "approved_by")
    people = [
        Prefetch(name, model.objects.select_related("user"))
        for name, model in (("openers", Opener), ("panel", Panelist))
    ]
    challenge = get_object_or_404(
        with_progress(found).prefetch_related("topics", "needs", "criteria", *people), slug=slug
    )
    if not is_reviewer(request.user, challenge):
        raise PermissionDenied(
            _("You belong to the owner of this challenge. Another editor reviews it.")
        )
    return challenge


def page(request, challenge, form):
    now = database_now()
    context = {
        "challenge": challenge,
        "form": form,
        "obstacles": list(owner_obstacles(challenge.owner)),
        "times": times(challenge, now, request.LANGUAGE_CODE),
        "sections": reviewed_sections(challenge, missing=missing(challenge, now), form=form),
    }
    return render(request, "challenges/review.html", context)
