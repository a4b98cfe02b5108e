"""New bus lines: stops, and trips between them along the streets, written into a timetable's tables."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from geo.clock import minutes_text
from geo.crs import line_meters
from geo.dates import weekdays_of
from geo.errors import InputError
from geo.phrases import Phrase
from geo.plurals import Plural
from geo.scenarios.changes import LineAdded
from geo.scenarios.feed_edits import joined, stops_called, with_service
from geo.scenarios.places import SOURCE
from geo.scenarios.routes import MOST_TRIPS
from geo.streets.build import Streets
from geo.streets.path_lines import street_path
from geo.streets.snapping import attach, subset, too_far
from geo.timetables.feed_tables import FeedTables
from geo.units import MINUTE

TO_STREET_METERS = 200.0
_SAME_METERS = 1.0
_MOST_SECONDS = 4 * 3600.0
_DETOUR, _DETOUR_METERS = 3.0, 500.0
"""A way along streets that is longer than so many times the straight line, and so much more, is no line as drawn."""
_TRIPS = Plural("{count} trip", "{count} trips")
_STEP_FREE = 1

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]


@dataclass(frozen=True)
class _Way:
    """One direction of a line: positions of its stops, seconds after the first departure, and its way on the ground."""

    stops: Ints
    arrival: Ints
    departure: Ints
    lon: Floats
    lat: Floats


def add_line(streets: Streets, tables: FeedTables, change: LineAdded, time_zone: str) -> tuple[FeedTables, str]:
    """Return the tables with a line more, in both directions, and what it does in a sentence.

    Vehicles drive the fastest way along streets at the line's own speed, on each day of the timetables that is one of
    the line's. Vehicles and new stops are step-free, as new ones must be in the United States (49 CFR 37).

    Raises
    ------
    InputError
        There is no such stop (names like it are offered), a route has the name already, or no street leads from a stop
        to the next without a long way round.
    OutsideRegionError
        A stop is too far from any street that a bus may take.
    """
    if (tables.trips["route"] == change.name).any():
        raise InputError("There is a route {route!r} already; give the new line another name.", route=change.name)
    tables = _with_feed(tables, time_zone)
    tables, stops = place_stops(streets, tables, change.stops, change.name)
    lon, lat = (tables.stops[axis].to_numpy(np.float64)[stops] for axis in ("lon", "lat"))
    for number in range(len(stops) - 1):
        if line_meters(lon[number : number + 2], lat[number : number + 2], streets.crs) < _SAME_METERS:
            names = tables.stops["name"].to_numpy(str)[stops]
            raise InputError(
                "Line {line}: {one} and {other} are at one place; give stops that are apart.",
                line=change.name, one=str(names[number]), other=str(names[number + 1]),
            )  # fmt: skip
    ways = [_way(streets, tables.stops, order, change) for order in (stops, stops[::-1])]
    starts = np.arange(change.start * MINUTE, change.end * MINUTE + 1, round(change.headway_minutes * MINUTE))
    if 2 * len(starts) > MOST_TRIPS:
        raise InputError(
            "Line {line} would have {number:,} trips; ask for fewer.", line=change.name, number=2 * len(starts)
        )
    service = f"{SOURCE}:{change.name}"
    every = np.arange(tables.feeds["first_day"].min(), tables.feeds["last_day"].max() + 1)
    tables = with_service(tables, service, SOURCE, every[np.isin(weekdays_of(every), change.days)].tolist())
    for number, way in enumerate(ways):
        tables = _with_trips(tables, change.name, service, number, way, starts)
    minutes = ways[0].arrival[-1] / MINUTE
    latest = minutes_text(float(starts[-1]) / MINUTE)
    return tables, (
        f"Line {change.name}: {_TRIPS.format(count=2 * len(starts))} between {len(stops)} stops, {minutes:.0f} minutes "
        f"from end to end, the last at {latest}."
    )


def _with_feed(tables: FeedTables, time_zone: str) -> FeedTables:
    """Return the tables with a timetable of the scenario's own, valid as long as the others are."""
    if (tables.feeds["feed"] == SOURCE).any():
        return tables
    first, last = tables.feeds["first_day"].min(), tables.feeds["last_day"].max()
    own = pd.DataFrame({"feed": [SOURCE], "time_zone": [time_zone], "first_day": [first], "last_day": [last]})
    return replace(tables, feeds=joined(tables.feeds, own))


def place_stops(
    streets: Streets, tables: FeedTables, stops: Sequence[tuple[float, float] | str], of: str | Phrase
) -> tuple[FeedTables, Ints]:
    """Return the tables with new stops where points are, and the positions of these and of those named.

    Parameters
    ----------
    of
        Whose stops they are, for the names of new ones.

    Raises
    ------
    InputError, OutsideRegionError
        There is no stop of a name; a point is over 200 m from any street on which one can walk to it.
    """
    numbers, rows = list[int](), list[dict[str, Any]]()
    before = int(tables.stops["stop_id"].str.startswith(f"{SOURCE}:{of}, stop ").sum())
    for number, stop in enumerate(stops, 1):
        if isinstance(stop, str):
            numbers.append(_stop_meant(tables.stops, stop))
            continue
        numbers.append(len(tables.stops) + len(rows))
        called = Phrase("{of}, stop {number}", of=of, number=before + number)
        name, (lon, lat) = str(called), stop
        if attach(streets, [lon], [lat], "walk", TO_STREET_METERS).link[0] < 0:
            raise too_far(streets, lon, lat, called, "walk", TO_STREET_METERS)
        rows.append(
            {"stop_id": f"{SOURCE}:{name}", "name": name, "lon": lon, "lat": lat, "station": "", "wheelchair": 1}
        )
    new = pd.DataFrame(rows, columns=tables.stops.columns)
    return replace(tables, stops=joined(tables.stops, new)), np.array(numbers, np.int64)


def _stop_meant(stops: pd.DataFrame, text: str) -> int:
    """Return the position of the stop that a text means: its id, or its name where only one has it."""
    rows = stops_called(stops, text)
    of_id = rows[(stops["stop_id"].iloc[rows] == text).to_numpy()]
    rows = of_id if len(of_id) else rows
    if len(rows) > 1:
        like = ", ".join(stops["stop_id"].iloc[rows[:5]])
        raise InputError(
            "{number} stops are called {stop!r}; name the one that is meant by its id: {ids}.",
            number=len(rows), stop=text, ids=like,
        )  # fmt: skip
    return int(rows[0])


def _way(streets: Streets, stops: pd.DataFrame, order: Ints, change: LineAdded) -> _Way:
    """Return one direction of the line."""
    lon, lat = (stops[axis].to_numpy(np.float64)[order] for axis in ("lon", "lat"))
    names = stops["name"].to_numpy(str)[order]
    on = attach(streets, lon, lat, "drive", TO_STREET_METERS)
    for number in np.flatnonzero(on.link < 0):
        raise too_far(streets, float(lon[number]), float(lat[number]), str(names[number]), "drive", TO_STREET_METERS)
    seconds, lines = [0.0], list[tuple[Floats, Floats]]()
    for start in range(len(order) - 1):
        here, there = (subset(on, np.array([number])) for number in (start, start + 1))
        line = street_path(streets, here, there, "drive", _MOST_SECONDS, ferries=False)
        straight = line_meters(lon[start : start + 2], lat[start : start + 2], streets.crs)
        meters = np.inf if line is None else line_meters(*line, streets.crs)
        if line is None or meters > _DETOUR * straight + _DETOUR_METERS:
            why = Phrase("no street leads there")
            if line is not None:
                why = Phrase(
                    "{along:,.0f} m along streets, {straight:,.0f} m straight", along=meters, straight=straight
                )
            raise InputError(
                "Line {line}: a bus can't go from {one} to {other} as drawn ({why}); draw it over a bridge, or with "
                "stops where it turns.",
                line=change.name, one=str(names[start]), other=str(names[start + 1]), why=why,
            )  # fmt: skip
        seconds.append(meters / (change.kph / 3.6))
        lines.append(line)
    rides = np.cumsum(seconds)
    stays = change.dwell_seconds * np.arange(len(order))
    departure = np.rint(rides + stays).astype(np.int64)
    arrival = np.rint(rides + stays - change.dwell_seconds).astype(np.int64)
    arrival[0] = departure[0] = 0
    departure[-1] = arrival[-1]
    return _Way(order, arrival, departure, *(np.concatenate(axis) for axis in zip(*lines, strict=True)))


def _with_trips(tables: FeedTables, name: str, service: str, number: int, way: _Way, starts: Ints) -> FeedTables:
    """Return the tables with the trips of one direction."""
    shape, many = f"{SOURCE}:{name} {number}", len(way.stops)
    trips = pd.DataFrame(
        {
            "trip_id": [f"{SOURCE}:{name} {number} {minutes_text(start / MINUTE)}" for start in starts.tolist()],
            "service_id": service,
            "route": name,
            "vehicle": "bus",
            "headsign": tables.stops["name"].iloc[way.stops[-1]],
            "wheelchair": _STEP_FREE,
            "block": "",
            "shape": shape,
        }
    )
    calls = pd.DataFrame(
        {
            "trip": np.repeat(np.arange(len(starts)) + len(tables.trips), many),
            "stop": np.tile(way.stops, len(starts)),
            "sequence": np.tile(np.arange(many), len(starts)),
            "arrival": (starts[:, None] + way.arrival).reshape(-1),
            "departure": (starts[:, None] + way.departure).reshape(-1),
            "pickup": 0,
            "drop_off": 0,
        }
    )
    line = pd.DataFrame({"shape_id": shape, "lon": way.lon, "lat": way.lat})
    return replace(
        tables,
        trips=joined(tables.trips, trips),
        calls=joined(tables.calls, calls),
        extras=replace(tables.extras, shapes=joined(tables.extras.shapes, line)),
    )
