from allauth.core.ratelimit import consume_or_429
from django.contrib import messages
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from afori.common.states import Refused
from afori.common.views import require

from .. import actions
from ..acting import act_for
from ..forms import AnswerForm, JoinForm, MemberForm
from ..models import Membership, Organisation
from .shared import attempt, page, posted


@page
def organisation_join(request, slug):
    organisation = get_object_or_404(Organisation, slug=slug)
    form = JoinForm(posted(request))
    if request.method == "POST" and form.is_valid():
        if limited := consume_or_429(request, action="organisation_request"):
            return limited
        return ask_to_join(request, organisation, form.cleaned_data["message"])
    matching = Organisation.objects.matching_addresses_of(request.user)
    context = {
        "form": form,
        "organisation": organisation,
        "membership": organisation.memberships.current().filter(user=request.user).first(),
        "at_once": matching.filter(pk=organisation.pk).exists(),
        "has_admin": organisation.has_admin,
    }
    return render(request, "accounts/organisation_join.html", context)


def ask_to_join(request, organisation, message):
    try:
        membership = actions.request_membership(organisation, by=request.user, message=message)
    except Refused as refusal:
        messages.warning(request, refusal.message)
        return redirect("accounts:organisation_join", organisation.slug)
    if membership.is_requested:
        return redirect("accounts:organisation_join", organisation.slug)
    act_for(request, organisation)
    messages.success(
        request, _("You are now a member of %(organisation)s.") % {"organisation": organisation}
    )
    return redirect("my_pages")


@require_POST
def request_withdraw(request, token):
    membership = get_object_or_404(request.user.memberships, token=token)
    attempt(
        request,
        lambda: actions.withdraw_request(membership, by=request.user),
        _("Your request has been withdrawn."),
    )
    return redirect("accounts:organisation_start")


def members(request, slug):
    organisation = get_object_or_404(Organisation, slug=slug)
    require(request.user, "accounts.view_organisation", organisation)
    people = organisation.memberships.active().select_related("user", "organisation")
    waiting = organisation.memberships.to_decide_by(request.user).select_related("user")
    context = {
        "organisation": organisation,
        "people": people.order_by("role", "user__name", "pk"),
        "waiting": waiting.order_by("requested_at"),
        "domains": organisation.domains.order_by("domain"),
    }
    return render(request, "accounts/members.html", context)


@page
def membership_decide(request, token):
    answerable = Membership.objects.answerable_by(request.user)
    membership = get_object_or_404(
        answerable.select_related("user", "organisation", "decided_by"), token=token
    )
    form = AnswerForm(posted(request))
    if request.method == "POST" and form.is_valid():
        try:
            actions.decide_membership(
                membership, accept=form.accept, reason=form.cleaned_data["reason"], by=request.user
            )
        except actions.NeedsReason as refusal:
            form.add_error("reason", refusal.message)
        except Refused as refusal:
            messages.warning(request, refusal.message)
            return redirect(membership)
        else:
            messages.success(
                request, _("Your answer is sent to %(name)s.") % {"name": membership.user}
            )
            return redirect("my_pages")
    context = {"form": form, "membership": membership}
    return render(request, "accounts/membership_decide.html", context)


@require_POST
def member_change(request, token):
    membership = get_object_or_404(
        Membership.objects.active().select_related("organisation", "user"), token=token
    )
    require(request.user, "accounts.change_organisation", membership.organisation)
    form = MemberForm(request.POST)
    if form.is_valid():
        change = form.cleaned_data["change"]
        attempt(request, lambda: change_member(membership, change, request.user), _("Saved."))
    return redirect("accounts:members", membership.organisation.slug)


def change_member(membership, change, by):
    if change == MemberForm.REMOVE:
        actions.remove_member(membership, by=by)
    else:
        actions.change_role(membership, role=change, by=by)


@page
def organisation_leave(request, slug):
    organisation = get_object_or_404(Organisation.objects.of(request.user), slug=slug)
    if request.method != "POST":
        context = {"organisation": organisation}
        return render(request, "accounts/organisation_leave.html", context)
    left = attempt(
        request,
        lambda: actions.leave_organisation(organisation, by=request.user),
        _("You have left %(organisation)s.") % {"organisation": organisation},
    )
    if left:
        return redirect("accounts:settings")
    return redirect("accounts:members", organisation.slug)
