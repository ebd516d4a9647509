"""Changing a published challenge: write, look at the difference, publish it."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from afori.common.states import Refused
from afori.common.views import posted

from ..actions import Overtaken
from ..actions.amending import NotPossible, amend, latest_number, require_amendable
from ..changes import planned, with_changes
from ..forms.amending import AmendmentForm
from ..locks import database_now
from ..models import Challenge
from .held import keeps_text, sent

PAGE = 20


@keeps_text
def amendment(request, slug):
    """The form; valid, it first shows the difference. Only the second press publishes."""
    challenge = get_object_or_404(Challenge.objects.of_team(request.user), slug=slug)
    form = AmendmentForm(posted(request), challenge=challenge, seen=latest_number(challenge))
    then = request.POST.get("then")
    if refusal(challenge):
        return page(request, challenge, form, "amendment_edit")
    if form.is_valid() and form.cleaned_data["seen"] != latest_number(challenge):
        return overtaken(request, challenge, form)
    if form.is_valid() and then == "publish":
        return publish_amendment(request, challenge, form)
    if form.is_valid() and then == "preview":
        changes = planned(challenge, form.changes, get_language())
        typed = [one for one in sent(request) if one[0] not in ("csrfmiddlewaretoken", "then")]
        return page(request, challenge, form, "amendment_preview", changes=changes, typed=typed)
    return page(request, challenge, form, "amendment_edit")


def publish_amendment(request, challenge, form):
    try:
        made = amend(
            challenge,
            form.changes,
            reason_sv=form.cleaned_data["reason_sv"],
            reason_en=form.cleaned_data["reason_en"],
            seen=form.cleaned_data["seen"],
            by=request.user,
        )
    except Overtaken:
        return overtaken(request, challenge, form)
    except NotPossible as refusal:
        form.tell(refusal.problems)
    except Refused as refusal:
        form.add_error(None, refusal.message)
    else:
        messages.success(
            request,
            _("Change %(number)d is published. All who follow the challenge are told.")
            % {"number": made.number},
        )
        return redirect(f"{challenge.get_absolute_url()}#amendments")
    return page(request, challenge, form, "amendment_edit")


def overtaken(request, challenge, form):
    """Somebody else was first: what they changed, and what was typed, on top of it."""
    challenge.refresh_from_db()
    data, both = form.rebased(latest_number(challenge))
    since = challenge.amendments.filter(number__gt=form.cleaned_data["seen"])
    context = {
        "since": with_changes(since.prefetch_related("fields"), get_language()),
        "both": both,
    }
    again = AmendmentForm(data, challenge=challenge, seen=latest_number(challenge))
    return page(request, challenge, again, "amendment_edit", status=409, **context)


def page(request, challenge, form, template, *, status=200, **context):
    known = {"challenge": challenge, "form": form, "refusal": refusal(challenge)}
    return render(request, f"challenges/{template}.html", known | context, status=status)


def refusal(challenge):
    """Why nothing can be changed now, or ""."""
    try:
        require_amendable(challenge, database_now())
    except Refused as refused:
        return refused.message
    return ""


def amendments(request, slug):
    """All changes of a challenge, the latest first."""
    challenge = get_object_or_404(Challenge.objects.visible_to(request.user), slug=slug)
    rows = challenge.amendments.prefetch_related("fields")
    shown = Paginator(rows, PAGE).get_page(request.GET.get("page"))
    with_changes(shown.object_list, get_language())
    context = {"challenge": challenge, "page_obj": shown}
    return render(request, "challenges/amendments.html", context)
