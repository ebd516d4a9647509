from .memberships import (
    member_change,
    members,
    membership_decide,
    organisation_join,
    organisation_leave,
    request_withdraw,
)
from .organisations import organisation_create, organisation_start
from .person import act_for_organisation, second_factor, settings_page

__all__ = [
    "act_for_organisation",
    "member_change",
    "members",
    "membership_decide",
    "organisation_create",
    "organisation_join",
    "organisation_leave",
    "organisation_start",
    "request_withdraw",
    "second_factor",
    "settings_page",
]
