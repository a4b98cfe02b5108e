"""The streets that osmnx gets are ours: its shortest paths take our seconds, and a region built of them is the same."""

import warnings
from collections.abc import Callable
from itertools import pairwise
from pathlib import Path

import matplotlib as mpl
import numpy as np
import osmnx
import pytest
import shapely
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from geo.errors import InputError
from geo.streets.build import OsmElements, Streets, StreetSettings, build_streets
from geo.streets.networkx_graph import OsmOrigin, osm_origin, street_graph, turn_graph
from geo.streets.shortest_paths import arrivals, costs_at, departures, street_seconds
from geo.streets.snapping import Attachment
from layers.street_files import write_street_graph
from sources.networks.osm import read_streets
from tests.sources.networks.osmnx_town import write_town

MODES = ("walk", "bike", "drive")
SETTINGS = StreetSettings(main_network_share=0)


@pytest.fixture(scope="module")
def elements(tmp_path_factory: pytest.TempPathFactory) -> OsmElements:
    return read_streets(write_town(tmp_path_factory.mktemp("town") / "town.osm"))


@pytest.fixture(scope="module")
def streets(elements: OsmElements) -> Streets:
    return build_streets(elements, "EPSG:32616", SETTINGS)


@pytest.fixture(scope="module")
def origin(streets: Streets, elements: OsmElements) -> OsmOrigin:
    known = osm_origin(streets, elements)
    assert known is not None
    return known


def at(links: np.ndarray, fraction: float) -> Attachment:
    return Attachment(links.astype(np.int32), np.full(len(links), fraction), np.zeros(len(links)))


def ours(streets: Streets, mode: str, fraction: float) -> np.ndarray:
    """Return our seconds between places on all links."""
    links = np.arange(len(streets.link_from))
    reached = street_seconds(streets, at(links, fraction), at(links, fraction), mode, 1e6)
    table = np.full((len(links), len(links)), np.inf)
    table[np.repeat(links, np.diff(reached.indptr)), reached.index] = reached.seconds
    return table


def theirs(graph: "osmnx.nx.MultiDiGraph", start: int, end: int, weight: str) -> float:
    """Return the seconds of osmnx's shortest path."""
    path = osmnx.shortest_path(graph, start, end, weight=weight)
    if path is None:
        return np.inf
    return sum(min(edge[weight] for edge in graph[u][v].values()) for u, v in pairwise(path))


def test_osmnx_walks_as_long_as_we_do(streets: Streets, origin: OsmOrigin) -> None:
    graph = street_graph(streets, None, origin)
    expected = ours(streets, "walk", 0.0)
    private = origin_links(origin, 107)
    checked = 0
    for one in range(0, len(expected), 2):
        for other in range(1, len(expected), 3):
            if {one, other} & private:
                continue  # who starts on a private way may leave it by either end, which no graph of junctions tells
            ends = (int(origin.node_id[streets.link_from[link]]) for link in (one, other))
            assert theirs(graph, *ends, "walk_seconds") == pytest.approx(expected[one, other], abs=0.1)
            checked += 1
    assert checked > 20


def origin_links(origin: OsmOrigin, way: int) -> set[int]:
    return {link for link, ways in enumerate(origin.way_ids) if way in ways}


def ours_and_osmnx_s(streets: Streets, mode: str) -> tuple[np.ndarray, np.ndarray]:
    """Return our seconds between the middles of any two links, and those of osmnx on the graph of states."""
    graph, model, costs = turn_graph(streets, mode), streets.modes[mode], costs_at(streets, mode)
    middles = at(np.arange(len(streets.link_from)), 0.5)
    leave, enter = departures(model, costs, middles), arrivals(model, costs, middles)
    by_osmnx = np.full((len(middles.link), len(middles.link)), np.inf)
    for one, other in zip(*np.nonzero(~np.eye(len(by_osmnx), dtype=bool)), strict=True):
        for k in range(leave.indptr[one], leave.indptr[one + 1]):
            for m in range(enter.indptr[other], enter.indptr[other + 1]):
                there = theirs(graph, int(leave.state[k]), int(enter.state[m]), "seconds")
                by_osmnx[one, other] = min(by_osmnx[one, other], leave.seconds[k] + there + enter.seconds[m])
    np.fill_diagonal(by_osmnx, 0.0)
    expected = ours(streets, mode, 0.5)
    np.fill_diagonal(expected, 0.0)
    return expected, by_osmnx


@pytest.mark.parametrize("mode", MODES)
def test_osmnx_takes_as_long_as_we_do_with_turns_signals_and_private_ways(streets: Streets, mode: str) -> None:
    expected, by_osmnx = ours_and_osmnx_s(streets, mode)
    np.testing.assert_allclose(by_osmnx, expected, atol=0.1)
    assert np.isfinite(by_osmnx).mean() > 0.4


def test_osmnx_turns_where_we_may(lay_streets: Callable[..., Streets]) -> None:
    """A cross whose left turn is forbidden, a gate behind it, and the long way round."""
    points = {"w": (0, 0), "m": (100, 0), "e": (200, 0), "n": (100, 100), "s": (100, -100), "c": (200, 100)}
    ways = ["w m e: highway=primary", "s m n: highway=primary", "e c n: highway=residential"]
    gate = {"c": "barrier=gate access=private"}
    restricted = lay_streets(points, ways, gate, ["no_left_turn 0 m 1"])
    expected, by_osmnx = ours_and_osmnx_s(restricted, "drive")
    np.testing.assert_allclose(by_osmnx, expected, atol=0.1)
    assert not np.allclose(expected, ours(lay_streets(points, ways, gate), "drive", 0.5)), "the turn is missed"


def test_turns_cost_what_the_street_graph_leaves_out(streets: Streets, origin: OsmOrigin) -> None:
    plain = street_graph(streets, "drive", origin)
    exact = turn_graph(streets, "drive", origin)
    leave = streets.modes["drive"].leave_state
    ashes = [link for link in origin_links(origin, 101) if np.isfinite(streets.modes["drive"].link_seconds[2 * link])]
    link = ashes[0]
    cheapest = min(edge["seconds"] for _, _, edge in exact.out_edges(int(leave[2 * link]), data=True))
    u, v = (int(origin.node_id[ends[link]]) for ends in (streets.link_from, streets.link_to))
    assert plain[u][v][0]["drive_seconds"] <= cheapest


@pytest.mark.parametrize("mode", [None, *MODES])
def test_osmnx_takes_the_graph(streets: Streets, origin: OsmOrigin, mode: str | None) -> None:
    mpl.use("Agg")
    graph = street_graph(streets, mode, origin)
    nodes, edges = osmnx.graph_to_gdfs(graph)
    assert nodes.crs == edges.crs == "EPSG:4326"
    for (u, v, _), edge in edges.iterrows():
        assert edge.geometry.coords[0] == (nodes.x[u], nodes.y[u])
        assert edge.geometry.coords[-1] == (nodes.x[v], nodes.y[v])
    stats = osmnx.basic_stats(graph)
    assert stats["n"] == len(graph)
    assert stats["street_length_total"] <= streets.link_meters.sum() * 1.0001
    if mode is None:
        assert stats["street_length_total"] == pytest.approx(streets.link_meters.sum(), rel=1e-4)
    figure, _ = osmnx.plot_graph(graph, show=False, close=True)
    assert figure is not None


def test_one_way_is_told_by_the_edge_and_by_its_seconds(streets: Streets, origin: OsmOrigin) -> None:
    graph = street_graph(streets, None, origin)
    along, back = graph.edges[9, 10, 0], graph.edges[10, 9, 0]
    assert along["name"] == back["name"] == "Cedar Street"
    assert along["osmid"] == 103
    assert (along["oneway"], back["oneway"]) == (True, False)
    assert np.isfinite(along["drive_seconds"])
    assert np.isinf(back["drive_seconds"])
    assert np.isfinite(back["walk_seconds"])
    assert along["geometry"].equals(shapely.reverse(back["geometry"]))
    assert not street_graph(streets, "drive", origin).has_edge(10, 9)
    assert graph.nodes[6]["highway"] == "traffic_signals"


def test_streets_of_unknown_origin_have_numbers_of_their_own(streets: Streets) -> None:
    graph = street_graph(streets)
    assert set(graph) == set(range(len(streets.node_x)))
    assert all(edge["osmid"] < 0 for _, _, edge in graph.edges(data=True))
    osmnx.basic_stats(graph)


def test_another_extract_is_no_origin(streets: Streets, elements: OsmElements) -> None:
    fewer = {**vars(elements), "ways": elements.ways[:-1], "way_tags": elements.way_tags.iloc[:-1]}
    fewer |= {"way_offset": elements.way_offset[:-1], "way_nodes": elements.way_nodes[: elements.way_offset[-2]]}
    assert osm_origin(streets, OsmElements(**fewer)) is None


def test_modes_have_names(streets: Streets) -> None:
    for make in (street_graph, turn_graph):
        with pytest.raises(InputError, match="walk, bike or drive"):
            make(streets, "swim")


def test_exported_and_read_again_the_streets_are_the_same(streets: Streets, origin: OsmOrigin, tmp_path: Path) -> None:
    (path,) = write_street_graph(street_graph(streets, None, origin), tmp_path / "town.graphml", "graphml")
    again = build_streets(read_streets(path), streets.crs, SETTINGS)
    np.testing.assert_allclose(again.node_x, streets.node_x, atol=0.01)
    for mode in MODES:
        np.testing.assert_allclose(ours(again, mode, 0.5), ours(streets, mode, 0.5), atol=0.1, err_msg=mode)


KINDS = (
    "residential",
    "footway",
    "steps",
    "cycleway oneway=yes",
    "service access=private",
    "primary oneway=yes maxspeed=50",
    "residential oneway=-1 oneway:bicycle=no",
    "residential oneway=yes cycleway=opposite",
    "motorway",
    "tertiary junction=roundabout",
    "residential oneway=reversible",
    "residential maxspeed:forward=20 maxspeed:backward=60",
    "residential oneway=-1 maxspeed:forward=20 maxspeed:backward=60",
    "path bicycle=no foot=yes",
)


@given(kinds=st.lists(st.sampled_from(KINDS), min_size=4, max_size=9))
@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_any_kind_of_street_comes_back_as_it_was(
    lay_elements: Callable[..., OsmElements], tmp_path: Path, kinds: list[str]
) -> None:
    points = {f"n{i}": (130.0 * (i % 4) + 3 * i, 110.0 * (i // 4)) for i in range(8)}
    names = list(points)
    ways = [f"{names[k % 8]} {names[(3 * k + 1) % 8]}: highway={kind}" for k, kind in enumerate(kinds)]
    elements = lay_elements(points, ways)
    try:
        streets = build_streets(elements, "EPSG:32616", SETTINGS)
    except InputError:
        return
    origin = osm_origin(streets, elements)
    assert origin is not None
    (path,) = write_street_graph(street_graph(streets, None, origin), tmp_path / "any.graphml", "graphml")
    again = build_streets(read_streets(path), streets.crs, SETTINGS)
    for mode in MODES:
        np.testing.assert_allclose(ours(again, mode, 0.5), ours(streets, mode, 0.5), atol=0.1, err_msg=mode)


@pytest.mark.parametrize("form", ["gpkg", "geoparquet"])
def test_maps_get_tables(streets: Streets, origin: OsmOrigin, tmp_path: Path, form: str) -> None:
    import geopandas

    graph = street_graph(streets, None, origin)
    out = tmp_path / ("town.gpkg" if form == "gpkg" else "town.parquet")
    files = write_street_graph(graph, out, form)
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        edges = geopandas.read_file(out, layer="edges") if form == "gpkg" else geopandas.read_parquet(out)
        nodes = geopandas.read_file(out, layer="nodes") if form == "gpkg" else geopandas.read_parquet(files[1])
    assert (len(nodes), len(edges)) == (len(graph), graph.number_of_edges())
    assert edges["drive_seconds"].isna().any(), "empty where cars may not go"
    assert edges["walk_seconds"].notna().all()
    assert edges.crs == "EPSG:4326"


@pytest.mark.parametrize(("name", "form"), [("a.gpkg", "graphml"), ("a.shp", "shapefile"), ("none/a.gpkg", "gpkg")])
def test_another_ending_or_format_is_refused(streets: Streets, tmp_path: Path, name: str, form: str) -> None:
    with pytest.raises(InputError):
        write_street_graph(street_graph(streets), tmp_path / name, form)
