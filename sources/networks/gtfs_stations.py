"""GTFS pathways → how long it takes inside stations, from each entrance to each platform and between platforms.

A way takes its `traversal_time`; without one its `length`, else the straight distance, at 4.8 km/h; an elevator at
least half a minute. Without steps: no stairs, no escalators, no ramps steeper than 1 : 12, and no entrance or stop
that is not for wheelchairs. Levels are not needed for this.
"""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd
from scipy.sparse import csr_array
from scipy.sparse.csgraph import connected_components, dijkstra

from geo.units import METERS_PER_DEGREE
from sources.cleaning.report import Notes
from sources.networks.gtfs_files import column, note_rows
from sources.networks.gtfs_words import BOARDING_AREA, ENTRANCE, number, whole

FILE = "pathways.txt"
_WALKWAY, _STAIRS, _ESCALATOR, _ELEVATOR, _LAST_MODE = 1, 2, 4, 5, 7
_METERS_A_SECOND = 4.8 / 3.6
_ELEVATOR_SECONDS = 30.0
_STEEPEST = 0.0834
_LONGEST = 3600.0
_DOORS = ("gate", "stop", "seconds_in", "seconds_out", "step_free_in", "step_free_out")
_INSIDE = ("from_stop", "to_stop", "seconds", "step_free")
_NOT_STEP_FREE = 2
_AT_ONCE = 1e-3
"""Seconds of a way that takes none: a sparse matrix takes 0 for no way at all."""

Longs = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]


@dataclass(frozen=True)
class Station:
    """Ways inside stations; stops and gates as rows of the table of stops, -1 seconds = no way.

    Attributes
    ----------
    doors : `gate`, `stop`, `seconds_in`, `seconds_out`, `step_free_in`, `step_free_out`
    inside : `from_stop`, `to_stop`, `seconds`, `step_free`
    """

    doors: pd.DataFrame
    inside: pd.DataFrame


def read_stations(table: pd.DataFrame, stops: pd.DataFrame, used: Longs, notes: Notes) -> Station:
    """Return the ways inside stations.

    Parameters
    ----------
    table
        pathways.txt.
    stops
        Of `gtfs_stops.read_stops`.
    used
        Rows of stops at which vehicles call.
    """
    edges = _edges(table, stops, notes)
    if edges.empty:
        return Station(*(pd.DataFrame(columns=list(columns), dtype=np.int64) for columns in (_DOORS, _INSIDE)))
    entrances = np.flatnonzero(stops["kind"] == ENTRANCE)
    doors, inside = [], []
    for members, own in _stations(edges, len(stops)):
        gates, platforms = np.intersect1d(members, entrances), np.intersect1d(members, used)
        if not len(platforms):
            continue
        ends = np.concatenate([gates, platforms])
        seconds, step_free = (_between(own, members, ends, stops, steps) for steps in (True, False))
        n = len(gates)
        for g, gate in enumerate(gates):
            for p, stop in enumerate(platforms, n):
                doors.append((gate, stop, seconds[g, p], seconds[p, g], step_free[g, p], step_free[p, g]))
        for a, start in enumerate(platforms, n):
            for b, end in enumerate(platforms, n):
                inside.append((start, end, seconds[a, b], step_free[a, b]))
    doors_table = pd.DataFrame(doors, columns=list(_DOORS), dtype=np.int64)
    between = pd.DataFrame(inside, columns=list(_INSIDE), dtype=np.int64)
    between = between[(between["from_stop"] != between["to_stop"]) & (between["seconds"] >= 0)]
    some = (doors_table["seconds_in"] >= 0) | (doors_table["seconds_out"] >= 0)
    return Station(doors_table[some].reset_index(drop=True), between.reset_index(drop=True))


def _edges(table: pd.DataFrame, stops: pd.DataFrame, notes: Notes) -> pd.DataFrame:
    """Return `start`, `end`, `seconds`, `step_free` of each way in each direction."""
    place = {str(stop): row for row, stop in enumerate(stops["stop_id"])}
    start, end = (
        column(table, name, lambda text: place.get(text, -1), np.int64) for name in ("from_stop_id", "to_stop_id")
    )
    mode = column(table, "pathway_mode", whole, np.int64)
    both = column(table, "is_bidirectional", lambda text: text == "1", np.bool_)
    sound = (start >= 0) & (end >= 0) & (mode >= 1) & (mode <= _LAST_MODE)
    reason = "The way inside a station has an unknown end, or a mode that is not from 1 to 7."
    note_rows(notes, "set_aside", "bad_pathway", FILE, table.loc[~sound, "line"], reason)
    stated, length = column(table, "traversal_time", number, np.float64), column(table, "length", number, np.float64)
    meters = np.where(length > 0, length, _straight(stops, start, end))
    walked = meters / _METERS_A_SECOND
    seconds = np.where(mode == _ELEVATOR, np.maximum(walked, _ELEVATOR_SECONDS), walked)
    seconds = np.where((stated > 0) & (stated <= _LONGEST), stated, np.minimum(np.nan_to_num(seconds), _LONGEST))
    steep = np.abs(np.nan_to_num(column(table, "max_slope", number, np.float64))) > _STEEPEST
    step_free = ~np.isin(mode, (_STAIRS, _ESCALATOR)) & ~steep
    ways = pd.DataFrame({"start": start, "end": end, "seconds": seconds, "step_free": step_free, "both": both})[sound]
    back = ways[ways["both"]].rename(columns={"start": "end", "end": "start"})
    areas = np.flatnonzero(stops["kind"] == BOARDING_AREA)
    platforms = np.array([place.get(str(parent), -1) for parent in stops["parent"].iloc[areas]], np.int64)
    areas, platforms = areas[platforms >= 0], platforms[platforms >= 0]
    parts = pd.DataFrame(
        {
            "start": np.r_[areas, platforms],
            "end": np.r_[platforms, areas],
            "seconds": 0.0,
            "step_free": True,
            "both": True,
        }
    )
    return pd.concat([ways, back, parts], ignore_index=True)


def _straight(stops: pd.DataFrame, start: Longs, end: Longs) -> Floats:
    lon, lat = stops["lon"].to_numpy(), stops["lat"].to_numpy()
    east = (lon[start] - lon[end]) * np.cos(np.radians(lat[start]))
    meters: Floats = np.hypot(east, lat[start] - lat[end]) * METERS_PER_DEGREE
    return meters


def _stations(edges: pd.DataFrame, count: int) -> Iterator[tuple[Longs, pd.DataFrame]]:
    """Yield what ways link up, station by station: rows of stops, ascending, and the ways, quickest first."""
    pairs = csr_array((np.ones(len(edges), np.int8), (edges["start"], edges["end"])), shape=(count, count))
    labels = connected_components(pairs, directed=False)[1]
    edges = edges.sort_values("seconds", kind="stable").drop_duplicates(["start", "end", "step_free"])
    for _, own in edges.groupby(labels[edges["start"]]):
        yield np.unique(own[["start", "end"]].to_numpy()), own


def _between(own: pd.DataFrame, members: Longs, ends: Longs, stops: pd.DataFrame, steps: bool) -> Longs:
    """Return whole seconds between all ends, -1 = no way."""
    own = (own if steps else own[own["step_free"]]).drop_duplicates(["start", "end"])
    start, end = np.searchsorted(members, own["start"]), np.searchsorted(members, own["end"])
    seconds = np.maximum(own["seconds"].to_numpy(np.float64), _AT_ONCE)
    ways = csr_array((seconds, (start, end)), shape=(len(members), len(members)))
    at = np.searchsorted(members, ends)
    by_dijkstra = dijkstra(ways, indices=at)[:, at]
    if not steps:
        barred = (stops["wheelchair"].to_numpy()[ends] == _NOT_STEP_FREE).nonzero()[0]
        by_dijkstra[barred] = by_dijkstra[:, barred] = np.inf
    return np.where(np.isfinite(by_dijkstra), np.rint(np.where(np.isfinite(by_dijkstra), by_dijkstra, 0)), -1).astype(
        np.int64
    )
