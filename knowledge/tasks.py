from celery import shared_task

from . import actions


@shared_task(expires=60)
def send_theme_weeks():
    """Let the mails of theme weeks go out when their time comes. Runs every minute."""
    actions.send_due()


@shared_task(expires=60)
def tell_of_articles():
    """Every minute: articles that have come out, at their time or by an editor's hand."""
    actions.tell_of_articles()
