import logging

from celery import shared_task
from django.utils import timezone

from . import actions, audit, reminders

logger = logging.getLogger(__name__)
OPENERS_WORK = (
    actions.check_keys,
    actions.make_keys,
    actions.renew_promises,
    actions.open_approved,
)


@shared_task(expires=10)
def work_as_opener():
    """What only the opener's process can do: make keys, promise later times, open what two
    have approved. Runs every few seconds; the database says what there is to do. None of the
    four stops the next.
    """
    for work in OPENERS_WORK:
        try:
            work()
        except Exception:
            logger.exception("%s failed", work.__name__)


@shared_task(expires=10)
def publish_challenges():
    """Publish what an editor has approved, whose time has come and whose keys are made."""
    actions.publish_due()


@shared_task
def close_days():
    """Publish the heads of the audit chain for the days that have ended."""
    audit.close_days(timezone.localdate())


@shared_task
def publish_outcomes():
    """Let all read the outcomes whose wait is over. Two at the same time publish each once."""
    actions.publish_due_outcomes()


@shared_task
def remind_openers():
    """Tell those who open that the time to answer is over."""
    reminders.remind_openers()


@shared_task
def remind_teams():
    """Every night: what the teams have still to tell."""
    reminders.remind_of_follow_ups()
    reminders.remind_of_outcomes()


@shared_task
def tell_of_questions():
    """Each morning: what suppliers asked before today, to those who are to answer it."""
    actions.tell_of_questions(timezone.localdate())
