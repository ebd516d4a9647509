from copy import copy

from django.contrib import messages
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from afori.common.states import Refused
from afori.common.views import posted, require

from .. import actions
from ..forms import LogoForm, ProfileForm
from ..models import Organisation
from .shared import attempt, page


def administered(request, slug):
    organisation = get_object_or_404(Organisation.objects.active(), slug=slug)
    require(request.user, "accounts.change_organisation", organisation)
    return organisation


@page
def organisation_edit(request, slug):
    organisation = administered(request, slug)
    form = ProfileForm(posted(request), instance=copy(organisation))
    theirs = None
    if request.method == "POST" and form.is_valid():
        try:
            actions.update_organisation(organisation, by=request.user, **form.cleaned_data)
        except actions.ChangedMeanwhile as refusal:
            organisation = refusal.organisation
            theirs = form.differences(organisation)
            form = written_again(form, organisation)
        except actions.OrganisationExists as refusal:
            form.add_error("number", refusal.message)
        except Refused as refusal:
            form.add_error(None, refusal.message)
        else:
            messages.success(request, _("The profile is saved."))
            return redirect(organisation)
    return edit_page(request, organisation, form, LogoForm(), theirs=theirs)


def written_again(form, organisation):
    """What was typed, now beside the profile as it is: saved again, it replaces that knowingly."""
    data = form.data.copy()
    data["seen"] = organisation.updated_at.isoformat()
    return ProfileForm(data, instance=copy(organisation))


def edit_page(request, organisation, form, logo_form, *, theirs=None):
    context = {
        "organisation": organisation,
        "form": form,
        "logo_form": logo_form,
        "theirs": theirs,
    }
    return render(request, "accounts/organisation_edit.html", context)


@require_POST
def organisation_logo(request, slug):
    """Show another logotype, or none."""
    organisation = administered(request, slug)
    if "remove" in request.POST:
        attempt(
            request,
            lambda: actions.remove_logo(organisation, by=request.user),
            _("The logotype is removed."),
        )
        return redirect("accounts:organisation_edit", slug)
    form = LogoForm(request.POST, request.FILES)
    if not form.is_valid():
        fields = ProfileForm(instance=copy(organisation))
        return edit_page(request, organisation, fields, form)
    attempt(
        request,
        lambda: actions.set_logo(organisation, png=form.cleaned_data["logo"], by=request.user),
        _("The logotype is saved."),
    )
    return redirect("accounts:organisation_edit", slug)
