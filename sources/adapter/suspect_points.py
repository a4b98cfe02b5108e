"""Points that can't be exact, told from what else a feed says: many addresses on one point, or a ZIP code far away.

Such places are kept, but called approximate: which of the two is wrong, the point or the address, can't be told.
"""

import re
import tomllib
from collections import Counter
from functools import cache
from typing import Any

import numpy as np

from geo.tables import EXACT_PRECISIONS
from geo.units import KILOMETER, METERS_PER_DEGREE
from sources.cleaning.report import Notes
from sources.formats.embedded import embedded

STACKED_ADDRESSES = 5
"""So many different addresses on one very point mean a town's or county's center, not a building."""

FAR_KM, ALIKE_ROWS = 30.0, 4
"""A point farther than this from the middle of its ZIP code's places is doubted, if the feed has so many of them."""

_STATE_MARGIN_DEGREES = 0.3
_CODE = re.compile(r"(?<!\d)(\d{5})(?:-\d{4})?(?:,? *(?:USA?|United States))?\s*$")


def doubt_points(places: list[dict[str, Any]], notes: Notes) -> None:
    """Call points approximate, and note why, that other rows or their own addresses speak against.

    Parameters
    ----------
    places
        RESOURCES cells with `row`, the number of the feed's row; `location_precision` is changed in place.
    """
    _doubt_stacked(places, notes)
    _doubt_far_from_code(places, notes)


def postal_code(address: Any) -> str | None:
    """Return the five-digit ZIP code at the end of an address, if it has one."""
    match = _CODE.search(str(address or ""))
    return match[1] if match else None


def outside_state(code: str, lon: float, lat: float) -> str | None:
    """Return the state that a ZIP code belongs to if the point lies clearly outside it, else None.

    Five digits of a place outside the United States are no ZIP code, so they say nothing.
    """
    state, box = _states().get(code[:3], (None, None))
    if state is None or box is None or _holds(box, lon, lat):
        return None
    return state if any(_holds(other, lon, lat) for other in {box for _, box in _states().values()}) else None


def _holds(box: tuple[float, ...], lon: float, lat: float) -> bool:
    west, south, east, north = box
    margin = _STATE_MARGIN_DEGREES
    return west - margin <= lon <= east + margin and south - margin <= lat <= north + margin


def _doubt(place: dict[str, Any], code: str, reason: str, notes: Notes) -> None:
    place["location_precision"] = "approximate"
    notes.row = place["row"]
    notes.repaired(code, reason)


def _is_exact(place: dict[str, Any]) -> bool:
    return place["location_precision"] in EXACT_PRECISIONS and place.get("lon") is not None


def _doubt_stacked(places: list[dict[str, Any]], notes: Notes) -> None:
    addresses = Counter[tuple[float, float]]()
    for lon, lat, _address in {(p.get("lon"), p.get("lat"), p.get("address")) for p in places if p.get("address")}:
        if lon is not None and lat is not None:
            addresses[lon, lat] += 1
    for place in places:
        shared = addresses[place.get("lon"), place.get("lat")]  # type: ignore[index]
        if shared >= STACKED_ADDRESSES and _is_exact(place):
            _doubt(place, "stacked_point", f"{shared} addresses share its point, so it is called approximate.", notes)


def _doubt_far_from_code(places: list[dict[str, Any]], notes: Notes) -> None:
    by_code: dict[str, list[dict[str, Any]]] = {}
    for place in places:
        if _is_exact(place) and (code := postal_code(place.get("address"))):
            by_code.setdefault(code, []).append(place)
    for code, members in by_code.items():
        points = np.array([(place["lon"], place["lat"]) for place in members], dtype="float64")
        middle = np.median(points, axis=0)
        off = (points - middle) * (np.cos(np.radians(middle[1])), 1.0)
        km = np.hypot(off[:, 0], off[:, 1]) * METERS_PER_DEGREE / KILOMETER
        for place, apart in zip(members, km.tolist(), strict=True):
            state = outside_state(code, place["lon"], place["lat"])
            if state:
                _doubt(place, "far_from_its_code", f"Its ZIP code {code} is of {state}, its point is not.", notes)
            elif apart > FAR_KM and len(members) >= ALIKE_ROWS:
                reason = f"Its point lies {apart:.0f} km from the other places of its ZIP code {code}."
                _doubt(place, "far_from_its_code", reason, notes)


@cache
def _states() -> dict[str, tuple[str, tuple[float, ...]]]:
    """Return the first three digits of a ZIP code → its state and that state's extent."""
    table = tomllib.loads(embedded("mappings", "zip_states.toml").read_text(encoding="utf-8"))["states"]
    return {
        f"{prefix:03d}": (state, tuple(facts["box"]))
        for state, facts in table.items()
        for first, last in facts["prefixes"]
        for prefix in range(first, last + 1)
    }
