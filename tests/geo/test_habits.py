"""Times, dates, numbers and distances as people write them, and clock times as they type them."""

import datetime

import pytest

from geo.clock import Moment, clock_minute, read_clock
from geo.errors import NeedsError
from geo.habits import AMERICAN, Habits, hours_text, moment_text

SPANISH, ELSEWHERE = Habits("es_US"), Habits(twenty_four_hours=True, metric=True)
THANKSGIVING = datetime.date(2024, 11, 28)


@pytest.mark.parametrize(
    ("typed", "minute"),
    [
        ("9pm", 1260), ("9:00 pm", 1260), ("9 p.m.", 1260), ("9:00 p. m.", 1260), ("9 PM", 1260), ("21", 1260),
        ("2100", 1260), ("21:00", 1260), ("21.00", 1260), ("9 de la noche", 1260), ("930", 570), ("9:30", 570),
        ("06:00", 360), ("noon", 720), ("Mediodía", 720), ("12pm", 720), ("12 am", 0), ("midnight", 0),
        ("medianoche", 0), ("00:00", 0), ("24:00", 1440), ("2 de la tarde", 840), ("7 de la mañana", 420),
        ("12 de la noche", 0), ("12:30 de la noche", 30), ("12 de la tarde", 720), ("2 de la madrugada", 120),
        ("12 de la mañana", None), ("1 de la noche", None), ("13 de la tarde", None), ("9:60 pm", None),
        ("9", None), ("12", None), ("25", None), ("9:60", None), ("13pm", None), ("09:mm", None), ("24:01", None),
        ("", None), ("late", None), ("9 o'clock", None), ("-9", None),
    ],
)  # fmt: skip
def test_clock_times_are_read_as_people_type_them(typed: str, minute: int | None) -> None:
    assert read_clock(typed) == minute
    if minute is None:
        with pytest.raises(NeedsError, match="curfew must be a clock time like 22:30 or 10:30 pm, not"):
            clock_minute(typed, "curfew")


@pytest.mark.parametrize("habits", [AMERICAN, SPANISH, ELSEWHERE])
def test_what_is_shown_is_read_again(habits: Habits) -> None:
    assert [read_clock(habits.clock(minute)) for minute in range(0, 1440, 15)] == list(range(0, 1440, 15))


def test_every_clock_is_a_clock() -> None:
    assert [AMERICAN.clock(minute) for minute in (0, 720, 1140.9, 1440, 1837)] == [
        "12:00 AM", "12:00 PM", "7:00 PM", "12:00 AM", "6:37 AM",
    ]  # fmt: skip
    assert (SPANISH.clock(1140), ELSEWHERE.clock(1140), ELSEWHERE.clock(1450)) == ("7:00 p.m.", "19:00", "00:10")
    assert AMERICAN.hours(540, 630) == "9:00 – 10:30 AM"
    assert AMERICAN.hours(1320, 1560) == "10:00 PM – 2:00 AM"
    assert AMERICAN.hours(1500, 1560) == "1:00 – 2:00 AM"


def test_past_midnight_the_day_is_named() -> None:
    assert moment_text(Moment(1560, 2), AMERICAN) == "early Thursday, 2:00 AM"
    assert hours_text(Moment(1470, 2), 1530, AMERICAN) == "early Thursday, 12:30 – 1:30 AM"
    assert hours_text(Moment(1380, 2), 1470, AMERICAN) == "11:00 PM – 12:30 AM"
    assert hours_text(Moment(1740, 2), 1800, AMERICAN) == "Thursday, 5:00 – 6:00 AM"
    assert moment_text(Moment(1837, 6), AMERICAN) == "Monday, 6:37 AM"
    assert moment_text(Moment(1439, 2), AMERICAN) == "11:59 PM"
    assert moment_text(Moment(1800), AMERICAN) == "6:00 AM", "of no day"


def test_dates() -> None:
    assert AMERICAN.date(THANKSGIVING) == "Thursday, November 28"
    assert AMERICAN.date(THANKSGIVING, year=True) == "Thursday, November 28, 2024"
    assert AMERICAN.day_of_year(THANKSGIVING) == "November 28, 2024"
    assert SPANISH.date(THANKSGIVING) == "jueves, 28 de noviembre"
    assert SPANISH.day_of_year(THANKSGIVING, year=False) == "28 de noviembre"
    assert (AMERICAN.ago(250), SPANISH.ago(250), AMERICAN.ago(1)) == ("8 months ago", "hace 8 meses", "1 day ago")


@pytest.mark.parametrize(("days", "english", "spanish"), [
    (1, "1 day ago", "hace 1 día"), (7, "7 days ago", "hace 7 días"),
    (11, "11 days ago", "hace 11 días"), (13.9, "13 days ago", "hace 13 días"), (14, "2 weeks ago", "hace 2 semanas"),
    (20, "2 weeks ago", "hace 2 semanas"), (27, "3 weeks ago", "hace 3 semanas"), (60, "8 weeks ago", "hace 8 semanas"),
    (61, "2 months ago", "hace 2 meses"), (91, "2 months ago", "hace 2 meses"), (262, "8 months ago", "hace 8 meses"),
    (730, "23 months ago", "hace 23 meses"), (731, "2 years ago", "hace 2 años"), (1095, "2 years ago", "hace 2 años"),
])  # fmt: skip
def test_how_long_ago_is_never_longer_than_it_was(days: float, english: str, spanish: str) -> None:
    assert (AMERICAN.ago(days), SPANISH.ago(days)) == (english, spanish)


def test_distances_numbers_and_money() -> None:
    assert [AMERICAN.distance(meters) for meters in (1, 100, 321, 322, 1609.344, 30_000)] == [
        "10 feet", "330 feet", "1,050 feet", "0.2 miles", "1 mile", "19 miles",
    ]  # fmt: skip
    assert [ELSEWHERE.distance(meters) for meters in (104, 1000, 1900)] == [
        "100 meters",
        "1 kilometer",
        "1.9 kilometers",
    ]
    assert SPANISH.distance(2000) == "1.2 millas"
    assert [AMERICAN.money(dollars) for dollars in (180, 12.5, 1234)] == ["$180", "$12.50", "$1,234"]
    assert (AMERICAN.number(12345.0), AMERICAN.number(1.5), AMERICAN.percent(0.634)) == ("12,345", "1.5", "63%")
    assert (AMERICAN.percent(0.0031, 1), AMERICAN.percent(0.5, 1), AMERICAN.decimal(1044.7, 2)) == (
        "0.3%",
        "50%",
        "1,044.70",
    )
    assert AMERICAN.listed(["a", "b", "c"]) == "a, b, and c"
    assert SPANISH.listed(["a", "b", "c"]) == "a, b y c"
