"""The geocoder of the US Census Bureau: one address at a time, or in batches.

Answers come back in any order. "Tie" and "No_Match" are no place; neither is a match in another ZIP code than the one
that was asked for. Points lie on streets, between the numbers of a block.
"""

import csv
import io
from collections.abc import Iterator, Sequence
from typing import Any
from urllib.parse import urlencode

from geo.errors import SourceError
from sources.adapter.public_address import PointsByAddress, PublicAddress
from sources.cleaning import clean
from sources.formats.json_strict import read_json
from sources.web.http import Policy, fetch

ENDPOINT = "https://geocoding.geo.census.gov/geocoder/locations"
MOST_ROWS = 500
"""Of a batch; the service takes more, but answers long lists late or not at all."""
_BENCHMARK = "Public_AR_Current"
_BOUNDARY = "recovery-reach-addresses-of-public-places"


def locate(addresses: Sequence[PublicAddress], policy: Policy, endpoint: str = "") -> Iterator[PointsByAddress]:
    """Yield what the service knows of the addresses, up to 500 at a time.

    Raises
    ------
    SourceError
        It can't be asked, or its answer has another form.
    """
    root = (endpoint or ENDPOINT).rstrip("/")
    if len(addresses) == 1:
        yield {addresses[0]: _one(addresses[0], policy, root)}
        return
    for start in range(0, len(addresses), MOST_ROWS):
        yield _batch(addresses[start : start + MOST_ROWS], policy, root)


def _one(address: PublicAddress, policy: Policy, root: str) -> tuple[float, float] | None:
    asked = {"street": address.street, "city": address.town, "zip": address.postal_code}
    query = urlencode(asked | {"benchmark": _BENCHMARK, "format": "json"})
    document = read_json(fetch(f"{root}/address?{query}", policy).content, "The Census geocoder")
    result = document.get("result") if isinstance(document, dict) else None
    matches = result.get("addressMatches") if isinstance(result, dict) else None
    if not isinstance(matches, list):
        raise SourceError("The Census geocoder answers without its list 'addressMatches'; its form may have changed.")
    if len(matches) != 1 or not isinstance(matches[0], dict):
        return None
    place = matches[0].get("coordinates")
    if not isinstance(place, dict) or not _agrees(address, matches[0].get("matchedAddress")):
        return None
    return _point(place.get("x"), place.get("y"))


def _batch(addresses: Sequence[PublicAddress], policy: Policy, root: str) -> PointsByAddress:
    written = io.StringIO()
    rows = csv.writer(written, lineterminator="\n")
    rows.writerows((n, _plain(a.street), _plain(a.town), "", a.postal_code) for n, a in enumerate(addresses))
    headers = {"Content-Type": f"multipart/form-data; boundary={_BOUNDARY}"}
    answer = fetch(f"{root}/addressbatch", policy, headers=headers, body=_form(written.getvalue()))
    return read_batch(answer.content, addresses)


def read_batch(raw: bytes, addresses: Sequence[PublicAddress]) -> PointsByAddress:
    """Return the answer of a batch by address; what it doesn't mention, or mentions twice, is not located.

    Raises
    ------
    SourceError
        It is no list of results.
    """
    try:
        lines = [row for row in csv.reader(io.StringIO(raw.decode("utf-8", "replace"), newline="")) if row]
    except csv.Error as problem:
        raise SourceError(f"The Census geocoder's batch answer is no CSV ({problem}); try again later.") from None
    if any(len(row) < 3 for row in lines):
        raise SourceError("The Census geocoder's batch answer has another form than its results; try again later.")
    numbers = [clean.whole(row[0]) for row in lines]
    points: PointsByAddress = dict.fromkeys(addresses)
    for number, row in zip(numbers, lines, strict=True):
        if number is None or number >= len(addresses) or numbers.count(number) > 1:
            continue
        if row[2].strip() == "Match" and len(row) >= 6 and _agrees(addresses[number], row[4]):
            lon, _, lat = row[5].partition(",")
            points[addresses[number]] = _point(lon, lat)
    return points


def _agrees(address: PublicAddress, matched: Any) -> bool:
    """Tell whether the matched address lies in the ZIP code that was asked for, if one was."""
    last = str(matched or "").rpartition(",")[2].strip()
    return not address.postal_code or last == address.postal_code


def _point(lon: Any, lat: Any) -> tuple[float, float] | None:
    x, y = clean.number(lon), clean.number(lat)
    return (x, y) if x is not None and y is not None and abs(x) <= 180 and abs(y) <= 90 else None


def _plain(text: str) -> str:
    return text.replace('"', " ").replace("\n", " ")


def _form(addresses: str) -> bytes:
    parts = {
        'name="benchmark"': _BENCHMARK,
        'name="addressFile"; filename="addresses.csv"\r\nContent-Type: text/csv': addresses,
    }
    body = "".join(
        f"--{_BOUNDARY}\r\nContent-Disposition: form-data; {head}\r\n\r\n{value}\r\n" for head, value in parts.items()
    )
    return f"{body}--{_BOUNDARY}--\r\n".encode()
