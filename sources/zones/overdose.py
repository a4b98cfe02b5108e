"""Drug overdose deaths by county: CDC's provisional counts of the twelve months that ended last."""

import json
from typing import Any
from urllib.parse import urlencode

import pandas as pd

from geo.errors import SourceError
from sources.adapter import paging
from sources.adapter.source import FetchContext, ParseContext, Source
from sources.cleaning import clean
from sources.cleaning.report import Notes, Parsed, SetAside
from sources.formats.json_strict import read_json
from sources.web.http import Fetched

ENDPOINT = "https://data.cdc.gov/resource/gb4e-yj24.json"
FILE_NAME = "overdose_deaths.json"
_COUNT, _UNTIL = "provisional_drug_overdose", "monthendingdate"


def fetch(context: FetchContext) -> dict[str, Fetched]:
    """Return the newest counts of counties.

    Raises
    ------
    InputError, SourceError
        No county was given; they can't be fetched, or have another form.
    """
    counties = paging.needed_counties(context, "Overdose deaths")
    # some of the table's codes lack their leading zero
    codes = ",".join(f"'{code}'" for county in counties for code in sorted({county, county.lstrip("0")}))
    query = {"$where": f"fips in ({codes})", "$order": f"{_UNTIL} DESC", "$limit": 2 * len(counties)}
    documents = paging.fetch_data(f"{context.endpoint or ENDPOINT}?{urlencode(query)}", context, FILE_NAME)
    if not isinstance(read_json(documents.content, "CDC's answer"), list):
        raise SourceError("CDC answers without its list of counties; its form may have changed.")
    return {FILE_NAME: documents}


def parse(raw: bytes, context: ParseContext) -> Parsed:
    """Return `deaths`: `zone_id` (a county's five-digit FIPS code, text), and `county_overdose_deaths` in 12 months.

    Of each county the newest row counts. Counts of 1 to 9 are not published, and stay empty.

    Raises
    ------
    SourceError
        It is no list of such rows.
    """
    rows = read_json(raw, context.file_name)
    if not isinstance(rows, list):
        raise SourceError(f"{context.file_name} should hold a list of counties with {_COUNT}.")
    notes = Notes(context.source or SOURCE.name)
    counts: dict[str, tuple[str, str, float | None]] = {}
    for number, row in enumerate(rows, 1):
        notes.row = str(number)
        try:
            county, until, deaths = _read(row)
        except SetAside as problem:
            notes.set_aside(problem)
            continue
        older = counts.get(county)
        if older is None or until > older[1]:
            counts[county] = (notes.row, until, deaths)
        gone = notes.row if older is not None and until <= older[1] else older[0] if older else None
        if gone is not None:
            notes.row = gone
            notes.set_aside(SetAside("older", "A newer row tells of the same county."))
    table = pd.DataFrame(
        [(county, deaths) for county, (_, _, deaths) in sorted(counts.items())],
        columns=["zone_id", "county_overdose_deaths"],
    )
    for county, (_, _, deaths) in sorted(counts.items()):
        if deaths is None:
            notes.row = county
            notes.repaired("suppressed", "Its count is of 1 to 9, which is not published, or unknown.")
    typed = table.astype({"zone_id": "string", "county_overdose_deaths": "float64"})
    return Parsed({"deaths": typed}, notes.table(), len(rows))


def _read(row: Any) -> tuple[str, str, float | None]:
    """Return county, end of its twelve months, and deaths."""
    if not isinstance(row, dict):
        raise SetAside("not_an_object", "It is no record with named fields.")
    county, until = str(row.get("fips") or "").strip(), str(row.get(_UNTIL) or "")[:10]
    if not (county.isascii() and county.isdecimal() and len(county) in (4, 5)):
        raise SetAside("bad_row", "It names no county by its FIPS code.")
    deaths = clean.number(row.get(_COUNT))
    return county.zfill(5), until, deaths if deaths is not None and deaths >= 0 else None


def _recognizes(_file_name: str, head: bytes) -> bool:
    try:
        first = json.loads(head.split(b"}", 1)[0].lstrip(b"[ \n\r\t") + b"}")
    except ValueError:
        return False
    return isinstance(first, dict) and {"fips", _UNTIL} <= set(first)


SOURCE = Source(
    name="overdose",
    title="Drug overdose deaths by county, provisional",
    publisher="US Centers for Disease Control and Prevention, National Center for Health Statistics",
    license="Public domain (US federal government)",
    attribution="Overdose deaths: CDC/NCHS, National Vital Statistics System, provisional",
    url="https://data.cdc.gov/d/gb4e-yj24",
    freshness="Quarterly, half a year behind",
    precision="Counties; counts of 1 to 9 are not published",
    kind="zones",
    parse=parse,
    recognizes=_recognizes,
    trust=60,
    fetch=fetch,
    endpoint=ENDPOINT,
    is_whole=True,
    probe="?$limit=1",
    fresh_days=400,
)
