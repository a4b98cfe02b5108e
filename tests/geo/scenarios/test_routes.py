"""Routes cut, later, more often and faster: by hand, and as if their file had been written so."""

import datetime
from collections.abc import Callable

import pytest

from geo.errors import InputError
from geo.scenarios.changes import RouteChange, RouteCut, RouteHeadway, RouteLater, RouteSpeed
from geo.scenarios.routes import change_route
from geo.timetables.feed import Feed
from geo.timetables.feed_tables import FeedTables, feed_from_tables, feed_tables
from tests.geo.timetables.test_feed_tables import assert_same

Draw = Callable[..., Feed]
LINE = ["m1 daily bus: a 8:00 b 8:10-8:12 c 8:30", "m2 daily bus: a 9:00 b 9:10-9:12 c 9:30"]
BACK = ["m3 daily bus: c 8:40 a 9:00", "m4 daily bus: c 10:00 a 10:20"]
OTHER = ["n1 daily bus: c 12:00 d 12:30"]


def changed(feed: Feed, change: RouteChange) -> Feed:
    return feed_from_tables(change_route(feed_tables(feed), change)[0])


def times(feed: Feed, day: int | None = None) -> list[str]:
    """Return each trip as "first stop departure", of those that run on a day after the first of the timetable."""
    tables: FeedTables = feed_tables(feed)
    first = tables.calls.groupby("trip").first()
    texts = []
    for trip, row in first.iterrows():
        days = tables.service_days["day"][tables.service_days["service_id"] == tables.trips["service_id"].iloc[trip]]
        if day is None or (days == feed.feed_first_day[0] + day).any():
            minute = row["departure"] // 60
            texts.append(f"{feed.stop_name[row['stop']][-1]} {minute // 60}:{minute % 60:02d}")
    return sorted(texts, key=lambda text: (text[0], len(text), text))


@pytest.mark.parametrize(
    ("change", "more"),
    [
        (RouteLater("m", 11 * 60, minutes=60),
         ["m5 daily bus: a 10:00 b 10:10-10:12 c 10:30", "m6 daily bus: a 11:00 b 11:10-11:12 c 11:30"]),
        (RouteLater("m", 10 * 60 + 30, minutes=45),
         ["m5 daily bus: a 9:45 b 9:55-9:57 c 10:15", "m6 daily bus: a 10:30 b 10:40-10:42 c 11:00"]),
        (RouteHeadway("m", 30.0),
         ["m5 daily bus: a 8:30 b 8:40-8:42 c 9:00"]),
        (RouteHeadway("m", 60.0), []),
        (RouteLater("m", 9 * 60), []),
    ],
)  # fmt: skip
def test_trips_added_are_as_if_the_file_had_them(toy: Draw, change: RouteChange, more: list[str]) -> None:
    tables, _ = change_route(feed_tables(toy(LINE + OTHER)), change)
    names = {row: f"m{number}" for number, row in enumerate(tables.trips["trip_id"][len(LINE + OTHER) :], 5)}
    named = tables.trips.assign(trip_id=tables.trips["trip_id"].replace(names))
    rebuilt = toy(LINE + OTHER + more)
    tables = FeedTables(**{**vars(tables), "trips": named})
    assert_same(feed_from_tables(tables), rebuilt)


def test_a_route_cut_is_as_if_the_file_had_none(toy: Draw) -> None:
    assert_same(changed(toy(LINE + BACK + OTHER), RouteCut("m")), toy(OTHER))
    late = changed(toy(LINE + BACK + OTHER), RouteCut("m", start=9 * 60, end=10 * 60))
    assert_same(late, toy([LINE[0], *BACK, *OTHER]))


def test_each_direction_goes_on_by_itself(toy: Draw) -> None:
    assert times(changed(toy(LINE + BACK), RouteLater("m", 11 * 60 + 20, minutes=60))) == [
        "a 8:00", "a 9:00", "a 10:00", "a 11:00", "c 8:40", "c 10:00", "c 11:00",
    ]  # fmt: skip


def test_some_days_alone(toy: Draw) -> None:
    feed = changed(toy(LINE), RouteLater("m", 10 * 60, (5,), 60))  # the timetable begins on Friday, 1 March
    assert times(feed, 0) == ["a 8:00", "a 9:00"]
    assert times(feed, 1) == ["a 8:00", "a 9:00", "a 10:00"]
    cut = changed(toy(LINE + OTHER), RouteCut("m", days=(5, 6)))
    assert times(cut, 0) == ["a 8:00", "a 9:00", "c 12:00"]
    assert times(cut, 1) == ["c 12:00"]


def test_a_day_with_more_services_goes_on_after_its_own_last_trip(toy: Draw) -> None:
    trips = [*LINE, "m4 daily bus: a 7:00 b 7:10 c 7:30", "m5 school bus: a 9:30 b 9:40-9:42 c 10:00"]
    feed = changed(toy(trips, services={"school": [0, 1]}), RouteLater("m", 10 * 60 + 15))
    assert times(feed, 3) == ["a 7:00", "a 8:00", "a 9:00", "a 9:30", "a 10:15"]  # Monday: 60 and 30 minutes, so 45
    assert times(feed, 5) == ["a 7:00", "a 8:00", "a 9:00", "a 10:00"]


def test_a_headway_is_that_of_the_last_hours_and_is_told(toy: Draw) -> None:
    """Two buses a minute apart at the end of the day don't make a bus a minute."""
    trips = [f"m{n} daily bus: a {time} b {time[:-2]}59" for n, time in enumerate(("8:00", "8:20", "8:40", "8:41"))]
    _, sentence = change_route(feed_tables(toy(trips)), RouteLater("m", 9 * 60 + 30))
    assert sentence == "Route m: 2 more trips, the last at 09:21, every 20 minutes."
    with pytest.raises(InputError, match="fewer than 3 trips in the 120 minutes") as refused:
        change_route(feed_tables(toy(LINE)), RouteLater("m", 11 * 60))
    assert "from Stop a to Stop c" in str(refused.value)


def test_terminals_of_other_hours_do_not_go_on(toy: Draw) -> None:
    """A school bus at 8 isn't continued to the night because the route is."""
    tables, sentence = change_route(
        feed_tables(toy(["m9 daily bus: c 8:00 d 8:20", *LINE, "m5 daily bus: a 10:00 b 10:10 c 10:30"])),
        RouteLater("m", 11 * 60),
    )
    assert times(feed_from_tables(tables)) == ["a 8:00", "a 9:00", "a 10:00", "a 11:00", "c 8:00"]
    assert "not on all days from Stop c to Stop d, where the last trip is over 60 minutes before" in sentence


def test_trips_are_counted_on_the_date(toy: Draw) -> None:
    tables = feed_tables(toy([*LINE, "m5 school bus: a 9:30 b 9:40 c 10:00"], services={"school": [0, 1]}))
    monday, friday = datetime.date(2024, 3, 4), datetime.date(2024, 3, 1)
    asked = ((RouteCut("m", end=570), monday), (RouteCut("m", start=570), monday), (RouteCut("m", start=570), friday))
    trips = [change_route(feed_tables(toy([*LINE, *OTHER, "m5 school bus: a 9:30 b 9:40 c 10:00"],
             services={"school": [0, 1]})), change, date)[1] for change, date in asked]  # fmt: skip
    assert trips[0] == "Route m: 2 trips on 2024-03-04 (2 in all services of the timetable) cut."
    assert trips[1] == "Route m: 1 trip on 2024-03-04 (1 in all services of the timetable) cut."
    assert trips[2] == "Route m: 0 trips on 2024-03-01 (1 in all services of the timetable) cut."
    later = change_route(tables, RouteLater("m", 10 * 60, minutes=30), friday)[1]
    assert later.startswith(
        "Route m: 2 more trips on 2024-03-01 (3 in all services of the timetable), the last at 10:00"
    )


def test_twice_as_often(toy: Draw) -> None:
    assert times(changed(toy(LINE + BACK), RouteHeadway("m"))) == [
        "a 8:00", "a 8:30", "a 9:00", "c 8:40", "c 9:20", "c 10:00",
    ]  # fmt: skip
    only = changed(toy([*LINE, "m5 daily bus: a 10:00 b 10:10 c 10:30"]), RouteHeadway("m", 30, start=9 * 60))
    assert "a 8:30" not in times(only)


def test_faster_between_stops(toy: Draw) -> None:
    assert_same(
        changed(toy(LINE[:1] + OTHER), RouteSpeed("m", 25)),  # 10 minutes are 8, 18 are 14:24
        toy(["m1 daily bus: a 8:00 b 8:08-8:10 c 8:24:24", *OTHER]),
    )
    assert_same(changed(toy(LINE + OTHER), RouteSpeed("m", 0)), toy(LINE + OTHER))


@pytest.mark.parametrize(
    ("route", "words"), [("M", "did you mean m?"), ("toy:m ", "no route"), ("99", "Its routes are m, n.")]
)
def test_a_route_that_is_not_there(toy: Draw, route: str, words: str) -> None:
    with pytest.raises(InputError, match=r"no route") as refused:
        change_route(feed_tables(toy(LINE + OTHER)), RouteCut(route))
    assert words in str(refused.value)


def test_a_route_may_be_named_with_its_timetable(toy: Draw) -> None:
    assert times(changed(toy(LINE + OTHER), RouteCut("toy:m"))) == ["c 12:00"]


def test_the_last_route_is_not_cut(toy: Draw) -> None:
    with pytest.raises(InputError, match="can't cut every trip"):
        change_route(feed_tables(toy(LINE)), RouteCut("m"))
