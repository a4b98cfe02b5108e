"""Opening hours by date: nth weekdays, holidays, dates and years, what comes next, and federal holidays themselves."""

import datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from geo.countries import country_of
from geo.opening_hours import open_until, opens_next, read_hours, says_of_holiday, spans_on, weekly_hours
from geo.public_holidays import NAMES, public_holiday

DAY = 1440
NINE = ((540, 720),)


def on(text: str, date: str, country: str = "us"):
    hours = read_hours(text)
    assert hours is not None, text
    return spans_on(hours, datetime.date.fromisoformat(date), country)


@pytest.mark.parametrize(
    ("date", "name"),
    [
        # the days that the Office of Personnel Management lists for 2026 and 2027
        ("2026-01-01", "new_year"), ("2026-01-19", "king"), ("2026-02-16", "presidents"), ("2026-05-25", "memorial"),
        ("2026-06-19", "juneteenth"), ("2026-07-03", "independence"), ("2026-09-07", "labor"),
        ("2026-10-12", "columbus"), ("2026-11-11", "veterans"), ("2026-11-26", "thanksgiving"),
        ("2026-12-25", "christmas"), ("2027-06-18", "juneteenth"), ("2027-07-05", "independence"),
        ("2027-12-24", "christmas"), ("2027-12-31", "new_year"),
        # the days themselves, and none
        ("2026-07-04", "independence"), ("2027-12-25", "christmas"), ("2026-11-27", None), ("2026-05-18", None),
        ("2020-06-19", None), ("2024-11-28", "thanksgiving"),
    ],
)  # fmt: skip
def test_federal_holidays(date: str, name: str | None) -> None:
    assert public_holiday(datetime.date.fromisoformat(date), "us") == name
    assert public_holiday(datetime.date.fromisoformat(date), "ca") is None


@given(st.integers(2021, 2400))
def test_a_year_has_each_holiday_and_seven_on_weekdays_by_law(year: int) -> None:
    first = datetime.date(year, 1, 1)
    days = [first + datetime.timedelta(days=k) for k in range(366) if (first + datetime.timedelta(days=k)).year == year]
    holidays = {day: name for day in days if (name := public_holiday(day, "us"))}
    assert set(holidays.values()) == set(NAMES)
    for name, weekday, low in (("thanksgiving", 3, 22), ("labor", 0, 1), ("memorial", 0, 25), ("king", 0, 15)):
        (day,) = [day for day, holiday in holidays.items() if holiday == name]
        assert day.weekday() == weekday
        assert low <= day.day <= low + 6


@pytest.mark.parametrize(
    ("zone", "country"),
    [
        ("America/New_York", "us"), ("US/Eastern", "us"), ("America/Kentucky/Louisville", "us"), ("Navajo", "us"),
        ("America/Puerto_Rico", "us"), ("Pacific/Guam", "us"), ("America/Toronto", "ca"), ("America/Tijuana", "mx"),
        ("Europe/London", "gb"), ("Europe/Amsterdam", "nl"), ("Pacific/Fiji", "fj"), ("UTC", ""), ("Etc/GMT+5", ""),
        ("nowhere", ""), ("", ""),
    ],
)  # fmt: skip
def test_the_country_of_a_time_zone(zone: str, country: str) -> None:
    assert country_of(zone) == country


@pytest.mark.parametrize(
    ("text", "date", "spans"),
    [
        ("Tu[2] 09:00-12:00", "2026-12-08", NINE),
        ("Tu[2] 09:00-12:00", "2026-12-01", ()),
        ("Tu[-1] 09:00-12:00", "2026-12-29", NINE),
        ("Tu[-1] 09:00-12:00", "2026-12-22", ()),
        ("Tu[1,3-4] 09:00-12:00", "2026-12-22", NINE),
        ("Mo-Fr,PH 09:00-12:00", "2026-07-04", NINE),  # a Saturday
        ("Mo-Fr,PH 09:00-12:00", "2026-07-11", ()),
        ("PH,Sa 09:00-12:00; Mo-Fr 08:00-18:00", "2026-11-26", NINE),
        ("Mo-Fr 09:00-12:00; PH off", "2026-11-26", ()),
        ("PH off; Mo-Fr 09:00-12:00", "2026-11-26", ()),  # what is said of holidays holds on them
        ("Su,PH off; Mo-Sa 09:00-12:00", "2026-11-26", ()),
        ("Mo-Fr 09:00-12:00; PH off", "2026-11-27", NINE),
        ("PH Sa 09:00-12:00; Mo-Fr 08:00-18:00", "2026-07-04", NINE),
        ("PH Sa 09:00-12:00; Mo-Fr 08:00-18:00", "2026-11-26", ((480, 1080),)),
        ("Mo-Fr 08:00-18:00; 2024 Nov 28 Th 09:00-12:00", "2024-11-28", NINE),
        ("Mo-Fr 08:00-18:00; 2024 Nov 28 Th 09:00-12:00", "2026-11-05", ((480, 1080),)),
        ("24/7; Dec 24-26 off", "2026-12-25", ()),
        ("24/7; Dec 24,31 off", "2026-12-31", ()),
        ("Nov-Mar Mo 09:00-12:00", "2026-01-05", NINE),
        ("Nov-Mar Mo 09:00-12:00", "2026-05-04", ()),
        ("2026 Mar 01+ Mo 09:00-12:00", "2031-03-03", NINE),
        ("2026 Mar 01+ Mo 09:00-12:00", "2026-02-23", None),  # not yet true, so nothing is known
        ("2019 Jan 01-2019 Dec 31 Su 09:00-17:00", "2026-01-04", None),  # no longer true
        ("2019 Jan 01-2019 Dec 31 Su 09:00-17:00; 2027 Jan 01 off", "2026-01-04", None),
        ("2026 Dec 25 off", "2026-12-25", ()),
        ("Mo-Fr 09:00-12:00, Sa 10:00-14:00", "2026-01-10", ((600, 840),)),
        ("Mo-Fr 09:00-12:00, We 14:00-15:00", "2026-01-07", ((540, 720), (840, 900))),
        ("SH off; Mo 09:00-12:00", "2026-07-06", NINE),
        ("mo-fr 9:00–12:00", "2026-01-05", NINE),
    ],
)  # fmt: skip
def test_the_hours_of_a_date(text: str, date: str, spans: object) -> None:
    assert on(text, date) == spans


@pytest.mark.parametrize(
    "text",
    [
        "", "PH off", "SH 09:00-12:00", "Mo 09:00+", "sunrise-sunset", 'Mo 09:00-12:00 "call"', "Mo 99:00-12:00",
        "Mo 09:75-12:00", "Mo[6] 09:00-12:00", "Mo[-1-2] 09:00-12:00", "Feb 30 off; Mo 09:00-12:00",
        "2026 May 01-2025 May 01 09:00-12:00", "Dec 25+ 09:00-12:00", "Mo-Fr", "Mo 09:00-12:00 || off", ";", "9-5",
    ],
)  # fmt: skip
def test_what_is_not_read_says_nothing(text: str) -> None:
    assert read_hours(text) is None


def test_a_plain_week_says_no_more_than_weekdays_and_holidays() -> None:
    assert weekly_hours("Mo-Fr,PH 09:00-12:00") == (NINE,) * 5 + ((), ())
    assert weekly_hours("Tu[2] 09:00-12:00") is None
    assert weekly_hours("Mo 09:00-12:00; Dec 25 off") is None


@pytest.mark.parametrize(
    ("text", "date", "minute", "opens"),
    [
        ("Mo-Fr 08:00-12:00,13:00-17:00", "2026-01-05", 750, 780),
        ("Mo-Fr 08:00-12:00,13:00-17:00", "2026-01-09", 1020, 3 * DAY + 480),  # Friday evening: on Monday
        ("Mo-Fr 08:00-12:00; PH off", "2026-11-26", 600, DAY + 480),  # Thanksgiving: on Friday
        ("Mo-Fr 08:00-12:00; PH off", "2026-11-25", DAY + 600, 2 * DAY + 480),  # asked from the evening before
        ("Tu[2] 09:00-12:00", "2026-12-08", 720, 35 * DAY + 540),  # the 12th of January
        ("Mo-Su 20:00-02:00", "2026-01-05", 600, 1200),
        ("off", "2026-01-05", 0, None),
        ("2025 Jan 01-2025 Dec 31 Mo-Fr 08:00-12:00", "2025-12-31", 800, None),
    ],
)
def test_the_next_opening(text: str, date: str, minute: int, opens: int | None) -> None:
    hours = read_hours(text)
    assert hours is not None
    assert opens_next(hours, datetime.date.fromisoformat(date), minute, "us") == opens


def test_which_hours_speak_of_a_holiday() -> None:
    thanksgiving = datetime.date(2026, 11, 26)
    for text, speaks in (
        ("Mo-Fr 08:00-12:00", False), ("Mo-Fr 08:00-12:00; PH off", True), ("Mo-Fr,PH 08:00-12:00", True),
        ("Mo-Fr 08:00-12:00; 2026 Nov 26 off", True), ("Mo-Fr 08:00-12:00; 2026 Nov 27 off", False),
        ("Sep-Dec Mo-Fr 08:00-12:00", False), ("2026 Sep 01-2026 Dec 18 Mo-Fr 08:00-12:00", False),
        ("Mo-Fr 08:00-12:00; Nov 01-Jan 31 off", True), ("Mo-Fr 08:00-12:00; Nov 20-30 10:00-12:00", True),
    ):  # fmt: skip
        hours = read_hours(text)
        assert hours is not None
        assert says_of_holiday(hours, thanksgiving) == speaks


week = st.lists(st.tuples(st.integers(0, 6), st.integers(0, 95), st.integers(1, 95)), min_size=1, max_size=5)


@given(week, st.dates(datetime.date(2020, 1, 1), datetime.date(2035, 1, 1)), st.integers(0, 2 * DAY))
def test_a_place_is_closed_until_it_opens_next(
    spans: list[tuple[int, int, int]], day: datetime.date, minute: int
) -> None:
    names = ("Mo", "Tu", "We", "Th", "Fr", "Sa", "Su")
    parts = []
    for number, start, length in spans:
        begin, end = start * 15, (start + length) * 15
        parts.append(f"{names[number]} {begin // 60:02d}:{begin % 60:02d}-{end // 60 % 24:02d}:{end % 60:02d}")
    hours = read_hours(", ".join(parts))
    assert hours is not None
    if open_until(hours, day, minute, "us") is None:
        opens = opens_next(hours, day, minute, "us")
        assert opens is not None
        assert opens > minute
        assert open_until(hours, day, opens, "us") is not None
        assert all(open_until(hours, day, one, "us") is None for one in range(minute, opens, 15))


@pytest.mark.parametrize(
    ("text", "spans"),
    [
        ("PH off; Sep-Dec Mo-Fr 08:00-12:00", ()),
        ("PH 10:00-11:00; Sep-Dec Mo-Fr 08:00-12:00", ((600, 660),)),
        ("PH off; Nov 24-27 08:00-12:00", ((480, 720),)),
        ("PH 10:00-11:00; Nov-Dec off", ()),
    ],
)
def test_hours_of_a_season_don_t_open_a_place_on_a_holiday(text: str, spans: tuple[tuple[int, int], ...]) -> None:
    hours = read_hours(text)
    assert hours is not None
    assert spans_on(hours, datetime.date(2026, 11, 26), "us") == spans


@given(st.text(alphabet="MoTuWePHSH Dec0123456789:-,;[]+off", max_size=40))
def test_no_text_crashes(text: str) -> None:
    hours = read_hours(text)
    if hours is not None:
        spans_on(hours, datetime.date(2026, 11, 26), "us")
        opens_next(hours, datetime.date(2026, 11, 26), 600, "us")
