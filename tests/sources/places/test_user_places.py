"""What a person types as a place."""

from pathlib import Path

import pandas as pd
import pytest

from geo.errors import InputError
from geo.tables import GAZETTEER, conform, empty
from sources.places.user_places import read_places, read_points

NOWHERE = empty(GAZETTEER)


def test_a_pair_is_latitude_first() -> None:
    places = read_places(["39.0837,-84.5086"], NOWHERE)
    assert places.to_dict("records") == [{"id": "39.0837,-84.5086", "lon": -84.5086, "lat": 39.0837}]


def test_a_table_keeps_its_ids_as_text_and_its_other_columns(tmp_path: Path) -> None:
    file = tmp_path / "homes.csv"
    file.write_text("\ufeffid,Lat,LNG,beds\n007,39.1,-84.5,4\n008,39.2,-84.6,\n", encoding="utf-8")
    places = read_places([str(file)], NOWHERE)
    assert list(places.columns) == ["id", "lon", "lat", "beds"]
    assert list(places["id"]) == ["007", "008"]


@pytest.mark.parametrize("heading", ["id", "ID"])
def test_nothing_is_guessed_to_be_a_number_or_missing(tmp_path: Path, heading: str) -> None:
    file = tmp_path / "homes.csv"
    text = f"{heading};lat;lon;GEOID\n00123;39,1;-84,5;01001\nNA;39.2;-84.6;01003\n;39.3;-84.6;café\n"
    file.write_bytes(text.encode("cp1252"))
    points = read_points(file)
    assert list(points["id"]) == ["00123", "NA", "3"]
    assert list(points["GEOID"]) == ["01001", "01003", "café"]
    assert list(points["lat"]) == [39.1, 39.2, 39.3]


def test_rows_without_an_id_are_numbered(tmp_path: Path) -> None:
    file = tmp_path / "grid.csv"
    file.write_text("lon,lat,people\n-84.5,39.1,12\n-84.6,39.1,65\n", encoding="utf-8")
    assert list(read_points(file)["id"]) == ["1", "2"]


def test_a_name_stands_in_for_an_id(tmp_path: Path) -> None:
    file = tmp_path / "homes.csv"
    file.write_text(
        "name,lat,lon\nElm House,39.1,-84.5\n,39.2,-84.5\nOak,39.3,-84.5\nOak,39.4,-84.5\n", encoding="utf-8"
    )
    points = read_points(file)
    assert list(points["id"]) == ["Elm House", "2", "Oak (3)", "Oak (4)"]
    assert points["name"].iloc[0] == "Elm House"


@pytest.mark.parametrize("first", ["sep=;\n", "sep=;\r\n", '"sep=;"\n', "SEP=;\n\n"])
def test_excel_says_what_stands_between_cells(tmp_path: Path, first: str) -> None:
    file = tmp_path / "homes.csv"
    file.write_text(f"\ufeff{first}id;lat;lon\nElm, the old;39,1;-84,5\n", encoding="utf-8")
    points = read_points(file)
    assert points[["id", "lat", "lon"]].to_numpy().tolist() == [["Elm, the old", 39.1, -84.5]]


def test_an_empty_cell_sets_its_row_aside_and_no_other(tmp_path: Path) -> None:
    file = tmp_path / "homes.csv"
    file.write_text("id,lat,lon\na,39.1,-84.5\nb,,-84.5\nc,39.3,-84.5\nd,39.4, \n", encoding="utf-8")
    points = read_places([str(file)], NOWHERE)
    assert list(points["id"]) == ["a", "c"]
    assert [*map(str, points.attrs["set_aside"])] == [
        f"2 of 4 rows of {file} are set aside: no lat or lon (first: row 2)."
    ]


def test_the_files_as_they_came(shared: Path) -> None:
    files = shared / "cases" / "files"
    assert read_points(files / "points_excel_sep.csv")["id"].iloc[0] == "home A"
    assert read_points(files / "points_name_without_id.csv")["id"].iloc[0] == "Home A"


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ("id,lat,lat,lon\na,39,38,-84\n", "2 columns named lat"),
        ("id,Lat,lat,lon\na,39,38,-84\n", "2 columns named lat"),
        ("id,lat,lon,Lon \na,39,-84,-85\n", "2 columns named lon"),
        ("id,lat,lon\na,,-84\nb,,\n", "row 1"),
        ("id,x,name\n1,2,3\n", "needs columns lat and lon"),
        ("id,lat,lon\n", "holds no row"),
        ("id,lat,lon\na,here,-84\n", "row 1"),
        ("id,lat,lon\na,39,-84\nb,139,-84\n", "row 2"),
        ("id,lat,lon\na,39,-84\na,39,-84\n", "an id of its own"),
        ("", "is no CSV table"),
    ],
)
def test_a_table_that_can_not_be_used_is_one_sentence(tmp_path: Path, content: str, message: str) -> None:
    file = tmp_path / "bad.csv"
    file.write_text(content, encoding="utf-8")
    with pytest.raises(InputError, match=message):
        read_places([str(file)], NOWHERE)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (
            "Alder & Main",
            r"may mean several places: Alder Street & Main Street at 39.10000,-84.50000; Alder Street .*-84.4",
        ),
        ("Alder Street", r"'Alder Street' is more than one spot; .*39.10000,-84.50000"),
        ("00301", "is more than one spot"),
        ("Mill", "called 'Mill' for certain .nearest: 7 Mill Lane at 39.10000,-84.50000"),
    ],
)
def test_no_place_is_taken_where_several_may_be_meant(text: str, message: str) -> None:
    rows = [
        ("Alder Street & Main Street", "alder st main st", "crossing", -84.5),
        ("Alder Street & Main Street", "alder st main st", "crossing", -84.4),
        ("Alder Street", "alder st", "place", -84.5),
        ("7 Mill Lane", "7 mill ln", "address", -84.5),
        ("00301", "00301", "zip", -84.5),
    ]
    table = pd.DataFrame(rows, columns=["text", "search", "kind", "lon"])
    gazetteer = conform(table.assign(lat=39.1), GAZETTEER)
    with pytest.raises(InputError, match=message):
        read_places([text], gazetteer)
    assert read_places(["7 Mill Ln"], gazetteer)["id"].tolist() == ["7 Mill Lane"]


def test_what_is_found_nowhere_offers_near_spellings() -> None:
    gazetteer = conform(
        pd.DataFrame(
            {"text": ["Alder Street"], "search": ["alder st"], "kind": ["place"], "lon": [-84.5], "lat": [39.1]}
        ),
        GAZETTEER,
    )
    with pytest.raises(InputError, match="another spelling"):
        read_places(["Zzyzx Boulevard"], gazetteer)
    with pytest.raises(InputError, match="not a place on Earth"):
        read_places(["139.1,-84.5"], gazetteer)
    for nowhere in ("nowhere.csv", "n" * 5000 + ".csv"):
        with pytest.raises(InputError, match="no file"):
            read_places([nowhere], gazetteer)
    with pytest.raises(InputError, match=r"read from .csv and .parquet"):
        read_places(["homes.geojson"], gazetteer)
