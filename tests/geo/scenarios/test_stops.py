"""A stop more of a route, on one straight street: by hand, and what can't be."""

from collections.abc import Callable

import pytest

from geo.errors import InputError
from geo.scenarios.changes import StopAdded
from geo.scenarios.stops import add_stop
from geo.score.support import RegionSupport
from geo.timetables.feed import Feed
from geo.timetables.feed_tables import FeedTables, feed_from_tables, feed_tables
from tests.geo.main_street import at

Make = Callable[..., RegionSupport]
TRIPS = ["t1 daily bus: a 8:00 b 8:10-8:11 a 8:21", "t2 daily bus: b 9:00 a 9:10", "x1 daily bus: a 9:00 b 9:10"]


def changed(region: Make, change: StopAdded) -> FeedTables:
    network = region([], [], [], TRIPS).network
    assert network.feed is not None
    return add_stop(network.streets, feed_tables(network.feed), change)[0]


def times(tables: FeedTables) -> dict[str, list[tuple[str, int, int]]]:
    """Return each trip's calls: stop, arrival and departure in seconds after 8:00."""
    feed = feed_from_tables(tables)
    named = feed_tables(feed)
    calls = named.calls.assign(name=named.stops["name"].to_numpy()[named.calls["stop"]])
    return {
        str(named.trips["trip_id"].iloc[trip]): [
            (row.name_, row.arrival - 28800, row.departure - 28800)
            for row in own.rename(columns={"name": "name_"}).itertuples()
        ]
        for trip, own in calls.groupby("trip")
    }


def test_both_directions_halt_and_go_on_later(region: Make) -> None:
    """2,000 of 6,000 m are a third of ten minutes; each halt of 30 s delays the rest."""
    stop = "Route t, stop 1"
    trips = times(changed(region, StopAdded("t", at(2000), ("Stop a", "Stop b"), 30)))
    assert trips["t1"] == [
        ("Stop a", 0, 0), (stop, 200, 230), ("Stop b", 630, 690), (stop, 1090, 1120), ("Stop a", 1320, 1320),
    ]  # fmt: skip
    assert trips["t2"] == [("Stop b", 3600, 3600), (stop, 4000, 4030), ("Stop a", 4230, 4230)]
    assert trips["x1"] == [("Stop a", 3600, 3600), ("Stop b", 4200, 4200)]


def test_a_stop_out_of_the_way_makes_the_ride_longer(region: Make) -> None:
    """Past b and back: 8,000 m instead of 6,000."""
    trips = times(changed(region, StopAdded("t", at(7000), ("Stop a", "b"), 0)))
    assert [(arrival, departure) for _, arrival, departure in trips["t2"]] == [(3600, 3600), (3700, 3700), (4400, 4400)]


def test_a_second_stop_of_a_route_is_another(region: Make) -> None:
    network = region([], [], [], TRIPS).network
    assert network.feed is not None
    tables = feed_tables(network.feed)
    one, _ = add_stop(network.streets, tables, StopAdded("t", at(2000), ("Stop a", "Stop b"), 30))
    two, _ = add_stop(network.streets, one, StopAdded("t", at(4000), ("Route t, stop 1", "Stop b"), 30))
    assert two.stops["name"].tolist()[-2:] == ["Route t, stop 1", "Route t, stop 2"]
    assert two.stops["stop_id"].is_unique
    assert [name for name, *_ in times(two)["t2"]] == ["Stop b", "Route t, stop 2", "Route t, stop 1", "Stop a"]


def test_a_detour_from_a_hop_is_at_the_speed_of_the_trip(region: Make, toy: Callable[..., Feed]) -> None:
    """A minute for 10 m isn't the speed of a bus: 2 x 1,000 m more are driven at that of the whole trip."""
    stops = {name: {"lon": lon, "lat": lat} for name, (lon, lat) in {"a": at(0), "c": at(10), "b": at(6010)}.items()}
    tables = feed_tables(toy(["t1 daily bus: a 8:00 c 8:01 b 8:11"], stops=stops))
    network = region([], [], [], TRIPS).network
    changed_tables, _ = add_stop(network.streets, tables, StopAdded("t", at(1010), ("Stop a", "Stop c"), 0))
    hop = times(changed_tables)["t1"][2]
    assert hop[1] == pytest.approx(60 + 2000 * 660 / 6010, abs=2)
    together = {name: {"lon": lon, "lat": lat} for name, (lon, lat) in {"a": at(0), "c": at(10)}.items()}
    short = feed_tables(toy(["t1 daily bus: a 8:00 c 8:01"], stops=together))
    with pytest.raises(InputError, match="too close together"):
        add_stop(network.streets, short, StopAdded("t", at(1010), ("Stop a", "Stop c"), 0))


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (StopAdded("t", at(2000), ("Stop a", "Stop c")), "no stop 'Stop c'; did you mean Stop"),
        (StopAdded("t", at(2000), ("Stop a", "Stop a")), "straight to 'Stop a'"),
        (StopAdded("t", (-80.0, 20.0), ("Stop a", "Stop b")), "from any street"),
        (StopAdded("y", at(2000), ("Stop a", "Stop b")), "no route 'y'"),
    ],
)
def test_what_cannot_be(region: Make, change: StopAdded, words: str) -> None:
    with pytest.raises(InputError) as refused:
        changed(region, change)
    assert words in str(refused.value)
