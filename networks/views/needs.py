from django.contrib import messages
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST
from django.views.generic import DetailView

from afori.accounts.acting import SHOWN, acts_elsewhere
from afori.common.lists import FilteredList
from afori.common.sorting import by_name, by_swedish
from afori.common.states import Refused
from afori.common.views import require
from afori.notifications.following import followed_by

from ..actions import commit, withdraw_commitment
from ..chain import need_chain
from ..forms import CommitmentForm, NeedFilter
from ..models import Commitment, Need
from ..rows import challenge_rows, need_rows
from .networks import SEARCH, SMALL_LISTS, challenges_of

LONG_TEXTS = [
    f"{name}_{language}"
    for name in ("function", "affected", "causes", "effect", "stopped_reason")
    for language in ("sv", "en")
]


class NeedList(FilteredList):
    """Needs, most wanted first."""

    model = Need
    form_class = NeedFilter
    template_name = "networks/need_list.html"

    def base_queryset(self):
        return Need.objects.visible_to(self.request.user)

    def get_queryset(self):
        return (
            super()
            .get_queryset()
            .with_demand()
            .select_related("network")
            .defer(
                *SEARCH,
                *LONG_TEXTS,
                *(f"network__{name}" for name in (*SEARCH, "description_sv", "description_en")),
            )
            .order_by("-demand_total", by_name("title"), "pk")
        )

    def get_context_data(self, **kwargs):
        context = super().get_context_data(**kwargs)
        needs = context["object_list"]
        return context | {
            "needs": need_rows(needs),
            "has_demand": any(need.demand.total for need in needs),
        }


class NeedDetail(DetailView):
    template_name = "networks/need_detail.html"
    context_object_name = "need"

    def get_queryset(self):
        return (
            Need.objects.visible_to(self.request.user)
            .with_demand()
            .annotate(is_followed=followed_by(self.request.user, "need"))
            .select_related("network", "proposer")
            .prefetch_related("topics")
            .defer(*SEARCH, *(f"network__{name}" for name in SEARCH))
        )

    def get_context_data(self, **kwargs):
        need, organisation = self.object, self.request.acting_for
        shown = list(shown_commitments(need, organisation))
        named = [one for one in shown if one.shown_by_name]
        own = next((one for one in shown if one.organisation == organisation), None)
        challenges = list(challenges_of(need))
        articles = need.articles.published().defer(*SEARCH, "body_sv", "body_en")
        return super().get_context_data(**kwargs) | {
            "chain": need_chain(need, challenges),
            "demand": need.demand,
            "named": named,
            "unnamed": need.demand.organisations - len(named),
            "contracts": [
                (one.organisation, one.contract_ends_on) for one in named if one.contract_ends_on
            ],
            "own": own,
            "may_commit": may_commit(self.request, need),
            "form": commitment_form(need, own),
            "challenges": challenge_rows(challenges),
            "articles": articles.order_by(by_name("title"))[:SMALL_LISTS],
        }


def shown_commitments(need, organisation):
    return (
        need.commitments.shown_to(organisation)
        .select_related("organisation")
        .order_by(by_swedish("organisation__name"))
    )


def may_commit(request, need):
    return need.takes_commitments and request.user.has_perm("networks.commit_to_need", need)


def commitment_form(need, own, data=None):
    initial = {name: getattr(own, name) for name in CommitmentForm.base_fields} if own else {}
    return CommitmentForm(data, initial=initial, unit=need.unit)


def commit_to_need(request, slug):
    """Add the organisation that one acts for, or change what it has said. The need's own page
    tells those who may not why.
    """
    need = get_object_or_404(Need.objects.visible_to(request.user), slug=slug)
    elsewhere = acts_elsewhere(request)
    if request.method != "POST" and not request.user.has_perm("networks.commit_to_need", need):
        return redirect(need)
    if not elsewhere:
        require(request.user, "networks.commit_to_need", need)
    organisation = request.acting_for
    own = Commitment.objects.filter(need=need, organisation=organisation).first()
    form = commitment_form(need, own, request.POST if request.method == "POST" else None)
    if elsewhere:
        form.add_error(None, elsewhere)
    if form.is_valid():
        try:
            commit(need, organisation=organisation, by=request.user, **form.cleaned_data)
        except Refused as refusal:
            form.add_error(None, refusal.message)
        else:
            done = _("%(organisation)s is now part of the pooled demand.")
            messages.success(request, done % {"organisation": organisation})
            return redirect(need)
    context = {"need": need, "own": own, "form": form}
    if elsewhere and not may_commit(request, need):
        context["shown_for"] = request.POST[SHOWN]
    return render(request, "networks/need_commit.html", context)


@require_POST
def uncommit(request, slug):
    need = get_object_or_404(Need.objects.visible_to(request.user), slug=slug)
    if elsewhere := acts_elsewhere(request):
        messages.warning(request, elsewhere)
        return redirect(need)
    require(request.user, "networks.commit_to_need", need)
    withdraw_commitment(need, organisation=request.acting_for, by=request.user)
    done = _("%(organisation)s is no longer part of the pooled demand.")
    messages.success(request, done % {"organisation": request.acting_for})
    return redirect(need)
