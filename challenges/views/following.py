"""Following a published challenge. A stranger logs in first and finds the wish waiting."""

from django.contrib import messages
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from afori.notifications import following

from ..models import Challenge
from ..notifications.watching import FOLLOWED


def follow(request, slug):
    """Says what will come, and begins or ends it by a button."""
    challenge = get_object_or_404(Challenge.objects.published(), slug=slug)
    if request.method == "POST":
        following.follow(FOLLOWED, challenge, by=request.user)
        messages.success(
            request,
            _("You follow the challenge and hear of changes, answers to questions and outcome."),
        )
        return redirect(challenge)
    context = {
        "challenge": challenge,
        "is_followed": following.follows(request.user, FOLLOWED, challenge),
    }
    return render(request, "challenges/follow.html", context)


@require_POST
def unfollow(request, slug):
    challenge = get_object_or_404(Challenge.objects.published(), slug=slug)
    following.unfollow(FOLLOWED, challenge, by=request.user)
    messages.success(request, _("You no longer follow the challenge."))
    return redirect(challenge)
