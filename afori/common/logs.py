import json
import logging
import re

ADDRESS = re.compile(r"[^\s@'\"<>(=]+@[^\s@'\"<>)]+")


class JSONFormatter(logging.Formatter):
    """One line of JSON a record: no request bodies, no local variables, no e-mail addresses."""

    def format(self, record):
        line = {
            "time": self.formatTime(record, "%Y-%m-%dT%H:%M:%S%z"),
            "level": record.levelname,
            "logger": record.name,
            "message": record.getMessage(),
        }
        if record.exc_info:
            line["exception"] = self.formatException(record.exc_info)
        return ADDRESS.sub("[address]", json.dumps(line, ensure_ascii=False))
