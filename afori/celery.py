import os
import tempfile
from pathlib import Path

from celery import Celery
from celery.signals import beat_init, celeryd_after_setup, heartbeat_sent

from challenges import opener

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "afori.settings")

app = Celery("afori")
app.config_from_object("django.conf:settings", namespace="CELERY")
# Whoever reaches the broker could ask the opener for what it holds, or give it other queues.
app.conf.worker_enable_remote_control = not opener.has_kek()
app.autodiscover_tasks()

OPENER = {"opener"}
OPENERS_TASK = "challenges.tasks.work_as_opener"
SIGN_OF_LIFE = Path(tempfile.gettempdir(), f"afori-opener-{os.getuid()}")


@celeryd_after_setup.connect
def keep_keys_apart(sender, instance, **kwargs):
    """The opener's worker does nothing else, and no other worker holds its key.

    Celery goes on after any exception in here but SystemExit.
    """
    queues = set(instance.app.amqp.queues.consume_from)
    if OPENER & queues and queues != OPENER:
        raise SystemExit("The opener's worker takes the queue opener alone.")
    if opener.has_kek() != (queues == OPENER):
        raise SystemExit("AFORI_OPENER_KEK belongs to the opener's worker alone.")
    if queues == OPENER:
        for name in set(instance.app.tasks) - {OPENERS_TASK}:
            instance.app.tasks.unregister(name)


@beat_init.connect
def keep_key_from_beat(sender, **kwargs):
    if opener.has_kek():
        raise SystemExit("AFORI_OPENER_KEK belongs to the opener's worker alone.")


@heartbeat_sent.connect
def show_life(sender, **kwargs):
    """The opener answers nobody: that it lives shows in the age of a file."""
    if opener.has_kek():
        SIGN_OF_LIFE.touch()
