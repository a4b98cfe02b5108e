"""All stops searched together against each start searched by itself, forward and on the mirrored timetable."""

from dataclasses import replace
from typing import Any

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from geo.timetables.service_day import mirrored as mirror
from geo.timetables.service_day import timetable
from geo.travel import stop_profiles as subject
from geo.travel.kernels_raptor import UNREACHED, Rules, profile
from geo.travel.kernels_steps import in_rows, profile_in_steps, through_stops
from geo.travel.kernels_stop_profiles import NEVER
from geo.travel.stop_profiles import stop_profiles
from geo.travel.transit_search import Search, every_walk, walks_worth_taking
from tests.geo.travel.test_kernels_raptor import (
    MONDAY,
    PAPER,
    STOPS,
    changes,
    drawn_trips,
    every_stop,
    lines,
    links,
    starts,
    walk_lists,
)

OPEN = 8 * 3600


def prepared(feed: Any, walks: Any, change: Any, rules: Rules, *, mirrored: bool = False) -> Search:
    day = timetable(feed, MONDAY)
    names = [str(name) for name in feed.stop_id]
    between: list[dict[int, int]] = [{} for _ in names]
    for (a, b), seconds in walks.items():
        between[names.index(b if mirrored else a)][names.index(a if mirrored else b)] = seconds
    extra = np.array([change.get(name, 0) for name in names], np.int32)
    day = mirror(day) if mirrored else day
    onward = walks_worth_taking(lines(day), links(between), len(names), extra)
    return Search(day, lines(day), links(between), extra, onward, rules)


def both(search: Search, access: dict[int, int], departures: list[int], egress: Any, places: int) -> Any:
    """Return elapsed seconds from one start by its own search, and by those of the stops; departures a minute apart."""
    stop, walked = np.array(list(access), np.int32), np.array(list(access.values()), np.int32)
    times, direct = np.array(sorted(departures)[::-1], np.int32), np.full(places, UNREACHED, np.int32)
    own = profile(
        search.lines, search.onward, stop, walked, times, search.rules, every_walk(egress), direct,
    )  # fmt: skip
    shared = stop_profiles(search, egress, places, int(times.min()), int(times.max() + walked.max()), 10**9)
    assert shared is not None
    limit = search.rules.limit
    steps = through_stops(shared.offset, shared.ready, shared.taken, stop, walked, times, limit)
    in_turn = profile_in_steps(
        search.lines, search.onward, stop, walked, times, search.rules, every_walk(egress), places
    )
    assert np.array_equal(own, in_rows(in_turn, len(times), limit)), "and so are they told in steps"
    return own, in_rows(steps, len(times), limit)


@settings(max_examples=200, deadline=None)
@given(
    drawn_trips(), starts, walk_lists, changes, st.integers(1, 4), st.sampled_from((600, 1500, 7200)), st.booleans(),
    st.lists(st.dictionaries(st.integers(0, 4), st.integers(0, 600), max_size=3), min_size=7, max_size=7),
)  # fmt: skip
def test_through_the_stops_every_second_is_the_same(toy, trips, start, walks, change, rides, limit, mirrored, ends):  # type: ignore[no-untyped-def]
    feed = toy(trips, stops=every_stop)
    rules = Rules(limit, rides, 0, 60) if mirrored else Rules(limit, rides, 60, 0)
    search = prepared(feed, walks, change, rules, mirrored=mirrored)
    sign = -1 if mirrored else 1
    departures = [sign * (OPEN + 600 + 60 * i) for i in range(-15, 42)]
    access = {STOPS.index(stop): seconds for stop, seconds in start.items()}
    own, shared = both(search, access, departures, links(ends), 5)
    assert np.array_equal(own, shared)


def test_places_in_blocks_are_the_places_at_once(toy, monkeypatch) -> None:  # type: ignore[no-untyped-def]
    search = prepared(toy(PAPER), {("B", "E"): 180}, {}, Rules(7200, 4, 60, 0))
    egress = links([{i: 60, (i + 1) % 6: 30} for i in range(6)])
    own, at_once = both(search, {0: 120}, [OPEN + 60 * i for i in range(-10, 40)], egress, 6)
    monkeypatch.setattr(subject, "PLACES_AT_ONCE", 2)
    _, in_blocks = both(search, {0: 120}, [OPEN + 60 * i for i in range(-10, 40)], egress, 6)
    assert np.array_equal(own, at_once)
    assert np.array_equal(own, in_blocks)
    assert (own < UNREACHED).any()


def test_none_where_it_holds_too_much_or_saves_too_little(toy, monkeypatch) -> None:  # type: ignore[no-untyped-def]
    search = prepared(toy(PAPER), {}, {}, Rules(7200, 4, 60, 0))
    egress = links([{i: 0} for i in range(6)])
    assert stop_profiles(search, egress, 6, OPEN, OPEN + 3600, 10) is None
    monkeypatch.setattr(subject, "MOST_NUMBERS", 40)
    assert stop_profiles(search, egress, 6, OPEN, OPEN + 3600, 10**9) is None
    assert stop_profiles(search, egress, 1, OPEN, OPEN + 3600, 10**9) is not None
    longer = replace(search, rules=Rules(NEVER, 4, 60, 0))
    assert stop_profiles(longer, egress, 1, OPEN, OPEN + 3600, 10**9) is None, "seconds would not fit into 16 bits"


def test_departures_after_the_last_are_each_stops_first_alone(toy) -> None:  # type: ignore[no-untyped-def]
    search = prepared(toy(PAPER), {}, {}, Rules(7200, 4, 60, 0))
    shared = stop_profiles(search, links([{i: 0} for i in range(6)]), 6, OPEN - 3600, OPEN, 10**9)
    assert shared is not None
    at_a = shared.ready[shared.offset[0] : shared.offset[1]]
    assert at_a.tolist() == [OPEN - 60, OPEN + 15 * 60 - 60]


def test_boardings_are_numbered_from_first_to_horizon_and_others_are_none(toy) -> None:  # type: ignore[no-untyped-def]
    """Red leaves A at 8:00, 8:15, 8:30 and B ten minutes later, blue B at 8:12 and 8:40, green E at 8:14 and 8:15.

    One must be ready a minute before. From 8:10 to 8:29 that is A at 8:15 and 8:30, B at 8:12 and 8:25, both greens.
    """
    search = prepared(toy(PAPER), {}, {}, Rules(7200, 4, 60, 0))
    stop, ready, boarding_row, departure_row = subject._boardings(search, OPEN + 10 * 60, OPEN + 29 * 60)
    minutes = [int(second - OPEN) // 60 for second in ready]
    assert list(zip((STOPS[at] for at in stop), minutes, strict=True)) == [
        ("A", 14), ("A", 29), ("B", 11), ("B", 24), ("E", 13), ("E", 14),
    ]  # fmt: skip
    assert sorted(boarding_row[boarding_row >= 0].tolist()) == list(range(6))
    assert (boarding_row < 0).sum() == len(boarding_row) - 6
    leaves = search.day.departure[boarding_row >= 0] - 60
    assert ready[departure_row[boarding_row[boarding_row >= 0]]].tolist() == leaves.tolist()


def test_what_lies_outside_of_the_window_is_no_boarding_and_takes_no_other_ones_place(toy) -> None:  # type: ignore[no-untyped-def]
    """Between 8:05 and 8:20 one can be ready at A for the 8:15 alone: C at 8:35. The 8:00 and the 8:30 are outside."""
    search = prepared(toy(PAPER), {}, {}, Rules(1800, 4, 60, 0))
    names = [str(name) for name in toy(PAPER).stop_id]
    egress = links([{0: 0} if name == "C" else {} for name in names])
    shared = stop_profiles(search, egress, 1, OPEN + 5 * 60, OPEN + 6 * 60, 10**9)
    assert shared is not None
    at_a = slice(shared.offset[0], shared.offset[1])
    assert shared.ready[at_a].tolist() == [OPEN + 14 * 60]
    assert shared.taken[at_a, 0].tolist() == [21 * 60]


def test_a_day_longer_than_arrivals_are_counted_from_one_base(toy) -> None:  # type: ignore[no-untyped-def]
    """A bus every hour from 5:00 to 23:00: who leaves early in the day may not take what was reached late for soon."""
    trips = [f"r{hour} daily bus: A {hour}:00 B {hour}:10 C {hour + 1}:55" for hour in range(5, 24)]
    search = prepared(toy(trips, stops=every_stop), {}, {}, Rules(7200, 4, 60, 0))
    own, shared = both(
        search, {0: 120}, [60 * i for i in range(270, 1500)], links([{0: 0}, {1: 60}, {2: 0}, *[{}] * 4]), 3
    )
    assert np.array_equal(own, shared)
    assert (own[:, 1] < UNREACHED).sum() > 1000
    assert (own[:, 2] < UNREACHED).any()
