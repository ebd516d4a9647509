import pytest
from django.contrib.auth.models import AnonymousUser

from afori.accounts import rules
from afori.accounts.models import Membership, User
from tests import factories as make
from tests.cast import ROLES

Role, State = Membership.Role, Membership.State
PERMISSIONS = {
    "accounts.view_organisation": {"member", "coordinator", "owner", "staff", "superuser"},
    "accounts.change_organisation": {"owner"},
}


def fresh(user):
    return User.objects.get(pk=user.pk) if user else AnonymousUser()


@pytest.mark.parametrize("permission", PERMISSIONS)
def test_who_may_do_what_with_a_municipality(cast, permission):
    people = {role: fresh(getattr(cast, role)) for role in ROLES}
    allowed = {
        role for role, user in people.items() if user.has_perm(permission, cast.municipality)
    }
    assert allowed == PERMISSIONS[permission]


def test_a_request_is_answered_by_administrators_of_its_organisation_alone(cast):
    request = make.MembershipFactory(
        organisation=cast.municipality, state=State.REQUESTED, decided_at=None
    )
    allowed = {
        role
        for role in ROLES
        if fresh(getattr(cast, role)).has_perm("accounts.decide_membership", request)
    }
    assert allowed == {"owner"}


def test_the_rule_for_one_request_and_for_the_set_agree(cast):
    asked = {"state": State.REQUESTED, "decided_at": None}
    make.MembershipFactory(organisation=cast.municipality, **asked)
    make.MembershipFactory(organisation=cast.company, **asked)
    make.MembershipFactory(organisation=make.OrganisationFactory(), user=cast.staff, **asked)
    make.MembershipFactory(organisation=make.OrganisationFactory(), user=cast.owner, **asked)
    for role in ROLES[1:]:
        user = fresh(getattr(cast, role))
        by_rule = {
            request
            for request in Membership.objects.requested()
            if user.has_perm("accounts.decide_membership", request)
        }
        assert set(Membership.objects.to_decide_by(user)) == by_rule, role


def test_a_superuser_has_every_right_in_general_but_none_over_one_thing(cast):
    assert cast.superuser.has_perm("accounts.change_organisation")
    assert not fresh(cast.superuser).has_perm("accounts.change_organisation", cast.municipality)


def test_an_inactive_person_may_nothing(cast):
    User.objects.filter(pk=cast.owner.pk).update(is_active=False)
    assert not fresh(cast.owner).has_perm("accounts.change_organisation", cast.municipality)


def test_predicates_about_the_organisation_one_acts_for(cast):
    unverified = make.MembershipFactory(organisation=make.BuyerFactory(verified_at=None)).user
    facts = {
        user: (
            rules.acts_for_buyer(user),
            rules.acts_for_supplier(user),
            rules.is_verified_buyer(user),
        )
        for user in map(fresh, (None, cast.user, cast.supplier, cast.buyer, unverified))
    }
    assert list(facts.values()) == [
        (False, False, False),
        (False, False, False),
        (False, True, False),
        (True, False, True),
        (True, False, False),
    ]


def test_asking_many_rules_costs_one_query(cast, django_assert_num_queries):
    user = fresh(cast.owner)
    with django_assert_num_queries(1):
        for organisation in (cast.municipality, cast.company, cast.rival_company):
            user.has_perm("accounts.change_organisation", organisation)
            rules.is_verified_buyer(user)
