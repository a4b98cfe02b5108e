"""GTFS stops and stations, and the transfers that are published between them."""

import numpy as np
import pandas as pd

from sources.cleaning.report import Notes
from sources.networks.gtfs_files import column, note_rows, texts
from sources.networks.gtfs_words import ENTRANCE, NODE, number, unique, wheelchair, whole

_CHANGE, _NEVER, _SEATED, _NOT_SEATED = 2, 3, 4, 5


def read_stops(table: pd.DataFrame, notes: Notes) -> pd.DataFrame:
    """Return `stop_id`, `name`, `lon`, `lat`, `station`, `parent`, `wheelchair`, `kind`, `line`; one row an id.

    Who doesn't say whether it is step-free, or where it is, has that of its parent (a boarding area that of its
    platform, and so of the station); `station` is the outermost parent.
    """
    stops = pd.DataFrame(
        {
            "stop_id": texts(table, "stop_id"),
            "name": texts(table, "stop_name"),
            "lon": column(table, "stop_lon", number, np.float64),
            "lat": column(table, "stop_lat", number, np.float64),
            "station": texts(table, "parent_station"),
            "wheelchair": column(table, "wheelchair_boarding", wheelchair, np.int8),
            "kind": column(table, "location_type", whole, np.int64),
            "line": table["line"],
        }
    )
    stops = unique(stops, "stop_id", "stops.txt", notes)
    stops["name"] = stops["name"].where(stops["name"] != "", stops["stop_id"])
    known = stops["station"].isin(stops["stop_id"])
    orphans = stops.loc[~known & (stops["station"] != ""), "line"]
    note_rows(notes, "repaired", "unknown_station", "stops.txt", orphans, "The parent station is not in stops.txt.")
    stops["station"] = stops["station"].where(known, "")
    stops["parent"] = stops["station"]
    for _ in range(2):  # a boarding area has a platform, which has a station
        of = stops.set_index("stop_id").reindex(stops["parent"])
        inherits = (stops["wheelchair"] == 0).to_numpy() & known.to_numpy()
        stops["wheelchair"] = np.where(inherits, of["wheelchair"].fillna(0), stops["wheelchair"]).astype(np.int8)
        wrong = ~_on_earth(stops)
        for axis in ("lon", "lat"):
            stops[axis] = np.where(wrong & known, of[axis].to_numpy(), stops[axis])
        outer = of["parent"].fillna("").to_numpy()
        stops["station"] = np.where(outer != "", outer, stops["station"])
    wrong = ~_on_earth(stops)
    needed = wrong & ~stops["kind"].isin((ENTRANCE, NODE))
    reason = "The stop has no position on Earth."
    note_rows(notes, "set_aside", "no_position", "stops.txt", stops.loc[needed, "line"], reason)
    return stops[~wrong].reset_index(drop=True)


def read_transfers(
    table: pd.DataFrame, stops: pd.DataFrame, trips: pd.DataFrame, notes: Notes
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Return what is told of changes between stops, and of staying seated between trips.

    Returns
    -------
    transfers
        `from_stop`, `to_stop` (rows of `stops`) and `seconds`; -1 = not possible. Where a change is told of without
        its time, there is no row: it takes what the walk takes.
    seats
        `from_trip`, `to_trip` (rows of `trips`) and `kept`: may one stay seated?
    """
    kinds = column(table, "transfer_type", whole, np.int64)
    least = column(table, "min_transfer_time", whole, np.int64)
    untimed = (kinds == _CHANGE) & (texts(table, "min_transfer_time") == "")
    seated = np.isin(kinds, (_SEATED, _NOT_SEATED))
    narrow = np.zeros(len(table), bool)
    for name in ("from_route_id", "to_route_id", "from_trip_id", "to_trip_id"):
        narrow |= (texts(table, name) != "") & ~seated
    members = {stop: [row] for row, stop in enumerate(stops["stop_id"])}
    for row, station in enumerate(stops["station"]):
        if station:
            members.setdefault(station, []).append(row)
    rows = []
    wrong = []
    for row, (start, end) in enumerate(zip(texts(table, "from_stop_id"), texts(table, "to_stop_id"), strict=True)):
        if narrow[row] or untimed[row] or kinds[row] not in (_CHANGE, _NEVER):
            continue
        if (
            str(start) not in members
            or str(end) not in members
            or (kinds[row] == _CHANGE and not 0 <= least[row] <= 86_400)
        ):
            wrong.append(row)
            continue
        value = -1 if kinds[row] == _NEVER else int(least[row])
        rows += [(a, b, value) for a in members[str(start)] for b in members[str(end)]]
    line = table["line"].to_numpy()
    number_of = pd.Index(trips["trip_id"])
    pairs = [number_of.get_indexer(pd.Index(texts(table, name)[seated])) for name in ("from_trip_id", "to_trip_id")]
    seats = pd.DataFrame({"from_trip": pairs[0], "to_trip": pairs[1], "kept": kinds[seated] == _SEATED})
    sound = (seats["from_trip"] >= 0) & (seats["to_trip"] >= 0) & (seats["from_trip"] != seats["to_trip"])
    reason = "Staying seated is told of trips that are unknown or not used."
    note_rows(notes, "set_aside", "bad_transfer", "transfers.txt", line[seated][~sound], reason)
    reason = "The transfer has an unknown stop, or no time from 0 to 86,400 s."
    note_rows(notes, "set_aside", "bad_transfer", "transfers.txt", line[wrong], reason)
    reason = "The transfer is to take a time that is not given; the walk between the stops counts."
    note_rows(notes, "set_aside", "transfer_without_time", "transfers.txt", line[untimed & ~narrow], reason)
    reason = "The transfer holds only for certain routes or trips, which is not used."
    note_rows(notes, "set_aside", "transfer_for_some_trips", "transfers.txt", line[narrow], reason)
    return pd.DataFrame(rows, columns=["from_stop", "to_stop", "seconds"], dtype=np.int64), seats[sound]


def _on_earth(stops: pd.DataFrame) -> "pd.Series[bool]":
    near_zero = (stops["lon"].abs() < 1e-3) & (stops["lat"].abs() < 1e-3)
    return stops["lon"].between(-180, 180) & stops["lat"].between(-90, 90) & ~near_zero
