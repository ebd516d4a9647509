"""The workspace of a challenge's team: the hub from which every step is reached."""

from django.contrib import messages
from django.db.models import DateTimeField, Func, Q
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _

from afori.common.states import Refused

from ..actions import hand_over
from ..completeness import owner_obstacles, with_progress
from ..models import Challenge
from ..outline import Outline
from ..sections import with_keys
from ..steps import steps
from .public import ChallengeDetail

State = Challenge.State
CLOCK = Func(function="clock_timestamp", output_field=DateTimeField())
LONG = [name for name in Challenge.LONG_TEXTS if name.startswith("search")]


def own_challenge(request, slug):
    """The challenge, for its team and, before publishing, its owner's administrators; else 404."""
    own = with_keys(with_progress(Challenge.objects.of_team(request.user)))
    found = own.annotate(now=CLOCK).select_related("owner").defer(*LONG)
    return get_object_or_404(found, slug=slug)


def outline_of(request, challenge, current=""):
    return Outline(challenge, now=challenge.now, viewer=request.user, current=current)


def work_page(request, challenge, template, *, outline=None, status=200, **context):
    """Render one page of the workspace with the sections beside it while they are written."""
    if outline is None and challenge.state in Challenge.WRITTEN:
        outline = outline_of(request, challenge)
    known = {"challenge": challenge, "outline": outline, "is_draft": is_draft(challenge)}
    return render(request, f"challenges/{template}.html", known | context, status=status)


def is_draft(challenge):
    return challenge.state == State.DRAFT


def work(request, slug):
    challenge = own_challenge(request, slug)
    return work_page(
        request,
        challenge,
        "work",
        steps=steps(challenge, request.user, challenge.now),
        obstacles=list(owner_obstacles(challenge.owner)),
        team=challenge.team.active().select_related("user"),
    )


class Preview(ChallengeDetail):
    """The challenge's page as it will look, for its team and for editors while it is reviewed."""

    template_name = "challenges/challenge_preview.html"

    def visible(self):
        user = self.request.user
        written = Challenge.objects.filter(state__in=Challenge.WRITTEN)
        own = Q(pk__in=Challenge.objects.of_team(user).values("pk"))
        return written.filter(own | Q(state=State.IN_REVIEW) if user.is_staff else own)

    def get_object(self, queryset=None):
        """Shown as if it were published, where it says when."""
        challenge = super().get_object(queryset)
        if challenge.opens_at and challenge.closes_at:
            challenge.state = State.PUBLISHED
        return challenge


def send_to_review(request, slug):
    """What is missing, or the button that hands the draft to the editors."""
    challenge = own_challenge(request, slug)
    if not is_draft(challenge):
        return redirect("challenges:work", slug)
    if request.method == "POST":
        return sent(request, challenge)
    obstacles = list(owner_obstacles(challenge.owner))
    return work_page(request, challenge, "work_send", obstacles=obstacles)


def sent(request, challenge):
    try:
        hand_over(challenge, by=request.user)
    except Refused as refusal:
        messages.error(request, refusal.message)
        return redirect("challenges:send_to_review", challenge.slug)
    messages.success(
        request, _("The challenge is with the editors. You are told when they answer.")
    )
    return redirect("challenges:work", challenge.slug)
