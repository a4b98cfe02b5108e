"""What a person needs, without who they are.

`Needs` comes from a TOML file (`--needs`) or from a form; nothing in it names a person. An empty
`Needs()` is a person with no car, no special needs and no appointments.
"""

import re
import tomllib
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any

from geo.errors import NeedsError
from geo.tables import SECTORS

PROFILES = ("no-car", "bicycle", "car", "wheelchair")
MEDICATIONS = ("methadone", "buprenorphine", "naltrexone")
WAGES = ("low", "mid", "high")
DAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")


@dataclass(frozen=True)
class Shift:
    """A weekly work shift: weekday 0 = Monday, minutes after midnight; the end may pass midnight (over 1440)."""

    weekday: int
    start_minute: int
    end_minute: int


@dataclass(frozen=True)
class StayAway:
    """A disc to stay away from: WGS 84 centre and radius in metres."""

    lat: float
    lon: float
    metres: float


@dataclass(frozen=True)
class Needs:
    """A person's needs; every field has a default that asks for nothing."""

    profile: str = "no-car"
    walk_kph: float = 4.8
    bike_kph: float = 15.0
    max_walk_minutes: float = 20.0
    curfew_minute: int | None = None
    shifts: tuple[Shift, ...] = ()
    medications: tuple[str, ...] = ()
    fellowships: tuple[str, ...] = ()
    formats: tuple[str, ...] = ()
    languages: tuple[str, ...] = ()
    gender: str | None = None
    with_children: bool = False
    childcare: bool = False
    payment: tuple[str, ...] = ()
    wages: tuple[str, ...] = ()
    sectors: tuple[str, ...] = ()
    weekly_budget_usd: float | None = None
    required_level: str | None = None
    stay_away: tuple[StayAway, ...] = ()


def read_needs(path: Path) -> Needs:
    """Read a needs file (TOML).

    Raises
    ------
    NeedsError
        The file is missing or not TOML, or a key or value can't be used; the message names it.
    """
    try:
        document = tomllib.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise NeedsError(f"There is no needs file at {path}; check the path, or leave --needs out.") from None
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError, RecursionError) as problem:
        raise NeedsError(f"The needs file {path} is not readable TOML: {problem}.") from None
    return needs_from(document, str(path))


def needs_from(document: dict[str, Any], where: str = "the needs") -> Needs:
    """Make `Needs` from plain values, as TOML or a form gives them.

    Times are `"HH:MM"` text; shifts are tables with `days` (a list of names), `start` and `end`, where an
    end at or before `"12:00"` with `overnight = true` falls on the next day.

    Raises
    ------
    NeedsError
        Names the key, what was expected and what came.
    """
    known = {field.name for field in fields(Needs)} - {"curfew_minute"} | {"curfew"}
    for key in document:
        if key not in known:
            raise NeedsError(f"{where} has the unknown key {key!r}; known keys are {', '.join(sorted(known))}.")
    values: dict[str, Any] = {}
    for key, value in document.items():
        if key == "curfew":
            values["curfew_minute"] = clock_minute(value, f"{where}: curfew")
        elif key == "shifts":
            values[key] = tuple(shift for row in _list(value, key, where) for shift in _shifts(row, where))
        elif key == "stay_away":
            values[key] = tuple(_stay_away(row, where) for row in _list(value, key, where))
        elif key in _TEXTS:
            values[key] = _texts(value, key, where)
        elif key in _NUMBERS:
            values[key] = _number(value, key, where)
        elif key in _FLAGS:
            if not isinstance(value, bool):
                raise NeedsError(f"{where}: {key} must be true or false, not {value!r}.")
            values[key] = value
        else:
            values[key] = _choice(str(value), key, where)
    return Needs(**values)


def clock_minute(value: object, where: str) -> int:
    """Return the minutes after midnight of a clock time `"HH:MM"` from 00:00 to 24:00.

    Raises
    ------
    NeedsError
        The value is no clock time.
    """
    found = re.fullmatch(r"([01]?\d|2[0-4]):([0-5]\d)", value) if isinstance(value, str) else None
    minute = int(found[1]) * 60 + int(found[2]) if found else -1
    if not 0 <= minute <= 24 * 60:
        raise NeedsError(f"{where} must be a clock time like 22:30, not {value!r}.")
    return minute


_TEXTS: dict[str, tuple[str, ...]] = {
    "medications": MEDICATIONS,
    "fellowships": (),
    "formats": (),
    "languages": (),
    "payment": (),
    "wages": WAGES,
    "sectors": SECTORS,
}
_NUMBERS: dict[str, tuple[float, float]] = {
    "walk_kph": (0.5, 12),
    "bike_kph": (3, 45),
    "max_walk_minutes": (0, 120),
    "weekly_budget_usd": (0, 100_000),
}
_FLAGS = ("with_children", "childcare")
_CHOICES: dict[str, tuple[str, ...]] = {
    "profile": (*PROFILES, "suspended-licence"),
    "gender": ("women", "men", "nonbinary"),
    "required_level": ("1", "2", "3", "4"),
}


def _list(value: object, key: str, where: str) -> list[Any]:
    if not isinstance(value, list):
        raise NeedsError(f"{where}: {key} must be a list, not {value!r}.")
    return value


def _texts(value: object, key: str, where: str) -> tuple[str, ...]:
    allowed = _TEXTS[key]
    for item in _list(value, key, where):
        if not isinstance(item, str) or (allowed and item not in allowed):
            hint = f"one of {', '.join(allowed)}" if allowed else "text"
            raise NeedsError(f"{where}: {key} must hold {hint}, not {item!r}.")
    return tuple(value)  # type: ignore[arg-type]


def _number(value: object, key: str, where: str) -> float:
    low, high = _NUMBERS[key]
    if isinstance(value, bool) or not isinstance(value, int | float) or not low <= value <= high:
        raise NeedsError(f"{where}: {key} must be a number from {low:g} to {high:g}, not {value!r}.")
    return float(value)


def _choice(value: str, key: str, where: str) -> str:
    if value not in _CHOICES[key]:
        raise NeedsError(f"{where}: {key} must be one of {', '.join(_CHOICES[key])}, not {value!r}.")
    return "no-car" if value == "suspended-licence" else value


def _shifts(row: object, where: str) -> list[Shift]:
    if not isinstance(row, dict) or not {"days", "start", "end"} <= set(row) <= {"days", "start", "end", "overnight"}:
        raise NeedsError(f"{where}: a shift needs days, start and end (and may say overnight), not {row!r}.")
    start = clock_minute(row["start"], f"{where}: a shift's start")
    end = clock_minute(row["end"], f"{where}: a shift's end")
    if row.get("overnight"):
        end += 24 * 60
    if end <= start:
        raise NeedsError(
            f"{where}: a shift ends ({row['end']}) before it starts ({row['start']}); "
            "for one that passes midnight, say overnight = true."
        )
    days = _list(row["days"], "a shift's days", where)
    unknown = [day for day in days if day not in DAYS]
    if unknown:
        raise NeedsError(f"{where}: a shift's days must be names like monday, not {unknown[0]!r}.")
    return [Shift(DAYS.index(day), start, end) for day in days]


def _stay_away(row: object, where: str) -> StayAway:
    if not isinstance(row, dict) or set(row) != {"lat", "lon", "metres"}:
        raise NeedsError(f"{where}: a place to stay away from needs lat, lon and metres, not {row!r}.")
    try:
        disc = StayAway(float(row["lat"]), float(row["lon"]), float(row["metres"]))
    except (TypeError, ValueError):
        raise NeedsError(f"{where}: stay_away needs numbers, not {row!r}.") from None
    if not (abs(disc.lat) <= 90 and abs(disc.lon) <= 180 and 0 < disc.metres <= 50_000):
        raise NeedsError(f"{where}: stay_away {row!r} is not a place on Earth with a radius up to 50 km.")
    return disc
