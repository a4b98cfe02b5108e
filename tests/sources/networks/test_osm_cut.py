"""An extract cut to a place holds all of the place, and no more than whole streets need."""

from pathlib import Path

import numpy as np
import osmium
import pytest

from geo.errors import InputError, SourceError
from sources.cleaning.bounds import Bounds, wider
from sources.formats.embedded import embedded
from sources.networks.osm import read_streets
from sources.networks.osm_cut import cut_extract
from sources.networks.osm_features import read_features

BOX = Bounds(-113.448, 40.352, -113.418, 40.370)
DEMO = "streets.osm.pbf"


def test_the_cut_holds_every_street_and_thing_of_the_place_as_it_was(tmp_path: Path) -> None:
    whole = embedded("demo", DEMO)
    cut = cut_extract(whole, BOX, tmp_path)
    assert cut.stat().st_size < whole.stat().st_size / 5
    before, after = read_streets(whole), read_streets(cut)
    inside = [BOX.hold(lon, lat) for lon, lat in zip(before.node_lon, before.node_lat, strict=True)]
    here = set(before.node_id[inside])
    owner = np.repeat(np.arange(len(before.ways)), np.diff(before.way_offset))
    expected = {int(before.ways[k]) for k in owner[[node in here for node in before.way_nodes]]}
    assert set(after.ways.tolist()) == expected
    for way in sorted(expected)[::20]:
        (a,), (b,) = np.flatnonzero(before.ways == way), np.flatnonzero(after.ways == way)
        nodes = before.way_nodes[before.way_offset[a] : before.way_offset[a + 1]]
        assert nodes.tolist() == after.way_nodes[after.way_offset[b] : after.way_offset[b + 1]].tolist()
        assert before.way_tags.iloc[a].dropna().to_dict() == after.way_tags.iloc[b].dropna().to_dict()
    things, kept = read_features(whole), read_features(cut)
    inside = [BOX.hold(lon, lat) for lon, lat in zip(things["lon"], things["lat"], strict=True)]
    points = things[(things["osm_type"] == "n") & np.array(inside)]
    assert set(points["osm_id"]) <= set(kept["osm_id"])


def test_a_cut_is_kept_and_the_same_each_time(tmp_path: Path) -> None:
    whole = embedded("demo", DEMO)
    first = cut_extract(whole, BOX, tmp_path / "a")
    stamp = first.stat().st_mtime_ns
    assert cut_extract(whole, BOX, tmp_path / "a") == first
    assert first.stat().st_mtime_ns == stamp
    assert cut_extract(whole, BOX, tmp_path / "b").read_bytes() == first.read_bytes()
    assert cut_extract(whole, wider(BOX, 500), tmp_path / "a") != first
    assert {path.suffix for path in (tmp_path / "a" / "extracts").iterdir()} == {".pbf"}


def test_an_extract_of_the_place_alone_stays_as_it_is(tmp_path: Path) -> None:
    whole = embedded("demo", DEMO)
    assert cut_extract(whole, Bounds(-114, 40, -113, 41), tmp_path) == whole
    xml = tmp_path / "town.osm"
    xml.write_text('<osm version="0.6"><node id="1" lat="40.36" lon="-113.43"/></osm>')
    assert cut_extract(xml, BOX, tmp_path) == xml


def test_another_place_and_what_is_no_extract_are_said(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="nothing in this place"):
        cut_extract(embedded("demo", DEMO), Bounds(9, 50, 10, 51), tmp_path)
    broken = tmp_path / "x.osm.pbf"
    broken.write_bytes(embedded("demo", DEMO).read_bytes()[:50_000])
    with pytest.raises(SourceError, match="can't be read"):
        cut_extract(broken, BOX, tmp_path)
    bomb = tmp_path / "x.osm"
    bomb.write_text('<!DOCTYPE x [<!ENTITY a "b">]><osm/>')
    with pytest.raises(SourceError, match="document type"):
        cut_extract(bomb, BOX, tmp_path)
    assert not list((tmp_path / "extracts").iterdir())


NODES = {1: (-113.43, 40.36), 2: (-113.42, 40.36), 3: (-113.30, 40.36), 4: (-113.30, 40.40)}
WAYS = {20: (1, 2), 21: (2, 3), 22: (3, 4)}
RELATIONS = {
    30: {"type": "restriction", "restriction": "no_u_turn"},
    31: {"type": "multipolygon", "natural": "water"},
    32: {"type": "route", "route": "road"},
    33: {"type": "boundary", "admin_level": "4"},
    34: {"type": "boundary", "admin_level": "6"},
}


def extract(members: tuple[int, ...]) -> str:
    lines = [f'<node id="{n}" lon="{lon}" lat="{lat}"/>' for n, (lon, lat) in NODES.items()]
    for way, nodes in WAYS.items():
        lines += [f'<way id="{way}">', *(f'<nd ref="{n}"/>' for n in nodes), '<tag k="highway" v="path"/></way>']
    for relation, tags in RELATIONS.items():
        lines += [f'<relation id="{relation}">', *(f'<member type="way" ref="{way}" role=""/>' for way in members)]
        lines += [*(f'<tag k="{key}" v="{value}"/>' for key, value in tags.items()), "</relation>"]
    return f'<osm version="0.6">{"".join(lines)}</osm>'


@pytest.mark.parametrize(
    ("members", "relations", "ways", "nodes"),
    [
        ((20, 22), {30, 31, 34}, {20, 21, 22}, {1, 2, 3, 4}),  # what is read comes whole, long courses don't
        ((22,), set(), {20, 21}, {1, 2, 3}),
    ],
)
def test_relations_that_are_read_come_whole(
    tmp_path: Path, members: tuple[int, ...], relations: set[int], ways: set[int], nodes: set[int]
) -> None:
    path = tmp_path / "r.osm"
    path.write_text(extract(members))
    kept = [(one.type_str(), one.id) for one in osmium.FileProcessor(str(cut_extract(path, BOX, tmp_path)))]
    assert {number for kind, number in kept if kind == "r"} == relations
    assert {number for kind, number in kept if kind == "w"} == ways
    assert {number for kind, number in kept if kind == "n"} == nodes
