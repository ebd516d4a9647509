from .answering import answer
from .drafts import (
    answer_edit,
    author_remove,
    authors,
    autosave,
    file,
    file_add,
    file_remove,
    partners,
    set_aside_discard,
    submission,
)
from .public import ChallengeDetail, ChallengeList, calendar
from .submitting import receipt, submit, withdraw

__all__ = [
    "ChallengeDetail",
    "ChallengeList",
    "answer",
    "answer_edit",
    "author_remove",
    "authors",
    "autosave",
    "calendar",
    "file",
    "file_add",
    "file_remove",
    "partners",
    "receipt",
    "set_aside_discard",
    "submission",
    "submit",
    "withdraw",
]
