from urllib.parse import urlencode

from allauth.core.ratelimit import consume_or_429
from allauth.mfa.adapter import get_adapter as mfa_adapter
from django.conf import settings
from django.contrib import messages
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from afori.common.states import Refused
from afori.common.views import require

from . import actions
from .acting import act_for
from .forms import (
    AnswerForm,
    JoinForm,
    MemberForm,
    OrganisationForm,
    SearchForm,
    SettingsForm,
)
from .mfa import has_second_factor, needs_second_factor
from .models import Membership, Organisation

HITS = 10
page = require_http_methods(["GET", "HEAD", "POST"])


def posted(request):
    """Data for a form: also when everything in it was left empty."""
    return request.POST if request.method == "POST" else None


# Naming one's organisation


def organisation_start(request):
    form = SearchForm(request.GET or None)
    found = []
    if form.is_valid():
        found = list(Organisation.objects.named(form.cleaned_data["q"])[: HITS + 1])
    context = {
        "form": form,
        "found": found[:HITS],
        "more": len(found) > HITS,
        "name_query": urlencode({"name": request.GET.get("q", "")}),
        "suggested": suggested_to(request.user),
        "requests": waiting_of(request.user),
    }
    return render(request, "accounts/organisation_start.html", context)


def suggested_to(user):
    own = user.memberships.current().values("organisation")
    return Organisation.objects.matching_addresses_of(user).exclude(pk__in=own).distinct()


def waiting_of(user):
    return user.memberships.requested().select_related("organisation").order_by("requested_at")


@page
def organisation_create(request):
    form = OrganisationForm(posted(request), initial={"name": request.GET.get("name", "")})
    exists = None
    if request.method == "POST" and form.is_valid():
        if limited := consume_or_429(request, action="organisation_request"):
            return limited
        try:
            organisation = actions.create_organisation(**form.cleaned_data, by=request.user)
        except actions.OrganisationExists as refusal:
            exists = refusal.organisation
        else:
            act_for(request, organisation)
            messages.success(request, created_message(organisation))
            return redirect("accounts:members", organisation.slug)
    context = {"form": form, "exists": exists}
    return render(request, "accounts/organisation_create.html", context)


def created_message(organisation):
    return _("%(name)s is registered, and you are its administrator.") % {"name": organisation.name}


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


# An organisation from within


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


def attempt(request, action, success):
    """Do it and say so, or say why not. Returns whether it was done."""
    try:
        action()
    except Refused as refusal:
        messages.warning(request, refusal.message)
        return False
    messages.success(request, success)
    return True


# The person


@require_POST
def act_for_organisation(request):
    """Act for another of one's organisations, then go on where one was."""
    slug = request.POST.get("organisation", "")
    act_for(request, get_object_or_404(Organisation.objects.of(request.user), slug=slug))
    path = request.POST.get("next", "")
    return redirect(
        path if url_has_allowed_host_and_scheme(path, allowed_hosts=None) else "my_pages"
    )


@page
def settings_page(request):
    form = SettingsForm(posted(request), instance=request.user)
    if request.method == "POST" and form.is_valid():
        form.save()
        messages.success(request, _("Your settings are saved."))
        return redirect("accounts:settings")
    context = {
        "form": form,
        "requests": waiting_of(request.user),
        "has_second_factor": mfa_adapter().is_mfa_enabled(request.user),
        "should_have_one": needs_second_factor(request.user),
    }
    return render(request, "accounts/settings.html", context)


def second_factor(request):
    """Why a second factor is needed and how to get one."""
    if has_second_factor(request.user):
        return redirect("mfa_index")
    context = {"required": settings.AFORI_REQUIRE_MFA and needs_second_factor(request.user)}
    return render(request, "accounts/second_factor.html", context)
