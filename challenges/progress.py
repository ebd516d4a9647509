"""How far a step, a section or a part of an answer has come."""

from enum import StrEnum


class Progress(StrEnum):
    """The values are the classes by which the pages colour the words."""

    OPEN = ""
    DONE = "ok"
    WRONG = "err"


OPEN, DONE, WRONG = Progress
