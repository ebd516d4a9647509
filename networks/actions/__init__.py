from .commitments import commit, withdraw_commitment
from .documents import add_document, remove_document
from .memberships import (
    NEXT,
    AlreadyDecided,
    accept,
    appoint,
    decline,
    leave,
    remove,
    request_membership,
    why_not_appoint,
    why_not_join,
    withdraw_request,
)

__all__ = [
    "NEXT",
    "AlreadyDecided",
    "accept",
    "add_document",
    "appoint",
    "commit",
    "decline",
    "leave",
    "remove",
    "remove_document",
    "request_membership",
    "why_not_appoint",
    "why_not_join",
    "withdraw_commitment",
    "withdraw_request",
]
