"""American Job Centers, from CareerOneStop; asking for them needs a free account."""

import math
from functools import partial
from typing import Any
from urllib.parse import quote

from geo.errors import SourceError
from geo.units import MILE
from sources.adapter import paging
from sources.adapter.resource_rows import ResourceRow, point_or_address, read_rows
from sources.adapter.source import FetchContext, ParseContext, Source
from sources.cleaning import clean
from sources.cleaning.opening_hours import osm_hours
from sources.cleaning.redaction import without_persons
from sources.cleaning.report import Notes, Parsed, SetAside
from sources.formats.json_strict import read_json
from sources.web.http import Fetched, GoneError

ENDPOINT = "https://api.careeronestop.org/v1/ajcfinder"
USER, TOKEN = "careeronestop_user", "careeronestop_token"
_PAGE_ROWS = 100
_ADDRESS = ("Address1", "Address2", "City", "StateAbbr", "Zip")


def fetch(context: FetchContext) -> dict[str, Fetched]:
    """Return the centers around ZIP codes of a place, as far as its far end, each once, without names of staff.

    Raises
    ------
    InputError, SourceError
        There is no account, place or ZIP code; a page can't be fetched or has another form.
    """
    user, token = context.keys.get(USER), context.keys.get(TOKEN)
    if not user or not token:
        raise SourceError(
            "American Job Centers are skipped: they need a free account of CareerOneStop, its id and token as "
            f"RECOVERY_REACH_{USER.upper()} and RECOVERY_REACH_{TOKEN.upper()} in the environment."
        )
    _, _, meters = paging.circle(paging.needed_bounds(context, "American Job Centers"))
    miles = math.ceil(2 * meters / MILE) + 1  # a ZIP code of the place may lie at its edge
    centers: dict[str, Any] = {}
    last, none = None, SourceError("There is no ZIP code to ask CareerOneStop for.")
    for code in paging.needed_postal_codes(context, "American Job Centers"):
        root = f"{(context.endpoint or ENDPOINT).rstrip('/')}/{quote(user, safe='')}/{code}/{miles}/0/0/0/0/0/0"
        try:
            last = _fetch_around(root, context, {"Authorization": f"Bearer {token}"}, centers)
        except GoneError as problem:  # its answer where no center is near
            none = problem
    if last is None:
        raise none
    shown = Fetched(last.content, last.retrieved_on, context.endpoint or ENDPOINT)  # its address holds the account
    return {"job_centers.json": paging.joined({"OneStopCenterList": list(centers.values())}, shown)}


def _fetch_around(root: str, context: FetchContext, headers: dict[str, str], centers: dict[str, Any]) -> Fetched:
    def take(document: Any) -> bool:
        rows = without_persons(paging.rows_of(document, "OneStopCenterList", "CareerOneStop"))
        for row in rows:
            centers[str(row.get("ID") if isinstance(row, dict) else row)] = row
        return len(rows) == _PAGE_ROWS

    return paging.read_pages(lambda number: f"{root}/{number * _PAGE_ROWS}/{_PAGE_ROWS}", context, take, headers)


def parse(raw: bytes, context: ParseContext) -> Parsed:
    """Return the centers of an answer as `resources`; closed ones are set aside.

    Raises
    ------
    SourceError
        The bytes are no such answer.
    """
    document = read_json(raw, context.file_name)
    rows = document.get("OneStopCenterList") if isinstance(document, dict) else None
    if not isinstance(rows, list):
        raise SourceError(f"{context.file_name} should hold CareerOneStop's answer: an object with OneStopCenterList.")
    return read_rows(SOURCE.name, rows, partial(_read, context=context), context)


def _read(row: dict[str, Any], notes: Notes, context: ParseContext) -> ResourceRow:
    name = clean.text(row.get("Name"))
    if name is None:
        raise SetAside("no_name", "It has no name.")
    status = (clean.text(row.get("CenterStatus"), 40) or "").lower()
    if "clos" in status or clean.text(row.get("WhyClosed")):
        raise SetAside("closed", "It is closed.")
    street, more, town, state, code = (clean.text(row.get(key)) for key in _ADDRESS)
    address = ", ".join(part for part in (street, more, town, state, code) if part) or None
    given, about = (row.get("Latitude"), row.get("Longitude")), (name, address)
    lon, lat, looked_up = point_or_address(*given, (street, town, code), about, context, notes)
    cells = {
        "resource_id": clean.text(row.get("ID")),
        "name": name,
        "category": "employment_service",
        "lon": lon,
        "lat": lat,
        "location_precision": "street" if looked_up else "rooftop",
        "address": address,
        "phone": clean.phone(row.get("Phone")),
        "url": clean.url(row.get("WebSiteUrl")),
        "opening_hours": osm_hours(row.get("OpenHour"), notes),
        "payment": "free",
        "attendance": "in_person",
        "verified_on": clean.date(row.get("LastUpdated")),
        "license": SOURCE.license,
    }
    return ResourceRow(cells)


SOURCE = Source(
    name="job_centers",
    title="American Job Centers",
    publisher="CareerOneStop, for the US Department of Labor",
    license="CareerOneStop's terms of use; attribution required",
    attribution="American Job Centers: CareerOneStop, sponsored by the US Department of Labor",
    url="https://www.careeronestop.org/Developers/WebAPI/web-api.aspx",
    freshness="As states report changes",
    precision="Buildings",
    kind="resources",
    parse=parse,
    recognizes=lambda _name, head: b'"OneStopCenterList"' in head,
    trust=70,
    fetch=fetch,
    endpoint=ENDPOINT,
    keys=(USER, TOKEN),
)
