"""Graphs that osmnx saved are the streets that they were made of; what they lack is said; hostile files are refused."""

import gzip
import warnings
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import osmnx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from geo.errors import InputError, SourceError
from geo.streets.build import Streets, StreetSettings, build_streets
from geo.streets.shortest_paths import street_seconds
from geo.streets.snapping import attach
from sources.cleaning.bounds import Bounds
from sources.networks.osm import read_streets
from sources.networks.osm_cut import cut_extract
from sources.networks.osm_features import read_features
from sources.networks.osmnx_graph import _merged, _values, lacks
from tests.sources.networks.osmnx_town import NODES, ask_for_more, write_town

CRS = "EPSG:32616"


@pytest.fixture(autouse=True)
def usual_settings() -> Iterator[None]:
    """Have osmnx's settings, which are global, as they were after each test."""
    kept = {name: getattr(osmnx.settings, name) for name in ("useful_tags_way", "all_oneway")}
    yield
    for name, value in kept.items():
        setattr(osmnx.settings, name, value)


@pytest.fixture
def town(tmp_path: Path) -> Path:
    return write_town(tmp_path / "town.osm")


def graph_of(town: Path, *, simplify: bool = False) -> "osmnx.nx.MultiDiGraph":
    return osmnx.graph_from_xml(town, simplify=simplify, retain_all=True)


def streets_of(path: Path) -> Streets:
    return build_streets(read_streets(path), CRS, StreetSettings(main_network_share=0))


def seconds(streets: Streets, mode: str) -> np.ndarray:
    """Return the seconds between places beside every node of the town."""
    places = np.array(list(NODES.values()))
    lon, lat = -84.49996 + places[:, 0] / 1000, 39.00003 + places[:, 1] / 1000
    at = attach(streets, lon, lat, mode)
    reached = street_seconds(streets, at, at, mode, 3600.0)
    table = np.full((len(places), len(places)), np.inf)
    table[np.repeat(np.arange(len(places)), np.diff(reached.indptr)), reached.index] = reached.seconds
    return table


def saved(town: Path, form: str) -> Path:
    """Save the town's graph in one of the forms that people have."""
    ask_for_more()
    out = town.with_name(f"{form}.{'osm' if form == 'xml' else 'graphml'}")
    if form in ("all_oneway", "xml"):
        osmnx.settings.all_oneway = True
    graph = graph_of(town, simplify=form in ("simplified", "projected"))
    if form == "projected":
        graph = osmnx.project_graph(graph)
    if form == "xml":
        with warnings.catch_warnings():
            warnings.filterwarnings("ignore", message="'bool' is not supported as a fill value")  # osmnx's own use
            osmnx.save_graph_xml(graph, out)
    else:
        osmnx.save_graphml(graph, out, gephi=form == "gephi")
    return out


@pytest.mark.parametrize("form", ["unsimplified", "simplified", "projected", "gephi", "all_oneway", "xml"])
def test_every_form_gives_the_seconds_of_the_extract(town: Path, form: str) -> None:
    extract, graph = streets_of(town), streets_of(saved(town, form))
    for mode in ("walk", "bike", "drive"):
        expected = seconds(extract, mode)
        assert np.isfinite(expected).mean() > 0.5
        np.testing.assert_allclose(seconds(graph, mode), expected, atol=0.1, err_msg=mode)


def test_an_undirected_graph_keeps_its_one_way_streets(town: Path) -> None:
    ask_for_more()
    out = town.with_name("undirected.graphml")
    osmnx.save_graphml(osmnx.convert.to_undirected(graph_of(town)), out)
    np.testing.assert_allclose(seconds(streets_of(out), "drive"), seconds(streets_of(town), "drive"), atol=0.1)


def test_a_one_way_street_that_osmnx_turned_round_is_driven_the_right_way(town: Path) -> None:
    """Osmnx writes ``oneway=-1`` on a way whose nodes it has turned."""
    for form in ("xml", "all_oneway", "unsimplified"):
        streets = streets_of(saved(town, form))
        from_9_to_5, from_5_to_9 = seconds(streets, "drive")[8, 4], seconds(streets, "drive")[4, 8]
        assert from_9_to_5 < 20 < from_5_to_9, form


def test_a_graph_without_an_edge_back_is_one_way_whatever_it_says(town: Path) -> None:
    graph = graph_of(town)
    graph.remove_edges_from([(v, u, k) for u, v, k in graph.edges(keys=True) if (u, v) == (1, 2)])
    out = town.with_name("closed.graphml")
    osmnx.save_graphml(graph, out)
    drive = seconds(streets_of(out), "drive")
    assert drive[0, 1] < drive[1, 0]


def test_what_a_graph_lacks_is_said(town: Path) -> None:
    plain = town.with_name("plain.graphml")
    osmnx.save_graphml(graph_of(town, simplify=True), plain)
    reasons = dict(lacks(plain, read_streets(plain))[["code", "reason"]].itertuples(index=False))
    assert {"no_turn_restrictions", "no_map", "no_access_tags", "no_barriers", "simplified"} == set(reasons)
    assert "bicycle" in reasons["no_access_tags"]
    asked = saved(town, "unsimplified")
    reasons = dict(lacks(asked, read_streets(asked))[["code", "reason"]].itertuples(index=False))
    assert "simplified" not in reasons
    assert "bicycle" not in reasons.get("no_access_tags", "").split(":")[0]
    xml = saved(town, "xml")
    assert "all_oneway" in set(lacks(xml, read_streets(xml))["code"])
    assert lacks(town, read_streets(town)).empty, "an extract lacks nothing"


def test_packed_xml_is_known_and_mended_as_plain_xml_is(town: Path) -> None:
    xml = saved(town, "xml")
    packed = xml.with_name("packed.osm.gz")
    packed.write_bytes(gzip.compress(xml.read_bytes()))
    assert read_streets(packed).way_tags["oneway"].equals(read_streets(xml).way_tags["oneway"])
    assert set(lacks(packed, read_streets(packed))["code"]) == set(lacks(xml, read_streets(xml))["code"])


def test_a_walking_graph_is_known_by_its_directions(town: Path) -> None:
    osmnx.settings.all_oneway = False
    graph = osmnx.graph_from_xml(town, simplify=False, retain_all=True, bidirectional=True)
    out = town.with_name("walk.graphml")
    osmnx.save_graphml(graph, out)
    assert "no_oneway" in set(lacks(out, read_streets(out))["code"])


def test_a_graph_has_no_map_and_is_not_cut(town: Path, tmp_path: Path) -> None:
    graph = saved(town, "simplified")
    assert read_features(graph).empty
    assert cut_extract(graph, Bounds(-84.6, 38.9, -84.4, 39.1), tmp_path) == graph
    with pytest.raises(InputError, match="nothing in this place"):
        cut_extract(graph, Bounds(10, 38.9, 11, 39.1), tmp_path)


HEAD = "".join(
    f'<key id="{name[0]}" for="{kind}" attr.name="{name}"/>'
    for name, kind in (("x", "node"), ("y", "node"), ("highway", "edge"))
)
STREET = (
    '<graph edgedefault="directed"><node id="a"><data key="x">-84.5</data><data key="y">39</data></node>'
    '<node id="b"><data key="x">-84.49</data><data key="y">39</data></node>'
    '<edge source="a" target="b"><data key="h">residential</data></edge></graph>'
)


def write(path: Path, body: str, prologue: str = "") -> Path:
    path.write_text(f'<?xml version="1.0"?>{prologue}<graphml>{body}</graphml>', encoding="utf-8")
    return path


def test_a_graph_of_another_program_is_read_by_what_it_has(tmp_path: Path) -> None:
    elements = read_streets(write(tmp_path / "other.graphml", HEAD + STREET))
    assert elements.way_nodes.tolist() == [1, 2], "ids that are no numbers are numbered"
    assert elements.way_tags["highway"].tolist() == ["residential"]


@pytest.mark.parametrize(
    ("body", "prologue", "says"),
    [
        (HEAD + STREET, "<!DOCTYPE graphml [<!ENTITY a 'b'>]>", "document type"),
        (
            HEAD + STREET,
            "<!-- " + "x" * 100_000 + " --><!DOCTYPE graphml SYSTEM 'file:///etc/hostname'>",
            "document type",
        ),
        (HEAD + STREET.replace("</edge>", ""), "", "can't be read"),
        (STREET, "", "no edge"),
        (HEAD + STREET.replace("-84.5<", "west<").replace("-84.49<", "inf<"), "", "coordinates"),
        ("", "", "no edge"),
    ],
)
def test_what_is_no_graph_of_streets_is_refused(tmp_path: Path, body: str, prologue: str, says: str) -> None:
    with pytest.raises(SourceError, match=says):
        read_streets(write(tmp_path / "bad.graphml", body, prologue))


def test_real_bombs_are_refused(shared: Path, tmp_path: Path) -> None:
    bombs = sorted((shared / "badinputs" / "xml-bombs").rglob("*.xml"))
    assert bombs
    for number, bomb in enumerate(bombs):
        copy = tmp_path / f"{number}.graphml"
        copy.write_bytes(bomb.read_bytes())
        with pytest.raises(SourceError):
            read_streets(copy)


@given(
    st.recursive(st.text(max_size=5) | st.integers() | st.booleans() | st.none(), st.lists, max_leaves=8).map(str)
    | st.text()
)
def test_any_attribute_is_read(text: str) -> None:
    assert all(isinstance(value, str) for value in _values(text))


def test_deep_lists_stay_text() -> None:
    deep = "[" * 9000 + "]" * 9000
    assert _values(deep) == [deep]


@pytest.mark.parametrize(
    ("key", "values", "one"),
    [
        ("highway", ["residential", "footway"], "footway"),
        ("highway", ["residential", "motorway"], "motorway"),
        ("highway", ["tertiary", "primary"], "tertiary"),
        ("access", ["private", "yes"], "private"),
        ("bicycle", ["designated", "no"], "no"),
        ("maxspeed", ["20", "40"], "30"),
        ("bridge", ["no", "yes"], "yes"),
    ],
)
def test_a_street_of_several_ways_is_for_who_may_use_all_of_them(key: str, values: list[str], one: str) -> None:
    assert _merged(key, sorted(values)) == one
