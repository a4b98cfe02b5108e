"""FindTreatment.gov (SAMHSA): treatment programs, mental health facilities, prescribers and health centers."""

import math
import tomllib
from functools import cache
from typing import Any
from urllib.parse import urlencode

from geo.errors import SourceError
from sources.adapter import paging
from sources.adapter.resource_rows import ResourceRow, content_id, read_rows, refuse_confidential
from sources.adapter.source import FetchContext, ParseContext, Source
from sources.cleaning import clean
from sources.cleaning.report import Notes, Parsed, SetAside
from sources.formats.csv_text import plain_name
from sources.formats.embedded import embedded
from sources.formats.json_strict import read_json
from sources.web.http import Fetched

ENDPOINT = "https://findtreatment.gov/locator/exportsAsJson/v2"
_PAGE_ROWS = 2000

_CATEGORIES = (
    "opioid_treatment_program",
    "substance_use_clinic",
    "mental_health",
    "buprenorphine_prescriber",
    "primary_care",
    "transitional_housing",
)
"""The order in which a facility's kinds of support are listed; the first goes by the facility's own id."""


def fetch(context: FetchContext) -> dict[str, Fetched]:
    """Return every facility around a place, of substance use, mental health, and prescribers and health centers.

    Raises
    ------
    InputError, SourceError
        No place was given; a page can't be fetched, or pages lack rows that the service counts.
    """
    lat, lon, meters = paging.circle(paging.needed_bounds(context, "FindTreatment.gov"))
    # no sType: with one, the service leaves out health centers and prescribers; the point is latitude first
    place = {"sAddr": f"{lat},{lon}", "limitType": 2, "limitValue": math.ceil(meters)}

    def address(number: int) -> str:
        query = urlencode({**place, "pageSize": _PAGE_ROWS, "page": number + 1}, safe=",")
        return f"{context.endpoint or ENDPOINT}?{query}"

    rows: list[Any] = []
    counted = 0

    def take(document: Any) -> bool:
        nonlocal counted
        more = paging.rows_of(document, "rows", "FindTreatment.gov")
        rows.extend(more)
        counted = clean.whole(document.get("recordCount")) or 0
        last = clean.whole(document.get("totalPages"))
        return bool(more) and (
            len(more) == _PAGE_ROWS if last is None else (clean.whole(document.get("page")) or last) < last
        )

    pages = paging.read_pages(address, context, take)
    if len(rows) < counted:
        raise SourceError(f"FindTreatment.gov counts {counted} rows but gave {len(rows)}; try again later.")
    return {"findtreatment.json": paging.joined(rows, pages)}


def parse(raw: bytes, context: ParseContext) -> Parsed:
    """Return the facilities of `exportsAsJson/v2` pages (or a list of rows) as `resources`.

    A facility that is several kinds of support (an opioid treatment program that also counsels) is one row
    for each. Programs for driving under the influence only are set aside, and so is a facility that is listed
    again, for what it is already listed as. Labels that aren't in the declared table describe care, not access,
    and are passed over.

    Raises
    ------
    SourceError
        The bytes are no such page.
    """
    document = read_json(raw, context.file_name)
    rows = document.get("rows") if isinstance(document, dict) else document
    if not isinstance(rows, list):
        raise SourceError(f"{context.file_name} should hold FindTreatment.gov rows: an object with a list `rows`.")
    seen: set[tuple[str, str]] = set()

    def read(row: dict[str, Any], notes: Notes) -> ResourceRow:
        return _read(row, notes, context, seen)

    return read_rows(SOURCE.name, rows, read, context)


def _read(row: dict[str, Any], notes: Notes, context: ParseContext, seen: set[tuple[str, str]]) -> ResourceRow:
    first = clean.text(row.get("name1") or row.get("name"))
    second = clean.text(row.get("name2"))
    if first is None:
        raise SetAside("no_name", "It has no name.")
    facts = _facts(row)
    if "" in facts.get("dui_only", ()):
        raise SetAside("dui_only", "It serves people convicted of driving under the influence only.")
    street = " ".join(part for key in ("street1", "street2") if (part := clean.text(row.get(key))))
    address_parts = [street, *(clean.text(row.get(key)) for key in ("city", "state", "zip"))]
    address = ", ".join(part for part in address_parts if part) or None
    refuse_confidential(first, second, address)
    place = street or f"{row.get('latitude')} {row.get('longitude')}"
    parts = (first, second, place, row.get("city"), row.get("zip"))
    own_id = content_id(*(plain_name(str(part or "")) for part in parts))
    categories = _categories(row, facts, notes)
    fresh = [category for category in categories if (own_id, category) not in seen]
    if not fresh:
        raise SetAside("duplicate", "The facility is listed before for the same kind of support.")
    lon, lat = clean.point(row.get("latitude"), row.get("longitude"), context.bounds, notes)
    seen |= {(own_id, category) for category in fresh}
    genders = facts.get("genders", set())
    cells = {
        "resource_id": own_id,
        "name": f"{first} – {second}" if second and second.lower() != first.lower() else first,
        "category": fresh[0],
        "lon": lon,
        "lat": lat,
        "location_precision": "rooftop" if street or "street1" not in row else "approximate",
        "address": address,
        "phone": clean.phone(row.get("phone")),
        "url": clean.url(row.get("website")),
        "languages": clean.words(facts.get("languages", ())),
        "genders": "all" if len(genders) > 1 else clean.words(genders),
        "ages": clean.words(facts.get("ages", ())),
        "children": True if "children" in facts else None,
        "medications": clean.words(facts.get("medications", ())),
        "payment": clean.words(facts.get("payment", ())),
        "accepts_moud": True if "accepts_moud" in facts or "medications" in facts else None,
        "attendance": "in_person",
        "license": SOURCE.license,
    }
    return ResourceRow(cells, also=tuple(fresh[1:]))


def _facts(row: dict[str, Any]) -> dict[str, set[str]]:
    """Return column → values of every code and label of a row that the declared table knows."""
    services = row.get("services")
    texts = [str(row.get(key) or "") for key in ("all_services", "residential_services")]
    for service in services if isinstance(services, list) else ():
        if isinstance(service, dict):
            texts.append(str(service.get("f3") or ""))
            if service.get("f2") == "OTP" and clean.text(service.get("f3")):  # a heading alone offers nothing
                texts.append("OTP")
    table = _table()
    facts: dict[str, set[str]] = {}
    for label in (part.strip() for text in texts for part in text.split(";")):
        for effect in table["labels"].get(label.lower(), ()) or table["codes"].get(label, ()):
            column, _, value = effect.partition(":")
            facts.setdefault(column, set()).add(value)
    return facts


def _categories(row: dict[str, Any], facts: dict[str, set[str]], notes: Notes) -> list[str]:
    facility = clean.text(row.get("typeFacility") or row.get("type_facility"), 20)
    kinds = set(facts.get("category", ()))
    if facility and (usual := _table()["facilities"].get(facility)):
        if not kinds or facility in ("HRSA", "BUPREN"):
            kinds.add(usual)
    elif facility:
        notes.unknown("facility type", facility)
    if not kinds:
        raise SetAside("no_category", f"What kind of support it is isn't known here: {facility!r}.")
    return [category for category in _CATEGORIES if category in kinds]


@cache
def _table() -> dict[str, dict[str, Any]]:
    return tomllib.loads(embedded("mappings", "findtreatment.toml").read_text(encoding="utf-8"))


def _recognizes(file_name: str, head: bytes) -> bool:
    if not file_name.lower().endswith(".json"):
        return False
    keys = (b'"name1"', b'"typeFacility"', b'"type_facility"', b'"all_services"', b'"f3"')
    return sum(key in head for key in keys) >= 2 or b'"residential_services"' in head


SOURCE = Source(
    name="findtreatment",
    title="FindTreatment.gov",
    publisher="Substance Abuse and Mental Health Services Administration (SAMHSA)",
    license="Public domain (US federal government)",
    attribution="Treatment facilities: SAMHSA, FindTreatment.gov",
    url="https://findtreatment.gov/",
    freshness="Yearly survey, monthly additions",
    precision="Buildings",
    kind="resources",
    parse=parse,
    recognizes=_recognizes,
    trust=80,
    fetch=fetch,
    endpoint=ENDPOINT,
    probe="?sAddr=38.9,-77.03&limitType=2&limitValue=1000&sType=sa&pageSize=1&page=1",
)
