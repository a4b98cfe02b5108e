"""The list of regions, a TOML file: what each is built from, which areas are its own, and who its neighbors are."""

import datetime
from collections.abc import Mapping
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any

from geo.errors import InputError
from geo.toml_table import read_toml
from sources.cleaning.bounds import Bounds
from sources.formats.near import near
from sources.region.folders import region_folder
from sources.region.inputs import split_source

BEYOND_KM = 60.0
"""How far beyond a region's own box its streets reach, unless the list says otherwise: an hour by car or bus."""
_TEXTS = ("title", "osm", "elevation")
_LISTS = ("gtfs", "resources", "zones", "areas", "neighbors")


@dataclass(frozen=True)
class ListedRegion:
    """One region of a list; its files are absolute paths, those of `resources` may be `SOURCE=path`.

    `bounds` is its own box: of extracts that reach farther, what lies within the list's `beyond_km` of it is used.
    `areas` are the beginnings of the ids of its own areas, as 21117 for those of Kenton County; none: all are.
    `neighbors` are regions of the list whose files count here too.
    """

    name: str
    title: str | None = None
    osm: str | None = None
    elevation: str | None = None
    gtfs: tuple[str, ...] = ()
    resources: tuple[str, ...] = ()
    zones: tuple[str, ...] = ()
    date: datetime.date | None = None
    bounds: Bounds | None = None
    areas: tuple[str, ...] = ()
    neighbors: tuple[str, ...] = ()


@dataclass(frozen=True)
class RegionList:
    """Regions by name, in the order of their file."""

    path: Path
    beyond_km: float
    regions: Mapping[str, ListedRegion]


def read_region_list(path: Path) -> RegionList:
    """Return a list of regions; relative paths in it are those beside it.

    Raises
    ------
    InputError
        There is no such file, or something in it can't be used: the sentence names the region and the key.
    """
    try:
        document = read_toml(path)
    except FileNotFoundError:
        raise InputError(f"There is no list of regions at {path}; check the path.") from None
    except OSError as problem:
        raise InputError(f"The list {path} can't be read ({problem.strerror}); check its permissions.") from None
    except ValueError as problem:
        raise InputError(f"The list {path} is not readable TOML: {problem}.") from None
    _refuse_others(document, ("beyond_km", "regions"), path.name)
    beyond_km = document.get("beyond_km", BEYOND_KM)
    if isinstance(beyond_km, bool) or not isinstance(beyond_km, int | float) or not 0 <= beyond_km <= 300:
        raise InputError(f"{path.name}: beyond_km must be a number from 0 to 300, not {beyond_km!r}.")
    tables = document.get("regions")
    if not isinstance(tables, dict) or not tables:
        raise InputError(f"{path.name} lists no region; each is a table like [regions.kenton] with its files.")
    folder = path.absolute().parent
    regions = {name: _listed(name, table, folder, path.name) for name, table in tables.items()}
    for one in regions.values():
        for other in one.neighbors:
            if other not in regions or other == one.name:
                others = [name for name in regions if name != one.name]
                raise InputError(
                    f"{path.name}: the region {one.name} has {other!r} as a neighbor, which is no other region of the "
                    f"list. {near(other, others)}"
                )
    return RegionList(path.absolute(), float(beyond_km), regions)


def _listed(name: str, table: Any, folder: Path, where: str) -> ListedRegion:
    where = f"{where}, region {name}"
    region_folder(name)  # refuses what can't be a name
    if not isinstance(table, dict):
        raise InputError(f"{where}: expected a table with its files, not {table!r}.")
    _refuse_others(table, [one.name for one in fields(ListedRegion) if one.name != "name"], where)
    values: dict[str, Any] = {key: _text(table[key], f"{where}: {key}") for key in _TEXTS if key in table}
    values |= {key: _texts(table[key], f"{where}: {key}") for key in _LISTS if key in table}
    for key in ("osm", "elevation"):
        if key in values:
            values[key] = str(folder / values[key])
    for key in ("gtfs", "zones"):
        values[key] = tuple(str(folder / one) for one in values.get(key, ()))
    values["resources"] = tuple(_resource(one, folder) for one in values.get("resources", ()))
    if "date" in table:
        values["date"] = _date(table["date"], where)
    if "bounds" in table:
        values["bounds"] = _bounds(table["bounds"], where)
    return ListedRegion(name, **values)


def _refuse_others(table: Mapping[str, Any], known: Any, where: str) -> None:
    for key in table:
        if key not in known:
            raise InputError(f"{where}: {key!r} is no key of a list of regions. {near(key, known)}")


def _text(value: Any, where: str) -> str:
    if not isinstance(value, str) or not value.strip():
        raise InputError(f"{where} must be a text, not {value!r}.")
    return value


def _texts(value: Any, where: str) -> tuple[str, ...]:
    if not isinstance(value, list):
        raise InputError(f"{where} must be a list of texts, not {value!r}.")
    return tuple(_text(one, where) for one in value)


def _resource(text: str, folder: Path) -> str:
    source, path = (None, Path(text)) if (folder / text).exists() else split_source(text)
    return f"{source}={folder / path}" if source else str(folder / path)


def _date(value: Any, where: str) -> datetime.date:
    if isinstance(value, datetime.date) and not isinstance(value, datetime.datetime):
        return value
    try:
        return datetime.date.fromisoformat(value)
    except (TypeError, ValueError):
        raise InputError(f"{where}: date must be like 2026-11-25, not {value!r}.") from None


def _bounds(value: Any, where: str) -> Bounds:
    numbers = isinstance(value, list) and len(value) == 4 and not any(isinstance(one, bool) for one in value)
    if numbers and all(isinstance(one, int | float) for one in value):
        west, south, east, north = map(float, value)
        if -180 <= west < east <= 180 and -90 <= south < north <= 90:
            return Bounds(west, south, east, north)
    raise InputError(f"{where}: bounds must be [west, south, east, north] in degrees, not {value!r}.")
