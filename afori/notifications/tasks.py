from celery import shared_task

from . import outbox


@shared_task(expires=60)
def send_mail():
    """Send what waits. Runs every five seconds and whenever something was queued."""
    outbox.drain()
