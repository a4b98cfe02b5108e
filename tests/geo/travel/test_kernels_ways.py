"""Of ways that are nearly as fast, the one of fewer changes and less walking is shown; the fastest too if worth it."""

from dataclasses import replace
from itertools import product
from typing import Any

import numpy as np
import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from geo.streets.build import Streets
from geo.streets.snapping import attach
from geo.travel.footpaths import transposed, walks, walks_from_stops, walks_to_stops
from geo.travel.journeys import CHANGE_SECONDS, EASIER_SECONDS, MERIT_SECONDS, Journey, Slack, explain_journey
from geo.travel.network import Network
from geo.travel.settings import TravelSettings
from geo.travel.transit_search import prepare_search
from tests.geo.travel.test_keep_out import MONDAY, NODES, START, WAYS, Trip, degrees, network, trips, written

BY_BUS = TravelSettings(date=MONDAY, max_minutes=90, max_walk_minutes=12, board_seconds=60, rides=3)
EASIER = Slack(later=EASIER_SECONDS)


@pytest.fixture(scope="module")
def grid(lay_streets: Any) -> Streets:
    return lay_streets(NODES, WAYS)


def shape(journey: Journey) -> tuple[int, int, int]:
    """Return arrival, vehicles boarded and seconds walked."""
    walked = sum(leg.end - leg.start for leg in journey.legs if not leg.vehicle)
    return journey.arrival, sum(bool(leg.vehicle) for leg in journey.legs), walked


def cost(one: tuple[int, int, int]) -> int:
    return one[0] + one[2] + CHANGE_SECONDS * max(one[1] - 1, 0)


def pairs(one: np.ndarray, other: np.ndarray) -> list[tuple[int, int]]:
    return list(zip(one.tolist(), other.tolist(), strict=True))


def every_way(whole: Network, here: tuple[float, float], there: tuple[float, float]) -> list[tuple[int, int, int]]:
    """Return arrival, vehicles boarded and seconds walked of every way, found by trying all rides one after another."""
    search = prepare_search(whole, BY_BUS)
    ends = [attach(whole.streets, [x], [y], "walk") for x, y in (here, there)]
    access, day = walks_to_stops(whole, ends[0], BY_BUS), search.day
    egress = transposed(walks_from_stops(whole, ends[1], BY_BUS), 1)
    home = dict(pairs(egress.target, egress.seconds))
    direct = walks(whole, *ends, BY_BUS)
    possible = [(START + int(direct.seconds[0]), 0, int(direct.seconds[0]))] if len(direct.seconds) else []
    waiting = {(stop, START + walk, walk) for stop, walk in pairs(access.target, access.seconds)}
    for boarded in range(1, BY_BUS.rides + 1):
        alighted = set()
        for stop, ready, walk in waiting:
            for p in range(len(day.pattern_offset) - 1):
                at = range(day.pattern_offset[p], day.pattern_offset[p + 1])
                times = slice(day.time_offset[p], day.time_offset[p + 1])
                arrive, leave = (one[times].reshape(-1, len(at)) for one in (day.arrival, day.departure))
                for b, trip in product(range(len(at)), range(len(arrive))):
                    if day.pattern_stop[at[b]] == stop and leave[trip, b] >= ready + BY_BUS.board_seconds:
                        alighted |= {
                            (int(day.pattern_stop[at[k]]), int(arrive[trip, k]), walk) for k in range(b + 1, len(at))
                        }
        possible += [(time + home[stop], boarded, walk + home[stop]) for stop, time, walk in alighted if stop in home]
        waiting = {(stop, time, walk) for stop, time, walk in alighted}
        for stop, time, walk in alighted:
            near = slice(search.transfers.offset[stop], search.transfers.offset[stop + 1])
            for other, far in pairs(search.transfers.target[near], search.transfers.seconds[near]):
                waiting.add((other, time + far, walk + far))
    return [one for one in possible if one[0] <= START + 60 * BY_BUS.max_minutes]


@settings(max_examples=30, suppress_health_check=[HealthCheck.function_scoped_fixture],
          phases=(Phase.explicit, Phase.reuse, Phase.generate))  # fmt: skip
@given(drawn=trips.filter(lambda trips: len(trips) > 2), ends=st.tuples(st.integers(0, 11), st.integers(0, 11)))
def test_the_way_shown_is_beaten_by_none_and_costs_least(
    grid: Streets, toy: Any, drawn: list[Trip], ends: tuple[int, int]
) -> None:
    whole = network(toy, grid, [written(k, trip, list(range(len(trip[0])))) for k, trip in enumerate(drawn)])
    places = degrees(list(NODES.values()))
    here, there = places[ends[0]], places[ends[1]]
    if here == there:
        return
    known = every_way(whole, here, there)
    shown = explain_journey(whole, here, there, BY_BUS, START, slack=EASIER)
    fastest = explain_journey(whole, here, there, BY_BUS, START)
    if shown is None or fastest is None:
        assert shown is fastest is None
        assert not known
        return
    soonest = min(one[0] for one in known)
    near = [one for one in known if one[0] <= soonest + EASIER_SECONDS]
    assert fastest.arrival == soonest
    assert cost(shape(fastest)) == min(cost(one) for one in known if one[0] == soonest)
    assert shape(shown) in near
    assert cost(shape(shown)) == min(map(cost, near))
    assert not any(all(np.array(one) <= shape(shown)) and one != shape(shown) for one in near)
    assert (shown.quicker is not None) == (shown.arrival - soonest >= MERIT_SECONDS)
    if shown.quicker is not None:
        assert shape(shown.quicker) == shape(fastest)
    for journey in (shown, fastest):
        times = [time for leg in journey.legs for time in (leg.start, leg.end)]
        assert times == sorted(times), "one leg after another"
        assert (times[0] >= START, times[-1]) == (True, journey.arrival)


@pytest.fixture(scope="module")
def home_by(grid: Streets, toy: Any) -> Any:
    """Return the way home from s00 to s30 by these buses."""

    def explain(*texts: str, minutes: float = 90, departure: int = START, **slack: int) -> Journey | None:
        here, there = degrees([(0.0, 0.0), (1200.0, 0.0)])
        plan = replace(BY_BUS, max_minutes=minutes)
        return explain_journey(network(toy, grid, list(texts)), here, there, plan, departure, slack=Slack(**slack))

    return explain


TWO_BUSES = ("a daily bus: s01 8:07 s11 8:08", "b daily bus: s11 8:10 s21 8:14")
"""They begin and end streets away: 15 minutes on foot and a change, home at 8:23:37."""


def test_a_minute_saved_by_a_change_and_a_long_walk_is_not_worth_it(home_by: Any) -> None:
    straight = "c daily bus: s00 8:15 s30 8:26"
    fastest, easier = home_by(*TWO_BUSES, straight), home_by(*TWO_BUSES, straight, later=EASIER_SECONDS)
    assert shape(fastest)[1] == 2
    assert shape(easier)[1] == 1
    assert 0 < easier.arrival - fastest.arrival < MERIT_SECONDS
    assert easier.quicker is None
    assert home_by(*TWO_BUSES, straight, later=EASIER_SECONDS, there_by=easier.arrival - 1) == fastest
    assert home_by(*TWO_BUSES, straight, later=EASIER_SECONDS, there_by=easier.arrival) == easier


def test_a_change_is_worth_it_where_the_one_bus_is_late_and_a_long_walk_away(home_by: Any) -> None:
    """With the change one is home eight minutes sooner, and walks ten minutes less."""
    one, two = "c daily bus: s01 8:08 s31 8:15", ("a daily bus: s00 8:03 s12 8:06", "b daily bus: s12 8:08 s30 8:12")
    shown = home_by(one, *two, later=EASIER_SECONDS)
    assert (shape(shown)[1], shown.quicker) == (2, None)
    times = [time for leg in shown.legs for time in (leg.start, leg.end)]
    assert (times, times[-1]) == (sorted(times), shown.arrival), "one leg after another"
    alone = home_by(one, later=EASIER_SECONDS)
    assert alone.arrival - shown.arrival == pytest.approx(8 * 60, abs=1)
    assert shape(alone)[2] - shape(shown)[2] == pytest.approx(600, abs=2)


def test_a_shorter_walk_is_worth_a_few_minutes(home_by: Any) -> None:
    """By one bus each: the first is five minutes' walk away, the other at the door and home three minutes later."""
    buses = ("a daily bus: s01 8:08 s30 8:15", "c daily bus: s00 8:12 s30 8:18")
    fastest, easier = home_by(*buses), home_by(*buses, later=EASIER_SECONDS)
    assert easier.arrival - fastest.arrival == 3 * 60
    assert shape(fastest)[2] - shape(easier)[2] == pytest.approx(300, abs=2)


def test_both_are_told_of_where_both_have_merit(home_by: Any) -> None:
    straight = "c daily bus: s00 8:20 s30 8:31"
    easier = home_by(*TWO_BUSES, straight, later=EASIER_SECONDS)
    assert shape(easier)[1] == 1
    assert easier.arrival - easier.quicker.arrival >= MERIT_SECONDS
    assert shape(easier.quicker)[1] == 2
    later = "c daily bus: s00 8:25 s30 8:36"
    assert shape(home_by(*TWO_BUSES, later, later=EASIER_SECONDS))[1] == 2, "ten minutes later are too late"


def test_just_after_midnight_ways_are_weighed_as_at_any_time(home_by: Any) -> None:
    trips = (*TWO_BUSES, "c daily bus: s00 8:20 s30 8:31")
    by_day = home_by(*trips, later=EASIER_SECONDS)
    by_night = home_by(*(text.replace(" 8:", " 0:") for text in trips), departure=START % 3600, later=EASIER_SECONDS)
    assert by_night.departure == START % 3600
    assert by_night.arrival == by_day.arrival - 8 * 3600
    assert by_night.quicker.arrival == by_day.quicker.arrival - 8 * 3600


def test_stops_are_counted_from_where_one_gets_on(home_by: Any) -> None:
    ride = home_by("c daily bus: s01 8:05 s00 8:15 s10 8:18 s20 8:23 s30 8:26").legs[1]
    assert (ride.from_name, ride.to_name, ride.stops) == ("Stop s00", "Stop s30", 3)


def test_no_way_that_leaves_earlier_takes_longer_than_a_trip_may(home_by: Any) -> None:
    """By the bus before it is over 26 minutes from 7:56 on; from 7:58 on one is in time to walk to the last bus."""
    straight = "c daily bus: s00 7:58 s30 8:22"
    for limit, earlier in ((27, 4), (26, 2)):
        assert home_by(*TWO_BUSES, straight, minutes=limit, earlier=EASIER_SECONDS).departure == START - earlier * 60


def test_the_last_way_home_may_leave_a_little_earlier(home_by: Any) -> None:
    """The last leaves at 8:07 with a change and long walks; a bus without left at 7:58."""
    straight = "c daily bus: s00 7:58 s30 8:09"
    assert shape(home_by(*TWO_BUSES, straight))[1] == 2
    easier = home_by(*TWO_BUSES, straight, earlier=EASIER_SECONDS)
    assert (easier.departure, shape(easier)[1]) == (START - 4 * 60, 1)
    assert easier.quicker is None
    early = "c daily bus: s00 7:49 s30 8:00"
    assert home_by(*TWO_BUSES, early, earlier=EASIER_SECONDS).arrival > START + 20 * 60, "not the bus 13 minutes before"
