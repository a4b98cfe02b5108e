"""Who keeps out of areas travels as on a map and timetable drawn without them, and is told where a leg enters one."""

import datetime
from collections.abc import Callable
from dataclasses import replace
from itertools import pairwise
from typing import Any

import numpy as np
import pandas as pd
import pytest
import shapely
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from geo.crs import to_degrees, to_meters
from geo.streets.build import Streets
from geo.streets.closed_areas import without_closed_ground
from geo.travel.journeys import Journey, explain_journey, in_words
from geo.travel.keep_out import flagging, keeping_out
from geo.travel.network import Network, build_network
from geo.travel.settings import TravelSettings
from geo.travel.travel_times import departure_profile

MONDAY = datetime.date(2024, 3, 4)
EAST, NORTH, ZONE = 500_000, 4_330_000, "America/Chicago"
SPOTS = {f"s{x}{y}": (400.0 * x + 30, 400.0 * y) for x in range(4) for y in range(3)}
"""Stops, 30 m off the corners of a grid of streets."""
START = 8 * 3600
BY_BUS = TravelSettings(
    date=MONDAY, window=(START, START + 1800), max_minutes=90, max_walk_minutes=8, board_seconds=60, rides=3
)
NODES = {f"n{x}{y}": (400.0 * x, 400.0 * y) for x in range(4) for y in range(3)}
WAYS = [f"n{x}{y} n{x + 1}{y}: highway=residential" for x in range(3) for y in range(3)] + [
    f"n{x}{y} n{x}{y + 1}: highway=residential" for x in range(4) for y in range(2)
]
Trip = tuple[tuple[str, ...], int]
_NO_SHRINKING = (Phase.explicit, Phase.reuse, Phase.generate)  # printing a network takes minutes


@pytest.fixture(scope="module")
def grid(lay_streets: Callable[..., Streets]) -> Streets:
    return lay_streets(NODES, WAYS)


def disc(x: float, y: float, meters: float) -> shapely.Geometry:
    return shapely.Point(EAST + x, NORTH + y).buffer(meters)


def degrees(points: list[tuple[float, float]]) -> list[tuple[float, float]]:
    lon, lat = to_degrees(*np.array([(EAST + x, NORTH + y) for x, y in points]).T, "EPSG:32616")
    return list(zip(lon.tolist(), lat.tolist(), strict=True))


def written(number: int, trip: Trip, kept: list[int]) -> str:
    """Write a trip of which these stops are kept, two minutes from stop to stop."""
    names, start = trip
    calls = " ".join(f"{names[k]} {(start + 2 * k) // 60}:{(start + 2 * k) % 60:02d}" for k in kept)
    return f"t{number}x{kept[0]} daily bus: {calls}"


def network(
    toy: Any,
    streets: Streets,
    texts: list[str],
    transfers: list[tuple[str, str, int]] = [],  # noqa: B006  read only
    station: frozenset[str] = frozenset(),
    shape: list[tuple[float, float]] = [],  # noqa: B006  read only
) -> Network:
    """`station`: stops of one; `shape`: the line that every trip is said to follow."""
    places = zip(SPOTS, degrees(list(SPOTS.values())), strict=True)
    stops = {name: {"lon": lon, "lat": lat, "station": "X" * (name in station)} for name, (lon, lat) in places}
    feed = toy(texts or ["t daily bus: s00 3:00 s10 3:01"], transfers=transfers, stops=stops, zone=ZONE)
    if shape:
        lon, lat = np.array(degrees(shape)).T
        of_trips, ends = np.zeros(len(feed.trip_id), np.int32), np.array([0, len(shape)])
        feed = replace(feed, trip_shape=of_trips, shape_offset=ends, shape_lon=lon, shape_lat=lat)
    return build_network(streets, feed, ZONE)


def inside(closed: shapely.Geometry, name: str) -> bool:
    return bool(closed.intersects(shapely.Point(EAST + SPOTS[name][0], NORTH + SPOTS[name][1])))


def crossed(closed: shapely.Geometry, a: str, b: str) -> bool:
    return bool(closed.intersects(shapely.LineString([(EAST + x, NORTH + y) for x, y in (SPOTS[a], SPOTS[b])])))


def stretches(closed: shapely.Geometry, trip: Trip, *, ride_through: bool) -> list[list[int]]:
    """Return the stops of a trip that one may use, in stretches within which one may stay on board."""
    names = trip[0]
    if ride_through:
        parts = [[k for k, name in enumerate(names) if not inside(closed, name)]]
    else:
        parts = [[0]]
        for k, (a, b) in enumerate(pairwise(names), 1):
            parts = [*parts, [k]] if crossed(closed, a, b) else [*parts[:-1], [*parts[-1], k]]
    return [part for part in parts if len(part) > 1]


trips = st.lists(
    st.tuples(
        st.lists(st.sampled_from(sorted(SPOTS)), min_size=2, max_size=6, unique=True).map(tuple),
        st.integers(8 * 60, 8 * 60 + 40),
    ),
    min_size=1,
    max_size=8,
)
grounds = st.builds(disc, st.integers(-100, 1300), st.integers(-100, 900), st.integers(20, 320))


def far_off(closed: shapely.Geometry) -> list[tuple[float, float]]:
    """Return places well outside, some by the streets, some off them."""
    spots = [*NODES.values(), (200.0, 60.0), (640.0, 330.0), (1000.0, 500.0)]
    return [(x, y) for x, y in spots if closed.distance(shapely.Point(EAST + x, NORTH + y)) > 2]


@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture], phases=_NO_SHRINKING)
@given(drawn=trips, closed=grounds, ride_through=st.booleans())
def test_as_on_a_timetable_without_the_ground(
    grid: Streets, toy: Any, drawn: list[Trip], closed: Any, ride_through: bool
) -> None:
    whole = network(toy, grid, [written(k, trip, list(range(len(trip[0])))) for k, trip in enumerate(drawn)])
    kept = keeping_out(whole, closed, ride_through=ride_through)
    parts = [
        written(k, trip, part)
        for k, trip in enumerate(drawn)
        for part in stretches(closed, trip, ride_through=ride_through)
    ]
    expected = network(toy, without_closed_ground(grid, closed), parts)
    points = pd.DataFrame(degrees(far_off(closed)), columns=["lon", "lat"])
    for row in range(0, len(points), 4):
        here = points.iloc[[row]]
        seconds, truth = (departure_profile(one, here, points, BY_BUS) for one in (kept, expected))
        np.testing.assert_array_equal(seconds, truth)


@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture], phases=_NO_SHRINKING)
@given(
    drawn=trips,
    closed=grounds,
    ride_through=st.booleans(),
    changes=st.lists(st.tuples(*[st.sampled_from(sorted(SPOTS))] * 2, st.sampled_from([-1, 60, 600])), max_size=4),
    station=st.frozensets(st.sampled_from(sorted(SPOTS)), max_size=4),
    shape=st.lists(st.tuples(st.floats(-100, 1300), st.floats(-100, 900)), max_size=5, unique=True),
)
def test_no_journey_enters_and_every_leg_that_does_says_so(
    grid: Streets, toy: Any, drawn: list[Trip], closed: Any, ride_through: bool, changes: Any, station: Any, shape: Any
) -> None:
    texts = [written(k, trip, list(range(len(trip[0])))) for k, trip in enumerate(drawn)]
    whole = network(toy, grid, texts, list({(a, b): (a, b, s) for a, b, s in changes}.values()), station, shape)
    around, free = keeping_out(whole, closed, ride_through=ride_through), flagging(whole, closed)
    places = degrees(far_off(closed))[:5]
    for mode in ("transit", "walk", "bike", "drive"):
        how = TravelSettings(mode=mode, date=MONDAY, max_minutes=90, max_walk_minutes=30)
        for here in places[:2]:
            for there in places[2:]:
                kept = explain_journey(around, here, there, how, START)
                for leg in () if kept is None else kept.legs:
                    if leg.enters:
                        assert ride_through
                        assert leg.vehicle
                        assert leg.enters == "passes", "nobody gets on or off inside"
                    else:
                        assert not closed.intersects(shapely.LineString(meters(leg.line)))
                assert tells(explain_journey(free, here, there, how, START), closed)


def meters(line: Any) -> np.ndarray:
    return np.column_stack(to_meters(*np.array(line).T, "EPSG:32616"))


def tells(journey: Journey | None, closed: Any) -> bool:
    legs = () if journey is None else journey.legs
    return all(bool(leg.enters) == closed.intersects(shapely.LineString(meters(leg.line))) for leg in legs)


def test_a_bus_through_an_area_by_hand(grid: Streets, toy: Any) -> None:
    """One bus goes straight through and stops inside, another around it; on foot it is too far."""
    texts = ["t1 daily bus: s00 8:10 s10 8:12 s20 8:14 s30 8:16", "t2 daily bus: s00 8:05 s02 8:15 s32 8:25 s30 8:35"]
    whole, closed = network(toy, grid, texts), disc(430, 0, 150)
    (home, there, inner) = degrees([(0.0, 0.0), (1200.0, 0.0), (440.0, 0.0)])
    how = TravelSettings(date=MONDAY, max_minutes=90, max_walk_minutes=5)

    def trip(one: Network, end: tuple[float, float] = there) -> Journey | None:
        return explain_journey(one, home, end, how, START)

    through = trip(keeping_out(whole, closed, ride_through=True))
    around, free = trip(keeping_out(whole, closed)), trip(flagging(whole, closed))
    assert [[leg.enters for leg in one.legs] for one in (through, around, free)] == [
        ["", "passes", ""], ["", "", ""], ["", "passes", ""],
    ]  # fmt: skip
    assert "this ride passes through an area to stay away from" in in_words(through)[1]
    assert around.arrival - through.arrival == 19 * 60
    off = trip(flagging(whole, closed), inner)
    assert [leg.enters for leg in off.legs] == ["", "stops", "passes"]
    assert trip(keeping_out(whole, closed, ride_through=True), inner) is None, "nothing inside is reached"


def test_a_published_change_across_an_area_leaves_the_walk_around_it(grid: Streets, toy: Any) -> None:
    """From s00 to s11, as the crow flies through the area; 800 m by the streets around it, ten minutes."""
    texts = ["t1 daily bus: s30 8:05 s00 8:10", "t2 daily bus: s11 8:25 s02 8:30"]
    (home, there), how = degrees([(1200.0, 0.0), (0.0, 800.0)]), TravelSettings(date=MONDAY, max_walk_minutes=10.2)

    def arrival(changes: list[tuple[str, str, int]]) -> int | None:
        around = keeping_out(network(toy, grid, texts, changes), disc(230, 200, 60))
        trip = explain_journey(around, home, there, how, START)
        return None if trip is None else trip.arrival

    assert arrival([]) is not None
    assert arrival([("s00", "s11", 120)]) == arrival([])
    assert arrival([("s00", "s11", -1)]) is None, "the timetable says that it is not possible"
    assert arrival([("s00", "s11", 15 * 60)]) == arrival([]), "t2 leaves fifteen minutes after t1"
    assert arrival([("s00", "s11", 16 * 60)]) is None, "the published time is the least for who walks around, too"


def test_networks_are_made_once_and_few_are_kept(grid: Streets, toy: Any) -> None:
    whole = network(toy, grid, [])
    one = keeping_out(whole, disc(400, 0, 50))
    assert keeping_out(whole, disc(400, 0, 50)) is one
    assert keeping_out(whole, disc(400, 0, 50), ride_through=True) is not one
    for k in range(6):
        keeping_out(whole, disc(400, 0, 60 + k))
    assert keeping_out(whole, disc(400, 0, 50)) is not one
