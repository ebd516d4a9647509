"""The fixed cast: one person a role, in a small arena that every test of secrecy shares."""

from types import SimpleNamespace

import pytest

from afori.accounts.models import Membership
from networks.models import NetworkMembership

from . import factories as make

ROLES = (
    "stranger",
    "user",
    "supplier",
    "rival",
    "buyer",
    "member",
    "coordinator",
    "owner",
    "staff",
    "superuser",
)


def employee(organisation, **fields):
    user = make.UserFactory(**fields)
    make.MembershipFactory(user=user, organisation=organisation)
    return user


@pytest.fixture
def cast(db):
    """People by role, and `network`, `company`, `rival_company`, `challenge` they meet around."""
    network = make.NetworkFactory(name_sv="Välfärdsteknik", name_en="Welfare technology")
    company = make.OrganisationFactory(name="Ljusglimt AB")
    rival_company = make.OrganisationFactory(name="Rivalen AB")
    municipality = make.BuyerFactory(name="Ekhamra kommun")
    other = make.BuyerFactory(name="Holmfors kommun")
    member = employee(municipality, name="Mona Medlem")
    coordinator = employee(municipality, name="Klara Koordinator")
    make.NetworkMembershipFactory(network=network, user=member, organisation=municipality)
    make.NetworkMembershipFactory(
        network=network,
        user=coordinator,
        organisation=municipality,
        role=NetworkMembership.Role.COORDINATOR,
    )
    owner = make.UserFactory(name="Olle Ägare")
    make.MembershipFactory(user=owner, organisation=municipality, role=Membership.Role.ADMIN)
    return SimpleNamespace(
        network=network,
        company=company,
        rival_company=rival_company,
        municipality=municipality,
        challenge=make.ChallengeFactory(owner=municipality, network=network),
        stranger=None,
        user=make.UserFactory(name="Ulla Användare"),
        supplier=employee(company, name="Siv Leverantör"),
        rival=employee(rival_company, name="Rolf Rival"),
        buyer=employee(other, name="Berit Beställare"),
        member=member,
        coordinator=coordinator,
        owner=owner,
        staff=make.UserFactory(name="Ronja Redaktör", is_staff=True),
        superuser=make.UserFactory(name="Stina Super", is_staff=True, is_superuser=True),
    )


@pytest.fixture
def sign_in(client):
    """Sign a member of the cast in on the test client; a stranger stays signed out."""

    def enter(user):
        client.logout()
        if user is not None:
            client.force_login(user)
        return client

    return enter
