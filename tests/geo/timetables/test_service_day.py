"""Service days, patterns and dates, drawn by hand."""

import datetime
import io
from itertools import pairwise
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from geo.errors import DateError
from geo.timetables.feed import feed_from_arrays, feed_to_arrays, valid_dates
from geo.timetables.service_day import Timetable, mirrored, timetable

MONDAY = datetime.date(2024, 3, 4)
DAY = datetime.timedelta(1)


def trips_on(day: Timetable) -> list[tuple[int, ...]]:
    """Return the departures of every trip, sorted."""
    trips = []
    for p in range(len(day.pattern_offset) - 1):
        length = day.pattern_offset[p + 1] - day.pattern_offset[p]
        rows = day.departure[day.time_offset[p] : day.time_offset[p + 1]].reshape(-1, length)
        trips += [tuple(row.tolist()) for row in rows]
    return sorted(trips)


def test_a_day_has_the_evening_before_and_the_day_after(toy: Any) -> None:
    feed = toy(
        [
            "n1 sunday bus: A 23:50 B 24:20",
            "e1 sunday bus: A 22:00 B 22:30",
            "m1 monday bus: A 6:00 B 6:30",
            "t1 tuesday bus: A 5:00 B 5:30",
        ],
        services={"sunday": [-1], "monday": [0], "tuesday": [1]},
    )
    assert trips_on(timetable(feed, MONDAY)) == [(-600, 1200), (21_600, 23_400), (104_400, 106_200)]


def test_a_trip_of_three_days_is_there_on_each(toy: Any) -> None:
    feed = toy(["l1 monday train: A 10:00 B 60:00"], services={"monday": [0]})
    assert trips_on(timetable(feed, MONDAY + 2 * DAY)) == [(10 * 3600 - 172_800, 60 * 3600 - 172_800)]


def test_more_days_are_there_for_who_asks_about_them(toy: Any) -> None:
    feed = toy(["r1 daily bus: A 23:20 B 23:40"])
    ends = [[arrival for _, arrival in trips_on(timetable(feed, MONDAY, days=days))] for days in ((0, 2), (-1, 3))]
    assert ends[0] == [85_200, 171_600]
    assert ends[1] == [-1_200, 85_200, 171_600, 258_000]


def test_a_night_on_which_the_clocks_change(toy: Any) -> None:
    """Saturday's 26:30 is fourteen and a half hours after noon: 3:30 when an hour is lost, 1:30 when one is gained."""
    for zone, saturday, shift in (("Europe/Madrid", 26, 3600), ("Pacific/Auckland", 33, -3600)):  # 30 March, 6 April
        feed = toy(["r1 once bus: A 26:30 B 26:45"], services={"once": [saturday]}, zone=zone, valid=(0, 40))
        sunday = MONDAY + (saturday + 1) * DAY
        assert trips_on(timetable(feed, sunday)) == [(9_000 + shift, 9_900 + shift)]
        assert trips_on(timetable(feed, sunday - DAY)) == [(95_400, 96_300)]


def test_dates_outside_the_calendar_name_the_range(toy: Any) -> None:
    feed = toy(["r1 daily bus: A 8:00 B 8:10"])
    assert valid_dates(feed) == (datetime.date(2024, 3, 1), datetime.date(2024, 3, 14))
    for date in (datetime.date(2024, 2, 29), datetime.date(2024, 3, 15)):
        with pytest.raises(DateError, match="from 2024-03-01 to 2024-03-14"):
            timetable(feed, date)


def test_trips_that_overtake_are_kept_apart(toy: Any) -> None:
    feed = toy(
        [
            "s1 daily bus: A 8:00 B 9:00 C 9:30",
            "f1 daily bus: A 8:10 B 8:40 C 9:40",
            "f2 daily bus: A 8:20 B 8:50 C 9:45",
        ]
    )
    day = timetable(feed, MONDAY)
    assert len(feed.pattern_offset) == 2
    for p in range(len(day.pattern_offset) - 1):
        rows = day.departure[day.time_offset[p] : day.time_offset[p + 1]].reshape(-1, 3)
        assert (np.diff(rows, axis=0) >= 0).all()
    assert len(trips_on(day)) == 6  # Monday's and Tuesday's


@settings(deadline=None, max_examples=50)
@given(st.lists(st.tuples(st.integers(0, 600), st.integers(0, 600), st.integers(0, 600)), min_size=1, max_size=12))
def test_no_trip_of_a_pattern_overtakes_and_none_is_lost(toy: Any, times: list[tuple[int, int, int]]) -> None:
    trips = [f"t{i} once bus: A 0:00:{a} B 0:00:{a + b} C 0:00:{a + b + c}" for i, (a, b, c) in enumerate(times)]
    day = timetable(toy(trips, services={"once": [0], "daily": []}), MONDAY)
    assert trips_on(day) == sorted((a, a + b, a + b + c) for a, b, c in times)
    for p in range(len(day.pattern_offset) - 1):
        rows = day.arrival[day.time_offset[p] : day.time_offset[p + 1]].reshape(-1, 3)
        assert all((later >= earlier).all() for earlier, later in pairwise(rows))


def test_trips_of_one_pace_share_its_times(toy: Any) -> None:
    """Two trips of r1 take 10 min and then 8, one waits 2 min at B."""
    feed = toy([
        "r1 daily bus: A 8:00 B 8:10 C 8:18", "r1 daily bus: A 8:30 B 8:40-8:42 C 8:50",
        "r1 daily bus: A 9:00 B 9:10 C 9:18", "r2 daily bus: C 9:00 B 9:10 A 9:18",
    ])  # fmt: skip
    for day in (timetable(feed, MONDAY, days=(0, 1)), mirrored(timetable(feed, MONDAY, days=(0, 1)))):
        assert np.diff(day.pace_offset).tolist() == [6, 3], "two paces of three calls, and one"
        for p in range(2):
            trips = slice(day.trip_offset[p], day.trip_offset[p + 1])
            calls = day.trip_pace[trips][:, None] + np.arange(3)
            times = slice(day.time_offset[p], day.time_offset[p + 1])
            for pace, plain in ((day.pace_arrival, day.arrival), (day.pace_departure, day.departure)):
                assert (day.trip_start[trips][:, None] + pace[calls]).tolist() == plain[times].reshape(-1, 3).tolist()


def test_mirrored_twice_is_the_same(toy: Any) -> None:
    feed = toy(["r1 daily bus: A! 8:00 B 8:10-8:12 C? 8:20", "r2 daily bus: A! 9:00 B 9:10 C? 9:20"])
    day = timetable(feed, MONDAY)
    back = mirrored(day)
    assert back.arrival[:3].tolist() == (-day.departure[::-1][:3]).tolist()
    assert back.can_board.tolist() == day.can_alight[::-1].tolist()
    again = mirrored(back)
    for name in Timetable.__dataclass_fields__:
        assert np.array_equal(getattr(again, name), getattr(day, name)), name


def test_other_time_zones_are_shifted(toy: Any) -> None:
    feed = toy(["r1 daily bus: A 8:00 B 8:10"], zone="Europe/Madrid")
    here = trips_on(timetable(feed, MONDAY))
    lisbon = trips_on(timetable(feed, MONDAY, time_zone="Europe/Lisbon"))
    assert lisbon == [tuple(t - 3600 for t in row) for row in here]


def test_arrays_without_pickle(toy: Any) -> None:
    feed = toy(["r1 daily bus: A 8:00 B 8:10"], transfers=[("A", "B", 90)])
    file = io.BytesIO()
    np.savez(file, **feed_to_arrays(feed))
    file.seek(0)
    with np.load(file, allow_pickle=False) as arrays:
        again = feed_from_arrays(dict(arrays))
    for name in feed.__dataclass_fields__:
        assert np.array_equal(getattr(again, name), getattr(feed, name)), name
        assert getattr(again, name).dtype == getattr(feed, name).dtype
