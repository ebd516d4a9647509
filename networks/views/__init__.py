from .joining import decide, join, leave, remove_member, requests, withdraw
from .needs import NeedDetail, NeedList, commit_to_need, uncommit
from .networks import NetworkDetail, NetworkList
from .room import document, document_add, document_remove, room

__all__ = [
    "NeedDetail",
    "NeedList",
    "NetworkDetail",
    "NetworkList",
    "commit_to_need",
    "decide",
    "document",
    "document_add",
    "document_remove",
    "join",
    "leave",
    "remove_member",
    "requests",
    "room",
    "uncommit",
    "withdraw",
]
