"""Two at once: one wins, the other learns what happened, and the database stays true."""

import threading

import pytest
from django.db import connection

from afori.common.states import Refused
from networks.actions import accept, decline, leave, request_membership, withdraw_request
from networks.models import NetworkMembership
from tests import factories as make

pytestmark = pytest.mark.django_db(transaction=True)
Role = NetworkMembership.Role
State = NetworkMembership.State


def together(*acts):
    """Run the acts at the same moment; gives what each returned or which refusal it met."""
    start = threading.Barrier(len(acts))
    results = [None] * len(acts)

    def run(i, act):
        start.wait()
        try:
            results[i] = act()
        except Refused as refusal:
            results[i] = refusal
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=pair) for pair in enumerate(acts)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=20)
    return results


def refused(results):
    return [type(one).__name__ for one in results if isinstance(one, Refused)]


def waiting_request():
    return make.NetworkMembershipFactory(state=State.REQUESTED, decided_at=None)


def test_two_coordinators_answer_at_once():
    membership = waiting_request()
    first, second = make.UserFactory(), make.UserFactory()
    results = together(
        lambda: accept(membership, by=first),
        lambda: decline(membership, by=second, reason="Nej"),
    )
    assert refused(results) == ["AlreadyDecided"]
    [loser] = [one for one in results if isinstance(one, Refused)]
    membership.refresh_from_db()
    assert loser.membership.state == membership.state
    assert loser.membership.decided_by == membership.decided_by


def test_two_coordinators_accept_at_once():
    membership = waiting_request()
    coordinators = [make.UserFactory(), make.UserFactory()]
    results = together(*[lambda by=one: accept(membership, by=by) for one in coordinators])
    assert refused(results) == ["AlreadyDecided"]


def test_accept_and_withdraw_at_once():
    membership = waiting_request()
    results = together(
        lambda: accept(membership, by=make.UserFactory()),
        lambda: withdraw_request(membership, by=membership.user),
    )
    assert refused(results) == ["AlreadyDecided"]
    membership.refresh_from_db()
    assert membership.state in (State.ACTIVE, State.WITHDRAWN)


def test_the_same_request_sent_twice_at_once():
    network, organisation = make.NetworkFactory(), make.BuyerFactory()
    user = make.MembershipFactory(organisation=organisation).user
    ask = lambda: request_membership(network, by=user, organisation=organisation)  # noqa: E731
    assert refused(together(ask, ask, ask)) == ["AlreadyMember", "AlreadyMember"]
    assert network.memberships.count() == 1


def test_the_last_two_coordinators_leave_at_once():
    network = make.NetworkFactory()
    make.NetworkMembershipFactory(network=network)
    pair = [
        make.NetworkMembershipFactory(network=network, role=Role.COORDINATOR) for _one in range(2)
    ]
    results = together(*[lambda one=one: leave(one, by=one.user) for one in pair])
    assert refused(results) == ["LastCoordinator"]
    assert network.memberships.coordinators().count() == 1
