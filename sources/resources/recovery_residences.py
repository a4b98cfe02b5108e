"""Recovery residences: a CSV with a documented header that any NARR affiliate or state list can fill."""

import re
from collections.abc import Callable
from functools import partial
from typing import Any

from geo.errors import SourceError
from geo.tables import PRECISIONS
from sources.adapter.resource_rows import ResourceRow, point_or_address, read_cell, read_rows
from sources.adapter.source import ParseContext, Source
from sources.cleaning import clean
from sources.cleaning.report import Notes, Parsed, SetAside
from sources.formats.csv_text import plain_name, read_csv

HEADER = (
    "id", "name", "address", "city", "state", "zip", "lat", "lon", "location_precision", "operator", "beds",
    "open_beds", "genders", "children", "weekly_rent_usd", "certification_level", "certified", "accepts_moud",
    "house_rules", "curfew", "phone", "url", "verified_on",
)  # fmt: skip
"""The documented columns; `name` and a place (`lat` and `lon`, or an address) are needed."""
_LEVELS = {"1": "1", "2": "2", "3": "3", "4": "4", "i": "1", "ii": "2", "iii": "3", "iv": "4"}
_GENDERS = {
    "women": re.compile(r"\b(?:wom[ae]ns?|females?|ladies|mothers?|f|w)\b"),
    "men": re.compile(r"\b(?:m[ae]ns?|males?|gentlemen|fathers?|m)\b"),
    "all": re.compile(r"\b(?:all|any|any ?one|every ?one|co-?ed|both|mixed)\b"),
}


_ALSO = {
    "lat": ("latitude",), "lon": ("longitude", "lng", "long"), "address": ("street address", "street"),
    "zip": ("zip code", "postal code"), "url": ("website",), "phone": ("phone number",),
    "beds": ("capacity", "total beds"), "open_beds": ("vacancies", "available beds"),
    "genders": ("gender", "population served"), "certification_level": ("narr level", "level"),
}  # fmt: skip
"""Our column → other headings that mean it."""


def parse(raw: bytes, context: ParseContext) -> Parsed:
    """Return the residences as `resources`.

    A house whose precision is `hidden`, or whose address is confidential, is never mapped. Header names may differ
    in case and spaces, and a few have other words (`_ALSO`). A house without coordinates goes where the region knows
    its street address.

    Raises
    ------
    SourceError
        A needed column is missing.
    """
    rows = read_csv(raw, context.file_name)
    names = {plain_name(name): name for name in rows[0]} if rows else {}
    meant = {
        column: next((one for one in (column, *_ALSO.get(column, ())) if plain_name(one) in names), "")
        for column in HEADER
    }
    columns = {column: names[plain_name(one)] for column, one in meant.items() if one}
    missing = [column for column in ("name", "lat", "lon") if column not in columns]
    if "address" in columns and columns.keys() & {"city", "zip"}:
        missing = [column for column in missing if column == "name"]
    if rows and missing:
        raise SourceError(
            f"{context.file_name} lacks the column {missing[0]}; such a list has: {', '.join(HEADER)}. "
            "In place of lat and lon, an address with city or zip will do."
        )
    return read_rows(SOURCE.name, rows, partial(_read, columns=columns, context=context), context)


def _read(row: dict[str, Any], notes: Notes, columns: dict[str, str], context: ParseContext) -> ResourceRow:
    def cell(column: str) -> Any:
        return row.get(columns[column]) if column in columns else None

    def read(column: str, how: Callable[[Any], Any]) -> Any:
        return read_cell(column, cell(column), how, notes)

    name = clean.text(cell("name"), 200)
    if name is None:
        raise SetAside("no_name", "It has no name.")
    precision = (clean.text(cell("location_precision")) or "").lower()
    parts = [clean.text(cell(column), 150) for column in ("address", "city", "state", "zip")]
    address = ", ".join(part for part in parts if part) or None
    if precision == "hidden":
        raise SetAside("confidential", "Its address is not public.")
    if precision not in PRECISIONS:
        precision = "rooftop" if parts[0] else "approximate"
    street, town, _, code = parts if precision in ("rooftop", "street") else [None] * 4
    lon, lat, looked_up = point_or_address(
        cell("lat"), cell("lon"), (street, town, code), (name, address), context, notes
    )
    beds, open_beds = read("beds", clean.whole), read("open_beds", clean.whole)
    cells = {
        "resource_id": clean.text(cell("id"), 100),
        "name": name,
        "category": "recovery_residence",
        "lon": lon,
        "lat": lat,
        "location_precision": "street" if looked_up else precision,
        "address": address,
        "phone": read("phone", clean.phone),
        "url": read("url", clean.url),
        "genders": genders_served(cell("genders"), notes),
        "children": read("children", clean.truth),
        "beds": beds,
        "open_beds": open_beds,
        "capacity": beds,
        "weekly_rent_usd": read("weekly_rent_usd", clean.amount),
        "certification_level": _level(cell("certification_level"), notes),
        "certified": read("certified", clean.truth),
        "accepts_moud": read("accepts_moud", clean.truth),
        "house_rules": clean.text(cell("house_rules"), 1000),
        "curfew": _curfew(cell("curfew"), notes),
        "attendance": "in_person",
        "verified_on": read("verified_on", clean.date),
        "license": SOURCE.license,
    }
    return ResourceRow(cells)


def genders_served(value: Any, notes: Notes) -> str | None:
    """Return `women`, `men` or `all` of a house's own words; None, counted, where they aren't known."""
    stated = str(value or "").lower()
    genders = [served for served, words in _GENDERS.items() if words.search(stated)]
    if len(genders) > 1 and re.search(r"\b(?:no|not|non|except)\b", stated):
        genders = []
    if not genders and stated.strip():
        notes.unknown("genders served", stated)
    if "women" in genders and "men" in genders:
        return "all"
    return genders[0] if genders else None  # "all men" are men


def _level(value: Any, notes: Notes) -> str | None:
    stated = re.sub(r"^(narr )?(level|lvl)?\s*", "", (clean.text(value, 40) or "").lower())
    if stated and stated not in _LEVELS:
        notes.unknown("certification level", str(value))
    return _LEVELS.get(stated)


def _curfew(value: Any, notes: Notes) -> str | None:
    stated = clean.text(value, 40)
    if stated is None:
        return None
    minute = clean.minutes_of_clock(stated)
    if minute is None:
        notes.repaired("bad_curfew", f"Its curfew is no time as HH:MM and is left empty: {stated!r}.")
        return None
    return f"{minute // 60:02d}:{minute % 60:02d}"


def _recognizes(file_name: str, head: bytes) -> bool:
    header = {plain_name(name) for name in head.split(b"\n", 1)[0].decode("utf-8", "replace").split(",")}
    telling = {"openbeds", "weeklyrentusd", "certificationlevel", "acceptsmoud", "houserules", "curfew"}
    return file_name.lower().endswith(".csv") and len(header & telling) >= 3


SOURCE = Source(
    name="recovery_residences",
    title="Recovery residences",
    publisher="A NARR affiliate, a state, or the operator",
    license="As its publisher says",
    attribution="Recovery residences: the certifying affiliate",
    url="https://narronline.org/",
    freshness="As verified by the publisher",
    precision="As published: some houses give a neighbourhood only",
    kind="resources",
    parse=parse,
    recognizes=_recognizes,
    trust=90,
    fresh_days=30,
)
