from .needs import Commitment, Demand, Need
from .networks import Network, NetworkMembership
from .programmes import Financing, NetworkDocument, Programme

__all__ = [
    "Commitment",
    "Demand",
    "Financing",
    "Need",
    "Network",
    "NetworkDocument",
    "NetworkMembership",
    "Programme",
]
