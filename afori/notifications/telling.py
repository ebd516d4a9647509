from afori.common.models import new_token

from .actions import notify_all, queue_mail
from .registry import get


def tell(users, name, subject, *, once=""):
    """Tell people about the subject, by the name of its kind: for apps that stand below."""
    notify_all(users, get(name), subject, once=once)


def write_to(address, name, subject, *, user=None):
    """Queue a mail about the subject to an address that need not be anybody's here."""
    queue_mail(
        kind=name,
        key=f"{name}:{new_token()}",
        address=address,
        language=user and user.language,
        subject_id=subject.pk,
    )
