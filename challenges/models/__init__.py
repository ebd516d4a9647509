from .amendments import AmendedField, Amendment
from .audit import AuditEntry, DayHead
from .challenges import LANGUAGES, Challenge
from .criteria import Criterion
from .evaluation import (
    HIGHEST,
    LOWEST,
    Consensus,
    Decision,
    HandedIn,
    Panelist,
    Recusal,
    Score,
)
from .outcomes import Became, FollowUp, Outcome
from .people import Opener, TeamMember
from .questions import AnswerRun, Asker, Question
from .sealing import Approval, ChallengeKey, OpenedAnswer, Opening, Reading, SealedPart
from .submissions import (
    Answer,
    Attempt,
    SetAside,
    Submission,
    SubmissionAuthor,
    SubmissionFile,
    SubmissionVersion,
)
from .writing import ChangeRequest, Section, SectionName

__all__ = [
    "HIGHEST",
    "LANGUAGES",
    "LOWEST",
    "AmendedField",
    "Amendment",
    "Answer",
    "AnswerRun",
    "Approval",
    "Asker",
    "Attempt",
    "AuditEntry",
    "Became",
    "Challenge",
    "ChallengeKey",
    "ChangeRequest",
    "Consensus",
    "Criterion",
    "DayHead",
    "Decision",
    "FollowUp",
    "HandedIn",
    "OpenedAnswer",
    "Opener",
    "Opening",
    "Outcome",
    "Panelist",
    "Question",
    "Reading",
    "Recusal",
    "Score",
    "SealedPart",
    "Section",
    "SectionName",
    "SetAside",
    "Submission",
    "SubmissionAuthor",
    "SubmissionFile",
    "SubmissionVersion",
    "TeamMember",
]
