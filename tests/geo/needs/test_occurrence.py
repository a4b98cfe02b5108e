"""Weeks in which sessions are held: their share against a count of the whole calendar, dates by hand."""

import calendar
import datetime

import pandas as pd
import pytest

from geo.errors import InputError
from geo.needs.occurrence import in_words, is_dated, occurs, share_of_weeks
from geo.tables import SESSIONS, conform, validate

SUNDAYS = [
    datetime.date(2000, 1, 2) + datetime.timedelta(weeks=number) for number in range(20_871)
]  # 400 years, after which the calendar repeats


@pytest.mark.parametrize(
    "rule", ["", "1", "4", "5", "last", "2;4", "1;3;5", "1;2;3;4;5", "4;last", "5;last", "2;3;4;5"]
)
def test_the_share_is_what_the_calendar_holds(rule: str) -> None:
    held = sum(occurs(rule, day) for day in SUNDAYS)
    assert share_of_weeks(rule) == pytest.approx(held / len(SUNDAYS), abs=1e-15)


def test_shares_by_hand() -> None:
    assert share_of_weeks("1") == pytest.approx(4800 / 20_871)  # twelve a year
    assert share_of_weeks("5") == pytest.approx(1671 / 20_871)
    assert share_of_weeks("alternate") == 0.5
    assert share_of_weeks("monthly") == share_of_weeks("last") == share_of_weeks("3")


@pytest.mark.parametrize(
    ("rule", "days"), [("1", [1]), ("2;4", [8, 22]), ("5", [29]), ("last", [29]), ("4;last", [22, 29])]
)
def test_sundays_of_november_2026(rule: str, days: list[int]) -> None:
    month = [day for day in calendar.Calendar().itermonthdates(2026, 11) if day.month == 11 and day.weekday() == 6]
    assert [day.day for day in month if occurs(rule, day)] == days


def test_what_isnt_dated_may_be_on_any() -> None:
    assert not is_dated("alternate")
    assert not is_dated("monthly")
    assert is_dated("")
    assert is_dated("1;last")
    assert occurs("alternate", SUNDAYS[0])
    assert occurs("monthly", SUNDAYS[1])


@pytest.mark.parametrize("rule", ["full moon", "1;full moon", "6", "1,3"])
def test_what_is_no_rule_is_refused_and_not_taken_for_every_week(rule: str) -> None:
    for asked in (share_of_weeks, is_dated, lambda text: occurs(text, SUNDAYS[0]), lambda text: in_words(text, 6)):
        with pytest.raises(InputError, match="correct the column weeks"):
            asked(rule)
    row = {"resource_id": "a", "weekday": 0, "start_minute": 1140, "end_minute": 1200, "time_zone": "UTC"}
    for weeks in ("", "1;3", "last", None):
        validate(conform(pd.DataFrame([row | {"weeks": weeks}]), SESSIONS), SESSIONS)
    with pytest.raises(InputError, match="weeks"):
        validate(conform(pd.DataFrame([row | {"weeks": rule}]), SESSIONS), SESSIONS)


def test_words() -> None:
    assert in_words("2;4", 6) == "only the second and fourth Sunday of the month"
    assert in_words("last", 5) == "only the last Saturday of the month"
    assert in_words("1;3;5", 6) == "only the first, third, and fifth Sunday of the month"
    assert in_words("alternate", 0) == "every other week: ask in which"
    assert in_words("monthly", 0) == "once a month: ask when"
    assert in_words("", 0) == ""
