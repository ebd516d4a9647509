"""The team's page where an approved challenge is published, now or at a time."""

from datetime import timedelta

from django.contrib import messages
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from afori.common.states import Refused
from afori.common.views import posted

from ..actions.challenges import has_key, return_to_draft
from ..actions.publishing import cancel_publishing, plan_publishing
from ..completeness import fresh, missing, owner_obstacles
from ..forms.publishing import PublishForm
from ..locks import database_now
from ..models import Challenge, SectionName
from ..outline import url_of

LONG_WAIT = timedelta(minutes=2)


def publishing(request, slug):
    """Where it stands on the way to its readers, and the form once an editor has approved it."""
    challenge = on_the_way(request, slug)
    if challenge.is_public:
        return redirect(challenge)
    form = PublishForm(posted(request), initial={"at": challenge.publish_at})
    if form.is_valid():
        try:
            plan_publishing(challenge, at=form.cleaned_data["at"], by=request.user)
        except Refused as refusal:
            form.add_error("at" if refusal.code == "time" else None, refusal.message)
        else:
            return redirect("challenges:publishing", slug)
    return page(request, challenge, form)


def page(request, challenge, form):
    now = database_now()
    lacks = missing(fresh(challenge), now)
    context = {
        "challenge": challenge,
        "form": form,
        "stage": stage(challenge, now),
        "is_long": bool(challenge.publish_at) and now - challenge.publish_at > LONG_WAIT,
        "lacks": [
            (SectionName(name).label, url_of(challenge, name), lacks[name]) for name in lacks
        ],
        "obstacles": list(owner_obstacles(challenge.owner)),
    }
    return render(request, "challenges/publishing.html", context)


def stage(challenge, now):
    """Where it stands: draft, review, approved, planned, keys (waits for them) or soon."""
    if challenge.state == Challenge.State.DRAFT:
        return "draft"
    if not challenge.approved_at:
        return "review"
    if not challenge.publish_at:
        return "approved"
    if challenge.publish_at > now:
        return "planned"
    return "soon" if has_key(challenge) else "keys"


@require_POST
def take_back(request, slug):
    """To write again. It is reviewed anew then."""
    challenge = on_the_way(request, slug)
    try:
        return_to_draft(challenge, by=request.user)
    except Refused:
        messages.info(request, _("Only a challenge that is in review can be taken back."))
    else:
        messages.success(
            request, _("The challenge is a draft again. Send it to review when it is ready.")
        )
    return redirect("challenges:work", slug)


@require_POST
def publishing_cancel(request, slug):
    challenge = on_the_way(request, slug)
    try:
        cancel_publishing(challenge, by=request.user)
    except Refused as refusal:
        messages.info(request, refusal.message)
    else:
        messages.success(request, _("The challenge is not published. It stays approved."))
    return redirect("challenges:publishing", slug)


def on_the_way(request, slug):
    own = Challenge.objects.of_team(request.user).select_related("owner", "approved_by")
    return get_object_or_404(own, slug=slug)
