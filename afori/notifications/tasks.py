from celery import shared_task

from . import outbox, planning, spreading


@shared_task(expires=60)
def send_mail():
    """Tell of what has happened and send what waits. Runs every five seconds and whenever
    something was queued.
    """
    spreading.spread()
    outbox.drain()


@shared_task(expires=60)
def plan_digests():
    """Plan the digests that are due and begin to send them. Two at the same time plan each once."""
    if planning.plan():
        outbox.drain()
