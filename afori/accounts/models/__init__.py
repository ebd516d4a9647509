from .memberships import Invitation, Membership
from .organisations import Organisation, OrganisationDomain
from .providers import LoginProvider
from .sign_ins import SignIn
from .users import User
from .verifications import Verification

__all__ = [
    "Invitation",
    "LoginProvider",
    "Membership",
    "Organisation",
    "OrganisationDomain",
    "SignIn",
    "User",
    "Verification",
]
