"""Texts of any length are kept as far as their column goes; a cut is told; a feed can't fill a region with a cell."""

import json
from typing import Any

import pytest

from sources.adapter.source import ParseContext
from sources.cleaning.report import count
from sources.resources import adzuna, bmlt, findtreatment, hrsa, hsds, mash, meeting_guide, table, usajobs
from tests.sources.adapter.test_job_rows import HERE, announcement, job
from tests.sources.resources.test_meetings import MEETING, NA_MEETING
from tests.sources.resources.test_residence_lists import HOME
from tests.sources.resources.test_services import facility

LONG = "x" * 400
CARE = ("TC", "Substance use treatment")


@pytest.mark.parametrize(
    ("source", "document", "table", "column", "most"),
    [
        (findtreatment, {"rows": [facility(CARE, name1=LONG)]}, "resources", "name", 200),
        (findtreatment, {"rows": [facility(CARE, name1="A", name2=LONG)]}, "resources", "name", 200),
        (meeting_guide, [MEETING | {"slug": LONG}], "resources", "resource_id", 150 + len("meeting_guide:")),
        (bmlt, [NA_MEETING | {"id_bigint": LONG}], "resources", "resource_id", 150 + len("bmlt:")),
        (mash, [HOME | {"Id": LONG}], "resources", "resource_id", 150 + len("mash:")),
        (adzuna, {"results": [job(1) | {"id": LONG}]}, "openings", "opening_id", 150 + len("adzuna:")),
        (usajobs, {"SearchResult": {"SearchResultItems": [announcement(1, PositionTitle=LONG)]}}, "openings", "title",
         200),
    ],
)  # fmt: skip
def test_a_long_text_is_cut(source: Any, document: Any, table: str, column: str, most: int) -> None:
    bounds = HERE if table == "openings" else None
    context = ParseContext("f.json", bounds=bounds, locate=lambda *_: (-71.0, 42.0))
    parsed = source.parse(json.dumps(document).encode(), context)
    assert {len(text) for text in parsed.tables[table][column]} == {most}
    told = parsed.set_aside[parsed.set_aside["code"] == "long_text"]
    assert (
        told["reason"].tolist() == []
        if column.endswith("_id")
        else [f"Its {column} is longer than {most} letters and is cut there."]
    )


def test_a_health_center_s_id_is_cut_and_only_active_ones_are_kept() -> None:
    head = "BPHC Assigned Number,Site Name,Site Status Description,Geocoding Artifact Address Primary Y Coordinate,"
    head += "Geocoding Artifact Address Primary X Coordinate,Health Center Type\n"
    rows = "".join(
        f"{LONG}{k},Site {k},{status},39,-84,\n" for k, status in enumerate(("Active", "Abandoned", "Inactive"))
    )
    parsed = hrsa.parse((head + rows).encode(), ParseContext("h.csv"))
    assert [len(text) for text in parsed.tables["resources"]["resource_id"]] == [150 + len("hrsa:")]


def meeting(**cells: Any) -> Any:
    parsed = meeting_guide.parse(
        json.dumps([MEETING | cells, MEETING | {"slug": "b"}]).encode(), ParseContext("m.json")
    )
    count(parsed)
    assert len(parsed.tables["resources"]) == 2, "one row stops nothing"
    return parsed


def told(parsed: Any) -> list[str]:
    return parsed.set_aside.loc[parsed.set_aside["code"] == "long_text", "reason"].tolist()


def test_a_cell_that_is_too_long_to_be_looked_at_is_cut_first_and_told() -> None:
    parsed = meeting(notes="N" * 1_000_000, types=["O", "x" * 20_000])
    assert told(parsed) == [
        "Its 'notes' has 1,000,000 letters, of which 16,000 are read.",
        "One of its texts has 20,000 letters, of which 16,000 are read.",
        "Its notes are longer than 600 letters and are cut there.",
    ]
    assert parsed.tables["resources"]["notes"].str.len().tolist()[0] == 600


def test_an_address_of_the_web_is_kept_whole_or_not_at_all() -> None:
    parsed = meeting(url="https://a.org/" + "x" * 1900)
    assert len(parsed.tables["resources"]["url"][0]) == 1914
    parsed = meeting(url="https://a.org/" + "x" * 3000)
    assert parsed.tables["resources"]["url"].isna().tolist()[0]
    assert told(parsed) == ["Its url is longer than 2,000 letters and is left empty."]


def test_hours_are_kept_whole_or_not_at_all() -> None:
    head = "name,category,lat,lon,opening_hours\n"
    row = f'A,food,39,-84,"{"; ".join(["Mo 09:00-17:00"] * 40)}"\n'
    parsed = table.parse((head + row).encode(), ParseContext("t.csv"))
    assert parsed.tables["resources"]["opening_hours"].isna().all()
    assert parsed.set_aside["code"].tolist() == ["unclear_hours"]


def test_of_several_words_none_is_cut_in_two() -> None:
    head = "name,category,lat,lon,formats\n"
    row = f"A,food,39,-84,{';'.join(f'word {number:03}' for number in range(100))}\n"
    parsed = table.parse((head + row).encode(), ParseContext("t.csv"))
    (formats,) = parsed.tables["resources"]["formats"]
    assert len(formats) <= 500
    assert {len(word) for word in formats.split(";")} == {8}
    assert told(parsed) == ["Its formats is longer than 500 letters and is cut there."]


def test_a_cell_of_a_table_that_swallows_lines_asks_for_its_quotation_mark() -> None:
    head = "name,category,lat,lon,notes\n"
    parsed = table.parse((head + 'A,food,39,-84,"' + "B,food,39,-84,x\n" * 20_000).encode(), ParseContext("t.csv"))
    assert told(parsed)[0] == "Its 'notes' has 320,000 letters, of which 16,000 are read; is a quotation mark missing?"


def test_a_service_of_a_directory_with_a_long_text_is_read_like_the_others() -> None:
    service = {"id": "1", "name": "Food bank", "status": "active", "description": "x" * 30_000}
    place = {"id": "2", "location": {"id": "3", "latitude": 39.0, "longitude": -84.0, "name": "y" * 300}}
    document = [service | {"service_at_locations": [place]}]
    parsed = hsds.parse(json.dumps(document).encode(), ParseContext("h.json"))
    assert told(parsed) == ["Its 'description' has 30,000 letters, of which 16,000 are read."]
    assert count(parsed).kept == 1


def test_rows_that_are_left_when_the_time_is_over_are_set_aside() -> None:
    rows = [MEETING | {"slug": str(number)} for number in range(3)]
    parsed = meeting_guide.parse(json.dumps(rows).encode(), ParseContext("m.json", seconds=-1.0))
    assert count(parsed).reasons == {"set_aside:out_of_time": 3}
    jobs = adzuna.parse(json.dumps({"results": [job(1)]}).encode(), ParseContext("j.json", bounds=HERE, seconds=-1.0))
    assert count(jobs).reasons == {"set_aside:out_of_time": 1}


def test_an_address_longer_than_any_is_not_looked_up() -> None:
    asked: list[str] = []
    row = "A,food,,,{street},Covington,41011\n"
    raw = "name,category,lat,lon,address,city,zip\n" + row.format(street="1 Elm St") + row.format(street="1 Elm " * 100)

    def locate(street: str, _town: str, _code: str) -> tuple[float, float]:
        asked.append(street)
        return -84.5, 39.0

    parsed = table.parse(raw.encode(), ParseContext("t.csv", locate=locate))
    assert asked == ["1 Elm St"]
    assert count(parsed).reasons["set_aside:not_located"] == 1
