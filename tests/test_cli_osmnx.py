"""Regions from what osmnx saved, and their streets back to osmnx, by the command line."""

import json
from collections.abc import Callable
from pathlib import Path

import geopandas
import osmnx
import pandas as pd
import pytest

from sources.region import open_region
from tests.sources.networks.osmnx_town import write_town
from tests.test_cli import Run, run, sentence

__all__ = ["run"]

SHOPS = "".join(
    f'<node id="{number}" version="1" lat="{lat}" lon="-84.4985">'
    f'<tag k="amenity" v="{kind}"/><tag k="name" v="{name}"/></node>'
    for number, lat, kind, name in ((900, 39.0005, "pharmacy", "Pills"), (901, 39.0015, "bar", "Dark"))
)


@pytest.fixture
def town(tmp_path: Path) -> Path:
    path = write_town(tmp_path / "town.osm")
    path.write_text(path.read_text(encoding="utf-8").replace("</osm>", f"{SHOPS}</osm>"), encoding="utf-8")
    return path


@pytest.fixture
def built(run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[..., dict]:
    """Return a function that builds the region `town` in a folder of this test and gives the report."""

    def build(*words: str) -> dict:
        monkeypatch.setenv("RECOVERY_REACH_HOME", str(tmp_path / "home"))
        code, output, errors = run("region", "build", "town", *words, "--json")
        assert code == 0, errors
        return json.loads(output)

    return build


def test_a_graph_and_features_of_osmnx_make_a_region(
    run: Run, town: Path, tmp_path: Path, built: Callable[..., dict]
) -> None:
    osmnx.save_graphml(osmnx.graph_from_xml(town, retain_all=True), tmp_path / "town.graphml")
    features = tmp_path / "features.gpkg"
    osmnx.features_from_xml(town, tags={"amenity": True}).to_file(features)
    report = built("--osm", str(tmp_path / "town.graphml"), "--resources", f"osm={features}")
    assert any("turn restrictions" in lack for lack in report["lacks"])
    assert report["totals"]["resources"] == 1
    assert report["totals"]["exposure"] == 1
    region = open_region("town")
    assert "no_turn_restrictions" in set(region.set_aside["code"])
    assert region.resources["name"].tolist() == ["Pills"]
    for place in ("39.0000,-84.5000", "Main Street & Third Avenue"):
        _, output, _ = run("times", "town", "--from", place, "--to", "39.0020,-84.4990", "--mode", "walk", "--json")
        assert json.loads(output)[0]["minutes"] > 1


def test_features_beside_an_extract_of_the_same_place_are_counted_once(
    town: Path, tmp_path: Path, built: Callable[..., dict]
) -> None:
    features = tmp_path / "features.geojson"
    osmnx.features_from_xml(town, tags={"amenity": True}).to_file(features)
    report = built("--osm", str(town), "--resources", str(features))
    assert report["lacks"] == []
    assert (report["totals"]["resources"], report["totals"]["exposure"]) == (1, 1)


def test_streets_go_out_in_every_format(run: Run, town: Path, tmp_path: Path, built: Callable[..., dict]) -> None:
    built("--osm", str(town))
    sizes = {}
    for words in (["graphml"], ["graphml", "--mode", "drive"], ["graphml", "--mode", "drive", "--turns"]):
        out = tmp_path / f"{len(words)}.graphml"
        code, _, errors = run("region", "export", "town", "--format", *words, "--out", str(out))
        assert code == 0
        assert "written to" in errors
        sizes[len(words)] = osmnx.load_graphml(out).number_of_edges()
    assert sizes[3] < sizes[1]
    assert sizes[4] > sizes[3], "an edge a turn"
    for form, suffix in (("gpkg", "gpkg"), ("geoparquet", "parquet")):
        out = tmp_path / f"all.{suffix}"
        assert run("region", "export", "town", "--format", form, "--out", str(out))[0] == 0
        edges = geopandas.read_file(out, layer="edges") if form == "gpkg" else geopandas.read_parquet(out)
        assert len(edges) == sizes[1]
        assert {"osmid", "name", "highway", "oneway", "walk_seconds", "bike_seconds", "drive_seconds"} <= set(edges)
    assert pd.read_parquet(tmp_path / "all-nodes.parquet", columns=["osmid"])["osmid"].min() == 1


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (["--format", "shapefile"], "graphml, gpkg, geoparquet"),
        (["--out", "streets.csv"], ".graphml"),
        (["--turns"], "--mode"),
        (["--mode", "swim"], "walk, bike or drive"),
        (["--out", "nowhere/streets.graphml"], "no folder"),
    ],
)
def test_what_cannot_be_exported_is_one_sentence(run: Run, words: list[str], says: str) -> None:
    code, _, errors = run("region", "export", "demo", *words)
    assert code == 2
    assert says in sentence(errors)
