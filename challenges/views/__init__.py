from .agreeing import consensus, consensus_answer, ranking
from .amending import amendment, amendments
from .answering import answer
from .answering_questions import (
    work_publish_answers,
    work_question,
    work_question_correct,
    work_question_decline,
    work_question_drop,
    work_questions,
)
from .authors import author_remove, authors
from .copies import copy, copy_file, copy_text
from .deciding import decision, decision_preview, decisions, decisions_send
from .drafts import (
    answer_edit,
    answer_leave,
    answer_take_over,
    autosave,
    file,
    file_add,
    file_remove,
    partners,
    set_aside_discard,
    submission,
)
from .judging import answers, opened_answer, opened_file
from .opening import opening, protocol, protocol_file
from .outcomes import cancel, follow_up, outcome, overdue
from .panel import panel, panel_check
from .public import ChallengeDetail, ChallengeList, ChallengePrint, calendar
from .publishing import publishing, publishing_cancel, take_back
from .questions import ask, question_take_back, questions
from .receipts import receipt_check, seal
from .reviewing import ReviewQueue, review
from .sections import person_name, person_remove, section
from .starting import new
from .submitting import receipt, submit, withdraw
from .team import role, team, team_remove
from .throwing_away import throw_away
from .work import Preview, send_to_review, work

__all__ = [
    "ChallengeDetail",
    "ChallengeList",
    "ChallengePrint",
    "Preview",
    "ReviewQueue",
    "amendment",
    "amendments",
    "answer",
    "answer_edit",
    "answer_leave",
    "answer_take_over",
    "answers",
    "ask",
    "author_remove",
    "authors",
    "autosave",
    "calendar",
    "cancel",
    "consensus",
    "consensus_answer",
    "copy",
    "copy_file",
    "copy_text",
    "decision",
    "decision_preview",
    "decisions",
    "decisions_send",
    "file",
    "file_add",
    "file_remove",
    "follow_up",
    "new",
    "opened_answer",
    "opened_file",
    "opening",
    "outcome",
    "overdue",
    "panel",
    "panel_check",
    "partners",
    "person_name",
    "person_remove",
    "protocol",
    "protocol_file",
    "publishing",
    "publishing_cancel",
    "question_take_back",
    "questions",
    "ranking",
    "receipt",
    "receipt_check",
    "review",
    "role",
    "seal",
    "section",
    "send_to_review",
    "set_aside_discard",
    "submission",
    "submit",
    "take_back",
    "team",
    "team_remove",
    "throw_away",
    "withdraw",
    "work",
    "work_publish_answers",
    "work_question",
    "work_question_correct",
    "work_question_decline",
    "work_question_drop",
    "work_questions",
]
