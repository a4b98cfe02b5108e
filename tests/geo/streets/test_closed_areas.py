"""Who keeps out of an area walks as on a map where its streets end at the border."""

from collections.abc import Callable
from itertools import pairwise

import numpy as np
import pytest
import shapely
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from geo.crs import to_degrees, to_meters
from geo.streets.build import Streets, StreetSettings
from geo.streets.closed_areas import without_closed_ground
from geo.streets.path_lines import street_path
from geo.streets.shortest_paths import costs_at, street_seconds
from geo.streets.snapping import attach, subset
from tests.geo.streets.test_shortest_paths import KINDS, MODES, NODES, assert_same, independent, matrix

Lay = Callable[..., Streets]
EAST, NORTH = 500_000, 4_330_000
SMALL = {"suppress_health_check": [HealthCheck.function_scoped_fixture]}


def disc(x: float, y: float, meters: float) -> shapely.Geometry:
    return shapely.Point(EAST + x, NORTH + y).buffer(meters)


def entered(streets: Streets, closed: shapely.Geometry) -> np.ndarray:
    """Return which links enter closed ground, looked at one by one."""
    offset = streets.geometry_offset
    points = np.column_stack([streets.geometry_x, streets.geometry_y])
    return np.array([closed.intersects(shapely.LineString(points[a:b])) for a, b in pairwise(offset)])


@st.composite
def towns(draw: st.DrawFn) -> list[str]:
    names = st.sampled_from(sorted(NODES))
    way = st.tuples(st.lists(names, min_size=2, max_size=5, unique=True), st.sampled_from(KINDS))
    ways = [f"{' '.join(line)}: highway={kind}" for line, kind in draw(st.lists(way, min_size=3, max_size=14))]
    return [*ways, "n00 n10 n20 n21 n22 n12: highway=residential"]


grounds = st.builds(disc, st.integers(0, 520), st.integers(0, 440), st.integers(15, 160))


@settings(max_examples=20, **SMALL)
@given(ways=towns(), closed=grounds, seed=st.integers(0, 99))
def test_streets_that_enter_are_as_if_removed(lay_streets: Lay, ways: list[str], closed: object, seed: int) -> None:
    """Between places on streets that don't enter: Dijkstra on the whole graph without those that do."""
    streets = lay_streets(NODES, ways, settings=StreetSettings(main_network_share=0))
    kept = without_closed_ground(streets, closed)
    out = entered(streets, closed)
    random = np.random.default_rng(seed)
    x, y = EAST + random.uniform(0, 520, 16), NORTH + random.uniform(0, 440, 16)
    for mode in MODES:
        places = attach(streets, *to_degrees(x, y, streets.crs), mode)
        places = subset(places, np.flatnonzero((places.link >= 0) & ~out[places.link]))
        costs = costs_at(streets, mode)
        twice = np.repeat(out, 2)
        gone = twice[streets.modes[mode].arc_link] & (streets.modes[mode].arc_link >= 0)
        costs.arc[gone] = np.inf
        expected = independent(streets, places, places, mode, 900)
        seconds = matrix(street_seconds(kept, places, places, mode, 900), len(places.link))
        assert_same(seconds, expected, 900)
        back = matrix(street_seconds(kept, places, places, mode, 900, by_destination=True), len(places.link)).T
        assert_same(back, expected, 900)


@settings(max_examples=20, **SMALL)
@given(closed=grounds, seed=st.integers(0, 99))
def test_what_lies_before_the_border_is_reached_from_its_open_end(
    lay_streets: Lay, closed: shapely.Geometry, seed: int
) -> None:
    """As on a map drawn without the ground: each street laid as the pieces that lie outside."""
    random = np.random.default_rng(seed)
    nodes = {name: (x, y) for name, (x, y) in NODES.items() if random.random() < 0.8}
    names = sorted(nodes)
    pairs = {tuple(sorted(random.choice(names, 2, replace=False))) for _ in range(18)}
    streets = lay_streets(nodes, [f"{a} {b}: highway=residential" for a, b in sorted(pairs)])
    kept = without_closed_ground(streets, closed)
    more, ways = dict(nodes), []
    for number, (a, b) in enumerate(sorted(pairs)):
        line = shapely.LineString([(EAST + x, NORTH + y) for x, y in (nodes[a], nodes[b])])
        for part, piece in enumerate(shapely.get_parts(line.difference(closed))):
            ends = []
            for end, (x, y) in enumerate(np.array(piece.coords) - (EAST, NORTH)):
                same = [name for name in (a, b) if np.hypot(nodes[name][0] - x, nodes[name][1] - y) < 1e-6]
                ends.append(same[0] if same else f"cut{number}{part}{end}")
                more.setdefault(ends[-1], (float(x), float(y)))
            if piece.length > 1.5:
                ways.append(f"{' '.join(ends)}: highway=residential")
    if not ways:
        return
    drawn = lay_streets(more, ways)
    x, y = EAST + random.uniform(0, 520, 30), NORTH + random.uniform(0, 440, 30)
    free = ~shapely.intersects_xy(closed.buffer(1), x, y)
    lonlat = to_degrees(x[free], y[free], streets.crs)
    for mode in MODES[:2]:
        here, there = attach(kept, *lonlat, mode), attach(drawn, *lonlat, mode)
        alike = (here.link >= 0) & (np.abs(here.meters_off - there.meters_off) < 0.2)
        assert alike.sum() >= 0.5 * (there.link >= 0).sum()
        one, other = (subset(places, np.flatnonzero(alike)) for places in (here, there))
        seconds = matrix(street_seconds(kept, one, one, mode, 900), alike.sum())
        expected = matrix(street_seconds(drawn, other, other, mode, 900), alike.sum())
        both = np.isfinite(seconds) & np.isfinite(expected)
        assert np.abs(seconds[both] - expected[both]).max(initial=0) < 1.0
        assert (np.isfinite(seconds) == np.isfinite(expected)).all()


@settings(max_examples=20, **SMALL)
@given(ways=towns(), closed=grounds, seed=st.integers(0, 99))
def test_no_path_enters(lay_streets: Lay, ways: list[str], closed: shapely.Geometry, seed: int) -> None:
    kept = without_closed_ground(lay_streets(NODES, ways), closed)
    random = np.random.default_rng(seed)
    x, y = EAST + random.uniform(0, 520, 8), NORTH + random.uniform(0, 440, 8)
    for mode in MODES:
        places = attach(kept, *to_degrees(x, y, kept.crs), mode)
        known = np.flatnonzero(places.link >= 0)
        assert not shapely.intersects_xy(closed, x[known], y[known]).any(), "who is inside starts nowhere"
        for a in known:
            for b in known:
                path = street_path(kept, subset(places, [a]), subset(places, [b]), mode, 1800)
                if path is not None:
                    line = np.column_stack(to_meters(*path, kept.crs))
                    line = np.concatenate([[[x[a], y[a]]], line, [[x[b], y[b]]]])
                    assert not closed.intersects(shapely.LineString(line))


def test_a_street_along_the_border_is_closed_and_one_beside_it_is_not(lay_streets: Lay) -> None:
    nodes = {"A": (0, 0), "B": (400, 0), "C": (0, 60), "D": (400, 60)}
    streets = lay_streets(nodes, ["A B: highway=residential", "C D: highway=residential", "A C: highway=residential"])
    closed = shapely.box(EAST - 50, NORTH - 100, EAST + 450, NORTH)
    kept = without_closed_ground(streets, closed)
    assert attach(kept, *to_degrees([EAST + 10.0], [NORTH + 30.0], kept.crs), "walk").meters_off == pytest.approx(10)
    assert attach(kept, *to_degrees([EAST + 200.0], [NORTH + 5.0], kept.crs), "walk").meters_off == pytest.approx(55)


def test_a_place_looks_for_its_street_around_the_ground(lay_streets: Lay) -> None:
    nodes = {"A": (0, 0), "B": (400, 0), "C": (0, 300), "D": (400, 300)}
    streets = lay_streets(nodes, ["A B: highway=residential", "C D: highway=residential"])
    wall = shapely.box(EAST - 100, NORTH + 20, EAST + 500, NORTH + 40)
    kept = without_closed_ground(streets, wall)
    met = attach(kept, *to_degrees([EAST + 200.0], [NORTH + 60.0], kept.crs), "walk")
    assert met.meters_off == pytest.approx(240, abs=0.5), "not the one 60 m away, behind the wall"
    around = shapely.difference(shapely.box(EAST + 180, NORTH + 40, EAST + 220, NORTH + 80), disc(200, 60, 10))
    assert attach(without_closed_ground(streets, around), *to_degrees([EAST + 200.0], [NORTH + 60.0], kept.crs),
                  "walk").link == -1  # fmt: skip
