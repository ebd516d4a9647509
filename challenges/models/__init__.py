from .challenges import LANGUAGES, Challenge, Criterion, Opener, Outcome
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
    "Opener",
    "Outcome",
    "SetAside",
    "Submission",
    "SubmissionAuthor",
    "SubmissionFile",
    "SubmissionVersion",
]
