"""Walks left out of a search change no second: on paper, in drawn dense cities, and in real ones.

On paper, a line calls at A, B, C and D, 60 s apart. The hall is 600 s on foot from A, 300 s from B, 370 s from C and
300 s from D.
"""

import datetime
from collections.abc import Callable
from dataclasses import replace
from types import SimpleNamespace
from typing import Any, NamedTuple

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from geo.crs import local_crs, to_degrees
from geo.streets.build import StreetSettings, build_streets
from geo.timetables.feed import Feed
from geo.timetables.service_day import Timetable, mirrored, timetable
from geo.travel.destinations import make_ready, walks_between
from geo.travel.kernels_raptor import SECONDS, SINCE, UNREACHED, Links, Rules, Walks, profile
from geo.travel.network import Network, build_network
from geo.travel.settings import TravelSettings
from geo.travel.transit_search import every_walk, prepare_search, walks_worth_taking
from sources.networks.gtfs import read_feeds
from sources.networks.osm import read_streets
from tests.geo.travel.test_kernels_raptor import MONDAY, lines, links, slow_search, trips_of

STREET = [f"S{k}" for k in range(9)]


def rows_of(walks: Walks) -> list[list[tuple[int, int, int]]]:
    """Return target, seconds and since of the walks of each row."""
    parts = zip(walks.offset[:-1], walks.offset[1:], strict=True)
    return [
        [(w & (1 << SECONDS) - 1, w >> SECONDS & 0xFFFFF, (w >> SINCE) - 1) for w in walks.walk[a:b].tolist()]
        for a, b in parts
    ]


def with_changes(given: Links, change: np.ndarray) -> Links:
    """Return transfers, and the changes at one stop that are possible, in one list."""
    rows = [
        dict(zip(given.target[a:b].tolist(), given.seconds[a:b].tolist(), strict=True))
        for a, b in zip(given.offset[:-1], given.offset[1:], strict=True)
    ]
    return links([row | ({k: int(change[k])} if change[k] >= 0 else {}) for k, row in enumerate(rows)])


def test_on_paper(toy: Any) -> None:
    """Who is at C rides on to D: 60 s more there, 70 s less on foot. Who boarded at A got off at B before."""
    feed = toy(["r1 daily bus: A 8:00 B 8:01 C 8:02 D 8:03"])
    hall = links([{0: 600}, {0: 300}, {0: 370}, {0: 300}])
    kept = rows_of(walks_worth_taking(lines(timetable(feed, MONDAY)), hall, 1))
    assert kept == [[], [(0, 300, -1)], [], [(0, 300, 1)]]


@pytest.mark.parametrize(("later", "kept"), [("8:05", []), ("8:05:01", [(0, 600, -1)])])
def test_one_slow_trip_keeps_a_walk(toy: Any, later: str, kept: list[tuple[int, int, int]]) -> None:
    """The ride to C may take as long as the walk becomes shorter, 300 s, on every trip of the day."""
    feed = toy(["r1 daily bus: A 8:00 B 8:00 C 8:01", f"r2 daily bus: A 7:00 B 8:00 C {later}"])
    hall = links([{}, {0: 600}, {0: 300}])
    assert rows_of(walks_worth_taking(lines(timetable(feed, MONDAY)), hall, 1))[1] == kept


def test_calls_without_a_second_between_them_dont_leave_each_other_out(toy: Any) -> None:
    feed = toy(["r1 daily bus: A 8:00 B 8:10 C 8:10"])
    hall = links([{}, {0: 60}, {0: 60}])
    assert rows_of(walks_worth_taking(lines(timetable(feed, MONDAY)), hall, 1))[1:] == [[(0, 60, -1)], [(0, 60, -1)]]


def test_where_one_may_not_alight_no_walk_begins_and_none_is_left_out(toy: Any) -> None:
    feed = toy(["r1 daily bus: A 8:00 B 8:01 C? 8:02 D 8:20"])
    hall = links([{}, {0: 300}, {0: 100}, {0: 250}])
    kept = rows_of(walks_worth_taking(lines(timetable(feed, MONDAY)), hall, 1))
    assert kept[1:] == [[(0, 300, -1)], [], [(0, 250, 1)]]


class City(NamedTuple):
    """Lines along one street, and how far apart its stops are, in seconds on foot."""

    trips: list[str]
    gaps: list[int]
    cross: dict[tuple[int, int], int]


@st.composite
def cities(draw: st.DrawFn) -> City:
    """Draw local, express, opposite and ring lines on one street whose trips are not all equally fast."""
    gaps = draw(st.lists(st.integers(20, 400), min_size=8, max_size=8))
    ways = [STREET, STREET[::-1], STREET[::3], STREET[1::2], [*STREET[2:6], STREET[2]]]
    trips = []
    for number in range(draw(st.integers(2, 9))):
        time = draw(st.sampled_from((8, 24))) * 3600 + draw(st.integers(-1500, 1500))
        words = []
        for stop in draw(st.sampled_from(ways)):
            mark = draw(st.sampled_from(("", "", "", "", "", "!", "?")))
            words.append(f"{stop}{mark} 0:00:{time}-0:00:{time + draw(st.sampled_from((0, 0, 20)))}")
            time += 20 + draw(st.sampled_from((0, 10, 60, 200)))
        trips.append(f"t{number} daily bus: {' '.join(words)}")
    pairs = st.tuples(st.integers(0, 8), st.integers(0, 8)).filter(lambda pair: pair[0] != pair[1])
    return City(trips, gaps, draw(st.dictionaries(pairs, st.integers(0, 500), max_size=3)))


def on_foot(city: City, longest: int) -> dict[tuple[int, int], int]:
    """Return the walks between stops along the street, within the longest, and a few that go another way."""
    along = np.cumsum([0, *city.gaps])
    between = {(a, b): int(abs(along[a] - along[b])) for a in range(9) for b in range(9) if a != b}
    return {pair: seconds for pair, seconds in (between | city.cross).items() if seconds <= longest}


class Asked(NamedTuple):
    """What is asked of a city: rules, the walks from its stops to four places, changes, and where one starts."""

    longest: int
    rides: int
    limit: int
    late: bool
    back: bool
    ends: list[dict[int, int]]
    changes: dict[int, int]
    start: dict[int, int]


asked = st.builds(
    Asked, st.integers(5, 30), st.integers(1, 8), st.sampled_from((1200, 3600)), st.booleans(), st.booleans(),
    st.lists(st.dictionaries(st.integers(0, 3), st.integers(0, 900), max_size=3), min_size=9, max_size=9),
    st.dictionaries(st.integers(0, 8), st.sampled_from((-1, 45)), max_size=3),
    st.dictionaries(st.integers(0, 8), st.integers(0, 600), min_size=1, max_size=3),
)  # fmt: skip
Trips = list[list[tuple[int, int, int, bool, bool]]]


def hold_against_all_walks(feed: Feed, day: Timetable, city: City, asked: Asked, trips: Trips) -> None:
    """Hold a search by walks worth taking against one by all walks and, forward, against a slow one over the trips."""
    names, back = [str(name) for name in feed.stop_id], asked.back
    number = [names.index(stop) for stop in STREET]
    walks = {(number[a], number[b]): seconds for (a, b), seconds in on_foot(city, 60 * asked.longest).items()}
    between: list[dict[int, int]] = [{} for _ in names]
    for (a, b), seconds in walks.items():
        between[b if back else a][a if back else b] = seconds
    change = np.array([{number[k]: s for k, s in asked.changes.items()}.get(k, 0) for k in range(len(names))], np.int32)
    day = mirrored(day) if back else day
    rules = Rules(asked.limit, asked.rides, 0, 60) if back else Rules(asked.limit, asked.rides, 60, 0)
    middle = (-1 if back else 1) * (24 if asked.late else 8) * 3600
    departures = np.arange(middle + 1800, middle - 1800, -150, dtype=np.int32)
    begins = {number[k]: seconds for k, seconds in asked.start.items()}
    access = [np.array(list(part), np.int32) for part in (begins.keys(), begins.values())]
    egress, direct = links([asked.ends[number.index(k)] for k in range(len(names))]), np.full(4, UNREACHED, np.int32)
    searched = lines(day)

    def seconds_by(onward: Walks, arriving: Walks) -> Any:
        return profile(searched, onward, *access, departures, rules, arriving, direct)

    every = with_changes(links(between), change)
    worth = walks_worth_taking(searched, links(between), len(names), change), walks_worth_taking(searched, egress, 4)
    plain = seconds_by(every_walk(every), every_walk(egress))
    assert np.array_equal(plain, seconds_by(*worth))
    if back:
        return
    for row, departure in list(enumerate(departures.tolist()))[::6]:
        extra = dict(enumerate(change.tolist()))
        at = slow_search(trips, len(names), begins, departure, walks, extra, asked.limit, asked.rides, 60)
        best = [int(UNREACHED)] * 4
        for stop, elapsed in enumerate(at):
            for place, walk in asked.ends[number.index(stop)].items():
                if elapsed + walk <= asked.limit:
                    best[place] = min(best[place], elapsed + walk)
        assert plain[row].tolist() == best


@settings(max_examples=200, deadline=None)
@given(cities(), asked)
def test_no_second_changes_in_a_dense_city(toy, city, asked):  # type: ignore[no-untyped-def]
    feed = toy(city.trips, stops={stop: {} for stop in STREET})
    hold_against_all_walks(feed, timetable(feed, MONDAY), city, asked, trips_of(feed, MONDAY))


@st.composite
def runs(draw: st.DrawFn) -> tuple[City, list[str], list[int]]:
    """Draw a city whose vehicles go on as other trips within a minute, some trips and stops for wheelchairs.

    Return also each trip's vehicle, and what each stop says of wheelchairs.
    """
    city, trips, vehicles = draw(cities()), [], []
    for vehicle in range(draw(st.integers(1, 4))):
        time, at = draw(st.sampled_from((8, 24))) * 3600 + draw(st.integers(-1500, 900)), draw(st.integers(0, 8))
        for _ in range(draw(st.integers(2, 4))):
            words = []
            for stop in (at, *draw(st.lists(st.integers(0, 8), min_size=1, max_size=5))):
                mark = draw(st.sampled_from(("", "", "", "!", "?")))
                words.append(f"{STREET[stop]}{mark} 0:00:{time}")
                time, at = time + draw(st.integers(10, 300)), stop
            time += draw(st.sampled_from((-10, -10, 0, 100)))
            step_free = draw(st.sampled_from(("", "*", "*")))
            trips.append(f"{'abcdefghijklmnop'[len(trips)]}{len(trips)}{step_free} daily bus: {' '.join(words)}")
            vehicles.append(str(vehicle))
    says = draw(st.lists(st.sampled_from((1, 1, 1, 0, 2)), min_size=9, max_size=9))
    return city._replace(trips=trips), vehicles, says


def trips_on(day: Timetable) -> Trips:
    """Return the day's trips, those that one vehicle goes on as among them; see `trips_of`."""
    trips = []
    for p in range(len(day.pattern_offset) - 1):
        calls = slice(day.pattern_offset[p], day.pattern_offset[p + 1])
        times = slice(day.time_offset[p], day.time_offset[p + 1])
        stops, board, alight = (part[calls].tolist() for part in (day.pattern_stop, day.can_board, day.can_alight))
        arrival, departure = (part[times].reshape(-1, len(stops)).tolist() for part in (day.arrival, day.departure))
        trips += [
            list(zip(stops, *times, board, alight, strict=True)) for times in zip(arrival, departure, strict=True)
        ]
    return trips


@settings(max_examples=100, deadline=None)
@given(runs(), asked, st.booleans())
def test_no_second_changes_for_wheelchairs_and_who_stays_seated(toy, run, asked, step_free):  # type: ignore[no-untyped-def]
    city, vehicles, says = run
    feed = toy(city.trips, stops={stop: {"wheelchair": one} for stop, one in zip(STREET, says, strict=True)})
    order = [int(name[1:]) for name in feed.trip_id.tolist()]
    feed = replace(feed, trip_block=np.array([int(vehicles[k]) for k in order], np.int32))
    day = timetable(feed, MONDAY, step_free=step_free, stay_seated=True)
    hold_against_all_walks(feed, day, city, asked, trips_on(day))


def test_drawn_runs_are_stayed_seated_in(toy: Any) -> None:
    """What is drawn above: a goes on as b 50 s later, where both stop at S3."""
    feed = toy(["a0 daily bus: S0 8:00 S3 8:05", "b1 daily bus: S3 8:05:50 S5 8:10"])
    day = timetable(replace(feed, trip_block=np.zeros(2, np.int32)), MONDAY, stay_seated=True)
    assert (day.trip_onward >= 0).any()


REAL: dict[str, tuple[str, list[str], str, tuple[float, float], datetime.date]] = {
    "nky": ("streets", ["TANK-GTFS"], "America/New_York", (-84.5, 39.0), datetime.date(2020, 7, 20)),
    "dc": ("dc_nw_arlington", ["wmata_rail_2025-06"], "America/New_York", (-77.05, 38.92), datetime.date(2025, 6, 17)),
    "poa": ("poa_osm", ["poa_eptc", "poa_trensurb"], "America/Sao_Paulo", (-51.2, -30.05), datetime.date(2019, 5, 13)),
}


@pytest.fixture(scope="module")
def real(shared: Any) -> Callable[[str], Network]:
    """Return a function that builds a real region."""

    def build(name: str) -> Network:
        streets, feeds, zone, middle, _ = REAL[name]
        folder = shared / "regions" / name
        pbf = folder / (f"{streets}.osm.pbf" if name != "poa" else "poa_osm.pbf")
        built = build_streets(read_streets(pbf), local_crs(*middle), StreetSettings())
        return build_network(built, read_feeds([(one, folder / f"{one}.zip") for one in feeds])[0], zone)

    return build


@pytest.mark.parametrize("name", list(REAL))
def test_no_second_changes_from_a_hundred_starts(real: Callable[[str], Network], name: str) -> None:
    network = real(name)
    lon, lat = to_degrees(network.streets.node_x, network.streets.node_y, network.crs)
    at = np.random.default_rng(9).choice(len(lon), 400, replace=False)
    asked = TravelSettings(date=REAL[name][-1], max_minutes=90)
    places = SimpleNamespace(lon=lon[at[100:]], lat=lat[at[100:]])
    starts = make_ready(network, SimpleNamespace(lon=lon[at[:100]], lat=lat[at[:100]]), asked).attached
    for backward in (False, True):
        search = prepare_search(network, asked, backward=backward)
        there = make_ready(network, places, asked, backward=backward)
        access, _ = walks_between(network, starts, there, asked)
        every = every_walk(with_changes(search.transfers, search.change)), every_walk(there.egress)
        worth = search.onward, walks_worth_taking(search.lines, there.egress, 300)
        times = (60 * np.arange(9 * 60, 7 * 60, -5, dtype=np.int32))[:: -1 if backward else 1] * (-1 if backward else 1)
        direct, reached = np.full(300, UNREACHED, np.int32), 0
        for k in range(100):
            part = slice(access.offset[k], access.offset[k + 1])
            walked = access.target[part], access.seconds[part]
            one, other = (
                profile(search.lines, onward, *walked, times, search.rules, egress, direct)
                for onward, egress in (every, worth)
            )
            assert np.array_equal(one, other)
            reached += int((one < UNREACHED).any(axis=0).sum())
        assert reached > 100
