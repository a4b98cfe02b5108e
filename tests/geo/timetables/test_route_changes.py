"""Routes of two timetables held side by side: by hand, against themselves, and what a missing timetable hides."""

import datetime
from collections.abc import Callable

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from geo.errors import DateError
from geo.timetables.feed import Feed
from geo.timetables.route_changes import CHANGE_COLUMNS, ROUTE_COLUMNS, route_changes, route_days
from tests.geo.conftest import draw

Draw = Callable[..., Feed]
WEDNESDAY = datetime.date(2024, 3, 6)
DAYS = {"work": (0, 1, 2, 3, 4, 7, 8, 9, 10), "sat": (5,), "sun": (6,)}
M = ["m1 work bus: a 6:00 b 6:10", "m2 work bus: a 22:30 b 22:40", "m3 sat bus: a 9:00 b 9:10"]
N = ["n1 daily bus: b 7:00 c 7:30"]


def days(*trips: str, **options: object) -> pd.DataFrame:
    return route_days(draw(list(trips), services={**DAYS, **options}), WEDNESDAY)


def told(before: pd.DataFrame, after: pd.DataFrame, **how: frozenset[str]) -> list[tuple[object, ...]]:
    table = route_changes(before, after, **how)
    names = ["change", "route", "day", "trips_before", "trips_after", "last_minutes_later"]
    return list(table[names].astype(object).where(table[names].notna(), None).itertuples(index=False, name=None))


def test_routes_are_told_by_kind_of_day() -> None:
    table = days(*M, *N)
    rows = table[["route", "day", "trips", "first_minute", "last_minute"]].to_numpy().tolist()
    assert rows == [
        ["m", "weekday", 2, 360, 1350],
        ["m", "saturday", 1, 540, 540],
        ["n", "weekday", 1, 420, 420],
        ["n", "saturday", 1, 420, 420],
        ["n", "sunday", 1, 420, 420],
    ]
    assert table["date"].tolist()[:2] == ["2024-03-06", "2024-03-09"]


def test_more_trips_later_last_ones_and_a_day_more() -> None:
    more = [*M, "m4 work bus: a 25:15 b 25:25", "m5 sun bus: a 9:00 b 9:10"]
    assert told(days(*M), days(*more)) == [
        ("changed", "m", "weekday", 2, 3, 165),
        ("changed", "m", "sunday", 0, 1, None),
    ]
    assert told(days(*more), days(*M))[0] == ("changed", "m", "weekday", 3, 2, -165)


def test_a_route_that_is_gone_is_told_apart_from_a_timetable_that_is() -> None:
    assert told(days(*M, *N), days(*M)) == [("gone", "n", day, 1, 0, None) for day in ("weekday", "saturday", "sunday")]
    assert {row[0] for row in told(days(*M, *N), days(*M), lost=frozenset({"toy"}))} == {"unconfirmed"}
    assert {row[0] for row in told(days(*M), days(*M, *N))} == {"new"}
    assert {row[0] for row in told(days(*M), days(*M, *N), known=frozenset())} == {"newly_listed"}


def test_a_timetable_of_another_name_is_the_same_where_its_routes_are() -> None:
    renamed = days(*M, *N).assign(feed="toy_2025")
    assert told(days(*M, *N), renamed) == []
    twins = pd.concat([renamed, renamed.assign(feed="other")], ignore_index=True)
    assert {row[0] for row in told(days(*M), twins)} == {"new", "gone"}  # nobody knows which of the two it is


def test_a_holiday_is_no_change() -> None:
    """The first Wednesday of the second timetable is one without service."""
    weeks, valid = [2, 3, 4, 7, 8, 9, 10, 14, 16, 21, 23], (-3, 24)
    usual, other = (
        route_days(draw(M[:2], services={**DAYS, "work": own}, valid=valid), WEDNESDAY) for own in (weeks, weeks[1:])
    )
    assert (usual["date"].tolist(), other["date"].tolist()) == (["2024-03-06"], ["2024-03-13"])
    assert told(usual, other) == []


def test_a_date_outside_and_no_timetable() -> None:
    with pytest.raises(DateError, match="is outside of that"):
        route_days(draw(M, services=DAYS), datetime.date(2030, 1, 1))
    nothing = route_days(None, WEDNESDAY)
    assert list(nothing.columns) == list(ROUTE_COLUMNS)
    assert route_changes(nothing, nothing).empty
    assert list(route_changes(nothing, nothing).columns) == list(CHANGE_COLUMNS)
    assert {row[0] for row in told(nothing, days(*M))} == {"new"}


TRIPS = st.lists(
    st.tuples(st.sampled_from("mn"), st.sampled_from(["daily", "work", "sat", "sun"]), st.integers(5, 25)),
    min_size=1,
    max_size=6,
)


def drawn(trips: list[tuple[str, str, int]]) -> pd.DataFrame:
    texts = [
        f"{route}{number} {service} bus: a {hour}:00 b {hour}:10" for number, (route, service, hour) in enumerate(trips)
    ]
    return days(*texts)


@given(TRIPS, TRIPS)
def test_trips_before_and_the_difference_give_trips_after(
    before: list[tuple[str, str, int]], after: list[tuple[str, str, int]]
) -> None:
    one, other = drawn(before), drawn(after)
    assert route_changes(one, one).empty
    table = route_changes(one, other)
    assert table["trips_after"].sum() - table["trips_before"].sum() == other["trips"].sum() - one["trips"].sum()
    back = route_changes(other, one)
    assert len(back) == len(table)
    assert back["last_minutes_later"].sum() == -table["last_minutes_later"].sum()
