from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from afori.common import formatting

STOCKHOLM = ZoneInfo("Europe/Stockholm")
NOON = datetime(2026, 10, 15, 12, 0, tzinfo=STOCKHOLM)
WINTER = datetime(2026, 12, 2, 8, 5, 9, tzinfo=STOCKHOLM)
TODAY = date(2026, 11, 20)


def spaced(text):
    return text.replace("\u00a0", " ")


@pytest.mark.parametrize(
    ("value", "sv", "en"),
    [
        (0, "0", "0"),
        (7600, "7\u00a0600", "7,600"),
        (1234567, "1\u00a0234\u00a0567", "1,234,567"),
        (1.5, "1,5", "1.5"),
        (-1200, "-1\u00a0200", "-1,200"),
    ],
)
def test_number(value, sv, en):
    assert formatting.number(value, "sv") == sv
    assert formatting.number(value, "en") == en


def test_per_cent_has_the_sign_of_the_language_and_never_wraps():
    assert formatting.percent(60, "sv") == "60\u00a0%"
    assert formatting.percent(66.5, "sv") == "66,5\u00a0%"
    assert formatting.percent(60, "en") == "60%"


@pytest.mark.parametrize(
    ("low", "high", "sv", "en"),
    [
        (350_000, None, "350 000 kr", "SEK 350,000"),
        (41_000_000, None, "41 mnkr", "SEK 41 million"),
        (41_260_000, None, "41,3 mnkr", "SEK 41.3 million"),
        (1_250_000, None, "1,25 mnkr", "SEK 1.25 million"),
        (100_000_000, None, "100 mnkr", "SEK 100 million"),
        (1_200_000_000, None, "1,2 mdkr", "SEK 1.2 billion"),
        (4_000_000, 6_000_000, "4–6 mnkr", "SEK 4–6 million"),
        (100_000, 500_000, "100 000–500 000 kr", "SEK 100,000–500,000"),
        (500_000, 4_000_000, "500 000 kr–4 mnkr", "SEK 500,000–SEK 4 million"),
        (5, 5, "5 kr", "SEK 5"),
        (None, 500_000, "500 000 kr", "SEK 500,000"),
        (0, None, "0 kr", "SEK 0"),
        (None, None, "", ""),
    ],
)
def test_sek(low, high, sv, en):
    assert spaced(formatting.sek(low, "sv", high)) == sv
    assert spaced(formatting.sek(low, "en", high)) == en


def test_sums_do_not_break_between_lines():
    assert " " not in formatting.sek(4_000_000, "sv", 6_000_000)
    assert " " not in formatting.sek(41_000_000, "en")


@pytest.mark.parametrize(
    ("count", "sv", "en"),
    [
        (999, "999 B", "999 B"),
        (38_400, "38 kB", "38 kB"),
        (999_600, "1,0 MB", "1.0 MB"),
        (1_400_000, "1,4 MB", "1.4 MB"),
    ],
)
def test_file_size(count, sv, en):
    assert spaced(formatting.file_size(count, "sv")) == sv
    assert spaced(formatting.file_size(count, "en")) == en


@pytest.mark.parametrize(
    ("moment", "options", "sv", "en"),
    [
        (NOON, {}, "15 okt. 2026 kl. 12.00", "15 Oct 2026 at 12.00"),
        (NOON, {"year": False}, "15 okt. kl. 12.00", "15 Oct at 12.00"),
        (
            WINTER,
            {"style": "weekday", "seconds": True},
            "onsdag 2 december 2026 kl. 8.05.09",
            "Wednesday 2 December 2026 at 8.05.09",
        ),
    ],
)
def test_when(moment, options, sv, en):
    assert spaced(formatting.when(moment, "sv", **options)) == sv
    assert spaced(formatting.when(moment, "en", **options)) == en


@pytest.mark.parametrize(
    ("first", "last", "sv", "en"),
    [
        (
            (2026, 11, 30),
            (2026, 12, 4),
            "30 november–4 december 2026",
            "30 November–4 December 2026",
        ),
        ((2026, 5, 1), (2026, 5, 3), "1–3 maj 2026", "1–3 May 2026"),
        ((2026, 5, 1), (2026, 5, 1), "1 maj 2026", "1 May 2026"),
        (
            (2026, 12, 31),
            (2027, 1, 2),
            "31 december 2026–2 januari 2027",
            "31 December 2026–2 January 2027",
        ),
    ],
)
def test_span(first, last, sv, en):
    assert spaced(formatting.span(date(*first), date(*last), "sv")) == sv
    assert spaced(formatting.span(date(*first), date(*last), "en")) == en


@pytest.mark.parametrize(
    ("days", "sv", "en"),
    [
        (0, "i dag", "today"),
        (1, "i morgon", "tomorrow"),
        (-1, "i går", "yesterday"),
        (3, "om 3 dagar", "in 3 days"),
        (-2, "för 2 dagar sedan", "2 days ago"),
    ],
)
def test_relative_day(days, sv, en):
    there = TODAY + timedelta(days=days)
    assert formatting.relative_day(there, TODAY, "sv") == sv
    assert formatting.relative_day(there, TODAY, "en") == en


@pytest.mark.parametrize(
    ("left", "sv", "en", "soon"),
    [
        (timedelta(days=12), "12 dagar kvar", "12 days left", False),
        (timedelta(days=8), "8 dagar kvar", "8 days left", False),
        (timedelta(days=7), "7 dagar kvar", "7 days left", True),
        (timedelta(days=1), "1 dag kvar", "1 day left", True),
        (timedelta(hours=3, minutes=59), "3 tim kvar i dag", "3 h left today", True),
        (timedelta(minutes=40), "40 min kvar i dag", "40 min left today", True),
        (timedelta(seconds=1), "1 min kvar i dag", "1 min left today", True),
    ],
)
def test_time_left(left, sv, en, soon):
    assert spaced(str(formatting.time_left(NOON + left, NOON, "sv"))) == sv
    assert spaced(str(formatting.time_left(NOON + left, NOON, "en"))) == en
    assert formatting.time_left(NOON + left, NOON, "sv").soon is soon


def test_time_left_counts_calendar_days_over_a_change_of_clocks():
    before = datetime(2026, 10, 24, 23, 0, tzinfo=STOCKHOLM)
    after = datetime(2026, 10, 26, 1, 0, tzinfo=STOCKHOLM)
    assert formatting.time_left(after, before, "sv").figure == "2"


def test_time_left_until_a_start_is_never_in_a_hurry():
    left = formatting.time_left(NOON + timedelta(days=2), NOON, "sv", start=True)
    assert (str(left), left.soon) == ("2 dagar till start", False)


def test_nothing_is_left_at_the_very_moment():
    assert formatting.time_left(NOON, NOON, "sv") is None


def test_zone_is_that_of_the_moment():
    assert formatting.zone(NOON, "sv") == "svensk tid (UTC+2)"
    assert formatting.zone(WINTER, "sv") == "svensk tid (UTC+1)"
    assert formatting.zone(WINTER, "en") == "Swedish time (UTC+1)"


def test_week_month_and_weekday():
    assert formatting.week(WINTER, "sv") == "vecka 49"
    assert formatting.month(WINTER, "sv") == "december 2026"
    assert formatting.month(date(2027, 9, 1), "sv", style="short") == "sept. 2027"
    assert formatting.weekday(WINTER, "sv", style="short") == "ons"
    assert formatting.weekday(WINTER, "en") == "Wednesday"


def test_a_language_without_a_format_falls_back_to_english():
    assert formatting.number(7600, "fi") == "7,600"
