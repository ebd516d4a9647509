from .challenges import cancel, complete, decide, publish, return_to_draft, send_to_review
from .drafts import (
    Saved,
    add_author,
    add_file,
    discard_set_aside,
    remove_author,
    remove_file,
    save_answer,
    save_partners,
    start_submission,
)
from .openers import name_opener, remove_opener
from .submitting import KeyUsed, NotComplete, TooLate, submit, withdraw

__all__ = [
    "KeyUsed",
    "NotComplete",
    "Saved",
    "TooLate",
    "add_author",
    "add_file",
    "cancel",
    "complete",
    "decide",
    "discard_set_aside",
    "name_opener",
    "publish",
    "remove_author",
    "remove_file",
    "remove_opener",
    "return_to_draft",
    "save_answer",
    "save_partners",
    "send_to_review",
    "start_submission",
    "submit",
    "withdraw",
]
