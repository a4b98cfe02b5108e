"""USAJOBS: openings of the federal government; asking for them needs a free key.

No recorded bytes were at hand; the fields are those of the search service's own reference.
"""

import math
from functools import partial
from typing import Any
from urllib.parse import urlencode

from geo.errors import InputError, SourceError
from geo.units import MILE
from sources.adapter import paging
from sources.adapter.job_rows import Opening, pay_range, read_openings
from sources.adapter.source import FetchContext, ParseContext, Source
from sources.cleaning import clean
from sources.cleaning.report import Notes, Parsed, SetAside
from sources.formats.json_strict import read_json, record_of, records_of
from sources.web.http import Fetched

ENDPOINT = "https://data.usajobs.gov/api/search"
EMAIL, KEY = "usajobs_email", "usajobs_key"
_PAGE_ROWS = 250
_KEPT = (
    "PositionID", "PositionTitle", "PositionURI", "PositionLocation", "PositionLocationDisplay", "OrganizationName",
    "DepartmentName", "PositionSchedule", "PositionRemuneration", "PositionStartDate", "PositionEndDate",
    "PublicationStartDate", "ApplicationCloseDate",
)  # fmt: skip
"""What is kept of an announcement: the rest holds names, numbers and addresses of the agency's staff."""
_PERIODS = {"PA": "year", "PM": "month", "PD": "day", "PH": "hour"} | dict.fromkeys(
    (
        "BW",
        "FB",
        "PW",
        "ST",
        "SY",
        "WC",
    )  # two weeks, a fee, piece work, a stipend, a school year, none: no pay to compare
)
_PERIOD_WORDS = {"per year": "year", "per month": "month", "per week": "week", "per day": "day", "per hour": "hour"}
_HOURS = {"1": "full_time", "2": "part_time", "full-time": "full_time", "part-time": "part_time"}


def fetch(context: FetchContext) -> dict[str, Fetched]:
    """Return the openings around a town, as far as the place's corners, without the contacts of agencies' staff.

    Raises
    ------
    InputError, SourceError
        There is no key, place or town; a page can't be fetched or has another form.
    """
    email, key = context.keys.get(EMAIL), context.keys.get(KEY)
    if not email or not key:
        raise SourceError(
            "USAJOBS is skipped: it needs a free key and the e-mail address it was given to, as "
            f"RECOVERY_REACH_{KEY.upper()} and RECOVERY_REACH_{EMAIL.upper()} in the environment."
        )
    if not context.town:
        raise InputError("USAJOBS is asked by town: give --town, like 'Covington, Kentucky'.")
    _, _, meters = paging.circle(paging.needed_bounds(context, "USAJOBS"))
    place = {"LocationName": context.town, "Radius": math.ceil(meters / MILE)}

    def address(number: int) -> str:
        page = {"ResultsPerPage": _PAGE_ROWS, "Page": number + 1}
        return f"{context.endpoint or ENDPOINT}?{urlencode(place | page)}"

    rows: list[Any] = []

    def take(document: Any) -> bool:
        result = record_of(record_of(document).get("SearchResult"))
        openings = paging.rows_of(result, "SearchResultItems", "USAJOBS")
        rows.extend(_stripped(item) for item in openings)
        return len(openings) == _PAGE_ROWS and len(rows) < (clean.whole(result.get("SearchResultCountAll")) or math.inf)

    # the service asks that a client names itself by the address to which its key was given
    last = paging.read_pages(address, context, take, {"Authorization-Key": key, "User-Agent": email})
    return {"usajobs.json": paging.joined({"SearchResult": {"SearchResultItems": rows}}, last)}


def _stripped(item: Any) -> Any:
    if not isinstance(item, dict):
        return item
    descriptor = record_of(item.get("MatchedObjectDescriptor"))
    kept = {name: descriptor[name] for name in _KEPT if name in descriptor}
    return {"MatchedObjectId": item.get("MatchedObjectId"), "MatchedObjectDescriptor": kept}


def parse(raw: bytes, context: ParseContext) -> Parsed:
    """Return the openings of an answer as `openings`: one for each of a job's places inside the region.

    Places are towns' centers, so they are approximate.

    Raises
    ------
    SourceError
        The bytes are no such answer.
    """
    document = read_json(raw, context.file_name)
    items = record_of(record_of(document).get("SearchResult")).get("SearchResultItems")
    if not isinstance(items, list):
        raise SourceError(f"{context.file_name} should hold USAJOBS' answer: SearchResult with SearchResultItems.")
    return read_openings(SOURCE.name, items, partial(_read, context=context), context)


def _read(row: dict[str, Any], notes: Notes, context: ParseContext) -> list[Opening]:
    descriptor = record_of(row.get("MatchedObjectDescriptor"))
    title = clean.text(descriptor.get("PositionTitle"))
    if title is None:
        raise SetAside("no_title", "It has no title.")
    pay = next(iter(_one_or_more(descriptor.get("PositionRemuneration"))), {})
    low, high = pay_range(pay.get("MinimumRange"), pay.get("MaximumRange"), notes)
    about = {
        "opening_id": clean.text(row.get("MatchedObjectId")) or clean.text(descriptor.get("PositionID")),
        "title": title,
        "employer": clean.text(descriptor.get("OrganizationName")) or clean.text(descriptor.get("DepartmentName")),
        "hours": _hours(descriptor),
        "pay_from_usd": low,
        "pay_to_usd": high,
        "pay_period": _period(pay.get("RateIntervalCode"), notes) if low or high else None,
        "posted_on": clean.date(descriptor.get("PublicationStartDate")),
        "closes_on": clean.date(descriptor.get("ApplicationCloseDate"))
        or clean.date(descriptor.get("PositionEndDate")),
        "url": clean.url(descriptor.get("PositionURI")),
        "license": SOURCE.license,
    }
    return [about | place for place in _places(descriptor, context, notes)]


def _places(descriptor: dict[str, Any], context: ParseContext, notes: Notes) -> list[Opening]:
    """Return the places inside the region, each point once."""
    openings: dict[tuple[float, float], Opening] = {}
    problem = SetAside("no_point", "It names no place with coordinates.")
    for place in _one_or_more(descriptor.get("PositionLocation")):
        try:
            lon, lat = clean.point(place.get("Latitude"), place.get("Longitude"), context.bounds, notes)
        except SetAside as why:
            problem = why
            continue
        words = clean.text(place.get("LocationName"))
        openings.setdefault((lon, lat), {"lon": lon, "lat": lat, "location_precision": "approximate", "place": words})
    if not openings:
        raise problem
    return list(openings.values())


def _one_or_more(value: Any) -> list[dict[str, Any]]:
    """Return the records of a list, or of one alone."""
    return records_of(value if isinstance(value, list) else [value])


def _hours(descriptor: dict[str, Any]) -> str | None:
    stated = [one.get(key) for one in _one_or_more(descriptor.get("PositionSchedule")) for key in ("Code", "Name")]
    hours = {_HOURS[text] for one in stated if (text := (clean.text(one, 40) or "").lower()) in _HOURS}
    return next(iter(hours)) if len(hours) == 1 else None


def _period(value: Any, notes: Notes) -> str | None:
    stated = clean.text(value, 40)
    if stated is None:
        return None
    if stated.upper() in _PERIODS:
        return _PERIODS[stated.upper()]
    if stated.lower() not in _PERIOD_WORDS:
        notes.unknown("pay period", stated)
    return _PERIOD_WORDS.get(stated.lower())


SOURCE = Source(
    name="usajobs",
    title="USAJOBS: openings of the federal government",
    publisher="US Office of Personnel Management",
    license="Public domain (US federal government); USAJOBS' terms of use for its service",
    attribution="Federal job openings: USAJOBS, US Office of Personnel Management",
    url="https://developer.usajobs.gov/",
    freshness="Daily",
    precision="Towns' centers",
    kind="resources",
    parse=parse,
    recognizes=lambda _name, head: b'"SearchResultItems"' in head and b'"MatchedObjectDescriptor"' in head,
    fetch=fetch,
    endpoint=ENDPOINT,
    keys=(EMAIL, KEY),
    fresh_days=7,
)
