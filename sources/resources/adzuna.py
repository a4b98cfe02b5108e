"""Adzuna: openings of employers of all kinds, gathered by a search service; asking for them needs a free key.

No recorded bytes were at hand; the fields are those of the service's own reference.
"""

import math
from functools import partial
from typing import Any
from urllib.parse import urlencode

from geo.errors import InputError, SourceError
from sources.adapter import paging
from sources.adapter.job_rows import Opening, pay_range, read_openings
from sources.adapter.source import FetchContext, ParseContext, Source
from sources.cleaning import clean
from sources.cleaning.report import Notes, Parsed, SetAside
from sources.formats.json_strict import read_json, record_of
from sources.web.http import Fetched

ENDPOINT = "https://api.adzuna.com/v1/api/jobs/us/search"
APP_ID, APP_KEY = "adzuna_app_id", "adzuna_app_key"
_PAGE_ROWS = 50
_MOST_ROWS = 2000
_KEPT = (
    "id", "title", "company", "location", "latitude", "longitude", "created", "redirect_url", "contract_time",
    "contract_type", "salary_min", "salary_max", "salary_is_predicted", "category",
)  # fmt: skip
"""What is kept of an opening: its description may name persons."""


def fetch(context: FetchContext) -> dict[str, Fetched]:
    """Return the openings around a town, as far as the place's corners, newest first and 2,000 at most.

    Raises
    ------
    InputError, SourceError
        There is no key, place or town; a page can't be fetched or has another form.
    """
    app_id, app_key = context.keys.get(APP_ID), context.keys.get(APP_KEY)
    if not app_id or not app_key:
        raise SourceError(
            "Adzuna is skipped: it needs a free account, its id and key as "
            f"RECOVERY_REACH_{APP_ID.upper()} and RECOVERY_REACH_{APP_KEY.upper()} in the environment."
        )
    if not context.town:
        raise InputError("Adzuna is asked by town: give --town, like 'Covington, Kentucky'.")
    _, _, meters = paging.circle(paging.needed_bounds(context, "Adzuna"))
    asked = {
        "app_id": app_id,
        "app_key": app_key,
        "where": context.town,
        "distance": math.ceil(meters / 1000),
        "results_per_page": _PAGE_ROWS,
        "sort_by": "date",
        "content-type": "application/json",
    }
    root = (context.endpoint or ENDPOINT).rstrip("/")
    rows: list[Any] = []

    def take(document: Any) -> bool:
        openings = paging.rows_of(document, "results", "Adzuna")
        rows.extend(
            {name: row[name] for name in _KEPT if name in row} if isinstance(row, dict) else row for row in openings
        )
        counted = clean.whole(record_of(document).get("count")) or math.inf
        return len(openings) == _PAGE_ROWS and len(rows) < min(counted, _MOST_ROWS)

    last = paging.read_pages(lambda number: f"{root}/{number + 1}?{urlencode(asked)}", context, take)
    return {"adzuna.json": paging.joined({"results": rows}, last)}


def parse(raw: bytes, context: ParseContext) -> Parsed:
    """Return the openings of an answer as `openings`; their points are the service's guess, so they are approximate.

    Raises
    ------
    SourceError
        The bytes are no such answer.
    """
    document = read_json(raw, context.file_name)
    rows = paging.rows_of(document, "results", context.file_name)
    return read_openings(SOURCE.name, rows, partial(_read, context=context), context)


def _read(row: dict[str, Any], notes: Notes, context: ParseContext) -> list[Opening]:
    title = clean.text(row.get("title"))
    if title is None:
        raise SetAside("no_title", "It has no title.")
    lon, lat = clean.point(row.get("latitude"), row.get("longitude"), context.bounds, notes)
    low, high = pay_range(row.get("salary_min"), row.get("salary_max"), notes)
    hours = clean.text(row.get("contract_time"), 40)
    if hours and hours not in ("full_time", "part_time"):
        notes.unknown("contract time", hours)
        hours = None
    return [
        {
            "opening_id": clean.text(row.get("id")),
            "title": title,
            "employer": clean.text(record_of(row.get("company")).get("display_name")),
            "lon": lon,
            "lat": lat,
            "location_precision": "approximate",
            "place": clean.text(record_of(row.get("location")).get("display_name")),
            "hours": hours,
            "pay_from_usd": low,
            "pay_to_usd": high,
            "pay_period": "year" if low or high else None,
            "pay_is_estimated": clean.truth(row.get("salary_is_predicted")),
            "posted_on": clean.date(row.get("created")),
            "url": clean.url(row.get("redirect_url")),
            "license": SOURCE.license,
        }
    ]


SOURCE = Source(
    name="adzuna",
    title="Adzuna: job openings",
    publisher="Adzuna",
    license="Adzuna's API terms; attribution required",
    attribution="Job openings: Adzuna",
    url="https://developer.adzuna.com/",
    freshness="Daily",
    precision="Towns or streets, as the service guesses",
    kind="resources",
    parse=parse,
    recognizes=lambda _name, head: b'"redirect_url"' in head and b'"results"' in head,
    fetch=fetch,
    endpoint=ENDPOINT,
    keys=(APP_ID, APP_KEY),
    fresh_days=7,
)
