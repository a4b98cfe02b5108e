"""GTFS feeds (zip archives or folders) → one `Feed`, with a note for every row that was repaired or set aside.

gtfs-kit is not used here: it raises on the first missing column, bad encoding or broken time, and a feed with
one broken trip must still serve everyone else. `gtfs_files` reads the files, `gtfs_words` their cells; `gtfs_stops`,
`gtfs_stations`, `gtfs_services`, `gtfs_trips`, `gtfs_calls` and `gtfs_shapes` make sound tables; this module
puts them together. Ids carry their feed's name, so several feeds can't collide.

Choices: pickup and drop-off "by arrangement" (types 2 and 3) count as possible, and stay marked; a frequency without
exact times is laid out from its start at each headway, so that waits over a window average half a headway; transfers
that hold only between certain routes or trips are not used, but for those that say whether one may stay seated.
"""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd

from geo.dates import date_of
from geo.errors import SourceError
from geo.timetables.feed import Extras, Feed, make_feed
from sources.cleaning.report import Notes, join_notes
from sources.networks.gtfs_calls import read_calls
from sources.networks.gtfs_files import MAX_NOTES, note_rows, read_folder, read_table, texts
from sources.networks.gtfs_flex import (
    LOCATIONS,
    Flags,
    Services,
    flex_rows,
    no_zones,
    read_areas,
    read_zones,
    stops_on_demand,
)
from sources.networks.gtfs_services import check_agencies, read_services, time_zone
from sources.networks.gtfs_shapes import read_shapes
from sources.networks.gtfs_stations import read_stations
from sources.networks.gtfs_stops import read_stops, read_transfers
from sources.networks.gtfs_trips import read_trips, with_frequencies
from sources.networks.gtfs_words import BOARDING_AREA, ENTRANCE, NODE, STATION

_OPTIONAL = (
    "routes.txt", "agency.txt", "calendar.txt", "calendar_dates.txt", "frequencies.txt", "transfers.txt",
    "pathways.txt", "shapes.txt", "location_groups.txt", "location_group_stops.txt", "booking_rules.txt",
)  # fmt: skip
_REQUIRED = {
    "stops.txt": ("stop_id", "stop_lat", "stop_lon"),
    "trips.txt": ("trip_id", "service_id"),
    "stop_times.txt": ("trip_id", "stop_id"),
    "calendar.txt": ("service_id", "start_date", "end_date"),
    "calendar_dates.txt": ("service_id", "date", "exception_type"),
    "frequencies.txt": ("trip_id",),
    "transfers.txt": ("from_stop_id", "to_stop_id"),
    "pathways.txt": ("from_stop_id", "to_stop_id", "pathway_mode"),
    "shapes.txt": ("shape_id", "shape_pt_lat", "shape_pt_lon", "shape_pt_sequence"),
    "location_groups.txt": ("location_group_id",),
    "location_group_stops.txt": ("location_group_id", "stop_id"),
    "booking_rules.txt": ("booking_rule_id",),
}
_ESSENTIAL = ("stops.txt", "trips.txt", "stop_times.txt")
_ROWS = {
    "calls": {"trip": "trips", "stop": "stops"},
    "transfers": {"from_stop": "stops", "to_stop": "stops"},
    "seats": {"from_trip": "trips", "to_trip": "trips"},
    "doors": {"gate": "gates", "stop": "stops"},
    "inside": {"from_stop": "stops", "to_stop": "stops"},
}
"""Columns that hold row positions, and of which table."""


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
    seats: pd.DataFrame
    shapes: pd.DataFrame
    gates: pd.DataFrame
    doors: pd.DataFrame
    inside: pd.DataFrame


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
    feed, _, notes = read_timetables(sources)
    if feed is None:
        raise SourceError("The timetable has on-demand service alone; give one with fixed routes.")
    return feed, notes


def read_timetables(
    sources: Sequence[tuple[str, bytes | Path]],
) -> tuple[Feed | None, pd.DataFrame, pd.DataFrame]:
    """Read GTFS feeds as `read_feeds`; one may hold on-demand service (GTFS-Flex) beside its fixed routes, or alone.

    Returns
    -------
    feed
        The fixed routes of all feeds; None where there are none.
    zones
        The on-demand service of all feeds, as `gtfs_flex.read_zones`.
    notes
        The SET_ASIDE table.

    Raises
    ------
    SourceError
        As `read_feeds`.
    """
    if not sources:
        raise SourceError("No timetable was given; give at least one GTFS feed.")
    parts, zones, notes, seen = list[_Parts](), [no_zones()], [], set[str]()
    for given, source in sources:
        name = given
        while name in seen:
            name = f"{given}#{len(seen) + 1}"
        seen.add(name)
        said = Notes(name)
        part, own = _read_feed(name, source, said)
        parts += [part] if part is not None else []
        zones += [own] if len(own) else []
        notes.append(said.table())
    every = pd.concat(zones[1:], ignore_index=True) if len(zones) > 1 else zones[0]
    if not parts:
        return None, every, join_notes(notes)
    base = {name: np.cumsum([0, *(len(getattr(part, name)) for part in parts)]) for name in ("stops", "trips", "gates")}

    def joined(name: str) -> pd.DataFrame:
        """Return a table of all feeds, with row positions counted on."""
        tables = [getattr(part, name) for part in parts]
        moved = [
            table.assign(**{column: table[column] + base[of][i] for column, of in _ROWS.get(name, {}).items()})
            for i, table in enumerate(tables)
        ]
        return pd.concat(moved, ignore_index=True)

    extras = Extras(**{name: joined(name) for name in ("seats", "shapes", "gates", "doors", "inside")})
    feed = make_feed(
        joined("feeds"), joined("stops"), joined("services"), joined("service_days"), joined("trips"), joined("calls"),
        joined("transfers"), extras,
    )  # fmt: skip
    return feed, every, join_notes([*notes, *_apart(feed)])


def _apart(feed: Feed) -> Iterator[pd.DataFrame]:
    """Yield the notes on feeds that are never all valid at once."""
    if feed.feed_first_day.max() > feed.feed_last_day.min():
        for name, *days in zip(feed.feed_name, feed.feed_first_day.tolist(), feed.feed_last_day.tolist(), strict=True):
            first, last = (date_of(day) for day in days)
            said = Notes(str(name), row="calendar.txt")
            reason = (
                f"This timetable is valid from {first} to {last}; on no date are all, so there are always some missing."
            )
            said.notice("calendars_apart", reason)
            yield said.table()


def _read_feed(name: str, source: bytes | Path, notes: Notes) -> tuple[_Parts | None, pd.DataFrame]:
    """Return a feed's fixed routes, None where it has none, and its zones of on-demand service."""
    where = f"The timetable {name!r}"
    files = read_folder(source, where, notes)
    tables = {file: _table(files, file, where, notes) for file in (*_ESSENTIAL, *_OPTIONAL)}
    if not len(tables["calendar.txt"]) and not len(tables["calendar_dates.txt"]):
        raise SourceError(
            f"{where} has no usable calendar.txt or calendar_dates.txt, so no trip runs on any day{_why(notes)}."
        )

    stops = read_stops(tables["stops.txt"], notes)
    services = read_services(tables["calendar.txt"], tables["calendar_dates.txt"], notes)
    areas = read_areas(files, tables, stops, notes)
    flex = flex_rows(tables["stop_times.txt"], tables["stops.txt"], areas)
    zones = read_zones(name, tables["stop_times.txt"][flex], areas, tables, services, notes)
    for zone_id in zones["zone_id"]:
        notes.row = f"zone {zone_id.removeprefix(f'{name}:')}"
        notes.notice("on_demand", "On-demand service: shown on the map and in lists, not counted in any minutes.")
    tables = _without(tables, flex)
    if len(zones) and tables["stop_times.txt"].empty:
        return None, zones
    fixed = _fixed_routes(name, files, tables, (stops, services), notes)
    if fixed is None and zones.empty:
        raise SourceError(f"{where} has no trip that can be used{_why(notes)}.")
    return fixed, zones


def _without(tables: dict[str, pd.DataFrame], flex: Flags) -> dict[str, pd.DataFrame]:
    """Return the tables without rows of on-demand service, and without trips that are nothing else."""
    if not flex.any():
        return tables
    calls = tables["stop_times.txt"]
    alone = set(texts(calls[flex], "trip_id")) - set(texts(calls[~flex], "trip_id"))
    timed = {
        file: tables[file][~np.isin(texts(tables[file], "trip_id"), sorted(alone))]
        for file in ("trips.txt", "frequencies.txt")
    }
    return tables | timed | {"stop_times.txt": calls[~flex]}


def _fixed_routes(
    name: str,
    files: dict[str, bytes],
    tables: dict[str, pd.DataFrame],
    known: tuple[pd.DataFrame, Services],
    notes: Notes,
) -> _Parts | None:
    """Return the fixed routes of a feed, from its stops and services; None where no trip is sound.

    It is valid from the first to the last day on which one of these trips runs, whatever its calendar claims.
    """
    stops, services = known
    trips = read_trips(tables["trips.txt"], tables["routes.txt"], services, notes)
    calls = read_calls(tables["stop_times.txt"], stops, trips, notes)
    trips, calls = with_frequencies(tables["frequencies.txt"], trips, calls, notes)
    transfers, seats = read_transfers(tables["transfers.txt"], stops, trips, notes)
    if calls.empty:
        return None
    used_trips, calls_trip = np.unique(calls["trip"], return_inverse=True)
    without = np.setdiff1d(trips.loc[~trips["repeats"], "line"], trips["line"].iloc[used_trips])
    note_rows(notes, "set_aside", "no_stop_times", "trips.txt", without, "The trip has no two stops with times.")
    used_stops, calls_stop = np.unique(calls["stop"], return_inverse=True)
    boardable = np.flatnonzero(~stops["kind"].isin((STATION, ENTRANCE, NODE, BOARDING_AREA)))
    boardable = boardable[~stops["stop_id"].iloc[boardable].isin(stops_on_demand(tables))]
    unused = stops["line"].iloc[np.setdiff1d(boardable, used_stops)]
    note_rows(notes, "notice", "unused_stop", "stops.txt", unused, "No trip calls at this stop.")
    chosen = trips.iloc[used_trips]
    shapes = read_shapes(tables["shapes.txt"], chosen, notes)
    ways = read_stations(tables["pathways.txt"], stops, used_stops, notes)
    used_gates = np.unique(ways.doors["gate"].to_numpy(np.int64))
    zone = time_zone(tables["agency.txt"], "agency.txt" in files, notes)
    check_agencies(tables["agency.txt"], tables["routes.txt"], notes)

    def own(ids: "pd.Series[str]") -> "pd.Series[str]":
        ids = ids.astype(str)
        return (name + ":" + ids).where(ids != "", "")

    kept, gates = stops.iloc[used_stops], stops.iloc[used_gates]
    running = pd.DataFrame({"service_id": sorted(set(chosen["service_id"]))})
    counts = [len(services[service]) for service in running["service_id"]]
    days = pd.DataFrame(
        {
            "service_id": np.repeat(running["service_id"].to_numpy(str), counts),
            "day": np.concatenate([services[service] for service in running["service_id"]]),
        }
    )
    valid = {"first_day": [days["day"].min()], "last_day": [days["day"].max()]}
    named = {column: own(chosen[column]) for column in ("trip_id", "service_id", "block", "shape")}
    return _Parts(
        feeds=pd.DataFrame({"feed": [name], "time_zone": [zone], **valid}),
        stops=kept.assign(stop_id=own(kept["stop_id"]), station=own(kept["station"])),
        services=running.assign(service_id=own(running["service_id"]), feed=name),
        service_days=days.assign(service_id=own(days["service_id"])),
        trips=chosen.assign(**named),
        calls=calls.assign(trip=calls_trip, stop=calls_stop),
        transfers=_renumbered(transfers, {"from_stop": used_stops, "to_stop": used_stops}),
        seats=_renumbered(seats, {"from_trip": used_trips, "to_trip": used_trips}),
        shapes=shapes.assign(shape_id=own(shapes["shape_id"])),
        gates=pd.DataFrame({"gate_id": own(gates["stop_id"]), "lon": gates["lon"], "lat": gates["lat"]}),
        doors=_renumbered(ways.doors, {"gate": used_gates, "stop": used_stops}),
        inside=_renumbered(ways.inside, {"from_stop": used_stops, "to_stop": used_stops}),
    )


def _why(notes: Notes) -> str:
    """Return what was set aside most, as part of a sentence: the notes of a refused feed show nowhere else."""
    aside = [(code, reason) for _, outcome, code, reason in notes.entries if outcome == "set_aside"]
    first = dict(reversed(aside))
    counts = Counter(code for code, _ in aside).most_common(3)
    worst = [
        f"{'over ' * (n > MAX_NOTES)}{min(n, MAX_NOTES):,} {code}: {first[code].rstrip('.')}" for code, n in counts
    ]
    return f" ({'; '.join(worst)})" if worst else ""


def _renumbered(table: pd.DataFrame, kept: dict[str, np.ndarray[tuple[int], np.dtype[np.int64]]]) -> pd.DataFrame:
    """Return the rows whose columns hold only kept rows, with their numbers among these."""
    numbers = {column: pd.Index(rows).get_indexer(pd.Index(table[column])) for column, rows in kept.items()}
    good = np.all([number >= 0 for number in numbers.values()], axis=0)
    return table.assign(**numbers)[good]


def _table(files: dict[str, bytes], file: str, where: str, notes: Notes) -> pd.DataFrame:
    """Return one file's table, empty if it is missing; refuse the feed if that leaves nothing to read.

    On-demand service needs no stops.
    """
    needed, essential = _REQUIRED.get(file, ()), file in _ESSENTIAL
    if LOCATIONS in files or "location_groups.txt" in files:
        needed = tuple(column for column in needed if (file, column) != ("stop_times.txt", "stop_id"))
        essential = essential and file != "stops.txt"
    table = read_table(files[file], file, notes) if file in files else pd.DataFrame({"line": np.empty(0, np.int64)})
    absent = [name for name in needed if name not in table]
    if essential and (absent or table.empty):
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
