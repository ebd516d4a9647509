from .memberships import AnswerForm, JoinForm, MemberForm
from .organisations import OrganisationForm, SearchForm
from .person import SettingsForm

__all__ = [
    "AnswerForm",
    "JoinForm",
    "MemberForm",
    "OrganisationForm",
    "SearchForm",
    "SettingsForm",
]
