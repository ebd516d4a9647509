"""Joining and leaving: every action, every refusal."""

import pytest
from django.utils import timezone

from afori.accounts.choices import Kind
from afori.accounts.models import Membership
from afori.notifications.models import Notification, OutgoingMail
from networks import refusals
from networks.actions import (
    AlreadyDecided,
    accept,
    appoint,
    decline,
    leave,
    remove,
    request_membership,
    withdraw_request,
)
from networks.models import Network, NetworkMembership
from tests import factories as make

State = NetworkMembership.State


def ask(cast, **fields):
    organisation = fields.pop("organisation", cast.buyer.acting_for)
    by = fields.pop("by", cast.buyer)
    return request_membership(cast.network, by=by, organisation=organisation, **fields)


def told(user):
    return set(Notification.objects.filter(user=user).values_list("kind", flat=True))


def test_request_waits_and_tells_every_coordinator(cast):
    membership = ask(cast, message="Hej", competence="lawyer")
    assert membership.state == State.REQUESTED
    assert (membership.message, membership.competence) == ("Hej", "lawyer")
    assert told(cast.coordinator) == {"networks.membership_requested"}
    assert told(cast.member) == set()
    assert OutgoingMail.objects.get().user == cast.coordinator


def test_open_network_takes_verified_buyer_at_once(cast):
    set_network(cast, admission=Network.Admission.OPEN)
    membership = ask(cast)
    assert membership.state == State.ACTIVE
    assert membership.decided_at is not None
    assert membership.decided_by is None
    assert told(cast.buyer) == {"networks.membership_accepted"}


def set_network(cast, **fields):
    Network.objects.filter(pk=cast.network.pk).update(**fields)


@pytest.mark.parametrize("status", [Network.Status.DORMANT, Network.Status.CLOSED])
def test_request_refused_when_network_takes_nobody(cast, status):
    set_network(cast, status=status)
    with pytest.raises(refusals.NetworkClosed):
        ask(cast)


def test_request_refused_by_invitation_only(cast):
    set_network(cast, admission=Network.Admission.INVITATION)
    with pytest.raises(refusals.InvitationOnly):
        ask(cast)


def test_request_refused_for_supplier(cast):
    with pytest.raises(refusals.NotABuyer):
        ask(cast, by=cast.supplier, organisation=cast.company)


def test_request_refused_without_organisation(cast):
    with pytest.raises(refusals.NoOrganisation):
        ask(cast, by=cast.user, organisation=None)


def test_request_refused_for_somebody_elses_organisation(cast):
    with pytest.raises(refusals.NoOrganisation):
        ask(cast, by=cast.user, organisation=cast.municipality)


def test_request_refused_before_verification(cast):
    organisation = make.OrganisationFactory(kind=Kind.REGION)
    make.MembershipFactory(user=cast.user, organisation=organisation)
    with pytest.raises(refusals.NotVerified):
        ask(cast, by=cast.user, organisation=organisation)


def test_request_refused_twice(cast):
    ask(cast)
    with pytest.raises(refusals.AlreadyMember):
        ask(cast)


def test_member_cannot_ask_again(cast):
    with pytest.raises(refusals.AlreadyMember):
        ask(cast, by=cast.member, organisation=cast.municipality)


def test_person_who_changed_organisation_starts_anew(cast):
    Membership.objects.filter(user=cast.member).update(
        state=Membership.State.ENDED, ended_at=timezone.now()
    )
    new = make.BuyerFactory()
    make.MembershipFactory(user=cast.member, organisation=new)
    membership = ask(cast, by=cast.member, organisation=new)
    states = cast.network.memberships.filter(user=cast.member).values_list("state", flat=True)
    assert membership.organisation == new
    assert sorted(states) == [State.LEFT, State.REQUESTED]


def test_withdrawn_request_can_be_made_again(cast):
    first = withdraw_request(ask(cast), by=cast.buyer)
    assert first.state == State.WITHDRAWN
    assert ask(cast).pk != first.pk


def test_withdraw_refused_after_answer(cast):
    membership = accept(ask(cast), by=cast.coordinator)
    with pytest.raises(AlreadyDecided):
        withdraw_request(membership, by=cast.buyer)


def test_accept_says_who_and_when_and_tells_the_person(cast):
    membership = accept(ask(cast), by=cast.coordinator)
    assert membership.state == State.ACTIVE
    assert membership.decided_by == cast.coordinator
    assert told(cast.buyer) == {"networks.membership_accepted"}


def test_second_coordinator_learns_what_was_decided(cast):
    membership = ask(cast)
    decline(membership, by=cast.coordinator, reason="Fullt")
    with pytest.raises(AlreadyDecided) as first:
        accept(membership, by=cast.member)
    assert first.value.membership.state == State.DECLINED
    assert first.value.membership.decided_by == cast.coordinator


def test_accept_refused_when_network_has_closed(cast):
    membership = ask(cast)
    set_network(cast, status=Network.Status.CLOSED)
    with pytest.raises(refusals.NetworkClosed):
        accept(membership, by=cast.coordinator)


def test_accept_refused_when_person_has_left_the_organisation(cast):
    membership = ask(cast)
    Membership.objects.filter(user=cast.buyer).delete()
    with pytest.raises(refusals.LeftOrganisation):
        accept(membership, by=cast.coordinator)


def test_decline_needs_reason(cast):
    membership = ask(cast)
    with pytest.raises(refusals.ReasonMissing):
        decline(membership, by=cast.coordinator, reason="  ")
    membership.refresh_from_db()
    assert membership.state == State.REQUESTED


def test_decline_keeps_reason_and_tells_the_person(cast):
    membership = decline(ask(cast), by=cast.coordinator, reason="Fel område")
    assert membership.reason == "Fel område"
    assert told(cast.buyer) == {"networks.membership_declined"}


def test_leave_ends_membership(cast):
    membership = leave(of(cast, cast.member), by=cast.member)
    assert membership.state == State.LEFT
    assert not cast.network.memberships.active_of(cast.member).exists()


def of(cast, user):
    return cast.network.memberships.get(user=user)


def test_last_coordinator_cannot_leave_members_alone(cast):
    with pytest.raises(refusals.LastCoordinator):
        leave(of(cast, cast.coordinator), by=cast.coordinator)


def test_last_coordinator_can_leave_an_empty_network(cast):
    leave(of(cast, cast.member), by=cast.member)
    assert leave(of(cast, cast.coordinator), by=cast.coordinator).state == State.LEFT


def test_coordinator_can_leave_when_there_is_another(cast):
    make.NetworkMembershipFactory(network=cast.network, role=NetworkMembership.Role.COORDINATOR)
    assert leave(of(cast, cast.coordinator), by=cast.coordinator).state == State.LEFT


def test_remove_needs_reason_and_tells_the_person(cast):
    membership = of(cast, cast.member)
    with pytest.raises(refusals.ReasonMissing):
        remove(membership, by=cast.coordinator, reason="")
    removed = remove(membership, by=cast.coordinator, reason="Har bytt uppdrag")
    assert (removed.state, removed.decided_by) == (State.REMOVED, cast.coordinator)
    assert told(cast.member) == {"networks.membership_removed"}


def test_membership_ends_once(cast):
    membership = leave(of(cast, cast.member), by=cast.member)
    with pytest.raises(refusals.NotActive):
        remove(membership, by=cast.coordinator, reason="Sen")


def test_appoint_makes_first_coordinator(cast):
    network = make.NetworkFactory(admission=Network.Admission.INVITATION)
    membership = appoint(
        network,
        user=cast.buyer,
        organisation=cast.buyer.acting_for,
        role=NetworkMembership.Role.COORDINATOR,
        by=cast.staff,
    )
    assert membership.state == State.ACTIVE
    assert membership.is_coordinator
    assert told(cast.buyer) == {"networks.membership_accepted"}


def test_appoint_accepts_a_waiting_request(cast):
    waiting = ask(cast)
    membership = appoint_buyer(cast, NetworkMembership.Role.STEERING)
    assert membership.pk == waiting.pk
    assert (membership.state, membership.role) == (State.ACTIVE, "steering")


def appoint_buyer(cast, role, **fields):
    values = {"user": cast.buyer, "organisation": cast.buyer.acting_for} | fields
    return appoint(cast.network, role=role, by=cast.staff, **values)


def test_appoint_changes_role_of_member(cast):
    role = NetworkMembership.Role.COORDINATOR
    appoint_buyer(cast, role, user=cast.member, organisation=cast.municipality)
    assert of(cast, cast.member).is_coordinator


def test_appoint_lets_suppliers_and_agencies_only_observe(cast):
    supplier = {"user": cast.supplier, "organisation": cast.company}
    with pytest.raises(refusals.NotABuyer):
        appoint_buyer(cast, NetworkMembership.Role.MEMBER, **supplier)
    assert appoint_buyer(cast, NetworkMembership.Role.OBSERVER, **supplier).state == State.ACTIVE


def test_appoint_refused_outside_the_organisation(cast):
    with pytest.raises(refusals.LeftOrganisation):
        appoint_buyer(cast, NetworkMembership.Role.MEMBER, organisation=cast.municipality)


def test_member_who_left_the_organisation_is_active_no_longer(cast):
    Membership.objects.filter(user=cast.coordinator).update(
        state=Membership.State.ENDED, ended_at=timezone.now()
    )
    ask(cast)
    assert not cast.network.memberships.active_of(cast.coordinator).exists()
    assert not NetworkMembership.objects.to_decide_by(cast.coordinator).exists()


def test_to_decide_by_lists_requests_of_own_networks_only(cast):
    mine = ask(cast)
    make.NetworkMembershipFactory(state=State.REQUESTED, decided_at=None)
    assert list(NetworkMembership.objects.to_decide_by(cast.coordinator)) == [mine]
    assert list(NetworkMembership.objects.to_decide_by(cast.member)) == []
    assert list(NetworkMembership.objects.to_decide_by(cast.superuser)) == []


def test_counts_are_of_organisations_not_people(cast):
    make.NetworkMembershipFactory(network=cast.network, role=NetworkMembership.Role.OBSERVER)
    ask(cast)
    network = Network.objects.with_member_count().with_waiting_count().get(pk=cast.network.pk)
    assert (network.member_count, network.interest_count, network.waiting_count) == (1, 2, 1)
