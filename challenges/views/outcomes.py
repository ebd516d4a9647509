"""The team tells what came of its challenge; editors see where that is missing."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _

from afori.common.lists import MOST_ROWS, ROWS_A_PAGE
from afori.common.states import Refused
from afori.common.views import posted, require

from .. import actions
from ..differences import field_differences
from ..ending import public_from, why_not_yet
from ..forms.outcomes import CancelForm, FollowUpForm, OutcomeForm, OverdueFilter, Suppliers
from ..locks import database_now
from ..models import Challenge, FollowUp, Outcome
from ..overdue import counts, found, overdue_rows
from .held import keeps_text, unlogged

TEXTS = ("text_sv", "text_en")
TOLD = ("kind", *TEXTS, "decided_on", "notice_url", "mark")
FOLLOWED = ("state", *TEXTS, "effect", "effect_unit_sv", "effect_unit_en", "link", "mark")


def of_team(request, slug):
    """The published challenge, for its team; 404 for everybody else."""
    found = Challenge.objects.of_team(request.user).published().select_related("owner", "outcome")
    return get_object_or_404(found, slug=slug)


def values(thing, names):
    found = {name: getattr(thing, name) for name in names} if thing else {}
    return found | {"chosen": thing.chosen.all()} if "chosen" in found else found


@keeps_text
def outcome(request, slug):
    """Tell the outcome; change it while it waits to be public; correct it afterwards."""
    challenge = of_team(request, slug)
    if challenge.state == Challenge.State.CANCELLED:
        return redirect("challenges:cancel", slug)
    now = database_now()
    blocked = None if challenge.is_over else why_not_yet(challenge, now)
    form = None if blocked else outcome_form(request, challenge)
    if form and form.is_bound and form.is_valid():
        try:
            told = save_outcome(challenge, seen(form), request.user)
        except actions.Overtaken as refusal:
            return overtaken(request, "outcome", challenge, form, refusal.stored)
        except Refused as refusal:
            form.add_error(None, refusal.message)
        else:
            messages.success(request, said(told))
            return redirect("challenges:outcome", slug)
    context = {"form": form, "blocked": blocked, "public_from": public_from(challenge)}
    return page(request, "outcome", challenge, **context)


def save_outcome(challenge, data, user):
    told = getattr(challenge, "outcome", None)
    if challenge.is_over:
        return actions.correct_outcome(told, by=user, **data)
    return actions.tell_outcome(challenge, by=user, **data)


def seen(form):
    """What was typed, with the mark of what the person started from."""
    data = dict(form.cleaned_data)
    return data | {"seen": data.pop("mark")}


def overtaken(request, template, challenge, form, stored, **context):
    """Both texts: what was typed in the fields, what is stored beside. Saving again decides."""
    names = [name for name in form.fields if name not in ("mark", "find")]
    found = field_differences(form, form.cleaned_data, values(stored, names))
    form.data = form.data.copy()
    form.data["mark"] = stored.mark if stored else ""
    context |= {"form": form, "stored": found}
    return unlogged(page(request, template, challenge, status=409, **context))


def said(told):
    if told.corrected_at:
        return _("The outcome is corrected.")
    if told.challenge.is_over:
        return _("The outcome is public, and those who follow the challenge are told.")
    return _("The outcome is saved. Only your team sees it until it becomes public.")


def outcome_form(request, challenge):
    """Bound when it is sent to be saved; a search for suppliers keeps what was typed."""
    told = getattr(challenge, "outcome", None)
    sent = posted(request)
    named = slugs(told) if sent is None else sent.getlist("chosen")
    text = "" if sent is None else sent.get("find", "")
    suppliers = Suppliers.of(challenge, named=named, text=text)
    options = {"challenge": challenge, "suppliers": suppliers}
    if sent is not None and "search" not in sent:
        return OutcomeForm(sent, **options)
    typed = sent.dict() if sent is not None else values(told, TOLD)
    if not told and suppliers.decided:
        named = [one.slug for one in suppliers.decided]
        typed = {"kind": Outcome.Kind.CHOSEN, **typed}
    return OutcomeForm(initial={**typed, "chosen": named}, **options)


def slugs(told):
    return list(told.chosen.values_list("slug", flat=True)) if told else []


@keeps_text
def cancel(request, slug):
    """Cancel a published challenge, or correct what is said of one that was."""
    challenge = of_team(request, slug)
    if challenge.state in (Challenge.State.DECIDED, Challenge.State.COMPLETED):
        return redirect("challenges:outcome", slug)
    told = getattr(challenge, "outcome", None) if challenge.is_over else None
    form = CancelForm(posted(request), initial=values(told, (*TEXTS, "mark")))
    opened = hasattr(challenge, "opening")
    if form.is_valid():
        try:
            stop(challenge, told, seen(form), request.user)
        except actions.Overtaken as refusal:
            shown = {"told": told, "opened": opened}
            return overtaken(request, "cancel", challenge, form, refusal.stored, **shown)
        except Refused as refusal:
            form.add_error(None, refusal.message)
        else:
            text = _("The text is corrected.") if told else _("The challenge is cancelled.")
            messages.success(request, text)
            return redirect(challenge)
    return page(request, "cancel", challenge, form=form, told=told, opened=opened)


def stop(challenge, told, data, user):
    if told is None:
        texts = {name: data[name] for name in TEXTS}
        return actions.cancel_challenge(challenge, by=user, **texts)
    return actions.correct_outcome(told, by=user, kind=Outcome.Kind.CANCELLED, **data)


@keeps_text
def follow_up(request, slug, months):
    challenge = of_team(request, slug)
    found = FollowUp.objects.filter(outcome__challenge=challenge).select_related("outcome")
    one = get_object_or_404(found, months=months)
    if not challenge.is_over:
        raise Http404
    form = FollowUpForm(posted(request), initial=values(one, FOLLOWED))
    if form.is_valid():
        try:
            actions.tell_follow_up(one, by=request.user, **seen(form))
        except actions.Overtaken as refusal:
            stored = refusal.stored
            return overtaken(request, "follow_up", challenge, form, stored, follow_up=stored)
        except Refused as refusal:
            form.add_error(None, refusal.message)
        else:
            messages.success(request, _("Told. Everybody can read it on the challenge's page."))
            return redirect("challenges:outcome", slug)
    return page(request, "follow_up", challenge, form=form, follow_up=one)


def page(request, template, challenge, *, status=200, **context):
    """A page of the team's, with what has been told and what is still to tell."""
    told = getattr(challenge, "outcome", None)
    context |= {
        "challenge": challenge,
        "outcome": told,
        "follow_ups": told.follow_ups.all() if told else [],
        "today": timezone.localdate(),
    }
    return render(request, f"challenges/{template}.html", context, status=status)


def overdue(request):
    """For editors: what owners should have told by now. Nothing here depends on answers."""
    require(request.user, "challenges.see_overdue")
    today = timezone.localdate()
    form = OverdueFilter(request.GET)
    rows = found(form.chosen("what"), today)[:MOST_ROWS]
    page_obj = Paginator(rows, ROWS_A_PAGE).get_page(request.GET.get("page"))
    context = {
        "form": form,
        "facets": {"what": counts(today)},
        "page_obj": page_obj,
        "rows": overdue_rows(page_obj, today),
    }
    return render(request, "challenges/overdue.html", context)
