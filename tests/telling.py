from afori.notifications import outbox
from afori.notifications.models import Notification
from afori.notifications.spreading import spread


def notified(**wanted):
    """Notifications, when the workers have told of all that happened."""
    spread()
    return Notification.objects.filter(**wanted)


def send_all():
    """What a worker does every few seconds."""
    spread()
    outbox.drain()
