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
from .keys import ask_for_key, drop_key, make_keys, renew_promises
from .openers import name_opener, remove_opener
from .opening import NotNow, approve_opening, open_approved, open_submissions
from .submitting import KeyUsed, NotComplete, TooLate, submit, withdraw

__all__ = [
    "KeyUsed",
    "NotComplete",
    "NotNow",
    "Saved",
    "TooLate",
    "add_author",
    "add_file",
    "approve_opening",
    "ask_for_key",
    "cancel",
    "complete",
    "decide",
    "discard_set_aside",
    "drop_key",
    "make_keys",
    "name_opener",
    "open_approved",
    "open_submissions",
    "publish",
    "remove_author",
    "remove_file",
    "remove_opener",
    "renew_promises",
    "return_to_draft",
    "save_answer",
    "save_partners",
    "send_to_review",
    "start_submission",
    "submit",
    "withdraw",
]
