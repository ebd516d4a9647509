from .answering import (
    AnswerForm,
    AuthorForm,
    DraftField,
    FileForm,
    PartnersForm,
    SubmitForm,
    text_area,
)
from .lists import ChallengeFilter, Status

__all__ = [
    "AnswerForm",
    "AuthorForm",
    "ChallengeFilter",
    "DraftField",
    "FileForm",
    "PartnersForm",
    "Status",
    "SubmitForm",
    "text_area",
]
