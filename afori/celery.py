import os

from celery import Celery
from celery.signals import celeryd_after_setup

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "afori.settings")

app = Celery("afori")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()

OPENER = {"opener"}


@celeryd_after_setup.connect
def keep_keys_apart(sender, instance, **kwargs):
    """The opener's worker does nothing else, and no other worker holds its key."""
    from django.conf import settings
    from django.core.exceptions import ImproperlyConfigured

    queues = set(instance.app.amqp.queues.consume_from)
    if OPENER & queues and queues != OPENER:
        raise ImproperlyConfigured("The opener's worker takes the queue opener alone.")
    if bool(settings.AFORI_OPENER_KEK) != (queues == OPENER):
        raise ImproperlyConfigured("AFORI_OPENER_KEK belongs to the opener's worker alone.")
