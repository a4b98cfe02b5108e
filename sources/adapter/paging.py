"""What the fetches of several feeds share: the circle around a place, pages read to their end, and what is left out."""

import json
import math
from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

from geo.errors import InputError, SourceError
from sources.adapter.source import FetchContext
from sources.cleaning.bounds import Bounds
from sources.formats.json_strict import read_json
from sources.web.http import Fetched, fetch
from sources.web.url_guard import host_of

MOST_PAGES = 200
_EARTH_METERS = 6_371_008.8


def circle(bounds: Bounds) -> tuple[float, float, float]:
    """Return latitude, longitude and radius in meters of a circle that holds the bounds."""
    lat, lon = (bounds.south + bounds.north) / 2, (bounds.west + bounds.east) / 2
    corners = ((y, x) for y in (bounds.south, bounds.north) for x in (bounds.west, bounds.east))
    return round(lat, 6), round(lon, 6), max(_meters(lat, lon, y, x) for y, x in corners)


def _meters(lat: float, lon: float, to_lat: float, to_lon: float) -> float:
    """Return the great-circle distance (haversine)."""
    a, b = math.radians(lat), math.radians(to_lat)
    half = math.sin((b - a) / 2) ** 2 + math.cos(a) * math.cos(b) * math.sin(math.radians(to_lon - lon) / 2) ** 2
    return 2 * _EARTH_METERS * math.asin(min(1.0, math.sqrt(half)))


def needed_bounds(context: FetchContext, source: str) -> Bounds:
    """Return the place of a fetch.

    Raises
    ------
    InputError
        None was given.
    """
    if context.bounds is None:
        raise InputError(
            f"{source} is fetched for a place: give --for lat,lon with --radius-km, or west,south,east,north."
        )
    return context.bounds


def needed_postal_codes(context: FetchContext, source: str) -> tuple[str, ...]:
    """Return the postal codes of a fetch.

    Raises
    ------
    InputError
        None was given, or one is not five digits.
    """
    codes = context.postal_codes
    if not codes or not all(len(code) == 5 and code.isdecimal() and code.isascii() for code in codes):
        raise InputError(f"{source} is fetched by ZIP code: give --zip with five digits, once for each.")
    return codes


def needed_counties(context: FetchContext, what: str) -> tuple[str, ...]:
    """Return the counties of a fetch.

    Raises
    ------
    InputError
        None was given, or one is not a five-digit code.
    """
    counties = context.counties
    if not counties or not all(len(one) == 5 and one.isdecimal() and one.isascii() for one in counties):
        raise InputError(f"{what} are fetched by county: give --county with its five-digit FIPS code, as 21117.")
    return counties


def own_address(context: FetchContext, source: str, what: str) -> str:
    """Return the address that a person gave for a source that has none of its own.

    Raises
    ------
    InputError
        None was given.
    """
    if not context.endpoint:
        raise InputError(f"{source} has no address of its own: give --url with {what}.")
    return context.endpoint


def fetch_data(url: str, context: FetchContext, name: str = "", headers: Mapping[str, str] | None = None) -> Fetched:
    """Return what is at an address, which must be data and no page for people; the copy called `name` is at hand.

    Raises
    ------
    SourceError
        As `sources.web.http.fetch`; or a web page came.
    """
    answer = fetch(url, context.policy, have=context.have.get(name), headers=headers)
    if answer.content[:512].lstrip(b"\xef\xbb\xbf \t\r\n")[:1] == b"<":
        raise SourceError(
            f"{host_of(url)} answers with a web page where data was expected; its address may have changed."
        )
    return answer


def read_pages(
    address: Callable[[int], str],
    context: FetchContext,
    take: Callable[[Any], bool],
    headers: Mapping[str, str] | None = None,
) -> Fetched:
    """Hand over the documents of pages 0, 1, 2 … while `take` wants more, and return the last page.

    Raises
    ------
    SourceError
        A page can't be fetched, is no JSON, or repeats the one before; or there are over 200.
    """
    before = None
    for number in range(MOST_PAGES):
        page = fetch_data(address(number), context, headers=headers)
        where = f"Page {number + 1} from {host_of(page.url)}"
        document = read_answer(page, where)
        if document == before:
            raise SourceError(f"{where} repeats the one before, so the list can't be had whole; try again later.")
        if not take(document):
            return page
        before = document
    raise SourceError(f"{host_of(address(0))} gives more than {MOST_PAGES} pages; ask for a smaller place.")


def read_answer(answer: Fetched, where: str) -> Any:
    """Return the JSON document of an answer; a byte order mark, which some sites put before it, is passed over.

    Raises
    ------
    SourceError
        It is no JSON.
    """
    return read_json(answer.content.removeprefix(b"\xef\xbb\xbf"), where)


def rows_of(document: Any, key: str, where: str) -> list[Any]:
    """Return the rows that a page holds under a key.

    Raises
    ------
    SourceError
        It holds no list there.
    """
    rows = document.get(key) if isinstance(document, dict) else None
    if not isinstance(rows, list):
        raise SourceError(f"{where} answers without its list {key!r}; its form may have changed.")
    return rows


def joined(document: Any, last: Fetched) -> Fetched:
    """Return a document made of pages, with the facts of the last; it has no single version that could be asked for."""
    content = json.dumps(document, ensure_ascii=False, separators=(",", ":"), allow_nan=False).encode()
    return replace(last, content=content, url=last.url.split("?")[0], etag=None, last_modified=None)
