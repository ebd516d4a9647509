from .invitations import InviteForm
from .memberships import AnswerForm, JoinForm, RemoveForm, RoleForm, SuccessorForm
from .organisations import LogoForm, OrganisationForm, ProfileForm, SearchForm
from .person import DeletionForm, SessionForm, SettingsForm
from .verifications import VerificationForm

__all__ = [
    "AnswerForm",
    "DeletionForm",
    "InviteForm",
    "JoinForm",
    "LogoForm",
    "OrganisationForm",
    "ProfileForm",
    "RemoveForm",
    "RoleForm",
    "SearchForm",
    "SessionForm",
    "SettingsForm",
    "SuccessorForm",
    "VerificationForm",
]
