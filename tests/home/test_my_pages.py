import pytest
from django.urls import reverse
from django.utils import timezone

from afori.accounts.models import Membership
from networks.models import NetworkMembership

from .. import factories as make

pytestmark = pytest.mark.django_db


def page(client):
    return client.get(reverse("my_pages")).content.decode()


def test_strangers_are_led_to_the_log_in(client):
    response = client.get(reverse("my_pages"))
    assert response.status_code == 302
    assert response.url.startswith(reverse("account_login"))


def test_person_without_organisation_is_asked_to_name_one(cast, sign_in):
    assert reverse("accounts:organisation_start") in page(sign_in(cast.user))


def test_staff_need_no_organisation(cast, sign_in):
    assert "Ange din organisation" not in page(sign_in(cast.staff))


def test_coordinator_sees_requests_to_the_own_network_only(cast, sign_in):
    asked = make.NetworkMembershipFactory(
        network=cast.network, user=cast.buyer, state="requested", decided_at=None
    )
    other = make.NetworkMembershipFactory(state="requested", decided_at=None)
    html = page(sign_in(cast.coordinator))
    assert reverse("networks:decide", args=[cast.network.slug, asked.pk]) in html
    assert other.user.name not in html
    assert cast.buyer.name not in page(sign_in(cast.member))


def test_organisation_admin_sees_who_asks_to_join(cast, sign_in):
    asked = make.MembershipFactory(
        organisation=cast.municipality,
        user=cast.user,
        state=Membership.State.REQUESTED,
        decided_at=None,
    )
    assert reverse("accounts:membership_decide", args=[asked.token]) in page(sign_in(cast.owner))
    assert cast.user.name not in page(sign_in(cast.member))


def test_my_pages_have_constant_queries(cast, sign_in, django_assert_max_num_queries):
    for _ in range(15):
        make.NetworkMembershipFactory(network=cast.network, state="requested", decided_at=None)
        make.NetworkMembershipFactory(
            user=cast.coordinator,
            organisation=cast.municipality,
            role=NetworkMembership.Role.MEMBER,
        )
    client = sign_in(cast.coordinator)
    page(client)
    with django_assert_max_num_queries(12):
        page(client)


def test_my_pages_are_private(cast, sign_in):
    response = sign_in(cast.user).get(reverse("my_pages"))
    assert "no-store" in response.headers["Cache-Control"]


def test_network_of_an_organisation_one_has_left_is_gone(cast, sign_in):
    assert cast.network.name_sv in page(sign_in(cast.member))
    ended = {"state": Membership.State.ENDED, "ended_at": timezone.now()}
    cast.member.memberships.update(**ended)
    assert cast.network.name_sv not in page(sign_in(cast.member))


def test_own_request_shows_that_it_waits(cast, sign_in):
    make.NetworkMembershipFactory(
        network=cast.network, user=cast.buyer, state="requested", decided_at=None
    )
    assert "Samordnaren har inte svarat än." in page(sign_in(cast.buyer))
