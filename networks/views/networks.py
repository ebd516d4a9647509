from django.db.models import Case, Exists, F, OuterRef, Prefetch, Q, Value, When
from django.views.generic import DetailView

from afori.accounts.models import Organisation
from afori.common.lists import FilteredList
from afori.common.sorting import by_name, by_swedish
from afori.notifications.following import followed_by

from ..chain import network_chain
from ..door import door
from ..forms import NetworkFilter, RequestForm
from ..models import Financing, Network
from ..rows import (
    challenge_rows,
    factors,
    financiers,
    lead,
    need_rows,
    network_rows,
    organisers,
    since,
)

SEARCH = ("search_sv", "search_en")
SMALL_LISTS = 20


def financings():
    return Prefetch("financings", Financing.objects.select_related("financier"))


class NetworkList(FilteredList):
    """Established networks, oldest first; then those that are proposed."""

    model = Network
    form_class = NetworkFilter
    template_name = "networks/network_list.html"

    def get_queryset(self):
        last = Case(When(status=Network.Status.PROPOSED, then=Value(1)), default=Value(0))
        return (
            super()
            .get_queryset()
            .with_member_count()
            .select_related("organiser")
            .prefetch_related("co_organisers", financings())
            .defer(*SEARCH, "description_sv", "description_en")
            .order_by(last, F("start_year").asc(nulls_last=True), by_name("name"), "pk")
        )

    def get_context_data(self, **kwargs):
        context = super().get_context_data(**kwargs)
        networks = context["object_list"]
        proposed = [one for one in networks if one.status == Network.Status.PROPOSED]
        established = [one for one in networks if one.status != Network.Status.PROPOSED]
        return context | {
            "established": network_rows(established),
            "proposed": network_rows(proposed),
        }


class NetworkDetail(DetailView):
    template_name = "networks/network_detail.html"
    context_object_name = "network"

    def get_queryset(self):
        return (
            Network.objects.with_member_count()
            .with_own(self.request.user)
            .with_waiting_count()
            .annotate(is_followed=followed_by(self.request.user, "network"))
            .select_related("organiser", "programme", "successor")
            .prefetch_related("topics", financings())
            .defer(*SEARCH)
        )

    def get_context_data(self, **kwargs):
        network, user = self.object, self.request.user
        programme = getattr(network, "programme", None)
        needs = list(needs_of(network, user))
        around = list(organisations_around(network))
        challenges = list(challenges_of(network))
        articles = network.articles.published().defer(*SEARCH, "body_sv", "body_en")
        return super().get_context_data(**kwargs) | {
            "chain": network_chain(network, needs, challenges),
            "door": door(network, user, self.request.acting_for),
            "form": RequestForm(),
            "status": since(network),
            "lead": lead(network),
            "factors": factors(programme) if programme else [],
            "organiser": organisers(network, [one for one in around if one.co_organises]),
            "financier": financiers(network),
            "ending": [one for one in network.financings.all() if one.ends_soon],
            "needs": need_rows(needs, network=False),
            "has_demand": any(need.demand.total for need in needs),
            "challenges": challenge_rows(challenges),
            "articles": articles.order_by(by_name("title"))[:SMALL_LISTS],
            "events": network.events.visible_to(user).upcoming().defer(*SEARCH)[:5],
            "organisations": [one for one in around if one.is_named],
        }


def needs_of(network, user):
    """What the person may see, most wanted first."""
    return (
        network.needs.visible_to(user)
        .with_demand()
        .defer(*SEARCH)
        .order_by("-demand_total", by_name("title"), "pk")
    )


def challenges_of(parent):
    """Published challenges of a network or a need, those that close next first."""
    return (
        parent.challenges.published()
        .select_related("owner", "outcome")
        .defer(*SEARCH)
        .order_by(F("closes_at").desc(nulls_last=True), F("year").desc(nulls_last=True), "pk")
    )


def organisations_around(network):
    """Co-organisers and those named as members, in one query: `co_organises`, `is_named`."""
    return (
        Organisation.objects.annotate(
            co_organises=linked(Network.co_organisers.through, network),
            is_named=linked(Network.organisations.through, network),
        )
        .filter(Q(co_organises=True) | Q(is_named=True))
        .order_by(by_swedish("name"))
    )


def linked(through, network):
    return Exists(through.objects.filter(network=network, organisation=OuterRef("pk")))
