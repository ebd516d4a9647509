import pytest
from django.urls import reverse

from afori.accounts import actions
from afori.accounts.models import Invitation, Membership
from tests import factories as make

Role = Membership.Role


@pytest.fixture
def admin():
    return make.MembershipFactory(role=Role.ADMIN, organisation__name="Ekhamra kommun").user


@pytest.fixture
def organisation(admin):
    return admin.acting_for


@pytest.fixture
def invite(organisation, admin):
    def send(address="ny@ekhamra.se", role=Role.MEMBER, **fields):
        actions.invite(organisation, addresses=[address], role=role, by=admin, **fields)
        return Invitation.objects.latest("pk")

    return send


@pytest.fixture
def send(client, organisation, admin):
    """Sends the form as the administrator's browser does."""
    client.force_login(admin)

    def post(addresses, **fields):
        path = reverse("accounts:invite", args=[organisation.slug])
        return client.post(path, {"addresses": addresses, "role": "member", **fields})

    return post
