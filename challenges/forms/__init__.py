from .answering import (
    AnswerForm,
    AuthorForm,
    DraftField,
    FileForm,
    LeaveForm,
    PartnersForm,
    SubmitForm,
)
from .criteria import CriteriaForm
from .evaluating import ConflictsForm, ConsensusForm, DecisionForm, DeclarationForm, ScoresForm
from .lists import ChallengeFilter, Status
from .questions import AskForm, DeclineForm, PublishForm, QuestionFilter, WordingForm
from .receipts import ReceiptForm
from .writing import (
    AffectedForm,
    BackgroundForm,
    BasicsForm,
    BudgetForm,
    EligibilityForm,
    FunctionForm,
    LevelForm,
    OffersForm,
    OpenersForm,
    PanelForm,
    PersonForm,
    RightsForm,
    RouteForm,
    SectionForm,
    StartForm,
    TimesForm,
)

SECTION_FORMS = {
    form.section: form
    for form in (
        *(BasicsForm, BackgroundForm, FunctionForm, AffectedForm, LevelForm, OffersForm),
        *(BudgetForm, RightsForm, EligibilityForm, CriteriaForm, RouteForm, TimesForm, PanelForm),
        OpenersForm,
    )
}

__all__ = [
    "SECTION_FORMS",
    "AffectedForm",
    "AnswerForm",
    "AskForm",
    "AuthorForm",
    "BackgroundForm",
    "BasicsForm",
    "BudgetForm",
    "ChallengeFilter",
    "ConflictsForm",
    "ConsensusForm",
    "CriteriaForm",
    "DecisionForm",
    "DeclarationForm",
    "DeclineForm",
    "DraftField",
    "EligibilityForm",
    "FileForm",
    "FunctionForm",
    "LeaveForm",
    "LevelForm",
    "OffersForm",
    "OpenersForm",
    "PanelForm",
    "PartnersForm",
    "PersonForm",
    "PublishForm",
    "QuestionFilter",
    "ReceiptForm",
    "RightsForm",
    "RouteForm",
    "ScoresForm",
    "SectionForm",
    "StartForm",
    "Status",
    "SubmitForm",
    "TimesForm",
    "WordingForm",
]
