"""Notifications about people and organisations cost one query a kind, however many there are."""

import pytest
from django.urls import reverse

from afori.accounts import actions
from afori.accounts.models import Invitation
from tests import factories as make

pytestmark = pytest.mark.django_db


def happen(admin, number):
    """Everything that an administrator is told of, for an organisation more."""
    organisation = make.BuyerFactory(verified_at=None)
    own = make.MembershipFactory(user=admin, organisation=organisation, role="admin")
    other = make.MembershipFactory(organisation=organisation, role="admin").user
    actions.request_membership(organisation, by=make.UserFactory())
    actions.invite(organisation, addresses=[f"{number}@a.se"], role="member", by=admin)
    guest = make.UserFactory(email=f"{number}@a.se")
    actions.accept_invitation(Invitation.objects.latest("pk"), by=guest)
    actions.change_role(own, role="member", by=other)
    actions.change_role(own, role="admin", by=other)
    away = make.MembershipFactory(role="admin")
    actions.invite(away.organisation, addresses=[admin.email], role="member", by=away.user)


@pytest.mark.parametrize("organisations", [1, 3])
def test_the_list_costs_the_same_for_one_and_many(client, organisations, django_assert_num_queries):
    admin = make.UserFactory()
    for number in range(organisations):
        happen(admin, number)
    client.force_login(admin)
    with django_assert_num_queries(12):
        page = client.get(reverse("notifications:list"))
    shown = [entry for entry in page.context["entries"] if not entry.is_stale]
    assert len(shown) == 4 * organisations
