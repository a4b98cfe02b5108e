"""Tags mean what the wiki says; streets laid on paper come out as on paper; real ones as an independent graph."""

import io
from collections.abc import Callable
from dataclasses import replace
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest
from pyproj import Geod
from scipy.sparse import coo_array
from scipy.sparse.csgraph import dijkstra

from geo.errors import InputError
from geo.streets.build import (
    OsmElements,
    Streets,
    build_streets,
    build_streets_with_notes,
    streets_from_arrays,
    streets_to_arrays,
)
from geo.streets.shortest_paths import costs_at
from geo.streets.tags import (
    CLOSED,
    ENDS,
    OPEN,
    StreetSettings,
    ferry_seconds,
    node_access,
    node_delay,
    speed_kph,
    way_rule,
)
from sources.networks.osm import read_streets

Lay = Callable[..., Streets]
Seconds = Callable[..., float]
FREE = StreetSettings(main_network_share=0, turn_seconds=0)
WALK = 0.75  # seconds a meter at 4.8 km/h


def about(seconds: float) -> object:
    return pytest.approx(seconds, rel=1e-3, abs=0.05)


def tags(text: str) -> dict[str, str]:
    return dict(pair.split("=", 1) for pair in text.split())


@pytest.mark.parametrize(
    ("way", "walk", "bike", "drive"),
    [
        ("highway=residential", "both", "both", "both"),
        ("highway=residential oneway=yes", "both", "along", "along"),
        ("highway=residential oneway=-1", "both", "back", "back"),
        ("highway=residential oneway=yes oneway:bicycle=no", "both", "both", "along"),
        ("highway=residential oneway=yes cycleway=opposite_lane", "both", "both", "along"),
        ("highway=tertiary junction=roundabout", "both", "along", "along"),
        ("highway=motorway", "none", "none", "along"),
        ("highway=motorway_link", "none", "none", "both"),
        ("highway=trunk", "both", "both", "both"),
        ("highway=trunk foot=no", "none", "both", "both"),
        ("highway=trunk motorroad=yes", "none", "none", "both"),
        ("highway=primary oneway=reversible", "both", "none", "none"),
        ("highway=footway", "both", "none", "none"),
        ("highway=footway bicycle=yes", "both", "both", "none"),
        ("highway=footway access=yes", "both", "none", "none"),
        ("highway=path", "both", "both", "none"),
        ("highway=cycleway", "both", "both", "none"),
        ("highway=cycleway foot=no", "none", "both", "none"),
        ("highway=steps", "both", "none", "none"),
        ("highway=elevator", "both", "none", "none"),
        ("highway=corridor", "both", "none", "none"),
        ("highway=platform", "both", "none", "none"),
        ("highway=pedestrian", "both", "none", "none"),
        ("highway=track", "both", "both", "none"),
        ("highway=track motor_vehicle=yes", "both", "both", "both"),
        ("highway=service access=private", "ends", "ends", "ends"),
        ("highway=service access=private foot=yes", "both", "ends", "ends"),
        ("highway=residential motor_vehicle=destination", "both", "both", "ends"),
        ("highway=residential vehicle=no", "both", "none", "none"),
        ("highway=residential vehicle=no bicycle=yes", "both", "both", "none"),
        ("highway=residential access=no", "none", "none", "none"),
        ("highway=residential access=no motorcar=yes", "none", "none", "both"),
        ("highway=primary bicycle=use_sidepath", "both", "none", "both"),
        ("highway=busway", "none", "none", "none"),
        ("highway=construction", "none", "none", "none"),
        ("highway=proposed", "none", "none", "none"),
        ("highway=raceway", "none", "none", "none"),
        ("highway=residential access=unknown", "both", "both", "both"),
        ("highway=residential access=yes;no", "both", "both", "both"),
        ("highway=residential access=no;destination", "ends", "ends", "ends"),
        ("highway=residential access=no foot=unknown", "none", "none", "none"),
        ("highway=footway foot=designated;yes", "both", "none", "none"),
        ("highway=residential motor_vehicle=agricultural;forestry", "both", "both", "none"),
        ("highway=residential foot=use_sidepath", "none", "both", "both"),
        ("route=ferry", "both", "both", "none"),
        ("route=ferry motor_vehicle=yes foot=no", "none", "both", "both"),
        ("route=bus", "none", "none", "none"),
    ],
)
def test_access_of_ways(way: str, walk: str, bike: str, drive: str) -> None:
    rule = way_rule(tags(way), StreetSettings())
    expected = {
        "both": (OPEN, OPEN),
        "along": (OPEN, CLOSED),
        "back": (CLOSED, OPEN),
        "ends": (ENDS, ENDS),
        "none": (CLOSED, CLOSED),
    }
    if rule is None:
        assert (walk, bike, drive) == ("none", "none", "none")
    else:
        assert (rule.walk, rule.walk_back) == expected[walk]
        assert (rule.bike, rule.bike_back) == expected[bike]
        assert (rule.drive, rule.drive_back) == expected[drive]


@pytest.mark.parametrize(
    ("barrier", "access"),
    [
        ("barrier=gate", (OPEN, OPEN, OPEN)),
        ("barrier=gate access=private", (ENDS, ENDS, ENDS)),
        ("barrier=gate access=no foot=yes", (OPEN, OPEN, CLOSED)),
        ("barrier=kissing_gate bicycle=no", (OPEN, CLOSED, CLOSED)),
        ("barrier=lift_gate motor_vehicle=no", (OPEN, OPEN, CLOSED)),
        ("barrier=bollard", (OPEN, OPEN, CLOSED)),
        ("barrier=yes", (OPEN, OPEN, CLOSED)),  # a street closed to through traffic, mostly
        ("barrier=stile", (OPEN, CLOSED, CLOSED)),
        ("barrier=wall", (CLOSED, CLOSED, CLOSED)),
        ("barrier=kerb", (OPEN, OPEN, OPEN)),
        ("highway=crossing bicycle=no", (OPEN, OPEN, OPEN)),
    ],
)
def test_access_of_barriers(barrier: str, access: tuple[int, int, int]) -> None:
    assert node_access(tags(barrier)) == access


@pytest.mark.parametrize(
    ("text", "kph"),
    [("50", 50), ("35 mph", 56.327), ("walk", 5), ("none", 130), ("signals", None), ("", None), ("9999", 140)],
)
def test_speeds(text: str, kph: float | None) -> None:
    assert speed_kph(text) == (kph if kph is None else pytest.approx(kph, abs=0.001))


@pytest.mark.parametrize(
    ("text", "expected"),
    [("00:10", 600), ("1:05", 3900), ("00:01:30", 90), ("12", 720), ("PT20M", 1200), ("soon", None), ("00:00", None)],
)
def test_ferry_durations(text: str, expected: float | None) -> None:
    assert ferry_seconds(text) == expected


def test_a_sign_delays_only_those_who_face_it() -> None:
    settings = StreetSettings()
    assert node_delay(tags("highway=stop direction=forward"), settings) == (settings.stop_seconds, 0)
    assert node_delay(tags("highway=traffic_signals traffic_signals:direction=backward"), settings) == (
        0,
        settings.signal_seconds,
    )
    assert node_delay(tags("highway=crossing crossing=unmarked"), settings) == (0, 0)


def test_on_paper(lay_streets: Lay, seconds: Seconds) -> None:
    """Elm Street: A (0, 0) to B (400, 0); Oak Street: B to C (400, 300); a detour A D C of 700 m, closed to cars.

    Walk A → C: 700 m, 525 s. From 20 m beside the middle of Elm to C: 20 + 200 + 300 m, 390 s. By bicycle
    A → C 700 m at 15 km/h: 168 s. By car at 36 km/h: 70 s, and a 90° turn.
    """
    nodes = {"A": (0, 0), "B": (400, 0), "C": (400, 300), "D": (0, 300)}
    ways = [
        "A B: highway=residential maxspeed=36 name=Elm",
        "B C: highway=residential maxspeed=36 name=Oak",
        "A D C: highway=path",
    ]
    streets = lay_streets(nodes, ways, settings=replace(FREE))
    assert seconds(streets, (0, 0), (400, 300)) == about(525)
    assert seconds(streets, (200, -20), (400, 300)) == about(390)
    assert seconds(streets, (0, 0), (400, 300), "bike") == about(168)
    assert seconds(streets, (0, 0), (400, 300), "drive") == about(70)
    assert seconds(streets, (0, 0), (400, 300), walk_kph=2.4) == about(1050)
    assert sorted(streets.names) == ["Elm", "Oak"]


def test_chains_become_one_link_and_keep_their_shape(lay_streets: Lay) -> None:
    nodes = {name: (100.0 * i, 50.0 * (i % 2)) for i, name in enumerate("ABCDEF")}
    streets = lay_streets(
        nodes, ["A B C: highway=residential", "D C: highway=residential", "D E F: highway=residential oneway=yes"]
    )
    assert len(streets.link_from) == 2, "two-way streets join whatever their direction; a one-way street starts anew"
    assert sorted(np.diff(streets.geometry_offset)) == [3, 4]
    assert streets.link_meters.sum() == about(5 * np.hypot(100, 50))


def test_a_ring_without_junction_is_kept(lay_streets: Lay, seconds: Seconds) -> None:
    nodes = {"A": (0, 0), "B": (300, 0), "C": (300, 300), "D": (0, 300)}
    streets = lay_streets(nodes, ["A B C D A: highway=footway"])
    assert seconds(streets, (100, 0), (200, 300)) == about(600 * WALK)
    assert seconds(streets, (100, 0), (0, 100)) == about(200 * WALK)


def test_private_streets_are_for_those_who_start_or_end_there(lay_streets: Lay, seconds: Seconds) -> None:
    """A long way round A B C D (1100 m) and a private short cut A E D (300 m)."""
    nodes = {"A": (0, 0), "B": (0, 400), "C": (300, 400), "D": (300, 0), "E": (150, 0)}
    ways = ["A B C D: highway=residential", "A E D: highway=service access=private"]
    streets = lay_streets(nodes, ways, settings=FREE)
    for mode, pace in (("walk", WALK), ("bike", 0.24), ("drive", 3.6 / 35)):
        assert seconds(streets, (0, 0.5), (300, 0.5), mode) == pytest.approx(1100 * pace, rel=0.01)
    assert seconds(streets, (0, 100), (150, 0)) == about(250 * WALK)
    assert seconds(streets, (150, 0), (300, 100)) == about(250 * WALK)
    assert seconds(streets, (50, 0), (250, 0)) == about(200 * WALK)


def test_open_streets_behind_a_private_gate(lay_streets: Lay, seconds: Seconds) -> None:
    """Main street A B C; behind the gate G, B G H I and a back gate K to C: for residents and visitors only."""
    nodes = {
        "A": (0, 0),
        "B": (100, 0),
        "C": (500, 0),
        "G": (100, 100),
        "H": (100, 200),
        "I": (500, 200),
        "K": (500, 100),
    }
    ways = [
        "A B: highway=residential",
        "B C: highway=residential oneway=yes",
        "B G H: highway=service",
        "H I K C: highway=service",
    ]
    streets = lay_streets(
        nodes, ways, at={"G": "barrier=gate access=private", "K": "barrier=gate access=private"}, settings=FREE
    )
    assert seconds(streets, (0, 0), (300, 200)) == about(500 * WALK)
    assert seconds(streets, (300, 200), (0, 0)) == about(500 * WALK)
    assert seconds(streets, (450, 0), (50, 0), "drive") == np.inf, "no short cut through the estate"


def test_barriers_stop_whom_they_stop(lay_streets: Lay, seconds: Seconds) -> None:
    nodes = {"A": (0, 0), "B": (200, 0), "C": (400, 0)}
    streets = lay_streets(nodes, ["A B C: highway=residential"], at={"B": "barrier=bollard"})
    assert seconds(streets, (0, 0), (400, 0)) == about(300)
    assert seconds(streets, (0, 0), (400, 0), "bike") == about(96)
    assert seconds(streets, (0, 0), (400, 0), "drive") == np.inf
    assert np.isfinite(seconds(streets, (0, 0), (150, 0), "drive"))


CROSS = {"S": (0, -200), "N": (0, 200), "W": (-200, 0), "E": (200, 0), "X": (0, 0)}
FOUR = ["S X: highway=residential", "X N: highway=residential", "W X: highway=residential", "X E: highway=residential"]


@pytest.mark.parametrize(
    ("turn", "closed", "opened"),
    [
        ("no_left_turn 0 X 2", ["W"], ["N", "E"]),
        ("no_straight_on 0 X 1", ["N"], ["W", "E"]),
        ("only_straight_on 0 X 1", ["W", "E"], ["N"]),
        ("no_left_turn 0 X 2 except=bicycle;motorcar", [], ["W", "N", "E"]),
    ],
)
def test_turn_restrictions(lay_streets: Lay, seconds: Seconds, turn: str, closed: list[str], opened: list[str]) -> None:
    """Nobody gets to a closed street but by turning back in a dead end, a detour of at least 400 m."""
    streets = lay_streets(CROSS, FOUR, turns=[turn], settings=FREE)
    for name in opened:
        assert seconds(streets, (0, -100), CROSS[name], "drive") == about(300 * 3.6 / 35)
    for name in closed:
        assert seconds(streets, (0, -100), CROSS[name], "drive") >= 690 * 3.6 / 35
        assert seconds(streets, (0, -100), CROSS[name], "bike") == about(300 * 0.24)


def test_restrictions_that_are_not_applied_are_told(lay_elements: Callable[..., OsmElements]) -> None:
    """A ban on red lights only, one over a way, one whose streets don't meet, one without via, one kept."""
    turns = [
        "no_left_turn_on_red 0 X 2",
        "no_u_turn 0 1 2",
        "no_left_turn 0 S 2",
        "no_left_turn 0 X 2",
        "no_right_turn 0 X 2 except=motorcar",
    ]
    elements = lay_elements(CROSS, [*FOUR, "E N: highway=construction"], turns=turns)
    table = elements.restrictions
    elements = replace(elements, restrictions=table.replace({"kind": {"no_u_turn": "only_straight_on"}}))
    streets, notes = build_streets_with_notes(elements, "EPSG:32616", FREE)
    assert notes[["row", "outcome", "code"]].to_numpy().tolist() == [
        ["0", "notice", "restriction_kind"],
        ["1", "notice", "restriction_unresolved"],
        ["2", "notice", "restriction_unresolved"],
        ["4", "set_aside", "no_access"],
    ]
    assert "highway=construction" in notes["reason"].iloc[-1]
    plain = build_streets(lay_elements(CROSS, FOUR), "EPSG:32616", FREE)
    assert len(plain.modes["drive"].to) == len(streets.modes["drive"].to) + 1, "one turn is forbidden"


def test_ways_cut_at_the_border_are_told(lay_elements: Callable[..., OsmElements]) -> None:
    elements = lay_elements(CROSS, ["S X N: highway=residential", "W E: highway=footway"])
    here = elements.node_id != elements.way_nodes[2]
    gone = replace(
        elements, node_id=elements.node_id[here], node_lon=elements.node_lon[here], node_lat=elements.node_lat[here]
    )
    assert len(build_streets_with_notes(elements, "EPSG:32616", FREE)[1]) == 0
    notes = build_streets_with_notes(gone, "EPSG:32616", FREE)[1]
    assert notes[["row", "outcome", "code"]].to_numpy().tolist() == [["0", "notice", "cut_at_border"]]


@pytest.mark.parametrize(
    ("way", "along", "back"),
    [
        ("highway=footway", OPEN, OPEN),
        ("highway=pedestrian bicycle=no", OPEN, OPEN),
        ("highway=residential oneway=yes", CLOSED, OPEN),
        ("highway=residential oneway=yes foot=no", CLOSED, CLOSED),
        ("highway=footway access=private", ENDS, ENDS),
        ("highway=residential", CLOSED, CLOSED),
        ("highway=steps", CLOSED, CLOSED),
        ("highway=elevator", CLOSED, CLOSED),
        ("route=ferry bicycle=no", CLOSED, CLOSED),
    ],
)
def test_where_a_bicycle_is_pushed(way: str, along: int, back: int) -> None:
    rule = way_rule(tags(way), StreetSettings())
    assert rule is not None
    assert (rule.push, rule.push_back) == (along, back)


def test_a_bicycle_is_pushed_at_walking_speed(lay_streets: Lay, seconds: Seconds) -> None:
    """Ride A B (300 m, one-way), push B C (120 m); back push all the way; the steps C D are for those on foot."""
    nodes = {"A": (0, 0), "B": (300, 0), "C": (420, 0), "D": (420, 60), "E": (420, 900)}
    ways = ["A B: highway=residential oneway=yes", "B C: highway=footway", "C D: highway=steps"]
    streets = lay_streets(nodes, [*ways, "D E: highway=residential"], settings=FREE)
    assert seconds(streets, (0, 0), (420, 0), "bike") == about(300 * 0.24 + 120 * WALK)
    assert seconds(streets, (420, 0), (0, 0), "bike") == about(420 * WALK)
    assert seconds(streets, (0, 0), (420, 0), "bike", walk_kph=2.4) == about(300 * 0.24 + 240 * WALK)
    assert seconds(streets, (0, 0), (420, 0), "bike", bike_kph=30) == about(300 * 0.12 + 120 * WALK)
    assert seconds(streets, (0, 0), (420, 200), "bike") == np.inf
    assert np.isfinite(seconds(streets, (0, 0), (420, 200)))


def test_cars_turn_back_only_in_dead_ends(lay_streets: Lay, seconds: Seconds) -> None:
    """A one-way round S X W with no left turn at X: from S to W one drives on to the dead end N, and back."""
    ways = [
        "S X: highway=primary oneway=yes maxspeed=36",
        "X W: highway=primary oneway=yes maxspeed=36",
        "X N: highway=residential maxspeed=36",
    ]
    ways.append("W S: highway=primary oneway=yes maxspeed=36")
    streets = lay_streets(CROSS, ways, turns=["no_left_turn 0 X 1"], settings=FREE)
    assert seconds(streets, (0, -100), (-100, 0), "drive") == about((100 + 200 + 200 + 100) / 10)


def test_delays(lay_streets: Lay, seconds: Seconds) -> None:
    straight = ["A B C: highway=residential maxspeed=36"]
    nodes = {"A": (0, 0), "B": (200, 0), "C": (400, 0)}
    plain = seconds(lay_streets(nodes, straight, settings=FREE), (0, 0), (400, 0), "drive")
    for tag, delay in (("highway=traffic_signals", 6), ("highway=stop", 5), ("highway=crossing crossing=marked", 1)):
        streets = lay_streets(nodes, straight, at={"B": tag}, settings=FREE)
        assert seconds(streets, (0, 0), (400, 0), "drive") == about(plain + delay)
        assert seconds(streets, (0, 0), (150, 0), "drive") == about(15)
        assert seconds(streets, (0, 0), (400, 0)) == about(300)
    elevator = lay_streets(nodes, ["A B C: highway=footway"], at={"B": "highway=elevator"})
    assert seconds(elevator, (0, 0), (400, 0)) == about(330)


def test_turns_cost_more_to_the_left(lay_streets: Lay, seconds: Seconds) -> None:
    streets = lay_streets(CROSS, FOUR)
    left, right, ahead = (seconds(streets, (0, -200), CROSS[name], "drive") for name in "WEN")
    assert ahead < right < left
    assert right - ahead == pytest.approx(2.1, abs=0.2)
    assert left - ahead == pytest.approx(5.4, abs=0.2)


def test_ferries_keep_their_duration(lay_streets: Lay, seconds: Seconds) -> None:
    nodes = {"A": (0, 0), "B": (100, 0), "C": (600, 0), "D": (700, 0)}
    ways = ["A B: highway=residential", "B C: route=ferry duration=00:10", "C D: highway=residential"]
    streets = lay_streets(nodes, ways)
    assert seconds(streets, (0, 0), (700, 0)) == about(600 + 150)
    assert seconds(streets, (0, 0), (700, 0), walk_kph=2.4) == about(600 + 300)
    assert seconds(streets, (0, 0), (700, 0), "drive") == np.inf


def test_nothing_to_use(lay_streets: Lay) -> None:
    with pytest.raises(InputError, match="found none"):
        lay_streets({"A": (0, 0), "B": (9, 0)}, ["A B: highway=construction"])


@pytest.mark.parametrize("seed", [1, 2])
def test_the_order_of_rows_changes_nothing(lay_streets: Lay, seed: int) -> None:
    nodes = {f"{x}.{y}": (100.0 * x, 100.0 * y) for x in range(5) for y in range(5)}
    ways = [f"{x}.0 {x}.1 {x}.2 {x}.3 {x}.4: highway=residential name=Street{x}" for x in range(5)]
    ways += [f"0.{y} 1.{y} 2.{y} 3.{y} 4.{y}: highway=tertiary oneway=yes" for y in range(5)]
    at = {"2.2": "highway=traffic_signals", "3.3": "barrier=gate"}
    turns = ["no_left_turn 0 0.0 5", "only_straight_on 6 2.1 6"]
    one = streets_to_arrays(lay_streets(nodes, ways, at, turns))
    other = streets_to_arrays(lay_streets(nodes, ways, at, turns, shuffle=seed))
    assert one.keys() == other.keys()
    for name, array in one.items():
        np.testing.assert_array_equal(array, other[name], err_msg=name)


def test_arrays_come_back_without_pickle(lay_streets: Lay) -> None:
    streets = lay_streets(CROSS, [*FOUR, "S E: highway=path name=Río"])
    file = io.BytesIO()
    np.savez(file, **streets_to_arrays(streets))
    file.seek(0)
    back = streets_to_arrays(streets_from_arrays(dict(np.load(file, allow_pickle=False))))
    for name, array in streets_to_arrays(streets).items():
        np.testing.assert_array_equal(array, back[name], err_msg=name)


def test_real_walks_equal_those_on_the_raw_graph(shared: Path, nky: Streets) -> None:
    """Every OSM node a vertex, every piece of way an edge, scipy's Dijkstra: the same seconds between junctions."""
    elements = read_streets(shared / "regions" / "nky" / "streets.osm.pbf")
    keys = list(elements.way_tags.columns)
    position = {node: i for i, node in enumerate(elements.node_id)}
    barred = {
        position[node]
        for node, row in zip(elements.tagged_nodes, elements.node_tags.to_dict("records"), strict=True)
        if node in position and node_access({k: v for k, v in row.items() if isinstance(v, str)})[0] != OPEN
    }
    start, end = [], []
    for i, row in enumerate(elements.way_tags[keys].to_dict("records")):
        rule = way_rule({k: v for k, v in row.items() if isinstance(v, str)}, StreetSettings())
        if rule and rule.walk == OPEN:
            nodes = [
                position.get(n, -1) for n in elements.way_nodes[elements.way_offset[i] : elements.way_offset[i + 1]]
            ]
            pairs = [(a, b) for a, b in pairwise(nodes) if a >= 0 and b >= 0 and not {a, b} & barred]
            start += [a for a, _ in pairs]
            end += [b for _, b in pairs]
    lon, lat = elements.node_lon, elements.node_lat
    meters = Geod(ellps="WGS84").inv(lon[start], lat[start], lon[end], lat[end])[2]
    cheapest: dict[tuple[int, int], float] = {}
    for a, b, length in zip(start, end, meters, strict=True):
        for pair in ((a, b), (b, a)):
            cheapest[pair] = min(cheapest.get(pair, np.inf), max(length, 1e-6) * WALK)
    raw = coo_array((list(cheapest.values()), np.array(list(cheapest)).T), shape=(len(lon), len(lon))).tocsr()

    graph, costs = nky.modes["walk"], costs_at(nky, "walk")
    states = len(graph.indptr) - 1
    source = np.repeat(np.arange(states), np.diff(graph.indptr))
    best = {}
    for a, b, cost in zip(source.tolist(), graph.to.tolist(), costs.arc.tolist(), strict=True):
        best[a, b] = min(best.get((a, b), np.inf), max(cost, 1e-6))
    ours = coo_array((list(best.values()), np.array(list(best)).T), shape=(states, states)).tocsr()
    from geo.crs import to_meters

    x, y = to_meters(lon, lat, nky.crs)
    at = {(round(a, 3), round(b, 3)): i for i, (a, b) in enumerate(zip(x, y, strict=True))}
    open_links = np.flatnonzero(graph.attachable & (graph.leave_state[::2] == graph.enter_state[::2]))
    chosen = np.unique(graph.leave_state[2 * np.random.default_rng(3).choice(open_links, 400)])
    chosen = chosen[chosen < len(nky.node_x)]
    vertex = [at[round(nky.node_x[s], 3), round(nky.node_y[s], 3)] for s in chosen]
    expected = dijkstra(raw, indices=vertex[:40], limit=2000)[:, vertex]
    seconds_between = dijkstra(ours, indices=chosen[:40], limit=2000)[:, chosen]
    known = np.isfinite(expected) & (expected < 1999)
    assert known.sum() > 1000
    assert np.isfinite(seconds_between[known]).all()
    # gates and streets for residents only explain the rare longer way; none is shorter
    assert (seconds_between[known] > expected[known] - 0.1).all()
    assert (np.abs(seconds_between[known] - expected[known]) < 0.1).mean() > 0.99


def test_building_is_deterministic(shared: Path, nky: Streets) -> None:
    elements = read_streets(shared / "regions" / "nky" / "streets.osm.pbf")
    order = np.random.default_rng(0).permutation(len(elements.node_id))
    shuffled = replace(
        elements, node_id=elements.node_id[order], node_lon=elements.node_lon[order], node_lat=elements.node_lat[order]
    )
    again = streets_to_arrays(build_streets(shuffled, "EPSG:32616", StreetSettings()))
    for name, array in streets_to_arrays(nky).items():
        np.testing.assert_array_equal(array, again[name], err_msg=name)
