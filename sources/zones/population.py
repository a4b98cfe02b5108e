"""How many people live in each census block: the 2020 census, from the Census Bureau's map services.

The Bureau's data API has the same numbers, but answers to nobody without a key since May 2026. Its form, an array of
arrays, is what is kept and read.
"""

import re
from urllib.parse import urlencode

import pandas as pd

from geo.errors import SourceError
from sources.adapter import paging
from sources.adapter.source import FetchContext, ParseContext, Source
from sources.cleaning.report import Notes, Parsed
from sources.formats.json_strict import read_json
from sources.web import tigerweb
from sources.web.http import Fetched
from sources.zones.measures import set_aside_rows

_PEOPLE = "P1_001N"
_GEOGRAPHY = ("state", "county", "tract", "block")
_PAGE_ROWS = 2000


def fetch(context: FetchContext) -> dict[str, Fetched]:
    """Return the residents of every block of counties, a file each.

    Raises
    ------
    InputError, SourceError
        No county was given; a page can't be fetched, or has another form.
    """
    counties = paging.needed_counties(context, "Residents")
    return {f"population_{county}.json": _residents(county, context) for county in counties}


def _residents(county: str, context: FetchContext) -> Fetched:
    question = {
        "where": f"STATE='{county[:2]}' AND COUNTY='{county[2:]}'",
        "outFields": "GEOID,POP100",
        "orderByFields": "GEOID",
        "returnGeometry": "false",
        "resultRecordCount": _PAGE_ROWS,
        "f": "json",
    }
    root = (context.endpoint or tigerweb.ROOT).rstrip("/")
    rows: list[list[str]] = []

    def address(_number: int) -> str:
        return f"{root}/{tigerweb.BLOCKS}/query?{urlencode(question | {'resultOffset': len(rows)})}"

    def take(document: object) -> bool:
        areas, has_more = tigerweb.read_areas(document)
        if not all({"GEOID", "POP100"} <= area.keys() for area in areas):
            raise SourceError("TIGERweb answers with areas of another kind than blocks; its form may have changed.")
        ids = [str(area["GEOID"]) for area in areas]
        people = [str(area["POP100"]) for area in areas]
        rows.extend([n, i[:2], i[2:5], i[5:11], i[11:]] for n, i in zip(people, ids, strict=True))
        return bool(areas) and (has_more or len(areas) == _PAGE_ROWS)

    last = paging.read_pages(address, context, take)
    return paging.joined([[_PEOPLE, *_GEOGRAPHY], *rows], last)


def parse(raw: bytes, context: ParseContext) -> Parsed:
    """Return `population` (`zone_id`, a block's 15-digit GEOID, text; `population`) of the API's array of arrays.

    Codes for no data (negative, such as -666666666) leave the block without a number.

    Raises
    ------
    SourceError
        It is no such array, or lacks the columns.
    """
    rows = read_json(raw, context.file_name)
    header = rows[0] if isinstance(rows, list) and rows and isinstance(rows[0], list) else []
    if not {_PEOPLE, *_GEOGRAPHY} <= {str(name) for name in header}:
        raise SourceError(
            f"{context.file_name} is no answer of the Census API: its first row should name {_PEOPLE}, "
            f"{', '.join(_GEOGRAPHY)}."
        )
    place = {name: header.index(name) for name in (_PEOPLE, *_GEOGRAPHY)}
    notes = Notes(context.source or SOURCE.name)
    cells = [row if isinstance(row, list) and len(row) == len(header) else [None] * len(header) for row in rows[1:]]
    table = pd.DataFrame({"row": range(1, len(cells) + 1)})
    parts = [pd.Series([str(row[place[name]] or "") for row in cells], dtype="string") for name in _GEOGRAPHY]
    table["zone_id"] = parts[0] + parts[1] + parts[2] + parts[3] if cells else pd.Series(dtype="string")
    numbers = pd.to_numeric(pd.Series([_number(row[place[_PEOPLE]]) for row in cells], dtype="object"), errors="coerce")
    table["population"] = numbers.astype("float64")
    bad = ~table["zone_id"].str.fullmatch(r"\d{15}").fillna(False)
    repeats = ~bad & table.duplicated("zone_id")
    set_aside_rows(table.loc[bad, "row"], "bad_row", "It is no row of a block with a GEOID of 15 digits.", notes)
    set_aside_rows(table.loc[repeats, "row"], "duplicate", "Another row has its GEOID.", notes)
    kept = table.loc[~bad & ~repeats].sort_values("zone_id")
    jam = ~(kept["population"] >= 0)
    for notes.row in kept.loc[jam, "zone_id"]:
        notes.repaired("no_data_value", "Its population is a code for no data and is left empty.")
    kept["population"] = kept["population"].where(~jam)
    columns = ["zone_id", "population"]
    return Parsed({"population": kept[columns].reset_index(drop=True)}, notes.table(), len(cells))


def _number(value: object) -> object:
    return value if isinstance(value, str) and re.fullmatch(r"-?\d{1,12}", value) else None


def _recognizes(_file_name: str, head: bytes) -> bool:
    return head.lstrip()[:2] == b"[[" and _PEOPLE.encode() in head[:300]


SOURCE = Source(
    name="population",
    title="Residents by census block, 2020",
    publisher="US Census Bureau",
    license="Public domain (US federal government)",
    attribution="Residents: US Census Bureau, 2020 census (PL 94-171); not endorsed or certified by the Bureau",
    url="https://www.census.gov/data/developers/data-sets/decennial-census.html",
    freshness="Every ten years",
    precision="Census blocks, with noise added by the Bureau",
    kind="zones",
    parse=parse,
    recognizes=_recognizes,
    trust=70,
    fetch=fetch,
    endpoint=tigerweb.ROOT,
    is_whole=True,
    probe=f"/{tigerweb.BLOCKS}?f=json",
    fresh_days=3650,
)
