"""How many people live in each census block: the Census Bureau's API, 2020 decennial census."""

import re
from dataclasses import replace
from urllib.parse import urlencode

import pandas as pd

from geo.errors import InputError, SourceError
from sources import paging
from sources.http import Fetched
from sources.jsontext import read_json
from sources.report import Notes, Parsed
from sources.source import FetchContext, ParseContext, Source
from sources.zones.measures import set_aside_rows

ENDPOINT = "https://api.census.gov/data"
KEY = "census_key"
_DATASET, _PEOPLE = "2020/dec/pl", "P1_001N"
_GEOGRAPHY = ("state", "county", "tract", "block")


def fetch(context: FetchContext) -> dict[str, Fetched]:
    """Return the residents of every block of counties, a file each; a key is sent along where there is one.

    Raises
    ------
    InputError, SourceError
        No county was given; a file can't be fetched.
    """
    if not context.counties:
        raise InputError("Residents are fetched by county: give --county with its five-digit FIPS code, as 21117.")
    root, key = (context.endpoint or ENDPOINT).rstrip("/"), context.keys.get(KEY)
    found = {}
    for county in context.counties:
        question = [("get", _PEOPLE), ("for", "block:*"), ("in", f"state:{county[:2]}"), ("in", f"county:{county[2:]}")]
        query = urlencode([*question, *([("key", key)] if key else [])], safe=":*")
        name = f"population_{county}.json"
        answer = paging.fetch_data(f"{root}/{_DATASET}?{query}", context, name)
        found[name] = replace(answer, url=f"{root}/{_DATASET}")  # the key stays out of what is kept
    return found


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


def _recognises(_file_name: str, head: bytes) -> bool:
    return head.lstrip()[:2] == b"[[" and _PEOPLE.encode() in head[:300]


SOURCE = Source(
    name="population",
    title="Residents by census block, 2020",
    publisher="US Census Bureau",
    licence="Public domain (US federal government)",
    attribution="Residents: US Census Bureau, 2020 census (PL 94-171); not endorsed or certified by the Bureau",
    url="https://www.census.gov/data/developers/data-sets/decennial-census.html",
    freshness="Every ten years",
    precision="Census blocks, with noise added by the Bureau",
    kind="zones",
    parse=parse,
    recognises=_recognises,
    trust=70,
    fetch=fetch,
    endpoint=ENDPOINT,
    is_whole=True,
    probe=f"/{_DATASET}?get={_PEOPLE}&for=county:001&in=state:11",
    may_use=(KEY,),
    fresh_days=3650,
)
