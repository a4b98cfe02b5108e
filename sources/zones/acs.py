"""Who lives in each block group: the American Community Survey of five years, from the Census Bureau's data API."""

import re
from dataclasses import replace
from urllib.parse import quote, urlencode

import pandas as pd

from geo.errors import InputError, SourceError
from geo.tables import RACES
from sources.adapter import paging
from sources.adapter.source import FetchContext, ParseContext, Source
from sources.cleaning.report import Notes, Parsed
from sources.formats.json_strict import read_json
from sources.web import http
from sources.web.http import Fetched, GoneError
from sources.zones.measures import set_aside_rows

ENDPOINT = "https://api.census.gov/data"
LATEST_YEAR = 2024
"""The last of the five years of the newest survey that we know of."""
KEY = "census_key"
_YEARS_BEHIND = 2
_CONNECTICUT_YEAR = 2021
"""Connecticut's numbers are by regions since 2022, where blocks of 2020 are by counties."""
INCOME = "B19013_001E"
GEOGRAPHY = ("state", "county", "tract", "block group")


def _cells(table: str, *numbers: int) -> tuple[str, ...]:
    return tuple(f"{table}_{number:03d}E" for number in numbers)


SHARES: dict[str, tuple[tuple[str, ...], str]] = {
    "no_car_percent": (_cells("B25044", 3, 10), "B25044_001E"),
    "poverty_percent": (_cells("C17002", 2, 3), "C17002_001E"),
    "uninsured_percent": (_cells("B27010", 17, 33, 50, 66), "B27010_001E"),
    "under_18_percent": (_cells("B01001", *range(3, 7), *range(27, 31)), "B01001_001E"),
    "over_64_percent": (_cells("B01001", *range(20, 26), *range(44, 50)), "B01001_001E"),
} | {
    f"{race}_percent": (_cells(*cell), "B02001_001E")
    for race, cell in zip(RACES, [*(("B02001", number) for number in range(2, 9)), ("B03002", 12)], strict=True)
}
"""Our column → the cells that are added up, and the one that they are a share of.

Households without a vehicle, by tenure (B25044); people whose family's income is under half of the poverty line, and
under all of it (C17002); without health insurance, by age (B27010); age by sex (B01001); one race alone, or several
(B02001); Hispanic or Latino, of any race (B03002, of the same people as B02001). These tables are published by block
group; those of the same matters under other numbers (B08201, B17001) by tract only.
"""
VARIABLES = tuple(dict.fromkeys([INCOME, *(cell for cells, whole in SHARES.values() for cell in (*cells, whole))]))
"""What is asked for in one question, which may hold 50."""


def fetch(context: FetchContext) -> dict[str, Fetched]:
    """Return the block groups of counties, a file each. Without a year it is the newest that there is.

    Raises
    ------
    InputError, SourceError
        No county was given, or no key is at hand; an answer can't be had, or is no data.
    """
    counties = paging.needed_counties(context, "Block groups")
    key = context.keys.get(KEY)
    if not key:
        raise InputError(
            "The Census Bureau's data API answers only to those with a free key: ask for one at "
            f"https://api.census.gov/data/key_signup.html and set RECOVERY_REACH_{KEY.upper()}."
        )
    return {f"acs_{county}.json": _newest(county, context, key) for county in counties}


def _newest(county: str, context: FetchContext, key: str) -> Fetched:
    first = _CONNECTICUT_YEAR if county.startswith("09") else LATEST_YEAR
    years = [context.year] if context.year else range(first, first - _YEARS_BEHIND, -1)
    root = (context.endpoint or ENDPOINT).rstrip("/")
    where = {"for": "block group:*", "in": f"state:{county[:2]} county:{county[2:]} tract:*"}
    question = urlencode({"get": ",".join(VARIABLES), **where, "key": key}, quote_via=quote, safe=":*,")
    for year in years:
        address = f"{root}/{year}/acs/acs5"
        try:
            answer = http.fetch(f"{address}?{question}", context.policy)
        except GoneError:
            if year == years[-1]:
                raise
            continue
        if answer.content.lstrip()[:1] != b"[":
            raise SourceError(
                "The Census Bureau's data API answers with something else than data: it may know no block groups of "
                f"{county}, or the key in RECOVERY_REACH_{KEY.upper()} may be wrong or not yet confirmed."
            )
        return replace(answer, url=address)  # the key stays out of what is kept
    raise AssertionError("There is a year.")


def parse(raw: bytes, context: ParseContext) -> Parsed:
    """Return `block_groups`: `zone_id` (a 12-digit GEOID, text), `income_usd` and `SHARES` in percent.

    Codes for no data (negative, such as -666666666) leave a number empty, and so does a whole of nobody.

    Raises
    ------
    SourceError
        It is no answer of the API, or lacks columns.
    """
    rows = read_json(raw, context.file_name)
    header = [str(name) for name in rows[0]] if isinstance(rows, list) and rows and isinstance(rows[0], list) else []
    if lacking := [name for name in (*VARIABLES, *GEOGRAPHY) if name not in header]:
        raise SourceError(
            f"{context.file_name} is no answer of the Census API about block groups: its first row should name "
            f"{lacking[0]}."
        )
    notes = Notes(context.source or SOURCE.name)
    cells = [row if isinstance(row, list) and len(row) == len(header) else [None] * len(header) for row in rows[1:]]
    given = {name: [_text(row[header.index(name)]) for row in cells] for name in (*VARIABLES, *GEOGRAPHY)}
    table = pd.DataFrame(given, dtype="string")
    numbers = table[list(VARIABLES)].apply(pd.to_numeric, errors="coerce").astype("float64")
    numbers = numbers.where(numbers >= 0)
    block_groups = pd.DataFrame({"row": range(1, len(table) + 1), "zone_id": ""}, dtype="object")
    block_groups["zone_id"] = table[list(GEOGRAPHY)].fillna("").agg("".join, axis=1).astype("string") if cells else ""
    block_groups["income_usd"] = numbers[INCOME]
    for ours, (parts, whole) in SHARES.items():
        people = numbers[list(parts)].sum(axis=1, skipna=False)
        block_groups[ours] = (100.0 * people / numbers[whole].where(numbers[whole] > 0)).clip(upper=100.0)
    block_groups["is_jam"] = numbers.isna().any(axis=1)
    bad = ~block_groups["zone_id"].astype("string").str.fullmatch(r"\d{12}").fillna(False)
    repeats = ~bad & block_groups.duplicated("zone_id")
    set_aside_rows(block_groups.loc[bad, "row"], "bad_row", "It is no block group with a GEOID of 12 digits.", notes)
    set_aside_rows(block_groups.loc[repeats, "row"], "duplicate", "Another row has its GEOID.", notes)
    kept = block_groups.loc[~bad & ~repeats].sort_values("zone_id")
    for notes.row in kept.loc[kept["is_jam"], "zone_id"]:
        notes.repaired("no_data_value", "A number is a code for no data and is left empty.")
    kept = kept.drop(columns=["row", "is_jam"]).reset_index(drop=True)
    return Parsed({"block_groups": kept}, notes.table(), len(cells))


def _text(value: object) -> str | None:
    """Return a cell's text: codes, and numbers that are whole enough to be counts."""
    return value if isinstance(value, str) and re.fullmatch(r"-?[0-9]{1,12}(\.0)?", value) else None


def _recognizes(_file_name: str, head: bytes) -> bool:
    return bool(re.match(rb"\s*\[\s*\[", head)) and all(
        name in head[:4096] for name in (INCOME.encode(), b"block group")
    )


SOURCE = Source(
    name="acs",
    title="American Community Survey, five years: who lives in each block group",
    publisher="US Census Bureau",
    license="Public domain (US federal government)",
    attribution="Income, cars, insurance, age and race: US Census Bureau, American Community Survey; this product uses "
    "the Census Bureau Data API but is not endorsed or certified by the Census Bureau",
    url="https://www.census.gov/data/developers/data-sets/acs-5year.html",
    freshness="Yearly; means of five years",
    precision="Block groups; estimates of a sample, rough for a single one",
    kind="zones",
    parse=parse,
    recognizes=_recognizes,
    trust=60,
    fetch=fetch,
    endpoint=ENDPOINT,
    keys=(KEY,),
    is_whole=True,
    fresh_days=730,
)
