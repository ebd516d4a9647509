from .answering import (
    AnswerForm,
    AuthorForm,
    DraftField,
    FileForm,
    PartnersForm,
    SubmitForm,
    text_area,
)
from .criteria import CriteriaForm
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
    )
}

__all__ = [
    "SECTION_FORMS",
    "AnswerForm",
    "AskForm",
    "AuthorForm",
    "ChallengeFilter",
    "CriteriaForm",
    "DeclineForm",
    "DraftField",
    "FileForm",
    "PartnersForm",
    "PersonForm",
    "PublishForm",
    "QuestionFilter",
    "ReceiptForm",
    "SectionForm",
    "StartForm",
    "Status",
    "SubmitForm",
    "WordingForm",
    "text_area",
]
