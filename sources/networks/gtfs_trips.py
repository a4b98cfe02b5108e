"""GTFS trips and routes → trips of services that run; frequencies → one trip for each start."""

import numpy as np
import numpy.typing as npt
import pandas as pd

from sources.cleaning.report import Notes
from sources.networks.gtfs_calls import note_short_times, seconds
from sources.networks.gtfs_files import column, note_rows, texts
from sources.networks.gtfs_words import unique, vehicle, wheelchair, whole

MIN_HEADWAY = 10


def read_trips(
    table: pd.DataFrame, routes: pd.DataFrame, services: dict[str, npt.NDArray[np.int32]], notes: Notes
) -> pd.DataFrame:
    """Return trips of services that run, one row an id; `repeats` marks those that frequencies add."""
    trips = pd.DataFrame(
        {
            "trip_id": texts(table, "trip_id"),
            "service_id": texts(table, "service_id"),
            "route": texts(table, "route_id"),
            "headsign": texts(table, "trip_headsign"),
            "wheelchair": column(table, "wheelchair_accessible", wheelchair, np.int8),
            "block": texts(table, "block_id"),
            "shape": texts(table, "shape_id"),
            "line": table["line"],
            "repeats": False,
        }
    )
    trips = unique(trips, "trip_id", "trips.txt", notes)
    runs = trips["service_id"].isin(services)
    reason = "The trip's service is in no calendar, or runs on no day."
    note_rows(notes, "set_aside", "unknown_service", "trips.txt", trips.loc[~runs, "line"], reason)
    trips = trips[runs].reset_index(drop=True)
    named = pd.DataFrame(
        {
            "route_id": texts(routes, "route_id"),
            "short": texts(routes, "route_short_name"),
            "long": texts(routes, "route_long_name"),
            "vehicle": column(routes, "route_type", vehicle, object),
            "line": routes["line"],
        }
    )
    named = unique(named, "route_id", "routes.txt", notes).set_index("route_id")
    unknown = ~trips["route"].isin(named.index)
    if len(named):
        reason = "The trip's route is not in routes.txt; it goes by its id."
        note_rows(notes, "repaired", "unknown_route", "trips.txt", trips.loc[unknown, "line"], reason)
    name = named["short"].where(named["short"] != "", named["long"])
    names = name.reindex(trips["route"]).fillna("").to_numpy()
    vehicles = named["vehicle"].reindex(trips["route"]).fillna("bus").to_numpy()
    return trips.assign(route=np.where(names == "", trips["route"], names), vehicle=vehicles)


def with_frequencies(
    table: pd.DataFrame, trips: pd.DataFrame, calls: pd.DataFrame, notes: Notes
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Replace each trip that has frequencies by one trip for each start."""
    number = pd.Index(trips["trip_id"]).get_indexer(pd.Index(texts(table, "trip_id")))
    first, last = column(table, "start_time", seconds, np.int64), column(table, "end_time", seconds, np.int64)
    note_short_times(table, ("start_time", "end_time"), "frequencies.txt", notes)
    headway = column(table, "headway_secs", whole, np.int64)
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
    copies = copies.assign(trip_id=[trip_id for _, trip_id in new_trips], repeats=True, block="")
    kept = calls[~calls["trip"].isin(starts)]
    return pd.concat([trips, copies], ignore_index=True), pd.concat([kept, *new_calls], ignore_index=True)
