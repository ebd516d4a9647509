import json
import logging
import re

ADDRESS = re.compile(r"[^\s@'\"<>(=]+@[^\s@'\"<>)]+")

# Addresses hold tokens, as `afori.common.models.new_token` makes them: who has the token of an
# answer, an invitation or a receipt knows of it.
TOKEN = re.compile(r"(?<=/)[a-km-np-z2-9]{16}(?=/|$|[\s?#\"'])")


class JSONFormatter(logging.Formatter):
    """One line of JSON a record: no request bodies, no local variables, no e-mail addresses, no
    tokens of addresses.
    """

    def format(self, record):
        line = {
            "time": self.formatTime(record, "%Y-%m-%dT%H:%M:%S%z"),
            "level": record.levelname,
            "logger": record.name,
            "message": record.getMessage(),
        }
        if record.exc_info:
            line["exception"] = self.formatException(record.exc_info)
        written = ADDRESS.sub("[address]", json.dumps(line, ensure_ascii=False))
        return TOKEN.sub("[token]", written)
