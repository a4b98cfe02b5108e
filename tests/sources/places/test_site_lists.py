"""Where new places may be: nothing that was listed is left out without being counted."""

import shutil
from pathlib import Path

import geopandas as gpd
import pandas as pd
import pytest
import shapely

from geo.errors import InputError
from geo.tables import GAZETTEER, RESOURCES, conform
from sources.cleaning.normalize import normalize
from sources.places.site_lists import read_candidates

RESOURCES_THERE = conform(
    pd.DataFrame({"resource_id": ["a", "b", "c"], "category": "pharmacy", "lon": [-84.5, None, None], "lat": 39.08}),
    RESOURCES,
)


@pytest.fixture
def gazetteer() -> pd.DataFrame:
    texts = ["513 Madison Avenue, Covington", "515 Madison Avenue, Covington", "515 Madison Avenue, Covington"]
    table = pd.DataFrame({"text": texts, "search": [normalize(text) for text in texts], "kind": "address"})
    return conform(table.assign(lon=[-84.51, -84.52, -84.53], lat=39.08), GAZETTEER)


def test_addresses_that_are_there_twice_are_counted(gazetteer: pd.DataFrame) -> None:
    places = read_candidates("addresses", gazetteer, RESOURCES_THERE)
    assert places["lon"].tolist() == [-84.51, -84.52]
    assert "1 of 3 addresses of the region are there more than once" in str(places.attrs["set_aside"][0])


def test_places_without_coordinates_are_counted(gazetteer: pd.DataFrame) -> None:
    places = read_candidates("pharmacy", gazetteer, RESOURCES_THERE)
    assert places["id"].tolist() == ["a"]
    assert [*map(str, places.attrs["set_aside"])] == [
        "2 of 3 places of pharmacy have no coordinates, and are no candidates."
    ]
    with pytest.raises(InputError, match="lists no food with a place"):
        read_candidates("food", gazetteer, RESOURCES_THERE)


def test_rows_of_a_list_that_mean_one_place_are_counted(gazetteer: pd.DataFrame, tmp_path: Path) -> None:
    path = tmp_path / "list.csv"
    address = '"513 Madison Avenue, Covington"'
    path.write_text(f"address,cost\n{address},3\n{address},4\nno such street at all,1\n", encoding="utf-8")
    places = read_candidates(str(path), gazetteer, RESOURCES_THERE)
    assert places["cost"].tolist() == ["3"]
    unknown, twice = map(str, places.attrs["set_aside"])
    assert "1 of 3 addresses" in unknown
    assert "1 of 2 places" in twice


def test_blank_ids_are_the_numbers_of_their_rows(gazetteer: pd.DataFrame, tmp_path: Path) -> None:
    path = tmp_path / "list.csv"
    rows = ['"513 Madison Avenue, Covington",', "no such street at all,", '"513 Madison Avenue, Covington", ']
    path.write_text("\n".join(["address,id", *rows]) + "\n", encoding="utf-8")
    assert read_candidates(str(path), gazetteer, RESOURCES_THERE)["id"].tolist() == ["1", "3"]
    lots = gpd.GeoDataFrame({"id": ["", "x", " "]}, geometry=[shapely.box(n, 0, n + 1, 1) for n in range(3)], crs=4326)
    lots.to_file(tmp_path / "lots.geojson")
    assert read_candidates(str(tmp_path / "lots.geojson"), gazetteer, RESOURCES_THERE)["id"].tolist() == ["1", "x", "3"]


@pytest.mark.parametrize("form", ["lots.geojson", "lots.parquet", "lots.zip"])
def test_ids_that_are_whole_numbers_stay_whole(gazetteer: pd.DataFrame, tmp_path: Path, form: str) -> None:
    """An empty one makes floats of all; a tract has eleven digits."""
    path, ids = tmp_path / form, [123.0, None, 39061000100.0]
    lots = gpd.GeoDataFrame({"id": ids}, geometry=[shapely.box(n, 0, n + 1, 1) for n in range(3)], crs=4326)
    if form.endswith("zip"):
        lots.to_file(tmp_path / "lots")
        shutil.make_archive(str(path.with_suffix("")), "zip", tmp_path / "lots")
    elif form.endswith("parquet"):
        pd.DataFrame({"id": ids, "lon": -84.5, "lat": 39.08}).to_parquet(path)
    else:
        lots.to_file(path)
    assert read_candidates(str(path), gazetteer, RESOURCES_THERE)["id"].tolist() == ["123", "2", "39061000100"]


def test_a_lot_that_crosses_itself_is_refused(gazetteer: pd.DataFrame, tmp_path: Path) -> None:
    bow = shapely.Polygon([(0, 0), (1, 1), (1, 0), (0, 1)])
    gpd.GeoDataFrame({"id": ["a", "b"]}, geometry=[shapely.box(0, 0, 1, 1), bow], crs=4326).to_file(
        tmp_path / "x.geojson"
    )
    with pytest.raises(InputError, match="shape 2 crosses itself"):
        read_candidates(str(tmp_path / "x.geojson"), gazetteer, RESOURCES_THERE)


def test_a_cell_that_holds_no_address_keeps_none_of_the_others_out(gazetteer: pd.DataFrame, tmp_path: Path) -> None:
    known = gazetteer.loc[gazetteer["kind"] == "address", "text"].iloc[0]
    (tmp_path / "sites.csv").write_text(f'address\n"{known}"\n-\n{"x" * 400}\n', "utf-8")
    places = read_candidates(str(tmp_path / "sites.csv"), gazetteer, RESOURCES_THERE)
    assert len(places) == 1
    assert "2 of 3 addresses" in str(places.attrs["set_aside"][0])
