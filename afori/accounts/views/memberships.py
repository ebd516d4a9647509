from allauth.core.ratelimit import consume_or_429
from django.contrib import messages
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from afori.common.lists import ROWS_A_PAGE, CappedPaginator
from afori.common.sorting import by_swedish
from afori.common.states import Refused
from afori.common.views import posted, require

from .. import actions
from ..acting import act_for
from ..forms import AnswerForm, JoinForm, RemoveForm, RoleForm, SuccessorForm
from ..models import Membership, Organisation
from .shared import attempt, page

MOST_WAITING = 20
MOST_INVITATIONS = 2 * actions.MOST_PENDING


@page
def organisation_join(request, slug):
    organisation = get_object_or_404(Organisation, slug=slug)
    if organisation.is_closed:
        return closed(request, organisation)
    form = JoinForm(posted(request))
    if request.method == "POST" and form.is_valid():
        if limited := consume_or_429(request, action="organisation_request"):
            return limited
        return ask_to_join(request, organisation, form.cleaned_data["message"])
    at_once = Organisation.objects.open_at_once_to(request.user)
    context = {
        "form": form,
        "organisation": organisation,
        "membership": organisation.memberships.current().filter(user=request.user).first(),
        "at_once": at_once.filter(pk=organisation.pk).exists(),
        "has_admin": organisation.has_admin,
    }
    return render(request, "accounts/organisation_join.html", context)


def closed(request, organisation):
    context = {"organisation": organisation, "successor": organisation.successor}
    return render(request, "accounts/organisation_closed.html", context, status=410)


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
    if organisation.is_closed and not request.user.is_staff:
        return closed(request, organisation)
    require(request.user, "accounts.view_organisation", organisation)
    may_change = request.user.has_perm("accounts.change_organisation", organisation)
    waiting = organisation.memberships.to_decide_by(request.user).select_related("user")
    people = page_of_people(request, organisation)
    context = {
        "organisation": organisation,
        "may_change": may_change,
        "q": request.GET.get("q", "").strip(),
        "people": people,
        "page_obj": people,
        "is_capped": people.paginator.is_capped,
        "waiting": waiting.order_by("requested_at")[:MOST_WAITING],
        "invitations": invitations_of(organisation) if may_change else [],
        "domains": organisation.domains.order_by("domain"),
    }
    return render(request, "accounts/members.html", context)


def page_of_people(request, organisation):
    found = organisation.memberships.active().select_related("user", "organisation")
    found = found.filter(user__name__icontains=request.GET.get("q", "").strip())
    ordered = found.order_by("role", by_swedish("user__name"), "pk")
    return CappedPaginator(ordered, ROWS_A_PAGE).get_page(request.GET.get("page"))


def invitations_of(organisation):
    shown = organisation.invitations.shown_to_administrators().with_validity()
    return shown.select_related("invited_by").order_by("-created_at", "-pk")[:MOST_INVITATIONS]


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


def colleague(request, token):
    """An active membership in an organisation that the person administers."""
    shared = Membership.objects.active().filter(
        organisation__in=Organisation.objects.of(request.user)
    )
    membership = get_object_or_404(shared.select_related("organisation", "user"), token=token)
    require(request.user, "accounts.change_organisation", membership.organisation)
    return membership


@require_POST
def member_change(request, token):
    membership = colleague(request, token)
    form = RoleForm(request.POST)
    if form.is_valid():
        attempt(
            request,
            lambda: actions.change_role(membership, by=request.user, **form.cleaned_data),
            _("Saved."),
        )
    return redirect("accounts:members", membership.organisation.slug)


@page
def member_remove(request, token):
    """Ask once and for a reason, then end a colleague's membership."""
    membership = colleague(request, token)
    organisation = membership.organisation
    if membership.user_id == request.user.pk:
        return redirect("accounts:organisation_leave", organisation.slug)
    form = RemoveForm(posted(request))
    if request.method == "POST" and form.is_valid():
        attempt(
            request,
            lambda: actions.remove_member(membership, by=request.user, **form.cleaned_data),
            _("%(name)s is no longer a member.") % {"name": membership.user},
        )
        return redirect("accounts:members", organisation.slug)
    context = {"form": form, "membership": membership, "organisation": organisation}
    return render(request, "accounts/member_remove.html", context)


@page
def organisation_leave(request, slug):
    organisation = get_object_or_404(Organisation.objects.of(request.user), slug=slug)
    others = organisation.memberships.active().of_people().exclude(user=request.user)
    form = successor_form(request, organisation, others)
    if request.method == "POST" and (form is None or form.is_valid()):
        successor = form and form.cleaned_data["successor"]
        left = attempt(
            request,
            lambda: actions.leave_organisation(organisation, by=request.user, successor=successor),
            _("You have left %(organisation)s.") % {"organisation": organisation},
        )
        if left:
            return redirect("accounts:settings")
        return redirect("accounts:organisation_leave", organisation.slug)
    context = {"organisation": organisation, "form": form, "alone": not others.exists()}
    return render(request, "accounts/organisation_leave.html", context)


def successor_form(request, organisation, others):
    """Asked of the only administrator of others."""
    own = organisation.memberships.active().get(user=request.user)
    if not actions.needs_successor(own):
        return None
    colleagues = others.select_related("user").order_by(by_swedish("user__name"), "pk")
    return SuccessorForm(posted(request), colleagues=colleagues)
