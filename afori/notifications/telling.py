from .actions import notify_all
from .registry import get


def tell(users, name, subject):
    """Tell people about the subject, by the name of the kind: for apps that stand below this one."""
    notify_all(users, get(name), subject)
