"""GTFS feeds (zip archives or folders) → one `Feed`, with a note for every row that was repaired or set aside.

gtfs-kit is not used here: it raises on the first missing column, bad encoding or broken time, and a feed with
one broken trip must still serve everyone else. `gtfs_files` reads the files; `gtfs_calls` makes sound trips of
stop_times.txt; this module reads the rest and puts it together. Ids carry their feed's name, so several
feeds can't collide.

Choices: pickup and drop-off "by arrangement" (types 2 and 3) count as possible; a frequency without exact times is
laid out from its start at each headway, so that waits over a window average half a headway; transfers that hold
only between certain routes or trips, and walks inside stations (pathways.txt), are not used.
"""

import datetime
import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import numpy as np
import numpy.typing as npt
import pandas as pd

from geo.errors import SourceError
from geo.timetable import EPOCH, Feed, make_feed
from sources.networks.gtfs_calls import read_calls, seconds
from sources.networks.gtfs_files import column, note_rows, read_folder, read_table, texts
from sources.report import Notes, join_notes

WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
MIN_HEADWAY = 10
LONGEST_CALENDAR = 10_958
"""Days; a calendar that claims to run longer is cut to thirty years."""

_VEHICLES = {
    0: "tram", 1: "subway", 2: "train", 3: "bus", 4: "ferry", 5: "tram", 6: "gondola",
    7: "funicular", 11: "bus", 12: "train",
}  # fmt: skip
_EXTENDED = {
    1: "train", 2: "coach", 4: "subway", 7: "bus", 8: "bus", 9: "tram", 10: "ferry", 12: "ferry",
    13: "gondola", 14: "funicular",
}  # fmt: skip
_OPTIONAL = ("routes.txt", "agency.txt", "calendar.txt", "calendar_dates.txt", "frequencies.txt", "transfers.txt")
_STATION, _ENTRANCE, _NODE = 1, 2, 3
_UNKNOWN, _INVALID = -1, -2

_REQUIRED = {
    "stops.txt": ("stop_id", "stop_lat", "stop_lon"),
    "trips.txt": ("trip_id", "service_id"),
    "stop_times.txt": ("trip_id", "stop_id"),
    "calendar.txt": ("service_id", "start_date", "end_date"),
    "calendar_dates.txt": ("service_id", "date", "exception_type"),
    "frequencies.txt": ("trip_id", "start_time", "end_time", "headway_secs"),
    "transfers.txt": ("from_stop_id", "to_stop_id"),
}
_ESSENTIAL = ("stops.txt", "trips.txt", "stop_times.txt")


@dataclass(frozen=True)
class _Parts:
    """One feed as the tables that `make_feed` takes."""

    feeds: pd.DataFrame
    stops: pd.DataFrame
    services: pd.DataFrame
    service_days: pd.DataFrame
    trips: pd.DataFrame
    calls: pd.DataFrame
    transfers: pd.DataFrame


def read_feeds(sources: Sequence[tuple[str, bytes | Path]]) -> tuple[Feed, pd.DataFrame]:
    """Read one or several GTFS feeds as one `Feed`, and the SET_ASIDE table of what was repaired or not used.

    Parameters
    ----------
    sources : (name, zip archive as bytes, or the path of an archive or a folder); names of feeds become part of
        the ids of stops and trips, and a repeated one gets a number

    Raises
    ------
    SourceError
        A feed holds nothing that can be used; one sentence says which, and why.
    """
    if not sources:
        raise SourceError("No timetable was given; give at least one GTFS feed.")
    parts, notes, seen = [], [], set[str]()
    for given, source in sources:
        name = given
        while name in seen:
            name = f"{given}#{len(seen) + 1}"
        seen.add(name)
        said = Notes(name)
        parts.append(_read_feed(name, source, said))
        notes.append(said.table())
    stop_base = np.cumsum([0, *(len(part.stops) for part in parts)])
    trip_base = np.cumsum([0, *(len(part.trips) for part in parts)])
    calls = [p.calls.assign(trip=p.calls["trip"] + t, stop=p.calls["stop"] + s)
             for p, t, s in zip(parts, trip_base, stop_base, strict=False)]  # fmt: skip
    transfers = [p.transfers.assign(from_stop=p.transfers["from_stop"] + s, to_stop=p.transfers["to_stop"] + s)
                 for p, s in zip(parts, stop_base, strict=False)]  # fmt: skip
    feed = make_feed(
        pd.concat([p.feeds for p in parts], ignore_index=True),
        pd.concat([p.stops for p in parts], ignore_index=True),
        pd.concat([p.services for p in parts], ignore_index=True),
        pd.concat([p.service_days for p in parts], ignore_index=True),
        pd.concat([p.trips for p in parts], ignore_index=True),
        pd.concat(calls, ignore_index=True),
        pd.concat(transfers, ignore_index=True),
    )
    return feed, join_notes(notes)


def _read_feed(name: str, source: bytes | Path, notes: Notes) -> _Parts:
    where = f"The timetable {name!r}"
    files = read_folder(source, where, notes)
    tables = {file: _table(files, file, where, notes) for file in (*_ESSENTIAL, *_OPTIONAL)}
    if not len(tables["calendar.txt"]) and not len(tables["calendar_dates.txt"]):
        raise SourceError(f"{where} has no usable calendar.txt or calendar_dates.txt, so no trip runs on any day.")

    stops = _stops(tables["stops.txt"], notes)
    services, first_day, last_day = _services(tables["calendar.txt"], tables["calendar_dates.txt"], notes)
    trips = _trips(tables["trips.txt"], tables["routes.txt"], services, notes)
    calls = read_calls(tables["stop_times.txt"], stops, trips, notes)
    trips, calls = _with_frequencies(tables["frequencies.txt"], trips, calls, notes)
    transfers = _transfers(tables["transfers.txt"], stops, notes)
    if calls.empty:
        raise SourceError(f"{where} has no trip that can be used; the notes of the build say what is wrong with each.")

    used_trips, calls_trip = np.unique(calls["trip"], return_inverse=True)
    without = np.setdiff1d(trips.loc[~trips["repeats"], "line"], trips["line"].iloc[used_trips])
    note_rows(notes, "set_aside", "no_stop_times", "trips.txt", without, "The trip has no two stops with times.")
    used_stops, calls_stop = np.unique(calls["stop"], return_inverse=True)
    boardable = np.flatnonzero(~stops["kind"].isin((_STATION, _ENTRANCE, _NODE)))
    unused = stops["line"].iloc[np.setdiff1d(boardable, used_stops)]
    note_rows(notes, "notice", "unused_stop", "stops.txt", unused, "No trip calls at this stop.")
    position = np.full(len(stops), -1)
    position[used_stops] = np.arange(len(used_stops))
    transfers = transfers.assign(from_stop=position[transfers["from_stop"]], to_stop=position[transfers["to_stop"]])
    zone = _time_zone(tables["agency.txt"], "agency.txt" in files, notes)
    _check_agencies(tables["agency.txt"], tables["routes.txt"], notes)

    def own(ids: "pd.Series[str]") -> "pd.Series[str]":
        return name + ":" + ids.astype(str)

    kept = stops.iloc[used_stops]
    station = kept["station"].astype(str)
    running = pd.DataFrame({"service_id": sorted(services)})
    counts = [len(services[service]) for service in running["service_id"]]
    days = pd.DataFrame(
        {
            "service_id": np.repeat(running["service_id"].to_numpy(str), counts),
            "day": np.concatenate([services[service] for service in running["service_id"]]),
        }
    )
    chosen = trips.iloc[used_trips]
    return _Parts(
        pd.DataFrame({"feed": [name], "time_zone": [zone], "first_day": [first_day], "last_day": [last_day]}),
        kept.assign(stop_id=own(kept["stop_id"]), station=own(station).where(station != "", "")),
        running.assign(service_id=own(running["service_id"]), feed=name),
        days.assign(service_id=own(days["service_id"])),
        chosen.assign(trip_id=own(chosen["trip_id"]), service_id=own(chosen["service_id"])),
        calls.assign(trip=calls_trip, stop=calls_stop),
        transfers[(transfers["from_stop"] >= 0) & (transfers["to_stop"] >= 0)],
    )


def _table(files: dict[str, bytes], file: str, where: str, notes: Notes) -> pd.DataFrame:
    """Return one file's table, empty if it is missing; refuse the feed if that leaves nothing to read."""
    needed = _REQUIRED.get(file, ())
    table = read_table(files[file], file, notes) if file in files else pd.DataFrame({"line": np.empty(0, np.int64)})
    absent = [name for name in needed if name not in table]
    if file in _ESSENTIAL and (absent or table.empty):
        lacks = f"has no {absent[0]} in {file}" if absent else f"has an empty {file}"
        lacks = lacks if file in files else f"has no {file}"
        raise SourceError(f"{where} {lacks}, without which there is no timetable; fetch a complete feed.")
    if file in files and absent:
        reason = f"There is no column {absent[0]}; the file is not used."
        note_rows(notes, "set_aside", "missing_column", file, [1], reason)
        return table.iloc[:0]
    if file == "routes.txt" and file not in files:
        note_rows(notes, "notice", "missing_file", file, [0], "There is no routes.txt; routes go by their ids.")
    return table


def _stops(table: pd.DataFrame, notes: Notes) -> pd.DataFrame:
    """Return `stop_id`, `name`, `lon`, `lat`, `station`, `wheelchair`, `kind`, `line`; one row an id."""
    stops = pd.DataFrame(
        {
            "stop_id": texts(table, "stop_id"),
            "name": texts(table, "stop_name"),
            "lon": column(table, "stop_lon", _number, np.float64),
            "lat": column(table, "stop_lat", _number, np.float64),
            "station": texts(table, "parent_station"),
            "wheelchair": column(table, "wheelchair_boarding", _wheelchair, np.int8),
            "kind": column(table, "location_type", _whole, np.int64),
            "line": table["line"],
        }
    )
    stops = _unique(stops, "stop_id", "stops.txt", notes)
    stops["name"] = stops["name"].where(stops["name"] != "", stops["stop_id"])
    parents = stops.set_index("stop_id")
    known = stops["station"].isin(parents.index)
    orphans = stops.loc[~known & (stops["station"] != ""), "line"]
    note_rows(notes, "repaired", "unknown_station", "stops.txt", orphans, "The parent station is not in stops.txt.")
    stops["station"] = stops["station"].where(known, "")
    of = parents.reindex(stops["station"])
    inherits = (stops["wheelchair"] == 0).to_numpy() & known.to_numpy()
    stops["wheelchair"] = np.where(inherits, of["wheelchair"].fillna(0), stops["wheelchair"]).astype(np.int8)
    wrong = ~_on_earth(stops)
    for axis in ("lon", "lat"):
        stops[axis] = np.where(wrong & known, of[axis].to_numpy(), stops[axis])
    wrong &= ~_on_earth(stops)
    needed = wrong & ~stops["kind"].isin((_ENTRANCE, _NODE))
    reason = "The stop has no position on Earth."
    note_rows(notes, "set_aside", "no_position", "stops.txt", stops.loc[needed, "line"], reason)
    return stops[~wrong].reset_index(drop=True)


def _services(
    calendar: pd.DataFrame, exceptions: pd.DataFrame, notes: Notes
) -> tuple[dict[str, npt.NDArray[np.int32]], int, int]:
    """Return each service's days (since 1970-01-01), and the first and last day of the calendar."""
    days: dict[str, set[int]] = {}
    ends: list[int] = []
    absent = [day for day in WEEKDAYS if len(calendar) and day not in calendar]
    if absent:
        reason = f"There is no column {absent[0]}; no service is taken to run on that day."
        note_rows(notes, "repaired", "missing_column", "calendar.txt", [1], reason)
    starts, stops = column(calendar, "start_date", _day, np.int64), column(calendar, "end_date", _day, np.int64)
    runs = np.stack([column(calendar, day, lambda text: text == "1", np.bool_) for day in WEEKDAYS], axis=1)
    for row, service in enumerate(texts(calendar, "service_id")):
        first, last, line = int(starts[row]), int(stops[row]), [int(calendar["line"].iloc[row])]
        if first < 0 or last < 0 or last < first:
            reason = "The service's dates are not two days in order, written YYYYMMDD."
            note_rows(notes, "set_aside", "bad_date", "calendar.txt", line, reason)
        elif str(service) in days:
            reason = "The service is listed before; that row holds."
            note_rows(notes, "set_aside", "repeated_service", "calendar.txt", line, reason)
        else:
            if last - first > LONGEST_CALENDAR:
                last = first + LONGEST_CALENDAR
                reason = "The service claims to run longer than thirty years; it is cut."
                note_rows(notes, "repaired", "long_calendar", "calendar.txt", line, reason)
            span = np.arange(first, last + 1)
            days[str(service)] = set(span[runs[row][(span + 3) % 7]].tolist())  # 1970-01-01 was a Thursday
            ends += [first, last]
    when = column(exceptions, "date", _day, np.int64)
    kinds = column(exceptions, "exception_type", _whole, np.int64)
    sound = (when >= 0) & np.isin(kinds, (1, 2))
    reason = "The exception has no date written YYYYMMDD, or its type is neither 1 nor 2."
    note_rows(notes, "set_aside", "bad_date", "calendar_dates.txt", exceptions.loc[~sound, "line"], reason)
    for service, day, kind in zip(texts(exceptions, "service_id")[sound], when[sound], kinds[sound], strict=True):
        own = days.setdefault(str(service), set())
        if kind == 1:
            own.add(int(day))
            ends.append(int(day))
        else:
            own.discard(int(day))
    never = [service for service, own in days.items() if not own]
    for service in sorted(never):
        notes.row = f"calendar.txt:{service}"
        notes.notice("service_never_runs", f"The service {service!r} runs on no day.")
    found = {service: np.array(sorted(own), np.int32) for service, own in days.items() if own}
    return found, min(ends, default=0), max(ends, default=-1)


def _trips(
    table: pd.DataFrame, routes: pd.DataFrame, services: dict[str, npt.NDArray[np.int32]], notes: Notes
) -> pd.DataFrame:
    """Return trips of services that run, one row an id; `repeats` marks those that frequencies add."""
    trips = pd.DataFrame(
        {
            "trip_id": texts(table, "trip_id"),
            "service_id": texts(table, "service_id"),
            "route": texts(table, "route_id"),
            "headsign": texts(table, "trip_headsign"),
            "wheelchair": column(table, "wheelchair_accessible", _wheelchair, np.int8),
            "line": table["line"],
            "repeats": False,
        }
    )
    trips = _unique(trips, "trip_id", "trips.txt", notes)
    runs = trips["service_id"].isin(services)
    reason = "The trip's service is in no calendar, or runs on no day."
    note_rows(notes, "set_aside", "unknown_service", "trips.txt", trips.loc[~runs, "line"], reason)
    trips = trips[runs].reset_index(drop=True)
    named = pd.DataFrame(
        {
            "route_id": texts(routes, "route_id"),
            "short": texts(routes, "route_short_name"),
            "long": texts(routes, "route_long_name"),
            "vehicle": column(routes, "route_type", _vehicle, object),
            "line": routes["line"],
        }
    )
    named = _unique(named, "route_id", "routes.txt", notes).set_index("route_id")
    unknown = ~trips["route"].isin(named.index)
    if len(named):
        reason = "The trip's route is not in routes.txt; it goes by its id."
        note_rows(notes, "repaired", "unknown_route", "trips.txt", trips.loc[unknown, "line"], reason)
    name = named["short"].where(named["short"] != "", named["long"])
    names = name.reindex(trips["route"]).fillna("").to_numpy()
    vehicles = named["vehicle"].reindex(trips["route"]).fillna("bus").to_numpy()
    return trips.assign(route=np.where(names == "", trips["route"], names), vehicle=vehicles)


def _with_frequencies(
    table: pd.DataFrame, trips: pd.DataFrame, calls: pd.DataFrame, notes: Notes
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Replace each trip that has frequencies by one trip for each start."""
    number = pd.Index(trips["trip_id"]).get_indexer(pd.Index(texts(table, "trip_id")))
    first, last = column(table, "start_time", seconds, np.int64), column(table, "end_time", seconds, np.int64)
    headway = column(table, "headway_secs", _whole, np.int64)
    timed = np.isin(number, calls["trip"].to_numpy())
    sound = timed & (first >= 0) & (last > first) & (headway >= MIN_HEADWAY)
    reason = f"The frequency has no usable trip, times in order, or headway of at least {MIN_HEADWAY} s."
    note_rows(notes, "set_aside", "bad_frequency", "frequencies.txt", table.loc[~sound, "line"], reason)
    if not sound.any():
        return trips, calls
    by_trip = dict(tuple(calls.groupby("trip", sort=False)))
    new_trips, new_calls, starts = [], [], {int(n): set[int]() for n in number[sound]}
    for row in np.flatnonzero(sound):
        starts[int(number[row])] |= set(range(int(first[row]), int(last[row]), int(headway[row])))
    total = len(trips)
    for trip in sorted(starts):
        own = by_trip[trip]
        base = int(own["departure"].iloc[0])
        for start in sorted(starts[trip]):
            times = {name: own[name] + start - base for name in ("arrival", "departure")}
            new_calls.append(own.assign(trip=total, **times))
            clock = f"{start // 3600:02d}:{start // 60 % 60:02d}:{start % 60:02d}"
            new_trips.append((trip, f"{trips['trip_id'].iloc[trip]}@{clock}"))
            total += 1
    copies = trips.iloc[[trip for trip, _ in new_trips]]
    copies = copies.assign(trip_id=[trip_id for _, trip_id in new_trips], repeats=True)
    kept = calls[~calls["trip"].isin(starts)]
    return pd.concat([trips, copies], ignore_index=True), pd.concat([kept, *new_calls], ignore_index=True)


def _transfers(table: pd.DataFrame, stops: pd.DataFrame, notes: Notes) -> pd.DataFrame:
    """Return `from_stop`, `to_stop` (rows of `stops`) and `seconds`; -1 = not possible."""
    kinds = column(table, "transfer_type", _whole, np.int64)
    least = column(table, "min_transfer_time", _whole, np.int64)
    narrow = np.zeros(len(table), bool)
    for name in ("from_route_id", "to_route_id", "from_trip_id", "to_trip_id"):
        narrow |= texts(table, name) != ""
    members = {stop: [row] for row, stop in enumerate(stops["stop_id"])}
    for row, station in enumerate(stops["station"]):
        if station:
            members.setdefault(station, []).append(row)
    rows = []
    wrong = []
    for row, (start, end) in enumerate(zip(texts(table, "from_stop_id"), texts(table, "to_stop_id"), strict=True)):
        if narrow[row] or kinds[row] not in (2, 3):
            continue
        if str(start) not in members or str(end) not in members or (kinds[row] == 2 and not 0 <= least[row] <= 86_400):
            wrong.append(row)
            continue
        value = -1 if kinds[row] == 3 else int(least[row])
        rows += [(a, b, value) for a in members[str(start)] for b in members[str(end)]]
    line = table["line"].to_numpy()
    reason = "The transfer has an unknown stop, or no time from 0 to 86,400 s."
    note_rows(notes, "set_aside", "bad_transfer", "transfers.txt", line[wrong], reason)
    reason = "The transfer holds only for certain routes or trips, which is not used."
    note_rows(notes, "set_aside", "transfer_for_some_trips", "transfers.txt", line[narrow], reason)
    return pd.DataFrame(rows, columns=["from_stop", "to_stop", "seconds"], dtype=np.int64)


def _check_agencies(agency: pd.DataFrame, routes: pd.DataFrame, notes: Notes) -> None:
    """Note routes of an agency that is not listed; a route may leave it out where there is only one."""
    listed = set(texts(agency, "agency_id").tolist())
    if listed - {""} and len(routes):
        allowed = listed | {""} if len(agency) == 1 else listed - {""}
        unknown = ~np.isin(texts(routes, "agency_id"), sorted(allowed))
        reason = "The route's agency is not in agency.txt; that changes nothing here."
        note_rows(notes, "notice", "unknown_agency", "routes.txt", routes.loc[unknown, "line"], reason)


def _time_zone(agency: pd.DataFrame, present: bool, notes: Notes) -> str:
    """Return the first agency's IANA time zone, or "" if none is usable."""
    zones = [str(zone) for zone in texts(agency, "agency_timezone")]
    usable = [zone for zone in zones if _is_zone(zone)]
    if not usable:
        what = "names no time zone that exists" if present else "is missing"
        note_rows(notes, "notice", "no_time_zone", "agency.txt", [0], f"agency.txt {what}; the region's is used.")
        return ""
    if len(set(zones)) > 1:
        reason = f"Agencies name several time zones; {usable[0]} is used for all."
        note_rows(notes, "notice", "several_time_zones", "agency.txt", [1], reason)
    return usable[0]


def _is_zone(name: str) -> bool:
    try:
        ZoneInfo(name)
    except (ValueError, OSError, KeyError):  # ZoneInfoNotFoundError is a KeyError
        return False
    return True


def _unique(table: pd.DataFrame, key: str, file: str, notes: Notes) -> pd.DataFrame:
    """Return the rows with an id, the first of each."""
    empty = table[key] == ""
    note_rows(notes, "set_aside", "no_id", file, table.loc[empty, "line"], f"The row has no {key}.")
    repeated = ~empty & table[key].duplicated()
    reason = f"The {key} is listed before; that row holds."
    note_rows(notes, "set_aside", "repeated_id", file, table.loc[repeated, "line"], reason)
    return table[~empty & ~repeated].reset_index(drop=True)


def _on_earth(stops: pd.DataFrame) -> "pd.Series[bool]":
    near_zero = (stops["lon"].abs() < 1e-3) & (stops["lat"].abs() < 1e-3)
    return stops["lon"].between(-180, 180) & stops["lat"].between(-90, 90) & ~near_zero


def _number(text: str) -> float:
    try:
        return float(text)
    except ValueError:
        return float("nan")


def _whole(text: str) -> int:
    """Return a whole number; 0 for an empty text (GTFS's default everywhere), -2 for anything else."""
    if not text:
        return 0
    return int(text) if re.fullmatch(r"\d{1,9}", text) else _INVALID


def _wheelchair(text: str) -> int:
    return {"1": 1, "2": 2}.get(text, 0)


def _vehicle(text: str) -> str:
    kind = _whole(text)
    return _VEHICLES.get(kind) or _EXTENDED.get(kind // 100, "bus")


def _day(text: str) -> int:
    """Return a date YYYYMMDD as days since 1970-01-01, or -1."""
    if not re.fullmatch(r"(19[7-9]|20|21)\d{5,6}", text) or len(text) != 8:
        return -1
    try:
        found: Any = datetime.date(int(text[:4]), int(text[4:6]), int(text[6:]))
    except ValueError:
        return -1
    return int((found - EPOCH).days)
