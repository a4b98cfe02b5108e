"""Nominatim, the geocoder of OpenStreetMap: one address a second at most, as its usage policy asks."""

import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from typing import Any
from urllib.parse import urlencode

from geo.errors import SourceError
from sources.adapter.public_address import PointsByAddress, PublicAddress
from sources.cleaning import clean
from sources.formats.json_strict import read_json
from sources.web.http import Policy, fetch

ENDPOINT = "https://nominatim.openstreetmap.org/search"
SECONDS_APART = 1.0
_EXACT = frozenset({"house", "building", "amenity", "office", "shop", "place", "healthcare", "house_number"})


def locate(
    addresses: Sequence[PublicAddress],
    policy: Policy,
    endpoint: str = "",
    clock: Callable[[], float] = time.monotonic,
    wait: Callable[[float], None] = time.sleep,
) -> Iterator[PointsByAddress]:
    """Yield what the service knows of the addresses, one by one, a second or more apart.

    A place counts where the answer is one house or place, in the ZIP code that was asked for. Tries are a second
    apart too.

    Raises
    ------
    SourceError
        It can't be asked, or its answer has another form.
    """
    patient = replace(policy, backoff_seconds=max(policy.backoff_seconds, SECONDS_APART))
    last = -SECONDS_APART
    for address in addresses:
        wait(max(0.0, last + SECONDS_APART - clock()))
        point = _one(address, patient, endpoint or ENDPOINT)
        last = clock()
        yield {address: point}


def _one(address: PublicAddress, policy: Policy, endpoint: str) -> tuple[float, float] | None:
    asked = {"street": address.street, "city": address.town, "postalcode": address.postal_code}
    settings = {"format": "jsonv2", "addressdetails": 1, "limit": 2, "countrycodes": "us"}
    document = read_json(fetch(f"{endpoint}?{urlencode(asked | settings)}", policy).content, "Nominatim")
    if not isinstance(document, list):
        raise SourceError("Nominatim answers with something that is no list; its form may have changed.")
    exact = [place for place in document if isinstance(place, dict) and _is_there(place, address)]
    if len(exact) != 1:
        return None
    lon, lat = clean.number(exact[0].get("lon")), clean.number(exact[0].get("lat"))
    return (lon, lat) if lon is not None and lat is not None else None


def _is_there(place: dict[str, Any], address: PublicAddress) -> bool:
    details = place.get("address")
    details = details if isinstance(details, dict) else {}
    code = str(details.get("postcode") or "")[:5]
    exact = bool(details.get("house_number")) or str(place.get("addresstype")) in _EXACT
    return exact and (not address.postal_code or code == address.postal_code)
