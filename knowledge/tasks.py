from celery import shared_task

from . import actions


@shared_task(expires=60)
def send_theme_weeks():
    """Let the mails of theme weeks go out when their time comes. Runs every minute."""
    actions.send_due()
