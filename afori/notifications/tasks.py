import imaplib
import logging

from celery import shared_task
from django.conf import settings

from . import outbox, planning, spreading
from .bounce_mailbox import read_mailbox

logger = logging.getLogger(__name__)


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


@shared_task(expires=300)
def read_bounces():
    """Read the mailbox of delivery reports, if there is one. What is missed waits there."""
    if not settings.AFORI_BOUNCE_MAILBOX:
        return
    try:
        read_mailbox(settings.AFORI_BOUNCE_MAILBOX)
    except (OSError, imaplib.IMAP4.error) as error:
        logger.warning("The mailbox of bounces cannot be read: %s", type(error).__name__)
