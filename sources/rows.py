"""The loop that every feed of resources runs through: a row in, a place and its sessions out, or the reason why not."""

import re
from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import pandas as pd

from geo.tables import CATEGORIES, RESOURCES, SESSIONS, conform
from sources import clean
from sources.report import Notes, Parsed, SetAside
from sources.source import ParseContext

_UNIT = re.compile(r"(?i)[,\s]+(?:#|(?:ste|suite|unit|apt|fl|floor|rm|room|bldg|building|dept)\b)\.?\s*[\w-]*\s*$")
STACKED_ADDRESSES = 5
"""So many different addresses on one very point mean a town's or county's centre, not a building."""


@dataclass(frozen=True)
class Place:
    """A row that can be used: RESOURCES columns without `source`, `dimension` and dates, and weekly sessions.

    `cells["resource_id"]` is the feed's own id; sessions are (weekday, start, end) in minutes, 0 = Monday. `also`
    are further categories that the place belongs to: each becomes a row of its own.
    """

    cells: dict[str, Any]
    sessions: tuple[tuple[int, int, int], ...] = ()
    time_zone: str | None = None
    also: tuple[str, ...] = ()


def read_rows(
    source: str,
    rows: Iterable[Any],
    read: Callable[[Any, Notes], Place],
    context: ParseContext,
    notes: Notes | None = None,
) -> Parsed:
    """Return the tables `resources` and `sessions` of all rows that `read` can use, and what became of the others.

    Rows that repeat an id and everything else are set aside as duplicates; a repeated id on a row that
    differs gets a number behind it, so that nothing is lost.
    """
    source = context.source or source
    notes = notes or Notes(source)
    places: list[dict[str, Any]] = []
    sessions: list[dict[str, Any]] = []
    seen: dict[str, list[Place]] = {}
    rows_in = extra = 0
    for rows_in, row in enumerate(rows, 1):
        notes.row = str(rows_in)
        try:
            place = read(_record(row), notes)
            own_id = _own_id(place, rows_in, seen)
        except SetAside as problem:
            notes.set_aside(problem)
            continue
        resource_id = f"{source}:{own_id}"
        places.append({**place.cells, "resource_id": resource_id, "row": notes.row})
        for category in place.also:
            more = {"resource_id": f"{resource_id}/{category}", "category": category, "row": notes.row}
            places.append(place.cells | more)
            extra += 1
        for weekday, start, end in place.sessions:
            sessions.append(
                {
                    "resource_id": resource_id,
                    "weekday": weekday,
                    "start_minute": start,
                    "end_minute": end,
                    "time_zone": place.time_zone or context.time_zone,
                }
            )
    _doubt_stacked_points(places, notes)
    frame = pd.DataFrame(places, index=range(len(places)))
    frame["source"] = source
    frame["dimension"] = frame["category"].map(CATEGORIES) if places else pd.Series(dtype="string")
    if "retrieved_on" not in frame:
        frame["retrieved_on"] = context.retrieved_on
    tables = {
        "resources": conform(frame, RESOURCES),
        "sessions": conform(pd.DataFrame(sessions, index=range(len(sessions))), SESSIONS),
    }
    return Parsed(tables, notes.table(), rows_in, extra)


def located(street: str, town: str, code: str, context: ParseContext, notes: Notes) -> tuple[float, float]:
    """Return the (lon, lat) of an address whose feed gives none, where the region leaves no doubt about it.

    Raises
    ------
    SetAside
        There is no region to look it up in (`needs_geocoding`), or it isn't known there (`not_located`).
    """
    if context.locate is None:
        raise SetAside("needs_geocoding", "It has no coordinates, and there is no region to look its address up in.")
    point = context.locate(_UNIT.sub("", street), town, code)
    if point is None:
        raise SetAside("not_located", "The region knows no place for its address.")
    return clean.point(point[1], point[0], context.bounds, notes)


def known_time_zone(value: Any, notes: Notes) -> str | None:
    """Return the name of an IANA time zone; None, noted, where it isn't one."""
    name = clean.text(value, 60)
    if name is None:
        return None
    try:
        return ZoneInfo(name).key
    except (ZoneInfoNotFoundError, ValueError, OSError):
        notes.repaired("bad_time_zone", f"Its time zone {name!r} is not known; the region's is used.")
        return None


def _record(row: Any) -> dict[str, Any]:
    if not isinstance(row, dict):
        raise SetAside("not_an_object", "It is no record with named fields.")
    return row


def _own_id(place: Place, number: int, seen: dict[str, list[Place]]) -> str:
    """Return an id that no earlier row has, and remember the row under it."""
    own_id = str(place.cells.get("resource_id") or number)
    earlier = seen.setdefault(own_id, [])
    if place in earlier:
        raise SetAside("duplicate", f"It repeats the row with the id {own_id[:80]!r} word for word.")
    earlier.append(place)
    return own_id if len(earlier) == 1 else f"{own_id}#{len(earlier)}"


def _doubt_stacked_points(places: list[dict[str, Any]], notes: Notes) -> None:
    """Call points approximate on which places with many different addresses lie."""
    addresses = Counter[tuple[float, float]]()
    for lon, lat, _address in {(p.get("lon"), p.get("lat"), p.get("address")) for p in places if p.get("address")}:
        if lon is not None and lat is not None:
            addresses[lon, lat] += 1
    for place in places:
        shared = addresses[place.get("lon"), place.get("lat")]  # type: ignore[index]
        if shared >= STACKED_ADDRESSES and place["location_precision"] in ("rooftop", "street"):
            place["location_precision"] = "approximate"
            notes.row = place["row"]
            notes.repaired("stacked_point", f"{shared} addresses share its point, so it is called approximate.")
