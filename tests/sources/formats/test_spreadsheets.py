"""Lists as Excel workbooks: read as the CSV that their first sheet would be; bombs and what is none are refused."""

import datetime
import io
import zipfile
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from geo.errors import SourceError
from sources.formats import spreadsheets
from sources.formats.csv_text import read_csv
from sources.formats.spreadsheets import sheet_as_csv
from sources.region import RegionInputs, build_region, open_region
from sources.region.inputs import input_files, read_input
from sources.region.own_lists import own_lists
from tests.sources.region.test_manage import osm_xml

ROWS = [
    [],
    ["House\nName", "ZIP", "lat", "lon", "Beds open", "Curfew", "Verified on", "Accepts MOUD", "Manager Phone"],
    ["Lark, House", 1999, 39.081, -84.509, 2.0, datetime.time(22, 0), datetime.date(2026, 3, 3), True, "555-0100"],
    [],
    ["Wren House", "41011", 39.082, -84.508, "full", "22:30", "March 3, 2026", False, None],
]


def workbook(rows: list[list[object]] = ROWS) -> bytes:
    book = openpyxl.Workbook()
    for row in rows:
        book.worksheets[0].append(row)
    for cell in book.worksheets[0]["B"]:
        cell.number_format = "00000"
    book.create_sheet("Notes").append(["not read"])
    content = io.BytesIO()
    book.save(content)
    return content.getvalue()


def test_the_first_sheet_is_read_as_the_csv_that_it_would_be_saved_as() -> None:
    first, second = read_csv(sheet_as_csv(workbook(), "houses.xlsx"), "houses.csv")
    assert list(first) == [" ".join(str(name).split()) for name in ROWS[1]]
    assert list(first.values())[:2] == ["Lark, House", "01999"]
    assert list(first.values())[4:] == ["2", "22:00", "2026-03-03", "yes", "555-0100"]
    assert (second["ZIP"], second["Beds open"], second["Manager Phone"]) == ("41011", "full", "")


def packed(**files: bytes) -> bytes:
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, text in files.items():
            archive.writestr(name, text)
    return content.getvalue()


@pytest.mark.parametrize(("raw", "why"), [
    (b"name,lat,lon", "is no Excel workbook"), (b"PK nothing", "is no Excel workbook"),
    (workbook()[:-900], "is no Excel workbook"),
    (packed(a=b"x"), "no Excel workbook that can be read"), (workbook([]), "is empty"),
    (packed(a=b"<!DOCTYPE lolz [<!ENTITY lol 'lol'>]>"), "declares entities"), (b"PK" + b"0" * 20_000_000, "has 20 MB"),
    (packed(a=bytes(101_000_000)), "far more than an honest"),
])  # fmt: skip
def test_what_is_no_workbook_or_a_bomb_is_refused_in_a_sentence(raw: bytes, why: str) -> None:
    with pytest.raises(SourceError, match=why):
        sheet_as_csv(raw, "houses.xlsx")


def test_too_many_rows_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(spreadsheets, "MAX_ROWS", 4)
    with pytest.raises(SourceError, match="over 4 rows"):
        sheet_as_csv(workbook(), "houses.xlsx")


def test_too_many_columns_are_refused() -> None:
    assert (
        sheet_as_csv(workbook([["name"], [*[None] * 499, "last"]]), "houses.xlsx") == b"name\n" + b"," * 499 + b"last\n"
    )
    with pytest.raises(SourceError, match="over 500 columns"):
        sheet_as_csv(workbook([["name"], [*[None] * 500, "beyond"]]), "houses.xlsx")


def test_a_workbook_is_a_list_of_a_region_and_the_region_keeps_no_persons_of_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("RECOVERY_REACH_HOME", str(tmp_path / "home"))
    (tmp_path / "town.osm").write_text(osm_xml(), "utf-8")
    (tmp_path / "houses.xlsx").write_bytes(workbook())
    inputs = RegionInputs(osm=tmp_path / "town.osm", resources=(str(tmp_path / "houses.xlsx"),))
    (_, file) = input_files(inputs)
    assert (file.source, file.label, file.stored_name) == ("recovery_residences", "houses", "houses.csv")
    (one,) = own_lists([file])
    assert one.headings.columns["name"] == "House Name"
    assert b"555-0100" in read_input(file)
    build_region("quay", inputs)
    rows = open_region("quay").resources.set_index("name")
    assert rows.loc["Lark, House", ["open_beds", "curfew", "verified_on"]].tolist() == [2, "22:00", "2026-03-03"]
    assert rows.loc["Wren House", ["open_beds", "verified_on"]].tolist() == [0, "2026-03-03"]
    kept = [path.read_bytes() for path in (tmp_path / "home" / "regions" / "quay" / "raw").rglob("*.csv")]
    assert len(kept) == 1
    assert b"555-0100" not in kept[0]


def test_a_workbook_is_parsed_once_for_all_steps_of_a_build(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    parsed: list[object] = []
    load = openpyxl.load_workbook

    def counted(*given: Any, **said: Any) -> Any:
        parsed.append(given)
        return load(*given, **said)

    monkeypatch.setattr(openpyxl, "load_workbook", counted)
    path = tmp_path / "houses.xlsx"
    path.write_bytes(workbook([["House Name", "ZIP", "lat", "lon", "Beds open", "Weekly rent"],
                               ["Once House", 1999, 39.081, -84.509, 2, 100]]))  # fmt: skip
    files = input_files(RegionInputs(resources=(str(path),)), need_streets=False)
    own_lists(files)
    read_input(files[0])
    assert len(parsed) == 1
