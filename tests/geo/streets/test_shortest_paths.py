"""Seconds equal an independent Dijkstra's; adding a street never makes anyone slower."""

from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from scipy.sparse import coo_array
from scipy.sparse.csgraph import dijkstra

from geo.crs import to_degrees
from geo.streets.build import Streets, StreetSettings
from geo.streets.contraction import search_core
from geo.streets.shortest_paths import Costs, Ends, Reached, arrivals, costs_at, departures, reach, street_seconds
from geo.streets.snapping import Attachment, attach, subset

Lay = Callable[..., Streets]
MODES = ("walk", "bike", "drive")
# on curves, so that no street runs over a corner that isn't its own
NODES = {f"n{x}{y}": (130.0 * x + 4 * y * y, 110.0 * y - 5 * x * x + x * y) for x in range(5) for y in range(5)}
KINDS = (
    "residential",
    "footway",
    "cycleway",
    "service access=private",
    "primary oneway=yes",
    "residential oneway=-1 oneway:bicycle=no",
)


def matrix(reached: Reached, columns: int) -> np.ndarray:
    seconds = np.full((len(reached.indptr) - 1, columns), np.inf)
    seconds[np.repeat(np.arange(len(seconds)), np.diff(reached.indptr)), reached.index] = reached.seconds
    return seconds


def independent(streets: Streets, origins: Attachment, destinations: Attachment, mode: str, limit: float) -> np.ndarray:
    """Return the seconds by scipy, each origin and destination a vertex of its own in the same graph."""
    graph, costs = streets.modes[mode], costs_at(streets, mode)
    states, k, m = len(graph.indptr) - 1, len(origins.link), len(destinations.link)
    leaving, arriving = departures(graph, costs, origins), arrivals(graph, costs, destinations)
    tail = [
        np.repeat(np.arange(states), np.diff(graph.indptr)),
        states + np.repeat(np.arange(k), np.diff(leaving.indptr)),
        arriving.state,
    ]
    head = [graph.to, leaving.state, states + k + np.repeat(np.arange(m), np.diff(arriving.indptr))]
    cost = [costs.arc, leaving.seconds, arriving.seconds]
    for i in range(k):
        for j in np.flatnonzero((destinations.link == origins.link[i]) & (origins.link[i] >= 0)):
            part = destinations.fraction[j] - origins.fraction[i]
            whole = costs.link[2 * origins.link[i] + (part < 0)]
            off = (origins.meters_off[i] + destinations.meters_off[j]) * costs.off
            if np.isfinite(whole) or part == 0:
                tail.append([states + i])
                head.append([states + k + j])
                cost.append([off + (abs(part) * whole if part else 0.0)])
    arcs = np.stack([np.concatenate(tail), np.concatenate(head)])
    weight = np.maximum(np.concatenate(cost), 1e-7)
    order = np.lexsort((weight, arcs[1], arcs[0]))
    arcs, weight = arcs[:, order], weight[order]
    first = np.append(True, np.diff(arcs, axis=1).any(axis=0))
    size = states + k + m
    seconds = dijkstra(
        coo_array((weight[first], arcs[:, first]), shape=(size, size)).tocsr(), indices=states + np.arange(k)
    )
    seconds = seconds[:, states + k :]
    return np.where(seconds <= limit, seconds, np.inf)


def assert_same(ours: np.ndarray, expected: np.ndarray, limit: float) -> None:
    both = np.isfinite(ours) & np.isfinite(expected)
    assert np.abs(ours[both] - expected[both]).max(initial=0) < 0.1
    edge = np.where(np.isfinite(ours), ours, expected)[np.isfinite(ours) != np.isfinite(expected)]
    assert (np.abs(edge - limit) < 0.1).all()


@pytest.mark.parametrize("mode", MODES)
def test_real_streets_equal_scipy(nky: Streets, mode: str) -> None:
    random = np.random.default_rng(7)
    at = random.integers(0, len(nky.node_x), 640)
    x, y = nky.node_x[at] + random.normal(0, 60, 640), nky.node_y[at] + random.normal(0, 60, 640)
    places = attach(nky, *to_degrees(x, y, nky.crs), mode)
    origins = subset(places, np.arange(40))
    ours = matrix(street_seconds(nky, origins, places, mode, 1800), 640)
    assert_same(ours, independent(nky, origins, places, mode, 1800), 1800)
    assert np.isfinite(ours).sum() > 700
    back = matrix(street_seconds(nky, origins, places, mode, 1800, by_destination=True), 40).T
    assert_same(back, ours, 1800)


@settings(deadline=None, max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_small_streets_equal_scipy_and_more_streets_are_never_slower(lay_streets: Lay, data: st.DataObject) -> None:
    names = st.sampled_from(sorted(NODES))
    way = st.tuples(st.lists(names, min_size=2, max_size=5, unique=True), st.sampled_from(KINDS))
    ways = [f"{' '.join(line)}: highway={kind}" for line, kind in data.draw(st.lists(way, min_size=1, max_size=12))]
    ways.append("n00 n10 n20 n21: highway=residential")
    line, kind = data.draw(way)
    more = [*ways, f"{' '.join(line)}: highway={kind}"]
    rule = StreetSettings(main_network_share=0)
    streets, wider = lay_streets(NODES, ways, settings=rule), lay_streets(NODES, more, settings=rule)
    random = np.random.default_rng(data.draw(st.integers(0, 99)))
    x, y = 500_000 + random.uniform(0, 520, 12), 4_330_000 + random.uniform(0, 440, 12)
    for mode in MODES:
        places = attach(streets, *to_degrees(x, y, streets.crs), mode)
        expected = independent(streets, places, places, mode, 900)
        ours = matrix(street_seconds(streets, places, places, mode, 900), 12)
        assert_same(ours, expected, 900)
        back = matrix(street_seconds(streets, places, places, mode, 900, by_destination=True), 12).T
        assert_same(back, expected, 900)
    # between junctions: a point off the street may meet the new one instead
    corners = streets.node_x, streets.node_y
    before = attach(streets, *to_degrees(*corners, streets.crs), "walk")
    after = attach(wider, *to_degrees(*corners, streets.crs), "walk")
    on_street = (before.meters_off < 0.01) & (after.meters_off < 0.01)
    count = len(streets.node_x)
    slow = matrix(street_seconds(streets, before, before, "walk", 900), count)
    fast = matrix(street_seconds(wider, after, after, "walk", 900), count)
    if "private" not in kind + "".join(ways):
        pair = on_street[:, None] & on_street & (slow < 899)
        assert (fast[pair] <= slow[pair] + 0.1).all()


def test_along_one_street(lay_streets: Lay, seconds: Callable[..., float]) -> None:
    nodes = {"A": (0, 0), "B": (400, 0), "C": (400, 400), "D": (0, 400)}
    ways = ["A B: highway=residential oneway=yes maxspeed=36", "B C D A: highway=residential oneway=yes maxspeed=36"]
    streets = lay_streets(nodes, ways, settings=StreetSettings(main_network_share=0, turn_seconds=0))
    assert seconds(streets, (100, 0), (300, 0), "drive") == pytest.approx(20, abs=0.1)
    assert seconds(streets, (300, 0), (100, 0), "drive") == pytest.approx(140, abs=0.2), "once around the block"
    assert seconds(streets, (300, 0), (100, 0)) == pytest.approx(150, abs=0.2), "on foot straight back"
    assert seconds(streets, (100, 10), (100, -10)) == pytest.approx(15, abs=0.1), "across the street"


def test_the_limit_is_inclusive_and_rows_are_sorted(lay_streets: Lay) -> None:
    streets = lay_streets({"A": (0, 0), "B": (500, 0)}, ["A B: highway=residential"])
    spots = Attachment(np.zeros(6, np.int32), np.array([0, 0.8, 0.4, 0.2, 0.6, 1.0]), np.zeros(6))
    start = subset(spots, np.array([0]))
    whole = float(streets.modes["walk"].link_seconds[0])
    reached = street_seconds(streets, start, spots, "walk", float(np.float32(0.8 * whole)) + 1e-3)
    assert reached.index.tolist() == [0, 1, 2, 3, 4]
    assert street_seconds(streets, start, spots, "walk", 0.79 * whole).index.tolist() == [0, 2, 3, 4]
    assert street_seconds(streets, start, spots, "walk", 0.0).index.tolist() == [0]


def test_who_is_too_far_from_a_street_reaches_nothing(nky: Streets) -> None:
    nowhere = attach(nky, [0.0], [0.0], "walk")
    somewhere = attach(nky, *to_degrees(nky.node_x[:5], nky.node_y[:5], nky.crs), "walk")
    assert len(street_seconds(nky, nowhere, somewhere, "walk", 1800).seconds) == 0
    assert len(street_seconds(nky, somewhere, nowhere, "walk", 1800).seconds) == 0
    none = subset(somewhere, np.arange(0))
    assert street_seconds(nky, none, somewhere, "walk", 1800).indptr.tolist() == [0]
    assert street_seconds(nky, somewhere, none, "walk", 1800).indptr.tolist() == [0] * 6


def test_threads_and_order_change_nothing(nky: Streets) -> None:
    places = attach(nky, *to_degrees(nky.node_x[::40], nky.node_y[::40], nky.crs), "walk")
    together = matrix(street_seconds(nky, places, places, "walk", 1200), len(places.link))
    alone = [
        matrix(street_seconds(nky, subset(places, np.array([i])), places, "walk", 1200), len(places.link))[0]
        for i in range(20)
    ]
    np.testing.assert_array_equal(together[:20], alone)
    turn = np.random.default_rng(1).permutation(len(places.link))
    turned = matrix(street_seconds(nky, subset(places, turn), subset(places, turn), "walk", 1200), len(places.link))
    np.testing.assert_array_equal(turned, together[np.ix_(turn, turn)])


def test_states_reached_are_those_of_scipy(nky: Streets) -> None:
    """Also with more labels than the search first makes room for, and backwards."""
    graph, costs = nky.modes["drive"], costs_at(nky, "drive")
    place = attach(nky, [-84.509], [39.084], "drive")
    forward = reach(costs, departures(graph, costs, place), 7200.0)
    backward = reach(costs, arrivals(graph, costs, place), 7200.0, backwards=True)
    states = len(graph.indptr) - 1
    assert len(forward.index) > 30_000
    arcs = coo_array(
        (np.maximum(costs.arc, 1e-6), (np.repeat(np.arange(states), np.diff(graph.indptr)), graph.to)),
        shape=(states, states),
    )
    for reached, ends, matrix_ in ((forward, departures, arcs), (backward, arrivals, arcs.T)):
        starts = ends(graph, costs, place)
        distance = dijkstra(matrix_.tocsr(), indices=starts.state) + starts.seconds[:, None]
        expected = distance.min(axis=0)
        ours = np.full(states, np.inf)
        ours[reached.index] = reached.seconds
        assert_same(ours, np.where(expected <= 7200, expected, np.inf), 7200)


def test_speeds_scale_what_is_walked(nky: Streets) -> None:
    places = attach(nky, *to_degrees(nky.node_x[100:400:10], nky.node_y[100:400:10], nky.crs), "walk")
    normal = matrix(street_seconds(nky, places, places, "walk", 1800), 30)
    slow = matrix(street_seconds(nky, places, places, "walk", 3600, walk_kph=2.4), 30)
    known = np.isfinite(normal)
    np.testing.assert_allclose(slow[known], 2 * normal[known], rtol=1e-5, atol=1e-2)


def test_settings_reach_the_graph(lay_streets: Lay, seconds: Callable[..., float]) -> None:
    quick = StreetSettings(main_network_share=0, walk_kph=9.6)
    streets = lay_streets({"A": (0, 0), "B": (400, 0)}, ["A B: highway=residential"], settings=replace(quick))
    assert seconds(streets, (0, 0), (400, 0), walk_kph=9.6) == pytest.approx(150, abs=0.1)
    assert seconds(streets, (0, 0), (400, 0)) == pytest.approx(300, abs=0.2)


@settings(deadline=None, max_examples=60)
@given(data=st.data())
def test_a_core_keeps_every_distance(data: st.DataObject) -> None:
    """Any small directed graph, searched from any state both ways, alone and side by side: scipy's Dijkstra."""
    states = data.draw(st.integers(1, 12))
    ends = st.integers(0, states - 1)
    arcs = data.draw(st.lists(st.tuples(ends, ends, st.integers(1, 9)), max_size=30))
    arcs = sorted({(a, b): (a, b, s) for a, b, s in arcs}.values())
    tail, head, cost = (np.array([arc[k] for arc in arcs]) for k in range(3))
    indptr = np.concatenate([[0], np.cumsum(np.bincount(tail.astype(int), minlength=states))]).astype(np.int32)
    core = search_core(indptr, head.astype(np.int32), cost.astype(np.float32))
    full = coo_array((cost.astype(float), (tail.astype(int), head.astype(int))), shape=(states, states)).tocsr()
    costs = Costs(core, cost, cost, cost, 1.0)
    later = data.draw(st.sampled_from([0.0, 5.0, 13.0]))
    for backwards, matrix_ in ((False, full), (True, full.T.tocsr())):
        for count in (states, 41):
            at = np.arange(count, dtype=np.int32) % states
            starts = Ends(np.arange(count + 1), at, np.full(count, later, np.float32))
            expected = dijkstra(matrix_, indices=at) + later
            ours = matrix(reach(costs, starts, 12.0, backwards), states)
            np.testing.assert_allclose(ours, np.where(expected <= 12, expected, np.inf), atol=1e-4)


@settings(deadline=None, max_examples=15)
@given(seed=st.integers(0, 10_000), span=st.sampled_from([4, 900]))
def test_arcs_that_another_way_beats_are_left_out_of_a_core(seed: int, span: int) -> None:
    """Any dense graph, from whose core few states go: fewer arcs are searched, and every distance is scipy's."""
    random = np.random.default_rng(seed)
    states = 90
    tail, head = (a.astype(int) for a in np.divmod(random.choice(states * states, 1500, replace=False), states))
    cost = random.integers(1, span, len(tail)).astype(np.float32)
    order = np.argsort(tail, kind="stable")
    indptr = np.concatenate([[0], np.cumsum(np.bincount(tail, minlength=states))]).astype(np.int32)
    core = search_core(indptr, head[order].astype(np.int32), cost[order])
    assert core.core > 40
    assert 0 < core.toward[0][core.core] < 0.8 * core.indptr[core.core]
    full = coo_array((cost.astype(float), (tail, head)), shape=(states, states)).tocsr()
    costs, every = Costs(core, cost, cost, cost, 1.0), np.arange(states, dtype=np.int32)
    starts = Ends(np.arange(states + 1), every, np.zeros(states, np.float32))
    for backwards, matrix_ in ((False, full), (True, full.T.tocsr())):
        ours = matrix(reach(costs, starts, 1.5 * span, backwards), states)
        expected = dijkstra(matrix_, limit=1.5 * span)
        np.testing.assert_array_equal(ours, expected)


@pytest.mark.parametrize("count", [24, 70])
@pytest.mark.parametrize("by_destination", [False, True])
def test_bands_of_traffic_in_one_pass_are_each_as_alone(nky: Streets, count: int, by_destination: bool) -> None:
    random = np.random.default_rng(count)
    at = random.choice(len(nky.node_x), count + 30, replace=False)
    x, y = (axis[at] + random.normal(0, 40, len(at)) for axis in (nky.node_x, nky.node_y))
    places = attach(nky, *to_degrees(x, y, nky.crs), "drive")
    here, there = subset(places, np.arange(count)), subset(places, np.arange(count - 5, count + 30))
    ends = (there, here) if by_destination else (here, there)
    for limit in (600.0, 1500.0):
        alone = [
            street_seconds(nky, *ends, "drive", limit, by_destination=by_destination, traffic=band) for band in range(3)
        ]
        together = street_seconds(nky, *ends, "drive", limit, by_destination=by_destination, traffic=(0, 1, 2))
        rows, columns = len(together.indptr) - 1, len(ends[0 if by_destination else 1].link)
        for band, expected in enumerate(alone):
            own = matrix(Reached(together.indptr, together.index, together.seconds[:, band]), columns)
            np.testing.assert_array_equal(own, matrix(expected, columns))
        assert np.isfinite(together.seconds).any(axis=1).all()
        assert np.isinf(together.seconds).any()
        assert rows == len(ends[1 if by_destination else 0].link)
