"""What one server is to us: a process, its log, and whether it answers."""

import signal
import time
from typing import Any

from . import Unavailable
from .processes import last_words, stop_process


class Server:
    """One server and its log. `start` returns when it answers; `poll` is None while it runs."""

    name = ""
    stop_signal = signal.SIGTERM

    def __init__(self, log_folder):
        self.log_path = log_folder / f"{self.name}.log"
        self.process: Any = None

    def start(self):
        self.launch()
        self.wait(seconds=60)

    def launch(self):
        """Start the process without waiting for it."""
        raise NotImplementedError

    def is_ready(self):
        raise NotImplementedError

    def wait(self, seconds):
        limit = time.monotonic() + seconds
        while not self.is_ready():
            if self.process.poll() is not None or time.monotonic() > limit:
                self.stop()
                raise Unavailable(f"{self.name} does not start: {last_words(self.log_path)}")
            time.sleep(0.05)

    def poll(self):
        return None if self.process is None else self.process.poll()

    def stop(self):
        stop_process(self.process, self.stop_signal)
