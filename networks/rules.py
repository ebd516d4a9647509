"""Who may do what in networks. Staff and superusers have no way around these rules."""

import rules

from afori.accounts.rules import is_editor, is_verified_buyer

from .models import NetworkMembership

COORDINATOR = NetworkMembership.Role.COORDINATOR


def network_roles(user):
    """The person's role in each network, by its key. Kept as long as the user object lives."""
    if not user.is_authenticated:
        return {}
    if not hasattr(user, "_network_roles"):
        own = NetworkMembership.objects.active_of(user)
        user._network_roles = dict(own.values_list("network", "role"))
    return user._network_roles


def role_in(user, network):
    return network_roles(user).get(getattr(network, "pk", None))


@rules.predicate
def is_active_in(user, network):
    return role_in(user, network) is not None


@rules.predicate
def coordinates(user, network):
    return role_in(user, network) == COORDINATOR


@rules.predicate
def coordinates_network_of(user, thing):
    return thing is not None and coordinates(user, thing.network)


@rules.predicate
def uploaded(user, document):
    return (
        document is not None
        and document.uploaded_by_id == user.pk
        and is_active_in(user, document.network)
    )


@rules.predicate
def is_own(user, membership):
    return membership is not None and membership.user_id == user.pk


rules.add_perm("networks.view_room", is_active_in)
rules.add_perm("networks.coordinate_network", coordinates)
rules.add_perm("networks.decide_membership", coordinates_network_of & ~is_own)
rules.add_perm("networks.remove_membership", coordinates_network_of & ~is_own)
rules.add_perm("networks.remove_document", uploaded | coordinates_network_of)
rules.add_perm("networks.commit_to_need", is_verified_buyer)
rules.add_perm("networks.edit_networks", is_editor)
