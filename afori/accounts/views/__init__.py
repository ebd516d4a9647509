from .invitations import invitation, invitation_send_again, invitation_take_back, invite
from .memberships import (
    member_change,
    member_remove,
    members,
    membership_decide,
    organisation_join,
    organisation_leave,
    request_withdraw,
)
from .my_data import account_delete, account_keep, my_data, my_data_download
from .organisations import organisation_alike, organisation_create, organisation_start
from .person import act_for_organisation, second_factor, session_end, settings_page
from .profiles import organisation_edit, organisation_logo
from .verifications import verification_request

__all__ = [
    "account_delete",
    "account_keep",
    "act_for_organisation",
    "invitation",
    "invitation_send_again",
    "invitation_take_back",
    "invite",
    "member_change",
    "member_remove",
    "members",
    "membership_decide",
    "my_data",
    "my_data_download",
    "organisation_alike",
    "organisation_create",
    "organisation_edit",
    "organisation_join",
    "organisation_leave",
    "organisation_logo",
    "organisation_start",
    "request_withdraw",
    "second_factor",
    "session_end",
    "settings_page",
    "verification_request",
]
