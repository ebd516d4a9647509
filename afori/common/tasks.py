from celery import shared_task

from . import retention


@shared_task
def apply_retention():
    """Remove what has been kept for long enough. Two at the same time share the work."""
    retention.apply_all()
