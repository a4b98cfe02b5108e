"""A person's own lists: what is shown of their headings, and what is kept of the answer."""

import json
import tomllib
from pathlib import Path
from typing import Any

import pytest

from sources.adapter.source import ParseContext
from sources.cleaning.report import Parsed
from sources.formats.csv_text import read_headings
from sources.region.inputs import InputFile, RegionInputs, input_files
from sources.region.own_lists import mapping_file, mapping_text, own_lists, save_mapping, still_agreed
from sources.registry import source_called

HOUSES = """House Name,Dirección,Ciudad,Zip,Teléfono,Weekly fee,Beds open,Vacancies
Lark House,12 Invented Street,Lowtown,01999,617-555-0100,175,2,3
"""


def houses(folder: Path, text: str = HOUSES) -> str:
    path = folder / "houses.csv"
    path.write_text(text, encoding="utf-8")
    return f"recovery_residence={path}"


def read(text: str, columns: dict[str, dict[str, str]] | None = None) -> InputFile:
    (file,) = input_files(RegionInputs(resources=(text,), columns=columns or {}), need_streets=False)
    return file


def test_what_is_saved_beside_a_list_is_read_from_there_and_asks_nothing_again(tmp_path: Path) -> None:
    text = houses(tmp_path)
    (one,) = own_lists([read(text)])
    assert (set(one.headings.twice), one.is_plain) == ({"open_beds"}, False)
    save_mapping(one.file, dict(one.headings.columns) | {"open_beds": "Vacancies", "beds": ""})
    (again,) = own_lists([read(text)])
    assert again.is_plain
    assert again.headings.columns["open_beds"] == "Vacancies"
    assert again.headings.columns["address"] == "Dirección"


def test_saving_keeps_what_a_mapping_says_already(tmp_path: Path) -> None:
    text = houses(tmp_path)
    path = mapping_file(tmp_path / "houses.csv")
    path.write_text('publisher = "An \\"agency\\""\n[columns]\nname = "House Name"\n', encoding="utf-8")
    save_mapping(read(text), {"address": "Dirección"})
    mapping = read(text).mapping
    assert mapping["publisher"] == 'An "agency"'
    assert mapping["columns"] == {"name": "House Name", "address": "Dirección"}


def test_what_was_agreed_to_goes_with_the_file_into_its_reader(tmp_path: Path) -> None:
    text = houses(tmp_path)
    file = read(text, {str(tmp_path / "houses.csv"): {"open_beds": "Beds open"}})
    source = source_called(file.source)
    assert source is not None
    assert source.parse is not None
    parsed = source.parse(file.path.read_bytes(), ParseContext(mapping=file.mapping, locate=lambda *_: (-71.1, 42.3)))
    row = parsed.tables["resources"].iloc[0]
    assert (row["name"], row["open_beds"], row["weekly_rent_usd"]) == ("Lark House", 2, 175.0)
    assert row["address"] == "12 Invented Street, Lowtown, 01999"


def test_no_heading_is_offered_that_a_region_does_not_keep(tmp_path: Path) -> None:
    (one,) = own_lists(
        [read(houses(tmp_path, "name,address,zip,Manager Phone,E-mail,Color\nLark,1 A St,01999,1,2,3\n"))]
    )
    assert one.headings.unmatched == ("Color",)


def test_a_mapping_is_written_as_it_is_read() -> None:
    mapping = {
        "category": "food",
        "columns": {"name": 'The "Pantry"\nname', "zip": "Código"},
        "categories": {"a=b": "x"},
    }
    assert tomllib.loads(mapping_text(mapping)) == mapping


def test_an_agreed_heading_holds_until_the_list_has_another_that_says_the_same(tmp_path: Path) -> None:
    agreed = {"name": "House Name", "open_beds": "Beds open", "beds": ""}
    file = read(houses(tmp_path))
    assert still_agreed(file, agreed) == agreed
    renamed = read(houses(tmp_path, HOUSES.replace("Beds open", "Open beds").replace(",Vacancies", ",Color")))
    assert still_agreed(renamed, agreed) == {"name": "House Name", "beds": ""}
    lost = read(houses(tmp_path, HOUSES.replace("House Name", "Color")))
    assert still_agreed(lost, agreed) == agreed  # its reader refuses the list, and says so


def test_a_list_in_our_own_words_needs_no_yes(tmp_path: Path) -> None:
    (one,) = own_lists([read(houses(tmp_path, "name,address,zip,open_beds\nLark,1 A Street,01999,2\n"))])
    assert one.is_plain


MIXED = """name,category,lat,lon,genders,open_beds,certification_level,curfew
Lark House,Sober living,39.08,-84.5,Ladies,full,Level II,22:00
Oak Pantry,Food pantry,39.08,-84.51,,,,
"""


def test_a_list_of_houses_and_others_is_read_row_by_row_and_each_house_as_in_a_list_of_houses(tmp_path: Path) -> None:
    path = tmp_path / "places.csv"
    path.write_text(MIXED, "utf-8")
    (file,) = input_files(RegionInputs(resources=(str(path),)), need_streets=False)
    assert file.source == "table"
    rows = rows_of(file)
    assert [row["category"] for row in rows] == ["recovery_residence", "food"]
    alone = path.with_name("houses.csv")
    alone.write_text("".join(MIXED.splitlines(keepends=True)[:2]), "utf-8")
    (houses,) = input_files(RegionInputs(resources=(str(alone),)), need_streets=False)
    assert houses.source == "recovery_residences"
    read_alike = [{name: row[name] for name in ("genders", "open_beds", "certification_level", "curfew")}
            for row in (rows[0], *rows_of(houses))]  # fmt: skip
    assert read_alike == [{"genders": "women", "open_beds": 0, "certification_level": "2", "curfew": "22:00"}] * 2


def test_a_place_of_another_kind_in_a_list_of_houses_is_no_house(tmp_path: Path) -> None:
    file = read(houses(tmp_path, MIXED))
    assert file.source == "recovery_residences"
    assert [row["name"] for row in rows_of(file)] == ["Lark House"]


@pytest.mark.parametrize("kinds", [("Church", "Detox"), ("Nursing home", "Other")])
@pytest.mark.parametrize("ending", ["csv", "geojson"])
def test_a_place_of_an_unknown_kind_in_a_list_of_houses_is_set_aside_named_and_counted(
    tmp_path: Path, kinds: tuple[str, str], ending: str
) -> None:
    told = ["Men's sober living", "Level II", "", kinds[0], kinds[1]]
    names = [f"Place {number}" for number in range(len(told))]
    path = tmp_path / f"houses.{ending}"
    if ending == "csv":
        rows = [f'{name},"{kind}",39.08,-84.5' for name, kind in zip(names, told, strict=True)]
        path.write_text("\n".join(["name,type,lat,lon", *rows]), "utf-8")
    else:
        point = {"type": "Point", "coordinates": [-84.5, 39.08]}
        features = [{"type": "Feature", "properties": {"name": name, "type": kind}, "geometry": point}
                    for name, kind in zip(names, told, strict=True)]  # fmt: skip
        path.write_text(json.dumps({"type": "FeatureCollection", "features": features}), "utf-8")
    file = read(f"recovery_residence={path}")
    parsed = parsed_of(file)
    assert parsed.tables["resources"]["name"].tolist() == names[:3]
    aside = parsed.set_aside[parsed.set_aside["outcome"] == "set_aside"]
    assert aside["code"].tolist() == ["no_category"] * 2
    assert all(kind in reason for kind, reason in zip(kinds, aside["reason"], strict=True))
    unknown = parsed.set_aside.loc[parsed.set_aside["code"] == "unknown_code", "reason"]
    assert all(any(kind in reason and "1 row" in reason for reason in unknown) for kind in kinds)


def test_what_excel_keeps_beside_an_open_workbook_is_no_list(tmp_path: Path) -> None:
    (tmp_path / "lists").mkdir()
    (tmp_path / "lists" / "food.csv").write_text("name,lat,lon\nOak Pantry,39.08,-84.5\n", "utf-8")
    (tmp_path / "lists" / "~$food.xlsx").write_bytes(b"\x08Example Ana")
    files = input_files(RegionInputs(resources=(str(tmp_path / "lists"),)), need_streets=False)
    assert [file.path.name for file in files] == ["food.csv"]


@pytest.mark.parametrize("text", [
    "name,category,lat,lon\nOak Pantry,food,39.08,-84.5",
    "# Places of support\n" + "# remarks, one a line\n" * 4000 + "name,category,lat,lon\nOak Pantry,food,39.08,-84.5\n",
    "name,open_beds,weekly_rent_usd,category,lat,lon\nOak Pantry,1,20,food,39.08,-84.5",
    "name,open_beds,weekly_rent_usd,category,lat,lon\n" + "Lark House,1,20,recovery_residence,39.1,-84.5\n" * 3000
    + "Oak Pantry,,,food,39.08,-84.5",
])  # fmt: skip
def test_a_list_is_recognized_by_all_of_it(tmp_path: Path, text: str) -> None:
    path = tmp_path / "places.csv"
    path.write_text(text, "utf-8")
    file = read(str(path))
    assert file.source == "table"
    assert [row["name"] for row in rows_of(file) if row["category"] == "food"] == ["Oak Pantry"]


@pytest.mark.parametrize("text", [
    "# of beds,name,weekly_rent_usd,lat,lon\n8,Lark House,175,39.08,-84.5\n",
    "# of beds,name,weekly_rent_usd,lat,lon\n8,Lark House,175,39.08,-84.5,one,two\n",
    '"# of beds",name,weekly_rent_usd,lat,lon',
])  # fmt: skip
def test_a_heading_that_begins_like_a_remark_is_a_heading(text: str) -> None:
    assert read_headings(text.encode(), "houses.csv")[:3] == ["# of beds", "name", "weekly_rent_usd"]


def rows_of(file: InputFile) -> list[dict[str, Any]]:
    rows: list[dict[str, Any]] = parsed_of(file).tables["resources"].to_dict("records")
    return rows


def parsed_of(file: InputFile) -> Parsed:
    source = source_called(file.source)
    assert source is not None
    assert source.parse is not None
    context = ParseContext(file.path.name, category=file.category, mapping=file.mapping)
    return source.parse(file.path.read_bytes(), context)
