"""Joining and leaving. `move` is the one writer of a membership's state."""

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from afori.accounts.models import Membership
from afori.common.states import Refused, check_move
from afori.notifications.actions import notify, notify_all

from .. import refusals
from ..models import Network, NetworkMembership
from ..notifications import (
    MEMBERSHIP_ACCEPTED,
    MEMBERSHIP_DECLINED,
    MEMBERSHIP_REMOVED,
    MEMBERSHIP_REQUESTED,
)

State = NetworkMembership.State
Role = NetworkMembership.Role
NEXT = NetworkMembership.NEXT


class AlreadyDecided(Refused):
    """Another coordinator was first, or the person took the request back. `membership` tells."""

    def __init__(self, membership):
        super().__init__(_("The request has already been answered."), code="AlreadyDecided")
        self.membership = membership


def why_not_join(network, organisation):
    """The refusal that people of this organisation would meet; None if they may ask to join."""
    if not network.is_open_for_members:
        return refusals.NetworkClosed()
    if organisation is None:
        return refusals.NoOrganisation()
    if not organisation.is_buyer:
        return refusals.NotABuyer()
    if not organisation.is_verified:
        return refusals.NotVerified()
    if network.admission == Network.Admission.INVITATION:
        return refusals.InvitationOnly()
    return None


@transaction.atomic
def request_membership(network, *, by, organisation, message="", competence=""):
    """Ask to join on behalf of an organisation. Open networks take verified buyers at once."""
    network = locked_network(network)
    if refusal := why_not_join(network, organisation):
        raise refusal
    if not belongs_to(by, organisation):
        raise refusals.NoOrganisation
    end_stale(network, by)
    membership = network.memberships.create(
        user=by, organisation=organisation, message=message, competence=competence
    )
    if network.admission == Network.Admission.OPEN:
        return admit(membership, by=None)
    coordinators = network.memberships.coordinators().select_related("user")
    notify_all([one.user for one in coordinators], MEMBERSHIP_REQUESTED, membership)
    return membership


@transaction.atomic
def withdraw_request(membership, *, by):
    """Take one's own request back before it is answered."""
    membership = waiting(membership)
    return move(membership, State.WITHDRAWN)


@transaction.atomic
def accept(membership, *, by):
    """Let the person in. The one who answers first decides; later ones get AlreadyDecided."""
    membership = waiting(membership)
    if not membership.network.is_open_for_members:
        raise refusals.NetworkClosed
    if not belongs_to(membership.user, membership.organisation):
        raise refusals.LeftOrganisation
    return admit(membership, by=by)


@transaction.atomic
def decline(membership, *, by, reason):
    """Say no to a request, with a reason that the person gets."""
    membership = waiting(membership)
    require_reason(reason)
    move(membership, State.DECLINED, by=by, reason=reason)
    notify(membership.user, MEMBERSHIP_DECLINED, membership)
    return membership


@transaction.atomic
def leave(membership, *, by):
    """End one's own membership. The last coordinator stays as long as there are other members."""
    membership = active(membership)
    if membership.is_coordinator and leaves_members_alone(membership):
        raise refusals.LastCoordinator
    return move(membership, State.LEFT)


@transaction.atomic
def remove(membership, *, by, reason):
    """End somebody else's membership, with a reason that the person gets."""
    membership = active(membership)
    require_reason(reason)
    move(membership, State.REMOVED, by=by, reason=reason)
    notify(membership.user, MEMBERSHIP_REMOVED, membership)
    return membership


def why_not_appoint(user, organisation, role):
    """The refusal that `appoint` would meet, None if it may be done."""
    if not belongs_to(user, organisation):
        return refusals.LeftOrganisation()
    if role != Role.OBSERVER and not organisation.is_buyer:
        return refusals.NotABuyer()
    return None


@transaction.atomic
def appoint(network, *, user, organisation, role, by, competence=""):
    """Give somebody a role without a request: a new network's coordinator, an observer, one who is
    invited. A waiting request is accepted, an active membership changes role."""
    network = locked_network(network)
    if refusal := why_not_appoint(user, organisation, role):
        raise refusal
    membership = network.memberships.current().select_for_update().filter(user=user).first()
    if membership is None:
        membership = network.memberships.create(user=user, organisation=organisation)
    membership.role = role
    membership.competence = competence or membership.competence
    membership.organisation = organisation
    if membership.is_requested:
        return admit(membership, by=by)
    membership.save()
    return membership


def end_stale(network, user):
    """A person who has changed organisation starts anew; everyone else is in already."""
    current = network.memberships.current().select_for_update().filter(user=user).first()
    if current is None:
        return
    if belongs_to(user, current.organisation):
        raise refusals.AlreadyMember
    move(current, State.WITHDRAWN if current.is_requested else State.LEFT)


def admit(membership, *, by):
    move(membership, State.ACTIVE, by=by)
    notify(membership.user, MEMBERSHIP_ACCEPTED, membership)
    return membership


def move(membership, state, *, by=None, reason=""):
    """Write a state that may follow the present one, with what its constraints ask for."""
    check_move(membership.state, state, NEXT)
    now = timezone.now()
    if state in (State.ACTIVE, State.DECLINED):
        membership.decided_at, membership.decided_by = now, by
    if state in (State.WITHDRAWN, State.LEFT, State.REMOVED):
        membership.ended_at = now
    if state == State.REMOVED:
        membership.decided_by = by
    membership.state = state
    membership.reason = reason or membership.reason
    membership.save()
    return membership


def locked_network(network):
    return Network.objects.select_for_update(no_key=True).get(pk=network.pk)


def locked(membership):
    """The row as it is once the lock is ours. Joined rows would be those from before the wait."""
    return NetworkMembership.objects.select_for_update().get(pk=membership.pk)


def waiting(membership):
    """The request, locked, as it is now."""
    membership = locked(membership)
    if not membership.is_requested:
        raise AlreadyDecided(membership)
    return membership


def active(membership):
    """The active membership, locked after its network, so that leavers are taken in turn."""
    locked_network(membership.network)
    membership = locked(membership)
    if membership.state != State.ACTIVE:
        raise refusals.NotActive
    return membership


def leaves_members_alone(membership):
    others = membership.network.memberships.active().exclude(pk=membership.pk)
    return others.exists() and not others.filter(role=Role.COORDINATOR).exists()


def belongs_to(user, organisation):
    return Membership.objects.active().filter(user=user, organisation=organisation).exists()


def require_reason(reason):
    if not reason.strip():
        raise refusals.ReasonMissing
