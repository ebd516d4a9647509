from .organisations import Membership, Organisation, OrganisationDomain
from .users import User

__all__ = ["Membership", "Organisation", "OrganisationDomain", "User"]
