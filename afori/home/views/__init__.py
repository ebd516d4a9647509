from .front import front
from .my_pages import my_list, my_pages
from .organisations import OrganisationList, organisation_detail, organisation_logo
from .pages import about, accessibility, privacy

__all__ = [
    "OrganisationList",
    "about",
    "accessibility",
    "front",
    "my_list",
    "my_pages",
    "organisation_detail",
    "organisation_logo",
    "privacy",
]
