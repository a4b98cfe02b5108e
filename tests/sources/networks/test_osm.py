"""Extracts are read whole, in any order; what is no extract is refused in one sentence."""

import random
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from geo.errors import SourceError
from geo.streets.build import build_streets, streets_to_arrays
from geo.streets.tags import StreetSettings
from sources.networks.osm import read_streets
from sources.networks.osm_features import feature_kind, read_features

NODES = """
<node id="1" version="1" lat="39.00" lon="-84.50"/>
<node id="2" version="1" lat="39.01" lon="-84.50"><tag k="highway" v="traffic_signals"/></node>
<node id="3" version="1" lat="39.02" lon="-84.50"/>
<node id="4" version="1" lat="39.01" lon="-84.49"><tag k="barrier" v="gate"/><tag k="access" v="private"/></node>
<node id="5" version="1" lat="39.011" lon="-84.491"><tag k="amenity" v="pharmacy"/><tag k="name" v="Zum Löwen, 2%"/>
  <tag k="addr:housenumber" v="12"/><tag k="addr:street" v="Elm Street"/></node>
<node id="6" version="1" lat="39.03" lon="-84.52"/>
<node id="7" version="1" lat="39.03" lon="-84.51"/>
<node id="8" version="1" lat="39.04" lon="-84.51"/>
<node id="9" version="1" lat="39.033" lon="-84.513"/>
<node id="10" version="1" lat="39.034" lon="-84.513"/>
<node id="11" version="1" lat="39.033" lon="-84.512"/>
"""
WAYS = """
<way id="20" version="1"><nd ref="1"/><nd ref="2"/><tag k="highway" v="residential"/>
  <tag k="name" v="Elm, &quot;old&quot; = Street 5%"/></way>
<way id="21" version="1"><nd ref="2"/><nd ref="3"/><tag k="highway" v="construction"/></way>
<way id="21" version="2"><nd ref="2"/><nd ref="3"/><tag k="highway" v="primary"/><tag k="oneway" v="yes"/></way>
<way id="22" version="1"><nd ref="2"/><nd ref="99"/><nd ref="4"/><nd ref="3"/><tag k="highway" v="service"/></way>
<way id="23" version="1"><nd ref="6"/><nd ref="7"/><nd ref="8"/><nd ref="6"/>
  <tag k="building" v="yes"/><tag k="addr:housenumber" v="7"/></way>
<way id="24" version="1"><nd ref="6"/><nd ref="7"/><tag k="waterway" v="river"/><tag k="name" v="Ohio"/></way>
<way id="25" version="1"><nd ref="6"/><nd ref="7"/><nd ref="8"/></way>
<way id="26" version="1"><nd ref="8"/><nd ref="6"/></way>
<way id="27" version="1"><nd ref="9"/><nd ref="10"/><nd ref="11"/><nd ref="9"/></way>
<way id="28" version="1"><nd ref="6"/><nd ref="99"/><tag k="railway" v="rail"/></way>
"""
RELATIONS = """
<relation id="30" version="1"><member type="way" ref="20" role="from"/><member type="node" ref="2" role="via"/>
  <member type="way" ref="21" role="to"/><tag k="type" v="restriction"/>
  <tag k="restriction" v="no_straight_on"/></relation>
<relation id="31" version="1"><member type="way" ref="25" role="outer"/><member type="way" ref="26" role="outer"/>
  <member type="way" ref="27" role="inner"/><tag k="type" v="multipolygon"/>
  <tag k="leisure" v="park"/><tag k="name" v="Devou"/></relation>
"""


def objects(text: str, kind: str) -> list[str]:
    parts = text.strip().replace(f"\n<{kind} ", f"\0<{kind} ").split("\0")
    return [part.strip() for part in parts]


def write(path: Path, *blocks: list[str]) -> Path:
    body = "\n".join(line for block in blocks for line in block)
    path.write_text(f'<?xml version="1.0" encoding="UTF-8"?>\n<osm version="0.6">\n{body}\n</osm>\n', encoding="utf-8")
    return path


@pytest.fixture
def extract(tmp_path: Path) -> Path:
    return write(tmp_path / "a.osm", objects(NODES, "node"), objects(WAYS, "way"), objects(RELATIONS, "relation"))


def test_streets_of_a_small_extract(extract: Path) -> None:
    elements = read_streets(extract)
    assert elements.ways.tolist() == [20, 21, 22]
    assert elements.way_tags["name"].iloc[0] == 'Elm, "old" = Street 5%'
    assert elements.way_tags["highway"].tolist() == ["residential", "primary", "service"], "the newest version"
    assert elements.way_nodes.tolist() == [1, 2, 2, 3, 2, 99, 4, 3]
    assert elements.node_id.tolist() == [1, 2, 3, 4], "located nodes of streets; 99 lies outside"
    np.testing.assert_allclose(elements.node_lat, [39, 39.01, 39.02, 39.01])
    assert elements.tagged_nodes.tolist() == [2, 4]
    assert elements.node_tags["barrier"].tolist()[1] == "gate"
    assert elements.restrictions["role"].tolist() == ["from", "via", "to"]
    assert elements.restrictions["ref"].tolist() == [20, 2, 21]


def test_a_way_is_cut_where_the_extract_ends(extract: Path) -> None:
    streets = build_streets(read_streets(extract), "EPSG:32616", StreetSettings(smallest_island_meters=0))
    ends = {tuple(sorted((a, b))) for a, b in zip(streets.link_from.tolist(), streets.link_to.tolist(), strict=True)}
    assert len(streets.link_from) == 3, "1–2, 2–3 and 4–3; not 2–4 across the gap"
    assert len(ends) == 3


def test_the_order_in_the_file_changes_nothing(extract: Path, tmp_path: Path) -> None:
    blocks = [objects(NODES, "node"), objects(WAYS, "way"), objects(RELATIONS, "relation")]
    chance = random.Random(4)  # noqa: S311
    for block in blocks:
        chance.shuffle(block)
    other = write(tmp_path / "b.osm", blocks[2], blocks[1], blocks[0])
    one, two = read_streets(extract), read_streets(other)
    for name in ("node_id", "node_lon", "ways", "way_offset", "way_nodes", "tagged_nodes"):
        np.testing.assert_array_equal(getattr(one, name), getattr(two, name), err_msg=name)
    for name in ("way_tags", "node_tags", "restrictions"):
        pd.testing.assert_frame_equal(getattr(one, name), getattr(two, name))
    features = read_features(extract), read_features(other)
    pd.testing.assert_frame_equal(
        pd.DataFrame(features[0].drop(columns="geometry")), pd.DataFrame(features[1].drop(columns="geometry"))
    )


def test_features_of_a_small_extract(extract: Path) -> None:
    features = read_features(extract).set_index(["osm_type", "osm_id"])
    assert features["kind"].to_dict() == {("n", 5): "poi", ("w", 23): "address", ("w", 24): "water", ("r", 31): "park"}
    pharmacy = features.loc["n", 5]
    assert (pharmacy["name"], pharmacy["addr:housenumber"], pharmacy["lat"]) == ("Zum Löwen, 2%", "12", 39.011)
    assert features.geometry.isna().tolist() == [True, True, False, False]
    park = features.loc["r", 31].geometry
    assert park.geom_type == "Polygon"
    assert len(park.interiors) == 1
    assert (
        features.loc[
            "w",
            23,
        ][["lon", "lat"]]
        .notna()
        .all()
    )


@pytest.mark.parametrize(
    ("tags", "kind"),
    [
        ({"place": "suburb"}, "place"),
        ({"boundary": "administrative"}, "boundary"),
        ({"natural": "water", "amenity": "fountain"}, "water"),
        ({"railway": "rail"}, "rail"),
        ({"railway": "station"}, "poi"),
        ({"leisure": "park"}, "park"),
        ({"leisure": "fitness_centre"}, "poi"),
        ({"landuse": "residential"}, "landuse"),
        ({"addr:housenumber": "3"}, "address"),
        ({"natural": "tree"}, None),
    ],
)
def test_kinds(tags: dict[str, str], kind: str | None) -> None:
    assert feature_kind(tags) == kind


def test_real_extracts(shared: Path) -> None:
    for name, ways in (
        ("nky/streets.osm.pbf", 16_664),
        ("dc/dc_nw_arlington.osm.pbf", 8_593),
        ("poa/poa_osm.pbf", 15_886),
    ):
        elements = read_streets(shared / "regions" / name)
        assert len(elements.ways) == ways
        assert (np.diff(elements.ways) > 0).all()
        assert (np.diff(elements.node_id) > 0).all()
        streets = build_streets(elements, "EPSG:32616" if "nky" in name else "EPSG:32722", StreetSettings())
        arrays = streets_to_arrays(streets)
        assert all(array.dtype.kind in "fiubU" for array in arrays.values())
        assert streets.modes["walk"].attachable.mean() > 0.7


def test_features_of_real_extracts(shared: Path) -> None:
    features = read_features(shared / "regions" / "poa" / "poa_osm.pbf")
    assert features["lon"].between(-180, 180).all()
    assert {"poi", "rail", "water"} <= set(features["kind"])
    assert not features.duplicated(["osm_type", "osm_id"]).any()


@pytest.mark.parametrize("reader", [read_streets, read_features])
def test_hostile_files(shared: Path, tmp_path: Path, reader: object) -> None:
    whole = (shared / "regions" / "nky" / "streets.osm.pbf").read_bytes()
    middle = bytearray(whole)
    middle[5000:9000] = bytes(4000)
    files = {
        "cut.osm.pbf": whole[:200_000],
        "damaged.osm.pbf": bytes(middle),
        "empty.osm.pbf": b"",
        "page.osm.pbf": b"<!doctype html><title>404</title>",
        "empty.osm": b"",
        "half.osm": b'<osm version="0.6"><node id="1" lat="1" lon="2"',
        "page.osm": b"<html><body>Not found</body></html>",
        "table.csv": b"a,b\n1,2\n",
        "late.osm": b"<!--" + b" " * 70_000 + b'--><!DOCTYPE osm [<!ENTITY a "aaaa">]><osm version="0.6">&a;</osm>',
        "wide.osm": '<?xml version="1.0" encoding="UTF-16"?><!DOCTYPE osm [<!ENTITY a "b">]><osm>&a;</osm>'.encode(
            "utf-16"
        ),
    }
    paths = [tmp_path / "absent.osm.pbf", tmp_path]
    for name, content in files.items():
        (tmp_path / name).write_bytes(content)
        paths.append(tmp_path / name)
    for path in [*paths, *sorted((shared / "badinputs" / "xml-bombs").glob("*.xml"))]:
        with pytest.raises(SourceError) as caught:
            reader(path)  # type: ignore[operator]
        message = str(caught.value)
        assert message.endswith((".", "again."))
        assert "\n" not in message


def test_an_extract_without_streets(tmp_path: Path) -> None:
    path = write(tmp_path / "a.osm", objects(NODES, "node"))
    with pytest.raises(SourceError, match="holds none"):
        read_streets(path)
