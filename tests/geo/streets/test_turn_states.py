"""Turn restrictions over ways: who came that way may not go on so; everyone else may."""

from collections.abc import Callable
from itertools import pairwise

import numpy as np
import pandas as pd
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from geo.crs import to_degrees
from geo.streets.build import Streets, StreetSettings
from geo.streets.path_lines import street_path
from geo.streets.snapping import attach, subset
from geo.streets.turn_states import remembering
from geo.travel.isochrones import isochrones
from geo.travel.network import Network
from geo.travel.travel_times import TravelSettings

Lay = Callable[..., Streets]
Seconds = Callable[..., float]
FREE = StreetSettings(main_network_share=0, turn_seconds=0)
METER = 3.6 / 35

# A divided road: eastward A B C in the south, westward D E F in the north, back from F to A; B M E and C D link the
# two, and E G leads on.
ROAD = {
    "A": (0, 0), "B": (400, 0), "C": (800, 0), "D": (800, 40), "E": (400, 40), "F": (0, 40),
    "M": (400, 20), "G": (400, 300),
}  # fmt: skip
WAYS = [
    "A B: highway=residential oneway=yes",
    "B C: highway=residential oneway=yes",
    "D E: highway=residential oneway=yes",
    "E F: highway=residential oneway=yes",
    "B M: highway=residential",
    "M E: highway=residential name=Second",
    "E G: highway=residential",
    "C D: highway=residential",
    "F A: highway=residential oneway=yes",
]


def drive(seconds: Seconds, streets: Streets, start: tuple[float, float], end: tuple[float, float]) -> float:
    return seconds(streets, start, end, "drive")


def test_no_turning_back_over_the_link(lay_streets: Lay, seconds: Seconds) -> None:
    """From near A to near F by B and E are 740 m; forbidden, one turns back at the end of G, 1,260 m."""
    start, end = (50.0, 0.0), (50.0, 40.0)
    free = lay_streets(ROAD, WAYS, settings=FREE)
    assert drive(seconds, free, start, end) == pytest.approx(740 * METER, rel=1e-3)
    streets = lay_streets(ROAD, WAYS, turns=["no_u_turn 0 4+5 3"], settings=FREE)
    assert drive(seconds, streets, start, end) == pytest.approx(1260 * METER, rel=1e-3)
    for name, place in ROAD.items():
        if name not in "AEF":
            same = drive(seconds, streets, start, place)
            assert same == drive(seconds, free, start, place), f"{name} is reached as before"
    for other in ((400, 10), (400, 200), (600, 0), (600, 40)):
        assert drive(seconds, streets, other, end) == drive(seconds, free, other, end), "who comes from elsewhere may"
    assert drive(seconds, streets, (50, 0), (400, 30)) == pytest.approx(380 * METER, rel=1e-3), "up to the link's end"
    assert seconds(streets, start, end, "bike") == seconds(free, start, end, "bike")


def test_only_that_way(lay_streets: Lay, seconds: Seconds) -> None:
    """From the road's west one must go by B and E to G."""
    streets = lay_streets(ROAD, WAYS, turns=["only_straight_on 0 4+5 6"], settings=FREE)
    free = lay_streets(ROAD, WAYS, settings=FREE)
    assert drive(seconds, streets, (50, 0), ROAD["G"]) == drive(seconds, free, (50, 0), ROAD["G"])
    assert drive(seconds, streets, (50, 0), (600, 0)) > 1.5 * drive(seconds, free, (50, 0), (600, 0))
    assert drive(seconds, streets, (50, 0), ROAD["F"]) > 1.5 * drive(seconds, free, (50, 0), ROAD["F"])


def test_the_way_drawn_and_the_area_know_it(lay_streets: Lay) -> None:
    streets = lay_streets(ROAD, WAYS, turns=["no_u_turn 0 4+5 3"], settings=FREE)
    lon, lat = to_degrees([500_050, 500_050], [4_330_000, 4_330_040], streets.crs)
    ends = attach(streets, lon, lat, "drive")
    path = street_path(streets, subset(ends, np.array([0])), subset(ends, np.array([1])), "drive", 3600.0)
    assert path is not None
    north = to_degrees([500_400], [4_330_300], streets.crs)[1][0]
    assert path[1].max() == pytest.approx(north, abs=1e-6), "by the dead end at G"
    home = pd.DataFrame({"id": ["home"], "lon": lon[:1], "lat": lat[:1]})
    network = Network(streets, None, None, None, streets.crs, "America/New_York")
    area = isochrones(network, home, TravelSettings(mode="drive"), (1.4,)).geometry[0]
    spots = to_degrees([500_400, 500_600, 500_300], [4_330_030, 4_330_000, 4_330_065], streets.crs)
    assert shapely.contains_xy(area, *spots).tolist() == [True, True, False]


def test_order_of_rows_changes_nothing(lay_streets: Lay) -> None:
    turns = ["no_u_turn 0 4+5 3", "only_straight_on 2 5+4 1"]
    first, *others = (lay_streets(ROAD, WAYS, turns=turns, settings=FREE, shuffle=n) for n in (None, 1, 2))
    for other in others:
        assert np.array_equal(first.modes["drive"].to, other.modes["drive"].to)
        assert np.array_equal(first.modes["drive"].seconds, other.modes["drive"].seconds)


LINKS = 7


@given(
    st.lists(st.tuples(st.integers(0, LINKS - 1), st.integers(0, LINKS - 1)), min_size=1, max_size=25, unique=True),
    st.lists(st.lists(st.integers(0, LINKS - 1), min_size=3, max_size=5).map(tuple), max_size=5),
)
@settings(max_examples=150, deadline=None)
def test_drives_exactly_what_is_not_forbidden(turns: list[tuple[int, int]], sequences: list[tuple[int, ...]]) -> None:
    """All drives of up to six links, by the states with memory and by looking at each drive as a whole."""
    first, second = np.array(turns, np.int64).T
    sequences = [s for s in set(sequences) if all(pair in turns for pair in pairwise(s))]
    new_first, new_second, base = remembering(first, second, sequences, LINKS)
    expected, drives = {(link,) for link in range(LINKS)}, {(link,) for link in range(LINKS)}
    for _ in range(5):
        longer = {(*way, end) for way in expected for start, end in turns if way[-1] == start}
        expected = {w for w in longer if not any(w[k : k + len(s)] == s for s in sequences for k in range(len(w)))}
        drives = {(*way, int(e)) for way in drives for s, e in zip(new_first, new_second, strict=True) if way[-1] == s}
        assert {tuple(int(base[state]) for state in way) for way in drives} == expected
        assert len(drives) == len(expected), "each drive in one way"
