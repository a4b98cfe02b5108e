"""Needs written as the file that they can be read from again."""

from collections.abc import Callable
from typing import Any

from geo.clock import DAY, DAYS, minutes_text
from geo.needs.curfew import curfew_document
from geo.needs.needs import NEEDS, Appointment, Needs, SavedPlace, Shift, StayAway


def needs_document(needs: Needs) -> dict[str, Any]:
    """Return needs as plain values, of which `needs_from` makes the same needs; what asks for nothing is left out."""
    usual, document = Needs(), {}
    for need in NEEDS:
        value = getattr(needs, need.name)
        if value != getattr(usual, need.name):
            document[need.name] = _WRITERS.get(need.kind, _plain)(value)
    return document


def needs_toml(needs: Needs) -> str:
    """Return needs as the text of a needs file, which `read_needs` reads back as the same needs."""
    import tomli_w

    return tomli_w.dumps(needs_document(needs))


def _plain(value: Any) -> Any:
    return list(value) if isinstance(value, tuple) else value


def _shifts(shifts: tuple[Shift, ...]) -> list[dict[str, Any]]:
    """Return one table for all days of the same hours."""
    hours: dict[tuple[int, int], list[str]] = {}
    for shift in shifts:
        hours.setdefault((shift.start_minute, shift.end_minute), []).append(DAYS[shift.weekday])
    rows = []
    for (start, end), days in hours.items():
        overnight = end > DAY
        row = {"days": days, "start": minutes_text(start), "end": minutes_text(end - DAY if overnight else end)}
        rows.append(row | ({"overnight": True} if overnight else {}))
    return rows


def _spot(place: SavedPlace | StayAway) -> dict[str, Any]:
    return {"lat": place.lat, "lon": place.lon}


def _area(area: StayAway) -> dict[str, Any]:
    if area.outline:
        return {"polygon": [list(corner) for corner in area.outline]}
    return _spot(area) | {"meters": area.meters}


def _named(place: SavedPlace) -> dict[str, Any]:
    return {"name": place.name} | _spot(place)


def _appointment(one: Appointment) -> dict[str, Any]:
    when = {"day": DAYS[one.weekday], "start": minutes_text(one.start_minute), "end": minutes_text(one.end_minute)}
    return when | _named(one.place)


_WRITERS: dict[str, Callable[[Any], Any]] = {
    "curfew": curfew_document,
    "window": lambda window: f"{minutes_text(window[0])}-{minutes_text(window[1])}",
    "days": lambda days: [DAYS[day] for day in days],
    "shifts": _shifts,
    "place": _spot,
    "places": lambda places: [_named(place) for place in places],
    "areas": lambda areas: [_area(area) for area in areas],
    "appointments": lambda appointments: [_appointment(one) for one in appointments],
}
