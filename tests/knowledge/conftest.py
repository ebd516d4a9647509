import datetime as dt
from zoneinfo import ZoneInfo

import pytest

from afori.accounts.groups import make_editors
from afori.notifications import waking

from .. import factories as make

STOCKHOLM = ZoneInfo("Europe/Stockholm")
MONDAY = dt.date(2026, 11, 30)


def at(day, hour, minute=0, *, monday=MONDAY):
    """That hour in Sweden, days from the Monday."""
    return dt.datetime.combine(monday + dt.timedelta(days=day), dt.time(hour, minute), STOCKHOLM)


@pytest.fixture(autouse=True)
def no_nudges(monkeypatch):
    """Nothing is published to the broker; the tests drain by themselves."""
    monkeypatch.setattr(waking, "publish", lambda: None)
    monkeypatch.setattr(waking, "broker", waking.Broker())


@pytest.fixture
def week():
    """Monday to Friday, with a recap and a topic."""
    week = make.ThemeWeekFactory(
        title_sv="Köp det som går runt",
        title_en="Buy what goes round",
        slug="runt",
        starts_on=MONDAY,
        ends_on=MONDAY + dt.timedelta(days=4),
        recap_sv="<p>Det blev bra.</p>",
    )
    week.topics.add(make.TopicFactory())
    return week


@pytest.fixture
def editor():
    person = make.UserFactory(name="Edit Redaktör", is_staff=True)
    person.groups.add(make_editors())
    return person
