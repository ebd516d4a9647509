"""How a person stands to a network: what the page offers them to do."""

from . import refusals
from .actions import why_not_join
from .models import NetworkMembership

KINDS = {
    refusals.NoOrganisation: "no_organisation",
    refusals.NotABuyer: "supplier",
    refusals.NotVerified: "unverified",
    refusals.InvitationOnly: "invitation",
    refusals.NetworkClosed: "closed",
}


def door(network, user, organisation):
    """member, pending, stranger, ask, or why one cannot ask. Of a network fetched `with_own()`."""
    if network.is_own:
        return "member"
    if network.own_state == NetworkMembership.State.REQUESTED:
        return "pending"
    if not network.is_open_for_members:
        return "closed"
    if not user.is_authenticated:
        return "stranger"
    refusal = why_not_join(network, organisation)
    return KINDS[type(refusal)] if refusal else "ask"
