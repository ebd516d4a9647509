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
from .sections import person_name, person_remove, section
from .starting import new
from .submitting import receipt, submit, withdraw
from .team import role, team, team_remove
from .work import Preview, send_to_review, work

__all__ = [
    "ChallengeDetail",
    "ChallengeList",
    "Preview",
    "answer",
    "answer_edit",
    "author_remove",
    "authors",
    "autosave",
    "calendar",
    "file",
    "file_add",
    "file_remove",
    "new",
    "partners",
    "person_name",
    "person_remove",
    "receipt",
    "role",
    "section",
    "send_to_review",
    "set_aside_discard",
    "submission",
    "submit",
    "team",
    "team_remove",
    "withdraw",
    "work",
]
