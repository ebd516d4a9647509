from django.contrib import messages
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from afori.common.files import stream
from afori.common.sorting import by_swedish
from afori.common.views import require

from ..actions import add_document, remove_document
from ..door import door
from ..forms import DocumentForm
from ..models import Network, NetworkDocument, NetworkMembership
from ..rows import need_rows
from .networks import SEARCH, needs_of


def room(request, slug):
    network = own_network(request, slug)
    if not network.is_own:
        return outside(request, network)
    return inside(request, network, DocumentForm())


def own_network(request, slug):
    networks = Network.objects.with_own(request.user).with_waiting_count().defer(*SEARCH)
    return get_object_or_404(networks, slug=slug)


def outside(request, network):
    """The network is public, its room is not: say how to get in."""
    context = {"network": network, "door": door(network, request.user, request.acting_for)}
    return render(request, "networks/room_closed.html", context, status=403)


def inside(request, network, form):
    needs = list(needs_of(network, request.user))
    context = {
        "network": network,
        "coordinates": network.own_role == NetworkMembership.Role.COORDINATOR,
        "members": members_of(network),
        "needs": need_rows(needs, network=False),
        "has_demand": any(need.demand.total for need in needs),
        "documents": network.documents.select_related("uploaded_by"),
        "events": network.events.visible_to(request.user).upcoming().defer(*SEARCH),
        "form": form,
    }
    return render(request, "networks/room.html", context)


def members_of(network):
    return (
        network.memberships.active()
        .select_related("user", "organisation")
        .order_by(by_swedish("organisation__name"), by_swedish("user__name"), "pk")
    )


@require_POST
def document_add(request, slug):
    network = own_network(request, slug)
    if not network.is_own:
        return outside(request, network)
    form = DocumentForm(request.POST, request.FILES)
    if not form.is_valid():
        return inside(request, network, form)
    values = form.cleaned_data
    add_document(network, by=request.user, title=values["title"], upload=values["file"])
    messages.success(request, _("The document has been added to the room."))
    return redirect("networks:room", slug)


def visible_document(request, slug, token):
    documents = NetworkDocument.objects.visible_to(request.user).select_related("network")
    return get_object_or_404(documents, network__slug=slug, token=token)


def document(request, slug, token):
    return stream(visible_document(request, slug, token))


def document_remove(request, slug, token):
    """Ask once, then take the document away."""
    found = visible_document(request, slug, token)
    require(request.user, "networks.remove_document", found)
    if request.method == "POST":
        remove_document(found, by=request.user)
        messages.success(request, _("The document is removed."))
        return redirect("networks:room", slug)
    context = {"network": found.network, "document": found}
    return render(request, "networks/document_remove.html", context)
