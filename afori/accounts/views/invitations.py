"""Inviting colleagues, and answering an invitation."""

from functools import partial

from allauth.core.ratelimit import consume
from django.contrib import messages
from django.contrib.auth.views import redirect_to_login
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from afori.common.states import Refused
from afori.common.views import posted, public, require

from .. import actions
from ..acting import act_for
from ..forms import InviteForm
from ..models import Invitation, Organisation
from .shared import attempt, page


@page
def invite(request, slug):
    organisation = get_object_or_404(Organisation, slug=slug)
    require(request.user, "accounts.change_organisation", organisation)
    form = InviteForm(posted(request), known=partial(actions.members_with, organisation))
    status = 200
    if request.method == "POST" and form.is_valid():
        if limited(request, organisation):
            form.add_error(None, _("You have invited many times lately. Try again in an hour."))
            status = 429
        elif invited(request, organisation, form):
            return redirect("accounts:members", organisation.slug)
    context = {"organisation": organisation, "form": form}
    return render(request, "accounts/invite.html", context, status=status)


def limited(request, organisation):
    return not consume(request, action="invitation", key=str(organisation.pk))


def invited(request, organisation, form):
    try:
        mailed = actions.invite(organisation, by=request.user, **form.cleaned_data)
    except Refused as refusal:
        form.add_error(None, refusal.message)
        return False
    say_mailed(request, form.cleaned_data["addresses"], mailed)
    return True


def say_mailed(request, addresses, mailed):
    quiet = [one for one in addresses if one not in mailed]
    if mailed:
        done = ngettext(
            "%(number)d invitation is sent.", "%(number)d invitations are sent.", len(mailed)
        )
        messages.success(request, done % {"number": len(mailed)})
    if quiet:
        renewed = _(
            "Renewed without a new e-mail, as the last one is less than an hour old: %(addresses)s"
        )
        messages.info(request, renewed % {"addresses": ", ".join(quiet)})


def own_invitation(request, token):
    """One from an organisation of the person, who has to be its administrator."""
    own = Invitation.objects.filter(organisation__in=Organisation.objects.of(request.user))
    found = get_object_or_404(own.select_related("organisation"), token=token)
    require(request.user, "accounts.change_organisation", found.organisation)
    return found


@require_POST
def invitation_take_back(request, token):
    found = own_invitation(request, token)
    attempt(
        request,
        lambda: actions.take_back(found, by=request.user),
        _("The invitation is taken back."),
    )
    return redirect("accounts:members", found.organisation.slug)


@require_POST
def invitation_send_again(request, token):
    found = own_invitation(request, token)
    if limited(request, found.organisation):
        messages.warning(request, _("You have invited many times lately. Try again in an hour."))
    else:
        try:
            say_mailed(request, [found.address], actions.send_again(found, by=request.user))
        except Refused as refusal:
            messages.warning(request, refusal.message)
    return redirect("accounts:members", found.organisation.slug)


# Answering


@public
@never_cache
@page
def invitation(request, token):
    """Whoever has the link learns what it is about; who may answer is decided by address."""
    found = get_object_or_404(
        Invitation.objects.select_related("organisation__merged_into", "invited_by"), token=token
    )
    if request.method == "POST":
        return answer_invitation(request, found)
    context = {"invitation": found, "standing": standing(request.user, found)}
    return render(request, "accounts/invitation.html", context)


def standing(user, invitation):
    """What became of the invitation or, while it is valid, who looks at it."""
    if not invitation.is_pending:
        return invitation.state
    if invitation.organisation.is_closed:
        return "closed"
    if not invitation.is_valid:
        return "expired"
    if not user.is_authenticated:
        return "stranger"
    return "addressee" if invitation.is_to(user) else "other"


def answer_invitation(request, invitation):
    if not request.user.is_authenticated:
        return redirect_to_login(request.path)
    if request.POST.get("answer") == "decline":
        attempt(
            request,
            lambda: actions.decline_invitation(invitation, by=request.user),
            _("You have declined the invitation."),
        )
        return redirect(invitation)
    joined = attempt(
        request,
        lambda: actions.accept_invitation(invitation, by=request.user),
        _("You are now a member of %(organisation)s.") % {"organisation": invitation.organisation},
    )
    if not joined:
        return redirect(invitation)
    act_for(request, invitation.organisation)
    return redirect("my_pages")
