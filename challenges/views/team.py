"""Who works on a challenge, and what those are asked who are named to open or judge."""

from django.contrib import messages
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from afori.accounts.mfa import has_second_factor
from afori.accounts.models import User
from afori.common.views import require

from .. import actions
from ..actions.openers import why_not_remove
from ..forms import AuthorForm
from ..models import Challenge
from .shared import colleagues, told_if_refused
from .work import own_challenge, work_page


def team(request, slug):
    """The colleagues on the team; a POST adds one."""
    challenge = own_challenge(request, slug)
    form = AuthorForm(
        request.POST or None, colleagues=colleagues(challenge.owner_id, challenge.team)
    )
    if request.method == "POST" and form.is_valid():
        require(request.user, "challenges.work_on_challenge", challenge)
        if told_if_refused(request, actions.add_team_member, challenge, form.cleaned_data["user"]):
            messages.success(request, _("Your colleague now works on the challenge."))
        return redirect("challenges:team", slug)
    present = challenge.team.active().select_related("user")
    return work_page(request, challenge, "work_team", form=form, team=present)


@require_POST
def team_remove(request, slug):
    challenge = own_challenge(request, slug)
    require(request.user, "challenges.work_on_challenge", challenge)
    present = User.objects.filter(pk__in=challenge.team.values("user"))
    form = AuthorForm(request.POST, colleagues=present)
    if form.is_valid():
        person = form.cleaned_data["user"]
        told_if_refused(request, actions.remove_team_member, challenge, person)
        if person == request.user:
            return redirect("my_pages")
    return redirect("challenges:team", slug)


def role(request, slug):
    """What is asked of one who is named to open or to judge; 404 for everybody else. By a POST one
    who opens leaves that to the others.
    """
    found = Challenge.objects.select_related("owner", "opening").defer("opening__protocol")
    challenge = get_object_or_404(found, slug=slug)
    opener = challenge.openers.filter(user=request.user).select_related("user").first()
    judges = challenge.panel.filter(user=request.user).exists()
    if not (opener or judges):
        raise Http404
    if request.method == "POST" and opener:
        return stop_opening(request, opener)
    context = {
        "challenge": challenge,
        "has_factor": has_second_factor(request.user),
        "opens": opener,
        "judges": judges,
        "may_leave": opener and why_not_remove(challenge, opener) is None,
    }
    return render(request, "challenges/role.html", context)


def stop_opening(request, opener):
    if not told_if_refused(request, actions.remove_opener, opener):
        return redirect("challenges:role", opener.challenge.slug)
    messages.success(request, _("You are no longer named to open the answers."))
    return redirect("my_pages")
