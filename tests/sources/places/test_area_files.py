"""Areas of one's own from files: names, and what is mended, set aside or refused, each with its sentence."""

import json
from pathlib import Path

import geopandas as gpd
import pytest
import shapely

from geo.errors import InputError
from sources.cleaning.bounds import Bounds
from sources.places import area_files
from sources.places.area_files import read_named_areas

REGION = Bounds(-85.0, 38.0, -84.0, 39.0)
BOW_TIE = shapely.Polygon([(-84.5, 38.3), (-84.4, 38.4), (-84.4, 38.3), (-84.5, 38.4)])


def square(west, south, side=0.1):
    return shapely.box(west, south, west + side, south + side)


def written(path: Path, names, shapes, column="NAME") -> Path:
    gpd.GeoDataFrame({column: names}, geometry=shapes, crs=4326).to_file(path)
    return path


def test_what_is_mended_or_set_aside_is_told(tmp_path: Path) -> None:
    shapes = [
        square(-84.6, 38.3),
        BOW_TIE,
        square(-85.05, 38.3),
        square(-100, 40),
        shapely.LineString([(0, 0), (1, 1)]),
    ]
    path = written(tmp_path / "wards.geojson", ["North", "North", None, "far", "line"], shapes)
    areas, told = read_named_areas(path, REGION)
    assert areas["area_id"].tolist() == ["North", "North (2)", "Area 3"]
    assert areas.is_valid.all()
    assert areas.geometry.iloc[1].area == pytest.approx(0.1 * 0.1 / 2)  # both wings
    assert told == {"mended": ["North (2)"], "outside": ["far"], "no_area": ["line"], "beyond": ["Area 3"]}


@pytest.mark.parametrize("ending", ["gpkg", "geojson", "shp"])
def test_each_form_of_file_and_any_crs(tmp_path: Path, ending: str) -> None:
    frame = gpd.GeoDataFrame({"DISTRICT": [3.0, 4.0]}, geometry=[square(-84.6, 38.3), square(-84.4, 38.3)], crs=4326)
    path = tmp_path / f"districts.{ending}"
    (frame if ending == "geojson" else frame.to_crs(32616)).to_file(path)
    if ending == "shp":
        import zipfile

        with zipfile.ZipFile(tmp_path / "districts.zip", "w") as packed:
            for part in tmp_path.glob("districts.*"):
                if part.suffix != ".zip":
                    packed.write(part, part.name)
        path = tmp_path / "districts.zip"
    areas, told = read_named_areas(path, REGION)
    assert areas["area_id"].tolist() == ["3", "4"]
    assert areas.crs.to_epsg() == 4326
    assert areas.total_bounds == pytest.approx([-84.6, 38.3, -84.3, 38.4], abs=1e-6)
    assert not told


def test_numbers_of_areas_are_whole(tmp_path: Path) -> None:
    """A shapefile's numbers come as floats: a tract of eleven digits is no power of ten."""
    numbers = [39061000100.0, 1234567890123.0, 12.5, float("nan")]
    areas, _ = read_named_areas(written(tmp_path / "a.gpkg", numbers, [square(-84.6, 38.3)] * 4, "GEOID"), REGION)
    assert areas["area_id"].tolist() == ["39061000100", "1234567890123", "12.5", "Area 4"]


def test_names_are_one_line_and_none_is_there_twice(tmp_path: Path) -> None:
    names = ["A\nB", "A B", "A B (2)", "x" * 500, "\u202eevil", ""]
    areas, _ = read_named_areas(written(tmp_path / "a.geojson", names, [square(-84.6, 38.3)] * 6), REGION)
    got = areas["area_id"].tolist()
    assert len(set(got)) == 6
    assert got[0] == "A B"
    assert all(name.isprintable() and len(name) <= 90 for name in got)
    unnamed, _ = read_named_areas(written(tmp_path / "b.geojson", [1], [square(-84.6, 38.3)], "acres"), REGION)
    assert unnamed["area_id"].tolist() == ["Area 1"]


def test_what_is_no_file_of_areas_of_the_region_is_one_sentence(tmp_path: Path, monkeypatch) -> None:
    with pytest.raises(InputError, match="no file"):
        read_named_areas(tmp_path / "gone.gpkg", REGION)
    with pytest.raises(InputError, match="come as"):
        read_named_areas(tmp_path / "a.kml", REGION)
    (tmp_path / "broken.geojson").write_text('{"type": "FeatureCollection", "features": [', "utf-8")
    with pytest.raises(InputError, match=r"broken\.geojson"):
        read_named_areas(tmp_path / "broken.geojson", REGION)
    lines = written(tmp_path / "lines.geojson", ["a"], [shapely.LineString([(-84.5, 38.5), (-84.4, 38.5)])])
    with pytest.raises(InputError, match="no polygons"):
        read_named_areas(lines, REGION)
    swapped = written(tmp_path / "swapped.geojson", ["a"], [shapely.box(38.3, -84.6, 38.4, -84.5)])
    with pytest.raises(InputError, match=r"longitude 38\.300 and 38\.400"):
        read_named_areas(swapped, REGION)
    empty = tmp_path / "empty.geojson"
    feature = {"type": "Feature", "properties": {"name": "e"}, "geometry": None}
    empty.write_text(json.dumps({"type": "FeatureCollection", "features": [feature]}), "utf-8")
    with pytest.raises(InputError, match="no polygons"):
        read_named_areas(empty, REGION)
    monkeypatch.setattr(area_files, "MOST_AREAS", 1)
    with pytest.raises(InputError, match="room for 1 at most"):
        read_named_areas(written(tmp_path / "many.geojson", ["a", "b"], [square(-84.6, 38.3)] * 2), REGION)
