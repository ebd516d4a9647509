from .memberships import (
    change_role,
    decide_membership,
    leave_organisation,
    remove_member,
    request_membership,
    withdraw_request,
)
from .organisations import create_organisation, verify_domain, verify_organisation
from .refusals import AlreadyThere, LastAdmin, NeedsReason, OrganisationExists, OwnRequest

__all__ = [
    "AlreadyThere",
    "LastAdmin",
    "NeedsReason",
    "OrganisationExists",
    "OwnRequest",
    "change_role",
    "create_organisation",
    "decide_membership",
    "leave_organisation",
    "remove_member",
    "request_membership",
    "verify_domain",
    "verify_organisation",
    "withdraw_request",
]
