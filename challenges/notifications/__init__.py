from .people import ADDED_TO_TEAM, NAMED_OPENER, NAMED_PANELIST
from .submissions import AUTHOR_ADDED, RECEIPT, REFUSED, WITHDRAWN

__all__ = [
    "ADDED_TO_TEAM",
    "AUTHOR_ADDED",
    "NAMED_OPENER",
    "NAMED_PANELIST",
    "RECEIPT",
    "REFUSED",
    "WITHDRAWN",
]
