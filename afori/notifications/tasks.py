from celery import shared_task

from . import outbox, spreading


@shared_task(expires=60)
def send_mail():
    """Tell of what has happened and send what waits. Runs every five seconds and whenever
    something was queued.
    """
    spreading.spread()
    outbox.drain()
