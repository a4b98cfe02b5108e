"""MASH: certified recovery residences in Massachusetts, as the alliance's list gives them.

No recorded bytes were at hand; the fields are those that public readers of the list name (see docs/data-sources.md).
"""

import re
import tomllib
from functools import cache, partial
from typing import Any

from geo.errors import SourceError
from sources.adapter import paging
from sources.adapter.resource_rows import ResourceRow, look_up, read_rows
from sources.adapter.source import FetchContext, ParseContext, Source
from sources.cleaning import clean
from sources.cleaning.beds_and_rents import beds_in_all_and_open, weekly_rent
from sources.cleaning.redaction import without_persons
from sources.cleaning.report import Notes, Parsed, SetAside
from sources.formats.embedded import embedded
from sources.formats.json_strict import read_json
from sources.resources.houses import genders_served
from sources.web.http import Fetched

ENDPOINT = "https://management.mashsoberhousing.org/api/GetCertifiedHomes"


def fetch(context: FetchContext) -> dict[str, Fetched]:
    """Return the whole list, without the persons to contact.

    Raises
    ------
    SourceError
        It can't be fetched, or is no list.
    """
    answer = paging.fetch_data(context.endpoint or ENDPOINT, context, "mash.json")
    return {"mash.json": paging.joined(without_persons(_homes(answer.content, "MASH's list")), answer)}


def parse(raw: bytes, context: ParseContext) -> Parsed:
    """Return the homes as `resources`, at the places where the region knows their addresses.

    All are certified. Rent is by the week; a monthly one is turned into weeks (× 12 / 52) and noted. The persons
    to contact are never read.

    Raises
    ------
    SourceError
        The bytes are no such list.
    """
    return read_rows(SOURCE.name, _homes(raw, context.file_name), partial(_read, context=context), context)


def _homes(raw: bytes, where: str) -> list[Any]:
    rows = read_json(raw, where)
    known = isinstance(rows, list) and (not rows or any(isinstance(r, dict) and "Home_ServesType" in r for r in rows))
    if not known:
        raise SourceError(f"{where} should hold MASH's certified homes: a JSON array with Name and Home_ServesType.")
    return list(rows)


def _read(row: dict[str, Any], notes: Notes, context: ParseContext) -> ResourceRow:
    name = clean.text(row.get("Name"))
    if name is None:
        raise SetAside("no_name", "It has no name.")
    street, more, town = (clean.text(row.get(key)) for key in ("Address1", "Address2", "CityName"))
    code = (clean.text(row.get("Zip"), 20) or "")[:5]
    if street is None or town is None:
        raise SetAside("no_address", "It has no street address.")
    lon, lat = look_up(street, town, code, (name, more), context, notes)
    beds, _ = beds_in_all_and_open(row.get("Capacity"), None, notes)
    cells = {
        "resource_id": clean.text(row.get("Id")),
        "name": name,
        "category": "recovery_residence",
        "lon": lon,
        "lat": lat,
        "location_precision": "street",
        "address": ", ".join(part for part in (street, more, town, "MA", code) if part),
        "url": clean.url(row.get("WebsiteAddress")),
        "languages": _languages(row.get("OtherLanguages"), notes),
        "genders": genders_served(row.get("Home_ServesType"), notes),
        "wheelchair": clean.truth(row.get("HandicapAccessible")),
        "beds": beds,
        "capacity": beds,
        "weekly_rent_usd": _rent(row, notes),
        "certified": True,
        "attendance": "in_person",
        "verified_on": clean.date(row.get("CertDate")),
        "license": SOURCE.license,
    }
    return ResourceRow(cells)


def _rent(row: dict[str, Any], notes: Notes) -> float | None:
    return weekly_rent(row.get("WeeklyFee"), notes) or weekly_rent(row.get("MonthlyFee"), notes, "month") or None


@cache
def _codes() -> dict[str, str]:
    table: dict[str, str] = tomllib.loads(embedded("mappings", "languages.toml").read_text(encoding="utf-8"))["codes"]
    return table


def _languages(value: Any, notes: Notes) -> str | None:
    languages = []
    for word in re.split(r"[,;/&]|\band\b", (clean.text(value) or "").lower()):
        if code := _codes().get(word.strip()):
            languages.append(code)
        elif word.strip():
            notes.unknown("language", word.strip())
    return clean.words(languages)


SOURCE = Source(
    name="mash",
    title="MASH certified sober homes (Massachusetts)",
    publisher="Massachusetts Alliance for Sober Housing (MASH)",
    license="Published for people looking for a home; MASH's terms apply",
    attribution="Certified sober homes: Massachusetts Alliance for Sober Housing",
    url="https://mashsoberhousing.org/certified-residences/",
    freshness="As homes are certified; yearly renewals",
    precision="Street addresses, placed by the region's own map",
    kind="resources",
    parse=parse,
    recognizes=lambda _name, head: b'"Home_ServesType"' in head,
    trust=85,
    fetch=fetch,
    endpoint=ENDPOINT,
    fresh_days=30,
)
