"""Rows that can't be used, as they were, with what to do: mended, they load; a confidential place is never in them."""

from pathlib import Path

import pytest

from geo.errors import RegionError
from layers.export import quoted
from sources.region import RegionInputs, build_region, open_region
from sources.region.problems import ADDED, listed_problems, problem_rows
from tests.sources.region.test_manage import osm_xml

HOUSES = """House Name,Address,Zip,Latitude,Longitude,Beds open,Phone #
Lark House,,,39.081,-84.509,two hundred,555-0100
Wren House,12 Nowhere Lane,41011,,,2,555-0101
Refuge (confidential location),1 Hidden Street,41011,,,1,555-0102
Finch House,,,39.0815,-84.509,1,555-0103
,,,39.082,-84.509,1,
"""


pytestmark = pytest.mark.usefixtures("own_home")


def build(folder: Path, text: str) -> None:
    (folder / "town.osm").write_text(osm_xml(), "utf-8")
    (folder / "houses.csv").write_text(text, "utf-8")
    resources = (f"recovery_residence={folder / 'houses.csv'}",)
    build_region("quay", RegionInputs(osm=folder / "town.osm", resources=resources))


def test_each_row_is_as_it_was_with_its_problem_and_what_to_do(tmp_path: Path) -> None:
    build(tmp_path, HOUSES)
    region = open_region("quay")
    (label,) = listed_problems(region)
    table = problem_rows(region, label, lambda code: f"Mend {code}.")
    assert table.columns.tolist() == [*ADDED, *HOUSES.split("\n", 1)[0].split(",")]
    assert table["row"].tolist() == ["2", "5", "1"]  # what is lost comes before what is only unclear
    assert table["House Name"].tolist() == ["Wren House", "", "Lark House"]
    assert table["what to do"].tolist()[1:] == ["Mend no_name.", "Mend unclear_value."]
    assert table.loc[2, "Beds open"] == "two hundred"
    assert "Hidden Street" not in table.to_csv()
    assert quoted(table)["Longitude"].tolist() == ["", -84.509, -84.509]  # a number is no formula


@pytest.mark.parametrize("kind", ["recovery_residence", "food"])
def test_a_hidden_address_is_in_no_file_whatever_else_is_wrong_with_its_row(tmp_path: Path, kind: str) -> None:
    (tmp_path / "town.osm").write_text(osm_xml(), "utf-8")
    text = "name,address,zip,lat,lon,location_precision,opening_hours\n,9 Hidden Street,41011,,,Hidden,at times\n"
    text += (
        "Wren,12 Nowhere Lane,41011,,,,\nFinch,3 Hidden Street (confidential),41011,x,y,,\nLark,,,39.081,-84.509,,\n"
    )
    (tmp_path / "places.csv").write_text(text, "utf-8")
    resources = (f"{kind}={tmp_path / 'places.csv'}",)
    build_region("quay", RegionInputs(osm=tmp_path / "town.osm", resources=resources))
    table = problem_rows(open_region("quay"), "places", str)
    assert table["row"].tolist() == ["2"]
    assert "Hidden Street" not in table.to_csv()


def test_the_mended_rows_load_with_the_added_columns_still_on_them(tmp_path: Path) -> None:
    build(tmp_path, HOUSES)
    region = open_region("quay")
    table = problem_rows(region, listed_problems(region)[0], str)
    mended = table.assign(**{"House Name": "Mended House", "Latitude": "39.081", "Longitude": "-84.509"}).head(1)
    build(tmp_path, mended.to_csv(index=False))
    assert open_region("quay").resources["name"].tolist().count("Mended House") == 1
    assert listed_problems(open_region("quay")) == []


def test_a_list_that_is_not_there_is_named(tmp_path: Path) -> None:
    build(tmp_path, HOUSES)
    with pytest.raises(RegionError, match="it has: houses"):
        problem_rows(open_region("quay"), "recovery_residences", str)
