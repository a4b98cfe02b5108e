"""What a person needs, without who they are.

`Needs` comes from a TOML file (`--needs`) or from a form; nothing in it names a person. An empty
`Needs()` is a person with no car, no special needs and no appointments. Its keys are declared in
`geo/needs/fields.py`.
"""

import math
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from geo.clock import DAY, DAYS, clock_minute
from geo.errors import InputError, NeedsError
from geo.needs.curfew import Curfew, read_curfew
from geo.needs.fields import AROUND, BY_NAME, MEDICATIONS, NEEDS, PROFILES, WAGES
from geo.toml_table import parse_toml

__all__ = ["MEDICATIONS", "NEEDS", "PROFILES", "WAGES", "Needs", "needs_from", "read_needs"]


MOST_BYTES = 100_000
"""Of a needs file; that of a person with a full week has about 3,000."""
MOST_AREAS, MOST_CORNERS = 50, 500
"""Areas to stay away from, and corners of one: every street is held against each."""
METERS_A_DEGREE = 111_700.0
"""Of latitude, at most."""


@dataclass(frozen=True)
class Shift:
    """A weekly work shift: weekday 0 = Monday, minutes after midnight; the end may pass midnight (over 1440)."""

    weekday: int
    start_minute: int
    end_minute: int


@dataclass(frozen=True)
class StayAway:
    """An area to stay away from: a disc, WGS 84 center and radius in meters; or a polygon.

    `outline`: the polygon's corners as (lat, lon); the disc is then one that holds it.
    """

    lat: float
    lon: float
    meters: float
    outline: tuple[tuple[float, float], ...] = ()


@dataclass(frozen=True)
class SavedPlace:
    """A place the person goes to, with the name they give it ("court"); WGS 84."""

    name: str
    lat: float
    lon: float


@dataclass(frozen=True)
class Appointment:
    """A weekly appointment: weekday 0 = Monday, minutes after midnight, and where it is."""

    weekday: int
    start_minute: int
    end_minute: int
    place: SavedPlace


@dataclass(frozen=True)
class Needs:
    """A person's needs; every field has a default that asks for nothing.

    Only the week plan (`geo.plan`) asks for `work_place` (where the shifts are), `appointments`, `meetings_per_week`
    (None = one a day if there is one), and the dose of methadone: `doses_per_week` or the weekdays `dose_days`, at
    the program between the minutes `dose_window`. `saved_places` are places that appointments may name.
    """

    profile: str = "no-car"
    walk_kph: float = 4.8
    bike_kph: float = 15.0
    max_walk_minutes: float = 20.0
    curfew: Curfew | None = None
    shifts: tuple[Shift, ...] = ()
    medications: tuple[str, ...] = ()
    fellowships: tuple[str, ...] = ()
    formats: tuple[str, ...] = ()
    languages: tuple[str, ...] = ()
    gender: str | None = None
    age: int | None = None
    with_children: bool = False
    childcare: bool = False
    payment: tuple[str, ...] = ()
    wages: tuple[str, ...] = ()
    sectors: tuple[str, ...] = ()
    weekly_budget_usd: float | None = None
    required_level: str | None = None
    house_model: tuple[str, ...] = ()
    least_stay_days: int | None = None
    stay_away: tuple[StayAway, ...] = ()
    stay_away_trips: str = AROUND
    work_place: SavedPlace | None = None
    appointments: tuple[Appointment, ...] = ()
    meetings_per_week: int | None = None
    doses_per_week: int | None = None
    dose_days: tuple[int, ...] = ()
    dose_window: tuple[int, int] | None = None
    saved_places: tuple[SavedPlace, ...] = ()


def read_needs(path: Path | str) -> Needs:
    """Read a needs file (TOML).

    Raises
    ------
    NeedsError
        The file is missing, too large or not TOML, or a key or value can't be used; the message names it.

    Examples
    --------
    >>> read_needs("nowhere.toml")
    Traceback (most recent call last):
    geo.errors.NeedsError: There is no needs file at nowhere.toml; check the path, or leave --needs out.
    """
    try:
        with Path(path).open("rb") as file:
            content = file.read(MOST_BYTES + 1)
    except FileNotFoundError:
        raise NeedsError(f"There is no needs file at {path}; check the path, or leave --needs out.") from None
    except OSError as problem:
        raise NeedsError(f"The needs file {path} is not readable TOML: {problem}.") from None
    return needs_from_toml(content, str(path))


def needs_from_toml(content: bytes, where: str = "the needs file") -> Needs:
    """Read the content of a needs file.

    Raises
    ------
    NeedsError
        It is too large or not TOML in UTF-8, or a key or value can't be used; the message names it.
    """
    try:
        document = parse_toml(content, MOST_BYTES)
    except InputError as problem:
        raise _bad(where, "The needs file {where} is not readable TOML: {problem}.", problem=problem) from None
    return needs_from(document, where)


def needs_from(document: dict[str, Any], where: str = "the needs") -> Needs:
    """Make `Needs` from plain values, as TOML or a form gives them.

    Times are `"HH:MM"` text; shifts are tables with `days` (a list of names), `start` and `end`, where an
    end with `overnight = true` falls on the next day. `work_place` is a table with `lat` and `lon`; `saved_places` are
    tables with `name`, `lat`, `lon`; `appointments` are tables with `day`, `start`, `end`, and either `name`, `lat`,
    `lon` or the name of a saved `place`. `dose_days` are names of days, `dose_window` is `"HH:MM-HH:MM"`. `curfew` is a
    time, or a table as `geo.needs.curfew` says.

    Raises
    ------
    NeedsError
        Names the key, what was expected and what came.
    """
    if not isinstance(document, dict):
        raise _bad(where, "{where} must be a table of keys and values, not {value!r}.", value=document)
    known = {need.name for need in NEEDS}
    for key in document:
        if key not in known:
            raise _bad(
                where, "{where} has the unknown key {key!r}; known keys are {known}.",
                key=key, known=", ".join(sorted(known)),
            )  # fmt: skip
    readers = _readers(tuple(_rows(_saved_place, document.get("saved_places", []), "saved_places", where)))
    values = {key: readers[key](value, key, where) for key, value in document.items() if key != "curfew"}
    if "doses_per_week" in values and "dose_days" in values:
        raise _bad(where, "{where}: give doses_per_week or dose_days, not both.")
    if "curfew" in document:
        places = (*values.get("saved_places", ()), *(visit.place for visit in values.get("appointments", ())))
        values["curfew"] = read_curfew(document["curfew"], {place.name for place in places}, where)
    return Needs(**values)


def _bad(where: str, sentence: str, **values: object) -> NeedsError:
    """Return the error that says what can't be used; `screens/catalogue/refusals.py` holds each sentence."""
    return NeedsError(sentence, where=where, **values)


def _readers(saved: tuple[SavedPlace, ...]) -> dict[str, Callable[[object, str, str], Any]]:
    """Return for each key the function that reads its value."""
    own: dict[str, Callable[[object, str, str], Any]] = {
        "shifts": lambda value, key, where: tuple(s for row in _rows(_shifts, value, key, where) for s in row),
        "stay_away": _areas,
        "saved_places": lambda value, key, where: tuple(_rows(_saved_place, value, key, where)),
        "work_place": lambda value, key, where: _place(value, key, "work", where),
        "appointments": lambda value, key, where: tuple(
            _rows(lambda row, place: _appointment(row, saved, place), value, key, where)
        ),
        "dose_days": lambda value, key, where: tuple(
            sorted({_weekday(day, key, where) for day in _list(value, key, where)})
        ),
        "dose_window": lambda value, key, where: _clock_window(value, f"{where}: {key}"),
    }
    kinds = {"choice": _choice, "texts": _texts, "number": _number, "count": _count, "flag": _flag}
    return own | {need.name: kinds[need.kind] for need in NEEDS if need.kind in kinds}


def _rows(read: Callable[[object, str], Any], value: object, key: str, where: str) -> list[Any]:
    return [read(row, where) for row in _list(value, key, where)]


def _list(value: object, key: str, where: str) -> list[Any]:
    if not isinstance(value, list):
        raise _bad(where, "{where}: {key} must be a list, not {value!r}.", key=key, value=value)
    return value


def _texts(value: object, key: str, where: str) -> tuple[str, ...]:
    allowed = BY_NAME[key].allowed
    for item in _list(value, key, where):
        if not isinstance(item, str) or (allowed and item not in allowed):
            if not allowed:
                raise _bad(where, "{where}: {key} must hold text, not {value!r}.", key=key, value=item)
            raise _bad(
                where, "{where}: {key} must hold one of {allowed}, not {value!r}.",
                key=key, allowed=", ".join(allowed), value=item,
            )  # fmt: skip
    return tuple(value)  # type: ignore[arg-type]


def _number(value: object, key: str, where: str) -> float:
    low, high = BY_NAME[key].minimum, BY_NAME[key].maximum
    if isinstance(value, bool) or not isinstance(value, int | float) or not low <= value <= high:
        raise _bad(
            where, "{where}: {key} must be a number from {low:g} to {high:g}, not {value!r}.",
            key=key, low=low, high=high, value=value,
        )  # fmt: skip
    return float(value)


def _flag(value: object, key: str, where: str) -> bool:
    if not isinstance(value, bool):
        raise _bad(where, "{where}: {key} must be true or false, not {value!r}.", key=key, value=value)
    return value


def _choice(value: object, key: str, where: str) -> str:
    value = str(value) if type(value) is int else value  # a level may be written 3 or "3"
    value = "suspended-license" if value == "suspended-licence" else value  # as before 0.2.0; codespell:ignore
    allowed = BY_NAME[key].allowed
    if not isinstance(value, str) or value not in allowed:
        raise _bad(
            where, "{where}: {key} must be one of {allowed}, not {value!r}.",
            key=key, allowed=", ".join(allowed), value=value,
        )  # fmt: skip
    return "no-car" if value == "suspended-license" else value


def _count(value: object, key: str, where: str) -> int:
    low, high = int(BY_NAME[key].minimum), int(BY_NAME[key].maximum)
    if isinstance(value, bool) or not isinstance(value, int) or not low <= value <= high:
        raise _bad(
            where, "{where}: {key} must be a whole number from {low} to {high}, not {value!r}.",
            key=key, low=low, high=high, value=value,
        )  # fmt: skip
    return value


def _weekday(value: object, what: str, where: str) -> int:
    if not isinstance(value, str) or value not in DAYS:
        raise _bad(where, "{where}: {key} must be names like monday, not {value!r}.", key=what, value=value)
    return DAYS.index(value)


def _clock_window(value: object, where: str) -> tuple[int, int]:
    first, _, last = value.partition("-") if isinstance(value, str) else ("", "", "")
    if not last:
        raise _bad(where, "{where} must be two clock times like 06:00-10:00, not {value!r}.", value=value)
    start, end = clock_minute(first.strip(), f"{where}: the start"), clock_minute(last.strip(), f"{where}: the end")
    if end <= start:
        raise _bad(where, "{where} must end after it starts, not {value!r}.", value=value)
    return start, end


def _shifts(row: object, where: str) -> list[Shift]:
    if not isinstance(row, dict) or not {"days", "start", "end"} <= set(row) <= {"days", "start", "end", "overnight"}:
        raise _bad(
            where, "{where}: a shift needs days, start and end (and may say overnight), not {value!r}.",
            value=row,
        )  # fmt: skip
    overnight = _flag(row.get("overnight", False), "a shift's overnight", where)
    start = clock_minute(row["start"], f"{where}: a shift's start")
    end = clock_minute(row["end"], f"{where}: a shift's end") + (DAY if overnight else 0)
    if end <= start:
        raise _bad(
            where, "{where}: a shift ends ({end}) before it starts ({start}); for one that passes midnight, say "
            "overnight = true.",
            start=row["start"], end=row["end"],
        )  # fmt: skip
    if end - start >= DAY:
        raise _bad(
            where, "{where}: a shift from {start} to {end} of the next day is a day long or more; leave overnight out.",
            start=row["start"], end=row["end"],
        )  # fmt: skip
    days = _list(row["days"], "a shift's days", where)
    return [Shift(_weekday(day, "a shift's days", where), start, end) for day in days]


def _appointment(row: object, saved: tuple[SavedPlace, ...], where: str) -> Appointment:
    when = {"day", "start", "end"}
    if not isinstance(row, dict) or set(row) not in ({*when, "name", "lat", "lon"}, {*when, "place"}):
        raise _bad(
            where, "{where}: an appointment needs day, start, end, and name, lat and lon or a saved place's "
            "name as place, not {value!r}.",
            value=row,
        )  # fmt: skip
    weekday = _weekday(row["day"], "an appointment's day", where)
    start, end = (clock_minute(row[key], f"{where}: an appointment's {key}") for key in ("start", "end"))
    if end <= start:
        raise _bad(
            where, "{where}: an appointment ends ({end}) before it starts ({start}).",
            start=row["start"], end=row["end"],
        )  # fmt: skip
    if "place" not in row:
        return Appointment(weekday, start, end, _saved_place({key: row[key] for key in ("name", "lat", "lon")}, where))
    for place in saved:
        if place.name == row["place"]:
            return Appointment(weekday, start, end, place)
    raise _bad(where, "{where}: an appointment is at {place!r}, which is not among saved_places.", place=row["place"])


def _saved_place(row: object, where: str) -> SavedPlace:
    if not isinstance(row, dict) or set(row) != {"name", "lat", "lon"}:
        raise _bad(where, "{where}: a saved place needs name, lat and lon, not {value!r}.", value=row)
    name = row["name"]
    if not isinstance(name, str) or not name.strip():
        raise _bad(where, "{where}: a saved place's name must be text, not {value!r}.", value=name)
    return _place({"lat": row["lat"], "lon": row["lon"]}, repr(name), name.strip(), where)


def _place(row: object, what: str, name: str, where: str) -> SavedPlace:
    if not isinstance(row, dict) or set(row) != {"lat", "lon"}:
        raise _bad(where, "{where}: {key} needs lat and lon, not {value!r}.", key=what, value=row)
    lat, lon = (_real(row[key], f"{where}: {what}: {key}") for key in ("lat", "lon"))
    if not (abs(lat) <= 90 and abs(lon) <= 180):
        raise _bad(where, "{where}: {key} is no place on Earth: lat {lat:g}, lon {lon:g}.", key=what, lat=lat, lon=lon)
    return SavedPlace(name, lat, lon)


def _areas(value: object, key: str, where: str) -> tuple[StayAway, ...]:
    rows = _list(value, key, where)
    if len(rows) > MOST_AREAS:
        raise _bad(
            where, "{where}: {key} has {count} areas, and {most} are the most; put some together into one polygon.",
            key=key, count=len(rows), most=MOST_AREAS,
        )  # fmt: skip
    return tuple(_stay_away(row, where) for row in rows)


def _stay_away(row: object, where: str) -> StayAway:
    if isinstance(row, dict) and set(row) == {"polygon"}:
        return _polygon(row["polygon"], where)
    if isinstance(row, dict) and "metres" in row and "meters" not in row:  # as before 0.2.0; codespell:ignore
        row = {"meters" if key == "metres" else key: value for key, value in row.items()}  # codespell:ignore
    if not isinstance(row, dict) or set(row) != {"lat", "lon", "meters"}:
        raise _bad(
            where, "{where}: a place to stay away from needs lat, lon and meters, or a polygon of [lat, lon] "
            "corners, not {value!r}.",
            value=row,
        )  # fmt: skip
    lat, lon, meters = (_real(row[key], f"{where}: stay_away: {key}") for key in ("lat", "lon", "meters"))
    disc = StayAway(lat, lon, meters)
    if not (abs(disc.lat) <= 90 and abs(disc.lon) <= 180 and 0 < disc.meters <= 50_000):
        raise _bad(where, "{where}: stay_away {value!r} is not a place on Earth with a radius up to 50 km.", value=row)
    return disc


def _polygon(corners: object, where: str) -> StayAway:
    """Return the area within at least three corners, and the disc around their middle that holds it."""
    import shapely

    what = f"{where}: stay_away: a corner"
    if not isinstance(corners, list) or not all(isinstance(one, list) and len(one) == 2 for one in corners):
        raise _bad(
            where, "{where}: a polygon to stay away from needs a list of corners [lat, lon], not {value!r}.",
            value=corners,
        )  # fmt: skip
    if len(corners) > MOST_CORNERS:
        raise _bad(
            where, "{where}: a polygon to stay away from has {count} corners, and {most} are the most; leave some out.",
            count=len(corners), most=MOST_CORNERS,
        )  # fmt: skip
    outline = [(_real(one[0], what), _real(one[1], what)) for one in corners]
    if len(set(outline)) < 3:
        raise _bad(
            where, "{where}: a polygon to stay away from needs three corners or more, not {value!r}.",
            value=corners,
        )  # fmt: skip
    if any(abs(lat) > 90 or abs(lon) > 180 for lat, lon in outline):
        raise _bad(
            where, "{where}: a polygon to stay away from has a corner that is no place on Earth: {value!r}.",
            value=corners,
        )  # fmt: skip
    if not shapely.Polygon(outline).is_valid:
        raise _bad(
            where, "{where}: a polygon to stay away from crosses itself, or has no ground within it; give its corners "
            "in order around it, not {value!r}.",
            value=corners,
        )  # fmt: skip
    lat, lon = (sum(one[axis] for one in outline) / len(outline) for axis in (0, 1))
    wide = math.cos(math.radians(lat))
    meters = max(math.hypot(one[0] - lat, (one[1] - lon) * wide) for one in outline) * METERS_A_DEGREE
    if not 0 < meters <= 50_000:
        raise _bad(
            where, "{where}: a polygon to stay away from must lie within 50 km of its middle, not {value!r}.",
            value=corners,
        )  # fmt: skip
    return StayAway(lat, lon, float(math.ceil(meters)), tuple(outline))


def _real(value: object, where: str) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float) or not abs(value) < 1e9 or math.isnan(value):
        raise _bad(where, "{where} must be a number, not {value!r}.", value=value)
    return float(value)
