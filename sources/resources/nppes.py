"""NPPES, the registry of health care providers: organizations by taxonomy, which come without coordinates."""

import tomllib
from functools import cache, partial
from typing import Any
from urllib.parse import urlencode

from geo.errors import SourceError
from geo.tables import CATEGORIES
from sources.adapter import paging
from sources.adapter.resource_rows import ResourceRow, look_up, read_rows, refuse_confidential
from sources.adapter.source import FetchContext, ParseContext, Source
from sources.cleaning import clean
from sources.cleaning.redaction import without_persons
from sources.cleaning.report import Notes, Parsed, SetAside
from sources.formats.embedded import embedded
from sources.formats.json_strict import read_json, record_of, records_of
from sources.web.http import Fetched

ENDPOINT = "https://npiregistry.cms.hhs.gov/api/"
_PAGE_ROWS, _MOST_SKIPPED = 200, 1000


def fetch(context: FetchContext) -> dict[str, Fetched]:
    """Return the organizations of ZIP codes whose taxonomy is support of ours, each once, without their officials.

    The registry gives 1,200 rows a question at most; questions are asked for each ZIP code and kind.

    Raises
    ------
    InputError, SourceError
        No ZIP code was given; a page can't be fetched, the registry reports an error, or it holds more back.
    """
    organizations: dict[str, Any] = {}
    last = None
    for code in paging.needed_postal_codes(context, "NPPES"):
        for description in _table()["descriptions"]:
            last = _fetch_kind(context, code, description, organizations)
    if last is None:
        raise AssertionError("There is a ZIP code and a kind.")
    return {
        "nppes.json": paging.joined({"result_count": len(organizations), "results": list(organizations.values())}, last)
    }


def _fetch_kind(context: FetchContext, code: str, description: str, organizations: dict[str, Any]) -> Fetched:
    """Add the organizations of one ZIP code and kind to `organizations`."""
    fixed = {"version": "2.1", "enumeration_type": "NPI-2", "postal_code": code, "taxonomy_description": description}

    def address(number: int) -> str:
        page = {"limit": _PAGE_ROWS, "skip": number * _PAGE_ROWS}
        return f"{context.endpoint or ENDPOINT}?{urlencode(fixed | page)}"

    taken = 0

    def take(document: Any) -> bool:
        nonlocal taken
        rows = _results(document, "The registry")
        for row in rows:
            organizations[str(row.get("number") if isinstance(row, dict) else row)] = without_persons(row)
        taken += len(rows)
        if taken >= _MOST_SKIPPED + _PAGE_ROWS:
            raise SourceError(f"The registry lists over {taken - 1} of {description!r} in {code} and gives no more.")
        return len(rows) == _PAGE_ROWS

    return paging.read_pages(address, context, take)


def parse(raw: bytes, context: ParseContext) -> Parsed:
    """Return the organizations of an answer as `resources`, at the places where the region knows their addresses.

    The practice address (`LOCATION`) counts, never the mailing address. An address without a place in the region is
    set aside (`not_located`), and all are (`needs_geocoding`) where there is no region to look them up in.

    Raises
    ------
    SourceError
        The bytes are no answer, or one that reports an error.
    """
    document = read_json(raw, context.file_name)
    return read_rows(SOURCE.name, _results(document, context.file_name), partial(_read, context=context), context)


def _results(document: Any, where: str) -> list[Any]:
    errors = document.get("Errors") if isinstance(document, dict) else None
    if isinstance(errors, list):
        reasons = "; ".join(
            clean.text(one.get("description"), 100) or "no reason" for one in errors if isinstance(one, dict)
        )
        raise SourceError(f"{where} reports an error in place of providers: {reasons}.")
    return paging.rows_of(document, "results", where)


def _read(row: dict[str, Any], notes: Notes, context: ParseContext) -> ResourceRow:
    if row.get("enumeration_type") != "NPI-2":
        raise SetAside("a_person", "It is a person, not an organization.")
    basic = record_of(row.get("basic"))
    name = clean.text(basic.get("organization_name") or basic.get("name"))
    if name is None:
        raise SetAside("no_name", "It has no name.")
    if basic.get("status", "A") != "A":
        raise SetAside("inactive", "It is no longer active.")
    categories = _categories(row)
    place = _practice(row)
    street, town = (clean.text(place.get(key)) for key in ("address_1", "city"))
    state, postal_code = (clean.text(place.get(key), 20) for key in ("state", "postal_code"))
    if street is None or town is None:
        raise SetAside("no_address", "It has no practice address.")
    postal_code = (postal_code or "")[:5]
    address = ", ".join(part for part in (street, town, state, postal_code) if part)
    refuse_confidential(name, address)
    if row.get("practiceLocations"):
        notes.notice("more_places", "It has further practice places, which are not read.")
    lon, lat = look_up(street, town, postal_code, (name, address), context, notes)
    cells = {
        "resource_id": clean.text(row.get("number"), 20),
        "name": name,
        "category": categories[0],
        "lon": lon,
        "lat": lat,
        "location_precision": "street",
        "address": address,
        "phone": clean.phone(place.get("telephone_number")),
        "medications": "methadone" if "opioid_treatment_program" in categories else None,
        "attendance": "in_person",
        "verified_on": clean.date(basic.get("last_updated")),
        "license": SOURCE.license,
    }
    return ResourceRow(cells, also=tuple(categories[1:]))


def _categories(row: dict[str, Any]) -> list[str]:
    codes = [str(one.get("code")) for one in records_of(row.get("taxonomies"))]
    known = _table()["categories"]
    categories = {known[code] for code in codes if code in known}
    if not categories:
        raise SetAside("no_category", f"Its taxonomy is no support of ours: {', '.join(codes)[:80] or 'none'}.")
    return [category for category in CATEGORIES if category in categories]


def _practice(row: dict[str, Any]) -> dict[str, Any]:
    return next((one for one in records_of(row.get("addresses")) if one.get("address_purpose") == "LOCATION"), {})


@cache
def _table() -> dict[str, Any]:
    return tomllib.loads(embedded("mappings", "nppes.toml").read_text(encoding="utf-8"))


def _recognizes(_file_name: str, head: bytes) -> bool:
    return b'"enumeration_type"' in head and b'"taxonomies"' in head


SOURCE = Source(
    name="nppes",
    title="NPPES: registry of health care providers",
    publisher="Centers for Medicare & Medicaid Services (CMS)",
    license="Public domain (US federal government)",
    attribution="Health care providers: CMS, NPPES",
    url="https://npiregistry.cms.hhs.gov/",
    freshness="Daily; providers seldom update their entries",
    precision="Street addresses, placed by the region's own map",
    kind="resources",
    parse=parse,
    recognizes=_recognizes,
    trust=40,
    fetch=fetch,
    endpoint=ENDPOINT,
    probe="?version=2.1&enumeration_type=NPI-2&postal_code=20001&limit=1",
)
