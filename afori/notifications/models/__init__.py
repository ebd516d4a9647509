from .addresses import BounceReport, MailAddress
from .digests import Digest
from .following import Follow, Preference, Reader
from .mails import OutgoingMail, random_key
from .news import Activity, ActivityTarget
from .notifications import Notification

__all__ = [
    "Activity",
    "ActivityTarget",
    "BounceReport",
    "Digest",
    "Follow",
    "MailAddress",
    "Notification",
    "OutgoingMail",
    "Preference",
    "Reader",
    "random_key",
]
