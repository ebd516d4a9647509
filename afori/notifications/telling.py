from .actions import notify_all
from .registry import get


def tell(users, name, subject):
    """Tell people about the subject, by the name of its kind: for apps that stand below."""
    notify_all(users, get(name), subject)
