import logging

from celery import shared_task
from django.utils import timezone

from . import actions, audit

logger = logging.getLogger(__name__)


@shared_task(queue="opener", expires=10)
def work_as_opener():
    """What only the opener's process can do: make keys, promise later times, open what two
    have approved. Runs every few seconds; the database says what there is to do.
    """
    actions.make_keys()
    actions.renew_promises()
    actions.open_approved()


@shared_task
def close_days():
    """Publish the heads of the audit chain for the days that have ended."""
    audit.close_days(timezone.localdate())
