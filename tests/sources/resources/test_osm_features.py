"""Features that osmnx saved are read by the table that reads those of an extract; what is no support is counted."""

import json
from pathlib import Path

import geopandas
import numpy as np
import osmnx
import pandas as pd
import pytest
from shapely import LineString, Point, Polygon

from geo.errors import SourceError
from sources.adapter.source import ParseContext
from sources.cleaning.bounds import Bounds
from sources.cleaning.report import count
from sources.networks.osm_features import read_features
from sources.region.inputs import RegionInputs, input_files
from sources.registry import recognize
from sources.resources import osm
from sources.resources.osm_features import parse, strip

OSM = """<osm version="0.6">
<node id="1" version="1" lat="39.00" lon="-84.50"><tag k="amenity" v="pharmacy"/><tag k="name" v="Pills"/></node>
<node id="2" version="1" lat="39.01" lon="-84.50"><tag k="amenity" v="bar"/><tag k="name" v="Dark"/></node>
<node id="3" version="1" lat="39.02" lon="-84.50"><tag k="amenity" v="bench"/></node>
<node id="4" version="1" lat="39.03" lon="-84.52"/>
<node id="5" version="1" lat="39.03" lon="-84.51"/>
<node id="6" version="1" lat="39.04" lon="-84.51"/>
<way id="1" version="1"><nd ref="4"/><nd ref="5"/><nd ref="6"/><nd ref="4"/>
<tag k="amenity" v="library"/><tag k="name" v="Books"/><tag k="wheelchair" v="yes"/></way>
</osm>"""


@pytest.fixture
def features(tmp_path: Path) -> "geopandas.GeoDataFrame":
    (tmp_path / "a.osm").write_text(OSM, encoding="utf-8")
    return osmnx.features_from_xml(tmp_path / "a.osm", tags={"amenity": True})


@pytest.mark.parametrize("name", ["features.gpkg", "features.geojson"])
def test_features_are_those_of_the_extract(features: "geopandas.GeoDataFrame", tmp_path: Path, name: str) -> None:
    features.to_file(tmp_path / name)
    raw = (tmp_path / name).read_bytes()
    assert recognize(tmp_path / name, "resources", raw[:65_536]).name == "osm_features"
    parsed = parse(raw, ParseContext(name))
    counts = count(parsed)
    assert (counts.rows_in, counts.kept + counts.repaired, counts.set_aside) == (4, 3, 1)
    assert counts.reasons == {"set_aside:no_support": 1}
    theirs = osm.parse_features(read_features(tmp_path / "a.osm"), ParseContext("a.osm"))
    columns = ["name", "category", "dimension", "wheelchair", "lon", "lat"]
    for table, own in (("resources", columns), ("exposure", ["name", "category", "lon", "lat"])):
        ours, same = (part.tables[table].sort_values("name", ignore_index=True)[own] for part in (parsed, theirs))
        pd.testing.assert_frame_equal(ours, same)


def test_what_to_json_writes_is_read_as_well(features: "geopandas.GeoDataFrame") -> None:
    parsed = parse(features.to_json().encode(), ParseContext("features.geojson"))
    assert sorted(parsed.tables["resources"]["resource_id"]) == ["osm_features:n1", "osm_features:w1"]


def test_places_elsewhere_and_without_shape_are_set_aside(features: "geopandas.GeoDataFrame", tmp_path: Path) -> None:
    moved = features.copy()
    moved.loc[("node", 1), "geometry"] = Point(10, 50)
    moved.loc[("way", 1), "geometry"] = Polygon()
    moved.to_file(tmp_path / "f.gpkg")
    parsed = parse((tmp_path / "f.gpkg").read_bytes(), ParseContext("f.gpkg", bounds=Bounds(-85, 38, -84, 40)))
    assert count(parsed).reasons == {
        "set_aside:no_support": 1,
        "set_aside:no_point": 1,
        "set_aside:outside_region": 1,
    }


def test_reasons_name_the_object_and_an_outlet_listed_twice_is_counted(
    features: "geopandas.GeoDataFrame", tmp_path: Path
) -> None:
    closed = features.assign(access=["no" if kind == "way" else None for kind, _ in features.index])
    pd.concat([closed, closed[closed["name"] == "Dark"]]).to_file(tmp_path / "f.gpkg")
    parsed = parse((tmp_path / "f.gpkg").read_bytes(), ParseContext("f.gpkg"))
    assert count(parsed).rows_in == 5
    assert sorted(map(tuple, parsed.set_aside[["row", "code"]].to_numpy())) == [
        ("n2", "duplicate"), ("n3", "no_support"), ("w1", "private"),
    ]  # fmt: skip
    assert len(parsed.tables["exposure"]) == 1


def test_tables_of_others_are_refused(tmp_path: Path) -> None:
    other = geopandas.GeoDataFrame({"name": ["a"]}, geometry=[LineString([(0, 0), (1, 1)])], crs=4326)
    other.to_file(tmp_path / "other.gpkg")
    with pytest.raises(SourceError, match="element"):
        parse((tmp_path / "other.gpkg").read_bytes(), ParseContext("other.gpkg"))
    with pytest.raises(SourceError, match=r"x\.gpkg"):
        parse(b"SQLite format 3\0" + b"\0" * 3000, ParseContext("x.gpkg"))


@pytest.mark.parametrize(
    "changed", [{"element": ["node", "way"]}, {"id": [1]}, {"id": 1.5}, {"id": 1e300}, {"id": None}]
)
def test_a_kind_or_id_that_is_none_is_refused(changed: dict[str, object]) -> None:
    point = {"type": "Point", "coordinates": [-84.5, 39.0]}
    tags = (
        {"element": "node", "id": 1, "amenity": "pharmacy"},
        {"element": "node", "id": 2, "amenity": "bar"} | changed,
    )
    whole = [{"type": "Feature", "properties": own, "geometry": point} for own in tags]
    raw = json.dumps({"type": "FeatureCollection", "features": whole}).encode()
    with pytest.raises(SourceError, match="element"):
        parse(raw, ParseContext("f.geojson"))


def test_contacts_of_persons_are_not_kept(features: "geopandas.GeoDataFrame", tmp_path: Path) -> None:
    with_person = features.assign(**{"contact:email": "someone@example.org", "operator": np.nan})
    with_person.to_file(tmp_path / "f.gpkg")
    raw = (tmp_path / "f.gpkg").read_bytes()
    kept = strip(raw, "f.gpkg")
    assert b"someone@" in raw
    assert b"someone@" not in kept
    assert count(parse(kept, ParseContext("f.gpkg"))).rows_in == 4
    features.to_file(tmp_path / "g.gpkg")
    clean = (tmp_path / "g.gpkg").read_bytes()
    assert strip(clean, "g.gpkg") == clean
    assert b"someone@" not in strip(json.dumps(json.loads(with_person.to_json())).encode(), "f.geojson")


@pytest.mark.parametrize("name", ["f.gpkg", "f.geojson"])
def test_a_places_own_number_is_kept(features: "geopandas.GeoDataFrame", tmp_path: Path, name: str) -> None:
    own = {"contact:phone": "859-555-0199", "contact:website": "https://quay.example.org"}
    features.assign(**own, **{"contact:email": "someone@example.org"}).to_file(tmp_path / name)
    kept = strip((tmp_path / name).read_bytes(), name)
    assert b"someone@" not in kept
    row = parse(kept, ParseContext("f.geojson")).tables["resources"].iloc[0]
    assert (row["phone"], row["url"]) == tuple(own.values())


def test_osm_as_a_resource_means_features(features: "geopandas.GeoDataFrame", tmp_path: Path) -> None:
    features.to_file(tmp_path / "f.gpkg")
    (file,) = input_files(RegionInputs(resources=(f"osm={tmp_path / 'f.gpkg'}",)), need_streets=False)
    assert (file.role, file.source) == ("resources", "osm_features")
