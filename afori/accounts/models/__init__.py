from .memberships import Invitation, Membership
from .organisations import Organisation, OrganisationDomain
from .sign_ins import SignIn
from .users import User
from .verifications import Verification

__all__ = [
    "Invitation",
    "Membership",
    "Organisation",
    "OrganisationDomain",
    "SignIn",
    "User",
    "Verification",
]
