from .announcing import ANNOUNCED
from .evaluation import (
    ANSWER_OPENED,
    CONFLICT_DECLARED,
    DECIDED,
    OPENED,
    OPENING_APPROVED,
    PANEL_AWAITED,
    tell_opened,
)
from .people import ADDED_TO_TEAM, NAMED_OPENER, NAMED_PANELIST
from .questions import ANSWERS_PUBLISHED, QUESTION_DECLINED, QUESTIONS_WAIT
from .submissions import AUTHOR_ADDED, RECEIPT, REFUSED, WITHDRAWN

__all__ = [
    "ADDED_TO_TEAM",
    "ANNOUNCED",
    "ANSWERS_PUBLISHED",
    "ANSWER_OPENED",
    "AUTHOR_ADDED",
    "CONFLICT_DECLARED",
    "DECIDED",
    "NAMED_OPENER",
    "NAMED_PANELIST",
    "OPENED",
    "OPENING_APPROVED",
    "PANEL_AWAITED",
    "QUESTIONS_WAIT",
    "QUESTION_DECLINED",
    "RECEIPT",
    "REFUSED",
    "WITHDRAWN",
    "tell_opened",
]
