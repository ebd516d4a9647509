"""Who may do what with people and organisations, and the predicates that other apps build on."""

import rules

from .models import Membership


def role_of(user, organisation):
    """The role of an active member, None for all others."""
    return getattr(user, "roles", {}).get(getattr(organisation, "pk", None))


def organisation_of(user):
    return getattr(user, "acting_for", None)


# About an organisation


@rules.predicate
def is_active_member(user, organisation):
    return role_of(user, organisation) is not None


@rules.predicate
def is_organisation_admin(user, organisation):
    return role_of(user, organisation) == Membership.Role.ADMIN


# About the person and the organisation that they act for


@rules.predicate
def acts_for_organisation(user):
    return organisation_of(user) is not None


@rules.predicate
def acts_for_buyer(user):
    return acts_for_organisation(user) and organisation_of(user).is_buyer


@rules.predicate
def acts_for_supplier(user):
    return acts_for_organisation(user) and organisation_of(user).is_supplier


@rules.predicate
def acts_for_verified(user):
    return acts_for_organisation(user) and organisation_of(user).is_verified


is_verified_buyer = acts_for_buyer & acts_for_verified
is_editor = rules.is_staff


# About a request to join


@rules.predicate
def is_own_membership(user, membership):
    return membership is not None and membership.user_id == user.pk


@rules.predicate
def administers_membership(user, membership):
    return membership is not None and is_organisation_admin(user, membership.organisation)


@rules.predicate
def membership_lacks_admin(user, membership):
    return membership is not None and not membership.organisation.has_admin


rules.add_perm("accounts.view_organisation", is_active_member | rules.is_staff)
rules.add_perm("accounts.change_organisation", is_organisation_admin)
rules.add_perm(
    "accounts.decide_membership",
    ~is_own_membership & (administers_membership | (rules.is_staff & membership_lacks_admin)),
)
