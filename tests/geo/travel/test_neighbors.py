"""Neighboring starts searched together against each by itself, in drawn dense cities and in real ones."""

from dataclasses import replace
from types import SimpleNamespace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from geo.crs import to_degrees
from geo.timetables.feed import Feed
from geo.timetables.service_day import Timetable, mirrored, timetable
from geo.travel import neighbors as subject
from geo.travel.destinations import make_ready, walks_between
from geo.travel.kernels_neighbors import LANES
from geo.travel.kernels_raptor import Links, Rules
from geo.travel.kernels_steps import Steps, profile_in_steps
from geo.travel.neighbors import are_neighbors, calls_of, search_together, side_by_side
from geo.travel.settings import TravelSettings
from geo.travel.transit_search import Search, every_walk, prepare_search, walks_worth_taking
from tests.geo.travel.test_kernels_footpaths import (
    REAL,
    STREET,
    Asked,
    City,
    asked,
    cities,
    on_foot,
    real,  # noqa: F401
    runs,
)
from tests.geo.travel.test_kernels_raptor import MONDAY, lines, links

several = st.lists(
    st.dictionaries(st.integers(0, 8), st.integers(0, 600), max_size=3), min_size=1, max_size=LANES
)  # fmt: skip


def prepared(feed: Feed, day: Timetable, city: City, asked: Asked) -> tuple[Search, list[int]]:
    names, back = [str(name) for name in feed.stop_id], asked.back
    number = [names.index(stop) for stop in STREET]
    between: list[dict[int, int]] = [{} for _ in names]
    for (a, b), seconds in on_foot(city, 60 * asked.longest).items():
        between[number[b if back else a]][number[a if back else b]] = seconds
    change = np.array([{number[k]: s for k, s in asked.changes.items()}.get(k, 0) for k in range(len(names))], np.int32)
    day = mirrored(day) if back else day
    rules = Rules(asked.limit, asked.rides, 0, 60) if back else Rules(asked.limit, asked.rides, 60, 0)
    onward = walks_worth_taking(lines(day), links(between), len(names), change)
    return Search(day, lines(day), links(between), change, onward, rules), number


def both(search: Search, number: list[int], starts: list[dict[int, int]], asked: Asked) -> list[tuple[Steps, Steps]]:
    """Return the steps of each start, searched together and by itself."""
    access = links([{number[stop]: seconds for stop, seconds in start.items()} for start in starts])
    ends = links([asked.ends[number.index(k)] for k in range(len(number))])
    first, minutes = 60 * ((-1 if asked.back else 1) * (24 if asked.late else 8) * 60 - 30), 60
    departures = np.arange(first + 60 * (minutes - 1), first - 1, -60, dtype=np.int32)
    day = calls_of(search, first, minutes)
    pairs = []
    for walks in (every_walk(ends), walks_worth_taking(search.lines, ends, 4)):
        if day is None:
            continue
        found = search_together(search, day, walks, 4, access, minutes)
        for k in range(len(starts)):
            near = slice(access.offset[k], access.offset[k + 1])
            walked = access.target[near], access.seconds[near]
            own = profile_in_steps(search.lines, search.onward, *walked, departures, search.rules, walks, 4)
            pairs.append((found.steps(k), own))
    return pairs


@settings(max_examples=300, deadline=None)
@given(cities(), asked, several)
def test_every_step_is_the_same_in_a_dense_city(toy, city, asked, starts):  # type: ignore[no-untyped-def]
    feed = toy(city.trips, stops={stop: {} for stop in STREET})
    search, number = prepared(feed, timetable(feed, MONDAY), city, asked)
    pairs = both(search, number, starts, asked)
    assert len(pairs) == 2 * len(starts), (
        "in a city whose trips arrive before they depart, all can be searched together"
    )
    for near, own in pairs:
        assert all(map(np.array_equal, near, own))


@settings(max_examples=100, deadline=None)
@given(runs(), asked, several)
def test_every_step_is_the_same_for_who_stays_seated(toy, run, asked, starts):  # type: ignore[no-untyped-def]
    city, vehicles, _ = run
    feed = toy(city.trips, stops={stop: {} for stop in STREET})
    order = [int(name[1:]) for name in feed.trip_id.tolist()]
    feed = replace(feed, trip_block=np.array([int(vehicles[k]) for k in order], np.int32))
    search, number = prepared(feed, timetable(feed, MONDAY, stay_seated=True), city, asked)
    for near, own in both(search, number, starts, asked):
        assert all(map(np.array_equal, near, own))


def test_where_there_is_too_little_room_more_is_made(toy, monkeypatch):  # type: ignore[no-untyped-def]
    """Forty trips from one end to the other: many steps, and walks under way of several vectors at a time."""
    trips = [
        f"t{k} daily bus: {' '.join(f'{s} 0:00:{28800 + 90 * k + 60 * i}' for i, s in enumerate(STREET))}"
        for k in range(40)
    ]
    city = City(trips, [100] * 8, {})
    wanted = Asked(20, 4, 3600, late=False, back=False, ends=[{0: 300}] * 8 + [{1: 500, 2: 0}], changes={}, start={})
    feed = toy(trips, stops={stop: {} for stop in STREET})
    search, number = prepared(feed, timetable(feed, MONDAY), city, wanted)
    for name, least in (("_VECTORS", 2), ("_PIECES", 1), ("_STEPS_A_PLACE", 1)):
        monkeypatch.setattr(subject, name, least)
    for near, own in both(search, number, [{0: 0}, {1: 60, 2: 30}], wanted):
        assert len(own.since) > 0
        assert all(map(np.array_equal, near, own))


def test_only_those_who_share_their_stops_are_neighbors() -> None:
    assert are_neighbors(links([{0: 60, 1: 90}] * 6))
    assert not are_neighbors(links([{0: 60, 1: 90}] * 5))
    assert not are_neighbors(links([{k: 60} for k in range(9)]))
    assert not are_neighbors(Links(np.zeros(17, np.int64), np.empty(0, np.int32), np.empty(0, np.int32)))


def test_where_a_change_takes_no_time_calls_arent_gone_through(toy):  # type: ignore[no-untyped-def]
    feed = toy(["a0 daily bus: S0 8:00 S3 8:05"], stops={stop: {} for stop in STREET})
    day, no_walks = timetable(feed, MONDAY), links([{} for _ in STREET])
    change = np.zeros(len(STREET), np.int32)
    search = Search(day, lines(day), no_walks, change, every_walk(no_walks), Rules(3600, 4, 0, 0))
    assert calls_of(search, 7 * 3600, 120) is None
    assert calls_of(replace(search, rules=Rules(3600, 4, 1, 0)), 7 * 3600, 120) is not None


def test_each_lot_of_a_grid_lies_close_together() -> None:
    x, y = (part.ravel() * 0.01 for part in np.meshgrid(np.arange(12), np.arange(9)))
    order = side_by_side(x, y)
    assert sorted(order) == list(range(108))
    assert all(max(np.ptp(x[lot]), np.ptp(y[lot])) < 0.06 for lot in np.split(order, range(LANES, 108, LANES)))
    assert len(side_by_side(x[:0], y[:0])) == 0


@pytest.mark.parametrize("name", ["nky", "dc"])
def test_every_step_is_the_same_from_a_hundred_neighbors(real, name):  # type: ignore[no-untyped-def]  # noqa: F811
    """The hundred junctions nearest to the stop on the streets at which most of the day's lines call."""
    network = real(name)
    lon, lat = to_degrees(network.streets.node_x, network.streets.node_y, network.crs)
    wanted = TravelSettings(date=REAL[name][-1], max_minutes=90)
    at = np.random.default_rng(9).choice(len(lon), 300, replace=False)
    lines_calling = np.bincount(prepare_search(network, wanted).day.pattern_stop, minlength=len(network.feed.stop_id))
    busiest = np.where(network.stops.link >= 0, lines_calling, 0).argmax()
    near = np.hypot(lon - network.feed.stop_lon[busiest], lat - network.feed.stop_lat[busiest]).argsort()[:100]
    near = near[side_by_side(lon[near], lat[near])]
    places = SimpleNamespace(lon=lon[at], lat=lat[at])
    starts = make_ready(network, SimpleNamespace(lon=lon[near], lat=lat[near]), wanted).attached
    for backward in (False, True):
        search = prepare_search(network, wanted, backward=backward)
        there = make_ready(network, places, wanted, backward=backward)
        access, _ = walks_between(network, starts, there, wanted)
        walks, first, minutes = walks_worth_taking(search.lines, there.egress, 300), 7 * 3600, 120
        first = -first - 60 * (minutes - 1) if backward else first
        departures = np.arange(first + 60 * (minutes - 1), first - 1, -60, dtype=np.int32)
        day, steps = calls_of(search, first, minutes), 0
        assert day is not None
        for lot in range(0, 100, LANES):
            offset = access.offset[lot : lot + LANES + 1]
            part = slice(offset[0], offset[-1])
            those = Links(offset - offset[0], access.target[part], access.seconds[part])
            together = search_together(search, day, walks, 300, those, minutes)
            for k in range(len(offset) - 1):
                walked = (values[those.offset[k] : those.offset[k + 1]] for values in (those.target, those.seconds))
                own = profile_in_steps(search.lines, search.onward, *walked, departures, search.rules, walks, 300)
                assert all(map(np.array_equal, together.steps(k), own))
                steps += len(own.since)
        assert steps > 1000
