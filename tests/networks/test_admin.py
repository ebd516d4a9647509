"""The agency's desk: memberships change through the domain's actions only."""

import pytest

from networks.models import NetworkMembership
from tests import factories as make

State = NetworkMembership.State
LIST = "/admin/networks/networkmembership/"


@pytest.fixture
def desk(cast, sign_in, settings):
    settings.AFORI_REQUIRE_MFA = False
    return sign_in(cast.superuser)


@pytest.fixture
def waiting(cast):
    return make.NetworkMembershipFactory(
        network=cast.network, state=State.REQUESTED, decided_at=None
    )


@pytest.mark.parametrize("model", ["network", "need", "networkmembership"])
def test_lists_and_add_pages_open(cast, desk, waiting, model):
    make.NeedFactory(network=cast.network)
    assert desk.get(f"/admin/networks/{model}/").status_code == 200
    assert desk.get(f"/admin/networks/{model}/?q=a").status_code == 200
    assert desk.get(f"/admin/networks/{model}/add/").status_code == 200


def test_network_and_need_can_be_opened(cast, desk):
    need = make.NeedFactory(network=cast.network)
    assert desk.get(f"/admin/networks/network/{cast.network.pk}/change/").status_code == 200
    assert desk.get(f"/admin/networks/need/{need.pk}/change/").status_code == 200


def test_membership_is_read_only(desk, waiting):
    page = desk.get(f"{LIST}{waiting.pk}/change/")
    assert page.status_code == 200
    assert 'name="state"' not in page.content.decode()
    desk.post(f"{LIST}{waiting.pk}/change/", {"state": "active"})
    assert desk.post(f"{LIST}{waiting.pk}/delete/", {"post": "yes"}).status_code == 403
    waiting.refresh_from_db()
    assert waiting.state == State.REQUESTED


def act(desk, action, membership, **data):
    return desk.post(LIST, {"action": action, "_selected_action": [membership.pk], **data})


def test_accept_through_the_list(cast, desk, waiting):
    act(desk, "accept_requests", waiting)
    waiting.refresh_from_db()
    assert (waiting.state, waiting.decided_by) == (State.ACTIVE, cast.superuser)


def test_decline_asks_for_a_reason_first(desk, waiting):
    assert "reason" in act(desk, "decline_requests", waiting).content.decode()
    act(desk, "decline_requests", waiting, reason="Fel område")
    waiting.refresh_from_db()
    assert (waiting.state, waiting.reason) == (State.DECLINED, "Fel område")


def test_refusal_is_a_message_not_an_error(desk, waiting):
    act(desk, "accept_requests", waiting)
    assert act(desk, "accept_requests", waiting).status_code == 302


def test_add_appoints(cast, desk):
    data = {
        "network": cast.network.pk,
        "user": cast.buyer.pk,
        "organisation": cast.buyer.acting_for.pk,
        "role": "coordinator",
        "competence": "",
    }
    assert desk.post(f"{LIST}add/", data).status_code == 302
    assert cast.network.memberships.coordinators().filter(user=cast.buyer).exists()
    again = data | {"role": "member"}
    assert desk.post(f"{LIST}add/", again).status_code == 302
    assert cast.network.memberships.filter(user=cast.buyer).count() == 1


def test_add_says_why_not(cast, desk):
    data = {
        "network": cast.network.pk,
        "user": cast.supplier.pk,
        "organisation": cast.company.pk,
        "role": "member",
    }
    assert desk.post(f"{LIST}add/", data).status_code == 200
    assert not cast.network.memberships.filter(user=cast.supplier).exists()
