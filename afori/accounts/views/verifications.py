from allauth.core.ratelimit import consume_or_429
from django.contrib import messages
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _

from afori.common.states import Refused
from afori.common.views import posted, require

from .. import actions
from ..forms import VerificationForm
from ..models import Organisation
from .shared import page


@page
def verification_request(request, slug):
    """Ask staff to check the organisation, for the first time or after a no."""
    organisation = get_object_or_404(Organisation, slug=slug)
    require(request.user, "accounts.change_organisation", organisation)
    form = VerificationForm(posted(request))
    if request.method == "POST" and form.is_valid():
        if limited := consume_or_429(request, action="organisation_request"):
            return limited
        return ask(request, organisation, form.cleaned_data["message"])
    context = {
        "form": form,
        "organisation": organisation,
        "verification": organisation.latest_verification,
    }
    return render(request, "accounts/verification_request.html", context)


def ask(request, organisation, message):
    try:
        actions.request_verification(organisation, by=request.user, message=message)
    except Refused as refusal:
        messages.warning(request, refusal.message)
    else:
        messages.success(request, _("Your request is sent. You get an e-mail with the answer."))
    return redirect("accounts:members", organisation.slug)
