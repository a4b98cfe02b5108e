"""Another timetable: homes that aren't asked anew have the same score, to the last digit."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from geo.needs.needs import Needs
from geo.scenarios.changes import Change, PlaceClosed, RouteCut, RouteHeadway, RouteLater, RouteSpeed, Scenario
from geo.scenarios.rescore import rescored
from geo.scenarios.world import World, apply_scenarios, support_of
from geo.score import changed_times
from geo.score.case import make_case
from geo.score.changed_times import changed_homes
from geo.score.support import RegionSupport
from geo.score.surface import populated_cells, score_cells
from geo.tables import RESOURCES, SESSIONS, ZONES, conform
from tests.geo.main_street import ALL_BACK, ALL_DAY, ANY_DATA, PATIENT, WEDNESDAY, resource, session, zone

Make = Callable[..., RegionSupport]
MEETINGS = [resource("meeting", 6100), resource("meeting", 700)]
PLACES = [*MEETINGS, resource("pharmacy", 5900), resource("food", 700), resource("recovery_residence", 2000, beds=8)]
HELD = [session(meeting, day, hour, hour + 1) for meeting in MEETINGS for day in (2, 5) for hour in (9, 19)]
HOMES = [zone(f"at {meters}", meters, population=100, jobs=meters) for meters in range(100, 6300, 600)]
ZONES_HERE = conform(pd.DataFrame(HOMES), ZONES)


def changed(support: RegionSupport, *changes: Change, held: Sequence[dict[str, Any]] = HELD) -> RegionSupport:
    world = World(support.network, conform(pd.DataFrame(PLACES), RESOURCES), conform(pd.DataFrame(held), SESSIONS))
    after = apply_scenarios(world, [Scenario("A test", changes)]).world
    return support_of(support, world, ZONES_HERE, after)


@contextmanager
def always_told() -> Iterator[None]:
    """However many trips are others."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(changed_times, "MOST_OF_ALL", np.inf)
        yield


def homes_asked(before: RegionSupport, after: RegionSupport) -> list[str] | None:
    cells = populated_cells(ZONES_HERE)
    cases = make_case(before, PATIENT, WEDNESDAY), make_case(after, PATIENT, WEDNESDAY)
    asked = changed_homes(*cases, cells["lon"].to_numpy(), cells["lat"].to_numpy())
    return None if asked is None else cells["id"][asked].tolist()


@settings(max_examples=12, deadline=None, phases=[Phase.explicit, Phase.generate])  # shrinking takes minutes
@given(
    kept=st.sets(st.integers(0, 111), min_size=6, max_size=60),
    change=st.one_of(
        st.builds(RouteLater, st.sampled_from("tu"), st.integers(19 * 60, 26 * 60), minutes=st.integers(5, 90)),
        st.builds(RouteHeadway, st.sampled_from("tu"), st.integers(5, 60), start=st.integers(0, 1300)),
        st.builds(RouteCut, st.sampled_from("tu"), start=st.integers(300, 1300), end=st.integers(1300, 1500)),
        st.builds(RouteSpeed, st.sampled_from("tu"), st.sampled_from([-20, 25])),
    ),
    needs=st.sampled_from([PATIENT, Needs(profile="bicycle"), Needs(profile="wheelchair", medications=("methadone",))]),
)
def test_a_surface_by_another_timetable_is_the_one_made_from_nothing(
    region: Make, kept: set[int], change: Change, needs: Needs
) -> None:
    trips = [trip for number, trip in enumerate(ALL_DAY + ALL_BACK) if number in kept]
    before = region(PLACES, HELD, HOMES, list(dict.fromkeys([*trips, ALL_DAY[0], ALL_BACK[-1]])), ANY_DATA)
    after, cells = changed(before, change), populated_cells(ZONES_HERE)
    known = score_cells(before, cells, needs, WEDNESDAY)
    with always_told():
        new = rescored(known, before, after, ZONES_HERE, needs, WEDNESDAY)
    assert new is not None
    whole = score_cells(after, cells, needs, WEDNESDAY).drop(columns="confidence")
    pd.testing.assert_frame_equal(new, whole, check_exact=True)


def test_homes_that_a_later_bus_brings_home_are_asked(region: Make) -> None:
    """The meeting at 6.1 km ends at 20:00, the last bus leaves at 18:45."""
    held = [one for one in HELD if one["resource_id"] == MEETINGS[0]["resource_id"]]
    before = region(PLACES, held, HOMES, ALL_DAY + ALL_BACK, ANY_DATA)
    after = changed(before, RouteLater("u", 20 * 60 + 30), held=held)
    with always_told():
        asked = homes_asked(before, after)
    cells = populated_cells(ZONES_HERE)
    was, now = (score_cells(one, cells, PATIENT, WEDNESDAY).set_index("id")["choice"] for one in (before, after))
    assert asked is not None
    assert set(was.index[was != now]) <= set(asked)
    assert was["at 100"] < now["at 100"]


def test_a_bus_after_all_that_counts_asks_nobody(region: Make) -> None:
    before = region(PLACES, HELD, HOMES, ALL_DAY + ALL_BACK, ANY_DATA)
    after = changed(before, RouteCut("u", start=4 * 60, end=5 * 60), RouteLater("t", 25 * 60 + 30, minutes=400))
    assert after.network is not before.network
    with always_told():
        assert homes_asked(before, after) == []


def test_where_more_than_trips_or_most_trips_differ_every_home_is_asked(region: Make) -> None:
    before = region(PLACES, HELD, HOMES, ALL_DAY + ALL_BACK, ANY_DATA)
    assert homes_asked(before, changed(before, RouteSpeed("t", 50), RouteSpeed("u", 50))) is None
    late = RouteLater("u", 20 * 60 + 30)
    with always_told():
        assert homes_asked(before, changed(before, late)) is not None
        assert homes_asked(before, changed(before, late, PlaceClosed(PLACES[3]["resource_id"]))) is None
        after = changed(before, late)
        other_stops = replace(after.network, stops=replace(after.network.stops))
        assert homes_asked(before, replace(after, network=other_stops)) is None
