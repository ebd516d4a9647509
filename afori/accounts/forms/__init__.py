from .invitations import InviteForm
from .memberships import AnswerForm, JoinForm, RemoveForm, RoleForm, SuccessorForm
from .organisations import OrganisationForm, SearchForm
from .person import DeletionForm, SettingsForm
from .verifications import VerificationForm

__all__ = [
    "AnswerForm",
    "DeletionForm",
    "InviteForm",
    "JoinForm",
    "OrganisationForm",
    "RemoveForm",
    "RoleForm",
    "SearchForm",
    "SettingsForm",
    "SuccessorForm",
    "VerificationForm",
]
