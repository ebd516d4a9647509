from django.contrib import messages
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from afori.accounts.acting import acts_elsewhere
from afori.common.states import Refused
from afori.common.views import posted, require

from ..actions import (
    AlreadyDecided,
    accept,
    decline,
    remove,
    request_membership,
    withdraw_request,
)
from ..actions import (
    leave as leave_network,
)
from ..door import door
from ..forms import DecisionForm, ReasonForm, RequestForm
from ..models import Network, NetworkMembership


def join(request, slug):
    network = get_object_or_404(Network.objects.with_own(request.user), slug=slug)
    form = RequestForm(posted(request))
    if elsewhere := acts_elsewhere(request):
        form.add_error(None, elsewhere)
    if form.is_valid():
        try:
            membership = request_membership(
                network, by=request.user, organisation=request.acting_for, **form.cleaned_data
            )
        except Refused as refusal:
            form.add_error(None, refusal.message)
        else:
            return after_request(request, membership)
    context = {
        "network": network,
        "form": form,
        "door": door(network, request.user, request.acting_for),
    }
    return render(request, "networks/network_join.html", context)


def after_request(request, membership):
    network = membership.network
    if membership.state == NetworkMembership.State.ACTIVE:
        messages.success(request, _("Welcome! You are now a member of %s.") % network.name)
        return redirect("networks:room", network.slug)
    if network.status == Network.Status.PROPOSED:
        messages.success(request, _("Your interest is noted. You hear from us when it starts."))
    else:
        messages.success(
            request, _("Your request is sent. You get the coordinator's answer here and by e-mail.")
        )
    return redirect(network)


@require_POST
def withdraw(request, slug):
    network = get_object_or_404(Network, slug=slug)
    membership = get_object_or_404(network.memberships.current(), user=request.user)
    try:
        withdraw_request(membership, by=request.user)
    except AlreadyDecided:
        messages.info(request, _("The coordinator has already answered your request."))
    else:
        messages.success(request, _("Your request has been withdrawn."))
    return redirect(network)


def leave(request, slug):
    """Ask once, then end the membership."""
    membership = get_object_or_404(own_memberships(request.user), network__slug=slug)
    refusal = None
    if request.method == "POST":
        try:
            leave_network(membership, by=request.user)
        except Refused as error:
            refusal = error
        else:
            messages.success(request, _("You have left %s.") % membership.network.name)
            return redirect(membership.network)
    context = {"membership": membership, "network": membership.network, "refusal": refusal}
    return render(request, "networks/leave.html", context)


def own_memberships(user):
    return NetworkMembership.objects.active_of(user).select_related("network", "organisation")


def coordinated(request, slug):
    """The network, for its coordinators; 403 for all others, for they know that it is there."""
    network = get_object_or_404(Network, slug=slug)
    require(request.user, "networks.coordinate_network", network)
    return network


def people(network):
    return network.memberships.select_related("user", "organisation", "decided_by", "network")


def requests(request, slug):
    network = coordinated(request, slug)
    context = {"network": network, "requests": people(network).requested().order_by("requested_at")}
    return render(request, "networks/requests.html", context)


def decide(request, slug, pk):
    """Answer a request. Who comes second sees calmly what was decided, and by whom."""
    network = coordinated(request, slug)
    membership = get_object_or_404(people(network).standing(), pk=pk)
    if not membership.is_requested:
        return decided(request, membership)
    form = DecisionForm(posted(request))
    if form.is_valid():
        try:
            return answer(request, membership, **form.cleaned_data)
        except AlreadyDecided as first:
            return decided(request, first.membership, status=409)
        except Refused as refusal:
            form.add_error(None, refusal.message)
    context = {"network": network, "membership": membership, "form": form}
    return render(request, "networks/decide.html", context)


def answer(request, membership, *, decision, reason):
    if decision == DecisionForm.ACCEPT:
        accept(membership, by=request.user)
        done = _("%s is now a member.")
    else:
        decline(membership, by=request.user, reason=reason)
        done = _("You have declined the request of %s.")
    messages.success(request, done % membership.user)
    return redirect("networks:requests", membership.network.slug)


def decided(request, membership, *, status=200):
    context = {"network": membership.network, "membership": membership}
    return render(request, "networks/decided.html", context, status=status)


def remove_member(request, slug, pk):
    network = coordinated(request, slug)
    membership = get_object_or_404(people(network).active(), pk=pk)
    require(request.user, "networks.remove_membership", membership)
    form = ReasonForm(posted(request))
    if form.is_valid():
        try:
            remove(membership, by=request.user, **form.cleaned_data)
        except Refused as refusal:
            messages.info(request, refusal.message)
        else:
            messages.success(request, _("%s is no longer a member.") % membership.user)
        return redirect("networks:room", slug)
    context = {"network": network, "membership": membership, "form": form}
    return render(request, "networks/remove_member.html", context)
