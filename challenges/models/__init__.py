from .challenges import LANGUAGES, Challenge, Criterion, Outcome
from .submissions import (
    Answer,
    Attempt,
    SetAside,
    Submission,
    SubmissionAuthor,
    SubmissionFile,
    SubmissionVersion,
)

__all__ = [
    "LANGUAGES",
    "Answer",
    "Attempt",
    "Challenge",
    "Criterion",
    "Outcome",
    "SetAside",
    "Submission",
    "SubmissionAuthor",
    "SubmissionFile",
    "SubmissionVersion",
]
