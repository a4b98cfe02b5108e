"""A new bus line: when it is where, by hand; and what can't be."""

from collections.abc import Callable

import numpy as np
import pandas as pd
import pytest

from geo.errors import InputError
from geo.scenarios.changes import LineAdded, RouteCut, RouteLater, Scenario
from geo.scenarios.world import World, apply_scenarios
from geo.score.support import RegionSupport
from geo.tables import RESOURCES, SESSIONS, empty
from geo.timetables.feed import Feed
from geo.travel.travel_times import TravelSettings, travel_times
from tests.geo.main_street import ALL_BACK, ALL_DAY, WEDNESDAY, at

Make = Callable[..., RegionSupport]
LINE = LineAdded("X", (at(1000), at(4000), "b"), 30.0, 60.0, 6 * 60, 22 * 60, 30.0)


def with_line(region: Make, *changes: object) -> World:
    network = region([], [], [], ALL_DAY + ALL_BACK).network
    world = World(network, empty(RESOURCES), empty(SESSIONS))
    scenario = Scenario("A line", tuple(changes) or (LINE,))  # type: ignore[arg-type]
    return apply_scenarios(world, [scenario]).world


def times(feed: Feed, trip: str) -> list[int]:
    row = feed.trip_id.tolist().index(trip)
    return feed.arrival[feed.call_offset[row] : feed.call_offset[row + 1]].tolist()


def test_trips_there_and_back_at_its_speed(region: Make) -> None:
    """3,000 and 2,000 m at 30 km/h are 360 and 240 s, with 30 s at the stop between."""
    feed = with_line(region).network.feed
    assert feed is not None
    own = [trip for trip in feed.trip_id.tolist() if trip.startswith("scenario:")]
    assert len(own) == 2 * 17
    assert times(feed, "scenario:X 0 06:00") == pytest.approx([21600, 21960, 22230], abs=1)
    assert times(feed, "scenario:X 1 22:00") == pytest.approx([79200, 79440, 79830], abs=1)
    assert sorted(feed.stop_name[-2:]) == ["X, stop 1", "X, stop 2"]


def test_a_traveler_rides_it(region: Make) -> None:
    """From 1,000 m at 6:30 by the trip of 7:00, walking takes over an hour."""
    world = with_line(region)
    lon, lat = zip(at(1000), at(6000), strict=True)
    ends = pd.DataFrame({"id": ["here", "there"], "lon": lon, "lat": lat})
    settings = TravelSettings(max_minutes=60, date=WEDNESDAY, window=(7 * 3600 - 120, 7 * 3600 - 60))
    table = travel_times(world.network, ends.head(1), ends.tail(1), settings)
    assert table["minutes"].tolist() == pytest.approx([2 + 630 / 60], abs=0.2)


def test_a_line_runs_on_its_days_and_can_change_again(region: Make) -> None:
    weekend = LineAdded("X", LINE.stops, 30.0, 60.0, 360, 720, days=(5, 6))
    feed = with_line(region, weekend).network.feed
    assert feed is not None
    service = int(feed.trip_service[feed.trip_id.tolist().index("scenario:X 0 06:00")])
    days = feed.service_day[feed.service_offset[service] : feed.service_offset[service + 1]]
    assert set((days + 3) % 7) == {5, 6}
    later = with_line(region, LINE, RouteLater("X", 23 * 60)).network.feed
    assert later is not None
    assert len(later.trip_id) == len(ALL_DAY + ALL_BACK) + 2 * 18
    gone = with_line(region, LINE, RouteCut("X")).network.feed
    assert gone is not None
    before = region([], [], [], ALL_DAY + ALL_BACK).network.feed
    assert before is not None
    np.testing.assert_array_equal(gone.trip_id, before.trip_id)
    np.testing.assert_array_equal(gone.stop_id, before.stop_id)


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (LineAdded("t", LINE.stops, 30, 60, 360, 720), "is a route 't' already"),
        (LineAdded("X", (at(0), at(0)), 30, 60, 360, 720), "are at one place"),
        (LineAdded("X", (at(0), "Stop bb"), 30, 60, 360, 720), "did you mean Stop b"),
        (LineAdded("X", (at(0), (-80.0, 20.0)), 30, 60, 360, 720), "over 200 m from any street"),
    ],
)
def test_what_cannot_be(region: Make, change: LineAdded, words: str) -> None:
    with pytest.raises(InputError) as refused:
        with_line(region, change)
    assert words in str(refused.value)


def test_no_line_over_water_without_a_bridge(lay_streets: Callable[..., object], toy: Callable[..., Feed]) -> None:
    from geo.crs import to_degrees
    from geo.scenarios.lines import add_line
    from geo.timetables.feed_tables import feed_tables

    nodes = {"a": (0.0, 0.0), "b": (4000.0, 0.0), "c": (4000.0, 300.0), "d": (0.0, 300.0)}
    streets = lay_streets(nodes, ["a b c d: highway=residential"])
    lon, lat = to_degrees([500_000, 500_000, 504_000], [4_330_000, 4_330_300, 4_330_300], "EPSG:32616")
    banks = tuple(zip(lon.tolist(), lat.tolist(), strict=True))
    tables = feed_tables(toy(ALL_DAY))
    with pytest.raises(InputError, match="draw it over a bridge"):
        add_line(streets, tables, LineAdded("X", banks[:2], 30, 60, 360, 720), "America/Chicago")  # type: ignore[arg-type]
    add_line(streets, tables, LineAdded("X", banks[::2], 30, 60, 360, 720), "America/Chicago")  # type: ignore[arg-type]
