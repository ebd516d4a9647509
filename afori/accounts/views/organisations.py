from urllib.parse import urlencode

from allauth.core.internal import ratelimit
from allauth.core.ratelimit import consume_or_429
from django.contrib import messages
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from afori.common.views import posted

from .. import actions
from ..acting import act_for
from ..forms import OrganisationForm, SearchForm
from ..likeness import alike, having
from ..models import Organisation
from .shared import page

HITS = 10


def organisation_start(request):
    form = SearchForm(request.GET or None)
    found = []
    if form.is_valid():
        found = list(Organisation.objects.active().named(form.cleaned_data["q"])[: HITS + 1])
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
    return Organisation.objects.open_at_once_to(user).exclude(pk__in=own).distinct()


def waiting_of(user):
    return user.memberships.requested().select_related("organisation").order_by("requested_at")


@page
def organisation_create(request):
    """Register an organisation. One that looks like another is asked about once."""
    form = OrganisationForm(posted(request), initial={"name": request.GET.get("name", "")})
    found, exists = [], None
    if request.method == "POST" and form.is_valid():
        if limited := consume_or_429(request, action="organisation_request"):
            return limited
        found = [] if "sure" in request.POST else similar(form)
        if not found:
            try:
                organisation = actions.create_organisation(**form.cleaned_data, by=request.user)
            except actions.OrganisationExists as refusal:
                exists = refusal.organisation
            else:
                act_for(request, organisation)
                messages.success(request, created_message(organisation))
                return redirect("accounts:members", organisation.slug)
    context = {"form": form, "exists": exists, "found": found}
    return render(request, "accounts/organisation_create.html", context)


def similar(form):
    """Those with such a name. A number that is taken says more than any name."""
    if having(form.cleaned_data["number"]):
        return []
    return alike(name=form.cleaned_data["name"])


def organisation_alike(request):
    """Part of the form: who is here already under such a name or number. Empty for the hasty."""
    found = []
    if ratelimit.consume(
        request, app="allauth.account", action="organisation_alike", limit_get=True
    ):
        found = alike(name=request.GET.get("name", ""), number=request.GET.get("number", ""))
    return render(request, "accounts/_alike.html", {"found": found})


def created_message(organisation):
    return _("%(name)s is registered, and you are its administrator.") % {"name": organisation.name}
