"""A nudge to the workers. What waits is in the database: a missing broker costs little."""

import logging
import time

from celery import current_app
from kombu.transport import redis  # noqa: F401 - loaded now, not within somebody's first request

from .tasks import send_mail

logger = logging.getLogger(__name__)

QUICK = {
    "max_retries": 0,
    "socket_connect_timeout": 0.5,
    "socket_timeout": 0.5,
    "retry_on_timeout": False,
}
REST = 5  # seconds between attempts while the broker is away; the clock sends as often anyway
PAUSE = 0.25  # seconds between two nudges: a worker takes all that waits, not one mail for each


class Broker:
    """Remembers that the broker was away, so that not every request waits for it."""

    def __init__(self):
        self.away_until = self.nudged_until = 0.0
        self.is_away = False

    def failed(self, error):
        self.away_until = time.monotonic() + REST
        if not self.is_away:
            logger.warning("The broker is away, mails wait for the clock: %s", type(error).__name__)
        self.is_away = True

    def answered(self):
        self.is_away = False
        self.nudged_until = time.monotonic() + PAUSE

    @property
    def rests(self):
        return time.monotonic() < (self.away_until if self.is_away else self.nudged_until)


broker = Broker()


def wake():
    """Ask a worker to send what waits. Never raises and takes at most about a second.

    Nudges that follow each other at once are one; what they miss, the clock finds.
    """
    if broker.rests:
        return
    try:
        publish()
    except Exception as error:
        broker.failed(error)
    else:
        broker.answered()


def publish():
    with current_app.connection_for_write(transport_options=QUICK) as connection:
        send_mail.apply_async(connection=connection, retry=False)
