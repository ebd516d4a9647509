from django.db.models import Func, OuterRef, Subquery
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from afori.accounts.models import Organisation
from afori.common.files import picture
from afori.common.lists import FilteredList
from afori.common.sorting import by_name, by_swedish
from challenges.models import Challenge
from challenges.rows import challenge_rows
from funding.models import FundingCall
from networks.models import Commitment, Need, Network
from networks.rows import lead

from ..forms import OrganisationFilter
from ..organisations import facts, narrowed, organisation_rows, places

SEARCH = ("search_sv", "search_en")
MOST = 20


class OrganisationList(FilteredList):
    """The directory: those that take part, by name."""

    model = Organisation
    form_class = OrganisationFilter
    template_name = "home/organisation_list.html"

    def base_queryset(self):
        return Organisation.objects.active()

    def get_queryset(self):
        return (
            super()
            .get_queryset()
            .annotate(network_count=network_count())
            .defer(*SEARCH)
            .order_by(by_swedish("name"), "pk")
        )

    def get_context_data(self, **kwargs):
        context = super().get_context_data(**kwargs)
        chosen = next(iter(self.form.chosen("county")), "")
        return context | {
            "organisations": organisation_rows(context["object_list"]),
            "places": places(self.request.GET, context["facets"]["county"], chosen),
            "everywhere": narrowed(self.request.GET),
            "has_county": bool(chosen),
        }


def network_count():
    around = Network.objects.around(OuterRef("pk")).order_by()
    return Subquery(around.annotate(number=Func("pk", function="COUNT")).values("number"))


def organisation_detail(request, slug):
    """A profile. One that was merged leads on; of a closed one we say that it is closed."""
    profiles = Organisation.objects.select_related("merged_into").prefetch_related("topics")
    organisation = get_object_or_404(profiles.defer(*SEARCH), slug=slug)
    if organisation.merged_into:
        return redirect(organisation.merged_into, permanent=True)
    if organisation.is_closed:
        context = {"organisation": organisation}
        return render(request, "home/organisation_gone.html", context, status=410)
    context = {"organisation": organisation, **profile(organisation, request.user)}
    return render(request, "home/organisation_detail.html", context)


def profile(organisation, user):
    """What everybody may know of an organisation, and nothing about its people or answers."""
    return {
        "crumbs": [(reverse("organisations:list"), _("Organisations"))],
        "facts": facts(organisation, get_language()),
        "networks": network_rows(networks_of(organisation)),
        "needs": commitments_of(organisation, user),
        "won": challenge_rows(won_by(organisation)),
        "challenges": challenge_rows(challenges_of(organisation)),
        "calls": calls_of(organisation),
    }


def networks_of(organisation):
    return (
        Network.objects.around(organisation)
        .with_member_count()
        .defer(*SEARCH, "description_sv", "description_en")
        .order_by(by_name("name"), "pk")[:MOST]
    )


def network_rows(networks):
    return [
        {
            "url": network.get_absolute_url(),
            "title": network.name,
            "summary": network.summary,
            "example": network.is_example,
            **lead(network),
        }
        for network in networks
    ]


def commitments_of(organisation, user):
    """Only those that the organisation shows by name, to needs that the person may see."""
    return (
        Commitment.objects.named()
        .filter(organisation=organisation, need__in=Need.objects.visible_to(user))
        .select_related("need")
        .order_by("-created_at", "pk")[:MOST]
    )


def challenges_of(organisation):
    return (
        Challenge.objects.published()
        .filter(owner=organisation)
        .select_related("owner", "outcome")
        .defer(*Challenge.LONG_TEXTS)
        .soonest_first()[:MOST]
    )


def won_by(organisation):
    """Challenges that it was chosen for, of those whose outcome anyone may read."""
    return (
        Challenge.objects.finished()
        .filter(outcome__kind="chosen", outcome__chosen=organisation)
        .select_related("owner", "outcome")
        .defer(*Challenge.LONG_TEXTS)
        .soonest_first()[:MOST]
    )


def calls_of(organisation):
    return (
        FundingCall.objects.published()
        .filter(funder=organisation)
        .defer(*SEARCH, "body_sv", "body_en")
        .order_by(by_name("title"), "pk")[:MOST]
    )


def organisation_logo(request, slug, name):
    """The logotype. Its name changes with every new one, so browsers may keep it for good."""
    named = Organisation.objects.active().filter(logo__endswith=f"/{name}")
    return picture(get_object_or_404(named, slug=slug).logo)
