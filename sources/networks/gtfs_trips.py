"""GTFS trips and routes → trips of services that run; frequencies → one trip for each start."""

import numpy as np
import numpy.typing as npt
import pandas as pd

from geo.errors import SourceError
from geo.timetables.feed import offsets
from geo.units import DAY_SECONDS
from sources.cleaning.report import Notes
from sources.networks.gtfs_calls import note_short_times, seconds
from sources.networks.gtfs_files import column, note_rows, texts
from sources.networks.gtfs_words import unique, vehicle, wheelchair, whole

MIN_HEADWAY = 10
MAX_CALLS = 20_000_000
"""Stops of the trips that frequencies add; more than a country's buses make in a week."""

Longs = npt.NDArray[np.int64]


def read_trips(
    table: pd.DataFrame, routes: pd.DataFrame, services: dict[str, npt.NDArray[np.int32]], notes: Notes
) -> pd.DataFrame:
    """Return trips of services that run, one row an id; `repeats` marks those that frequencies add or set aside."""
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
    """Replace each trip that has frequencies by one trip for each start; without a usable one it doesn't run at all.

    Its own times are a template and no departure.

    Raises
    ------
    SourceError
        They would be more than any timetable holds.
    """
    number = pd.Index(trips["trip_id"]).get_indexer(pd.Index(texts(table, "trip_id"))).astype(np.int64)
    first, last = column(table, "start_time", seconds, np.int64), column(table, "end_time", seconds, np.int64)
    note_short_times(table, ("start_time", "end_time"), "frequencies.txt", notes)
    headway = column(table, "headway_secs", whole, np.int64)
    absent = [name for name in ("start_time", "end_time", "headway_secs") if len(table) and name not in table]
    reason = f"There is no column {', '.join(absent)}; no trip's frequency can be used."
    note_rows(notes, "set_aside", "missing_column", "frequencies.txt", [1] * bool(absent), reason)
    over = (last >= 0) & (last < first) & (first < DAY_SECONDS)
    reason = "The frequency ends before it starts; it is taken to end on the next day."
    note_rows(notes, "repaired", "ends_next_day", "frequencies.txt", table.loc[over, "line"], reason)
    last = np.where(over, last + DAY_SECONDS, last)
    timed = np.isin(number, calls["trip"].to_numpy())
    sound = timed & (first >= 0) & (last > first) & (headway >= MIN_HEADWAY)
    reason = f"The frequency has no usable trip, times in order, or headway of at least {MIN_HEADWAY} s."
    note_rows(notes, "set_aside", "bad_frequency", "frequencies.txt", table.loc[~sound, "line"], reason)
    lost = np.setdiff1d(number[timed], number[sound])
    reason = "The trip runs by frequencies.txt alone, and no row of that can be used; it is set aside."
    note_rows(notes, "set_aside", "no_frequency", "trips.txt", trips["line"].iloc[lost], reason)
    calls = calls[~calls["trip"].isin(lost)]
    trips = trips.assign(repeats=trips["repeats"] | trips.index.isin(lost))
    if not sound.any():
        return trips, calls
    stops = np.bincount(calls["trip"].to_numpy(), minlength=len(trips))[number[sound]]
    if int((stops * _departures(first[sound], last[sound], headway[sound])).sum()) > MAX_CALLS:
        raise SourceError(
            f"frequencies.txt would lay out trips with over {MAX_CALLS:,} stops; "
            "check its start_time, end_time and headway_secs."
        )
    trip, start = _starts(number[sound], first[sound], last[sound], headway[sound])
    own = calls[calls["trip"].isin(trip)].sort_values("trip", kind="stable")
    _, begins, lengths = np.unique(own["trip"].to_numpy(), return_index=True, return_counts=True)
    which = np.searchsorted(own["trip"].to_numpy()[begins], trip)
    rows = np.repeat(begins[which] - offsets(lengths[which])[:-1], lengths[which]) + np.arange(lengths[which].sum())
    shift = np.repeat(start - own["departure"].to_numpy()[begins[which]], lengths[which])
    added = own.iloc[rows]
    added = added.assign(
        trip=np.repeat(len(trips) + np.arange(len(trip)), lengths[which]),
        arrival=added["arrival"].to_numpy() + shift,
        departure=added["departure"].to_numpy() + shift,
    )
    copies = trips.iloc[trip]
    clocks = [f"@{s // 3600:02d}:{s // 60 % 60:02d}:{s % 60:02d}" for s in start.tolist()]
    copies = copies.assign(trip_id=copies["trip_id"].astype(str) + clocks, repeats=True, block="")
    kept = calls[~calls["trip"].isin(trip)]
    return pd.concat([trips, copies], ignore_index=True), pd.concat([kept, added], ignore_index=True)


def _starts(trip: Longs, first: Longs, last: Longs, headway: Longs) -> tuple[Longs, Longs]:
    """Return every departure of frequencies once, as trip and start (seconds), in this order."""
    counts = _departures(first, last, headway)
    row = np.repeat(np.arange(len(trip)), counts)
    start = first[row] + headway[row] * (np.arange(counts.sum()) - np.repeat(offsets(counts)[:-1], counts))
    departures = np.unique(np.stack([trip[row], start], axis=1), axis=0)
    return departures[:, 0], departures[:, 1]


def _departures(first: Longs, last: Longs, headway: Longs) -> Longs:
    """Return how many departures there are from `first` on, before `last`."""
    counts: Longs = -(-(last - first) // headway)
    return counts
