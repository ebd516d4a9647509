"""The sections of a challenge as forms. A draft may lack anything; only what cannot be is refused.

Fields that are marked as required are those that publishing asks for.
"""

from .base import SectionForm, label_of
from .need import AffectedForm, BackgroundForm, BasicsForm, FunctionForm, LevelForm
from .people import PersonForm
from .plans import OpenersForm, PanelForm, RouteForm, TimesForm
from .start import StartForm
from .terms import BudgetForm, EligibilityForm, OffersForm, RightsForm

__all__ = [
    "AffectedForm",
    "BackgroundForm",
    "BasicsForm",
    "BudgetForm",
    "EligibilityForm",
    "FunctionForm",
    "LevelForm",
    "OffersForm",
    "OpenersForm",
    "PanelForm",
    "PersonForm",
    "RightsForm",
    "RouteForm",
    "SectionForm",
    "StartForm",
    "TimesForm",
    "label_of",
]
