"""Reading `content/demo/`, where days are counted from today: `{ days = 12, at = 12:00:00 }`."""

from datetime import datetime, timedelta

from django.utils import timezone

from ..arena import CONTENT, read


def tables(name, table):
    return read(CONTENT / "demo" / f"{name}.toml").get(table, [])


def dated(value, today):
    """The record with days from today as dates, and as moments where a time is given."""
    if isinstance(value, dict) and "days" in value and value.keys() <= {"days", "at"}:
        day = today + timedelta(days=value["days"])
        return moment(day, value["at"]) if "at" in value else day
    if isinstance(value, dict):
        return {key: dated(one, today) for key, one in value.items()}
    if isinstance(value, list):
        return [dated(one, today) for one in value]
    return value


def moment(day, time):
    return datetime.combine(day, time, tzinfo=timezone.get_default_timezone())
