"""stop_times.txt → sound trips: known stops in order, a time at each, never going back.

A time that is missing, unreadable or out of order is filled in between its neighbors, in proportion to
`shape_dist_traveled` where it rises along the trip and to the straight distances between stops elsewhere.
"""

import re

import numpy as np
import numpy.typing as npt
import pandas as pd

from geo.units import METERS_PER_DEGREE
from sources.cleaning.report import Notes
from sources.networks.gtfs_files import column, note_rows, texts

FILE = "stop_times.txt"
MAX_HOURS = 168
_MISSING, _UNREADABLE = -1, -2
_TRIP = 1 << 32
"""Larger than any time: keeps running maxima of one trip out of the next."""

Longs = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]


def read_calls(table: pd.DataFrame, stops: pd.DataFrame, trips: pd.DataFrame, notes: Notes) -> pd.DataFrame:
    """Return `trip`, `stop` (rows of `trips`, `stops`), `sequence`, `arrival`, `departure`, `pickup`, `drop_off`.

    The last two are GTFS's numbers: 0 as usual, 1 none, 2 the agency is called before, 3 the driver is told.
    """
    calls = pd.DataFrame(
        {
            "trip": _positions(table, "trip_id", trips["trip_id"]),
            "stop": _positions(table, "stop_id", stops["stop_id"]),
            "sequence": column(table, "stop_sequence", _sequence, np.int64),
            "arrival": column(table, "arrival_time", seconds, np.int64),
            "departure": column(table, "departure_time", seconds, np.int64),
            "pickup": column(table, "pickup_type", _permission, np.int8),
            "drop_off": column(table, "drop_off_type", _permission, np.int8),
            "meters": column(table, "shape_dist_traveled", _distance, np.float64),
            "line": table["line"].to_numpy(),
        }
    )
    note_short_times(table, ("arrival_time", "departure_time"), FILE, notes)
    if "stop_sequence" not in table:
        calls["sequence"] = np.arange(len(calls))
        reason = "There is no stop_sequence; the order of rows is used."
        note_rows(notes, "repaired", "missing_column", FILE, [1], reason)
    calls = _known(calls, table, notes)
    calls = _in_time(_one_time(calls, notes), notes)
    calls = _without_loose_ends(calls, notes)
    calls = calls[calls.groupby("trip")["trip"].transform("size") >= 2]
    return _filled(calls, stops).drop(columns=["meters", "line"]).reset_index(drop=True)


def note_short_times(table: pd.DataFrame, names: tuple[str, ...], file: str, notes: Notes) -> None:
    """Note rows with a time that has no seconds."""
    short = np.zeros(len(table), np.bool_)
    for name in names:
        short |= column(table, name, lambda text: text.count(":") == 1 and seconds(text) >= 0, np.bool_)
    reason = "A time is written HH:MM; it is taken at the full minute."
    note_rows(notes, "repaired", "short_time", file, table.loc[short, "line"], reason)


def seconds(text: str) -> int:
    """Return a GTFS time (H:MM:SS, past 24:00 for the next day) as seconds; -1 for none, -2 for no time at all."""
    if not text:
        return _MISSING
    match = re.fullmatch(r"(\d{1,3}):([0-5]?\d)(?::([0-5]?\d))?", text)
    if not match or int(match[1]) >= MAX_HOURS:
        return _UNREADABLE
    return int(match[1]) * 3600 + int(match[2]) * 60 + int(match[3] or 0)


def _known(calls: pd.DataFrame, table: pd.DataFrame, notes: Notes) -> pd.DataFrame:
    """Return the rows of known trips and stops in order, one a place in the sequence."""
    stray = calls["trip"] < 0
    listed = calls[stray].assign(id=texts(table, "trip_id")[stray]).groupby("id")["line"].agg(["min", "size"])
    for trip_id, first, size in listed.itertuples():
        reason = f"The trip {trip_id!r} is not in trips.txt, or not used; {size} rows name it."
        note_rows(notes, "set_aside", "unknown_trip", FILE, [first], reason)
    calls = calls[~stray]
    for wrong, code, reason in (
        (calls["stop"] < 0, "unknown_stop", "The stop is not in stops.txt, or has no position."),
        (calls["sequence"] < 0, "bad_sequence", "The stop_sequence is no whole number from 0 up."),
    ):
        note_rows(notes, "set_aside", code, FILE, calls.loc[wrong, "line"], reason)
    calls = calls[(calls["stop"] >= 0) & (calls["sequence"] >= 0)].sort_values(["trip", "sequence", "line"])
    repeated = calls.duplicated(["trip", "sequence"])
    reason = "The trip has this stop_sequence before; that row holds."
    note_rows(notes, "set_aside", "repeated_sequence", FILE, calls.loc[repeated, "line"], reason)
    return calls[~repeated]


def _one_time(calls: pd.DataFrame, notes: Notes) -> pd.DataFrame:
    """Fill an arrival from its departure and the other way round."""
    arrival, departure = calls["arrival"].to_numpy(), calls["departure"].to_numpy()
    reason = "Only one of arrival and departure is given; it is taken for both."
    one = (arrival == _MISSING) != (departure == _MISSING)
    note_rows(notes, "repaired", "one_time", FILE, calls.loc[one, "line"], reason)
    unreadable = (arrival == _UNREADABLE) | (departure == _UNREADABLE)
    reason = "A time is not written HH:MM:SS; it is filled in from the others."
    note_rows(notes, "repaired", "bad_time", FILE, calls.loc[unreadable, "line"], reason)
    arrival, departure = np.maximum(arrival, _MISSING), np.maximum(departure, _MISSING)
    arrival, departure = np.where(arrival < 0, departure, arrival), np.where(departure < 0, arrival, departure)
    early = departure < arrival
    reason = "It departs before it arrives; it is taken to depart on arrival."
    note_rows(notes, "repaired", "departs_before_arrival", FILE, calls.loc[early, "line"], reason)
    return calls.assign(arrival=arrival, departure=np.maximum(arrival, departure))


def _in_time(calls: pd.DataFrame, notes: Notes) -> pd.DataFrame:
    """Take out times that go back; a trip whose times mostly do is set aside."""
    timed = calls[calls["arrival"] >= 0]
    trip = timed["trip"].to_numpy(np.int64)
    arrives, departs = trip * _TRIP + timed["arrival"].to_numpy(), trip * _TRIP + timed["departure"].to_numpy()
    late = np.maximum.accumulate(np.concatenate([[-1], departs]))[:-1] > arrives
    soon = np.minimum.accumulate(np.concatenate([arrives, [np.iinfo(np.int64).max]])[::-1])[::-1][1:] < departs
    # A single time that is too early breaks one row seen from the start; one that is too late, one seen from the end.
    # Where both break one, the time inside the trip is at fault rather than its first or last.
    first, last = np.ones(len(trip), bool), np.ones(len(trip), bool)
    first[1:] = last[:-1] = trip[1:] != trip[:-1]
    broken = pd.DataFrame({"late": late + 0.5 * (late & last), "soon": soon + 0.5 * (soon & first)})
    counts = broken.groupby(trip).transform("sum")
    wrong = np.where(counts["late"] <= counts["soon"], late, soon)
    least = np.floor(np.minimum(counts["late"], counts["soon"])).to_numpy()
    size = pd.Series(trip).groupby(trip).transform("size").to_numpy()
    hopeless = 2 * least >= size
    lost = timed[hopeless & (least > 0)].groupby("trip")["line"].min()
    reason = "The times of the trip that begins here go back at half of its stops or more; the trip is not used."
    note_rows(notes, "set_aside", "times_go_back", FILE, lost, reason)
    reason = "The time goes back; it is filled in from the others."
    note_rows(notes, "repaired", "time_goes_back", FILE, timed.loc[wrong & ~hopeless, "line"], reason)
    bad = calls["line"].isin(timed.loc[wrong, "line"])
    calls = calls.assign(arrival=calls["arrival"].where(~bad, -1), departure=calls["departure"].where(~bad, -1))
    return calls[~calls["trip"].isin(lost.index)]


def _without_loose_ends(calls: pd.DataFrame, notes: Notes) -> pd.DataFrame:
    """Set aside stops before the first time of their trip and after its last."""
    before, after = _neighbors(calls)
    loose = (before < 0) | (after < 0)
    reason = "The stop has no time, and no stop with a time lies before it or behind it on the trip."
    note_rows(notes, "set_aside", "no_time_at_end", FILE, calls.loc[loose, "line"], reason)
    return calls[~loose]


def _neighbors(calls: pd.DataFrame) -> tuple[Longs, Longs]:
    """Return the nearest timed calls at or before and at or after each call in its trip; -1 = none."""
    trip, known = calls["trip"].to_numpy(), calls["arrival"].to_numpy() >= 0
    at = np.arange(len(calls))
    before = np.maximum.accumulate(np.where(known, at, -1)) if len(at) else at
    after = np.minimum.accumulate(np.where(known, at, len(at))[::-1])[::-1] if len(at) else at
    before[(before < 0) | (trip[before] != trip)] = -1
    ends = after >= len(at)
    after[ends] = 0
    after[ends | (trip[after] != trip)] = -1
    return before, after


def _filled(calls: pd.DataFrame, stops: pd.DataFrame) -> pd.DataFrame:
    """Fill in times between timed calls, in proportion to distance; whole seconds, rounded down."""
    if calls.empty:
        return calls
    before, after = _neighbors(calls)
    open_ = calls["arrival"].to_numpy() < 0
    straight = _straight_meters(calls, stops)
    meters = calls["meters"].to_numpy()
    falls = np.isnan(meters) | (np.diff(meters, prepend=meters[0]) < 0)
    broken = np.cumsum(falls)
    shaped = (broken[after] == broken[before]) & ~np.isnan(meters[before]) & (meters[after] > meters[before])
    way = np.where(shaped, meters, straight)
    start, end = np.where(shaped, meters[before], straight[before]), np.where(shaped, meters[after], straight[after])
    order = (np.arange(len(calls)) - before) / np.maximum(after - before, 1)
    share = np.divide(way - start, end - start, out=order.astype(float), where=end > start)
    departs, arrives = calls["departure"].to_numpy()[before], calls["arrival"].to_numpy()[after]
    times = np.floor(departs + (arrives - departs) * share + 1e-9).astype(np.int64)
    return calls.assign(
        arrival=np.where(open_, times, calls["arrival"]), departure=np.where(open_, times, calls["departure"])
    )


def _straight_meters(calls: pd.DataFrame, stops: pd.DataFrame) -> Floats:
    """Return the way along straight lines between stops; only differences within a trip mean anything."""
    lon, lat = (stops[axis].to_numpy()[calls["stop"]] for axis in ("lon", "lat"))
    east = np.diff(lon, prepend=lon[0]) * np.cos(np.radians(lat))
    north = np.diff(lat, prepend=lat[0])
    return np.cumsum(np.hypot(east, north) * METERS_PER_DEGREE)


def _positions(table: pd.DataFrame, name: str, ids: "pd.Series[str]") -> Longs:
    known = {str(value): row for row, value in enumerate(ids)}
    return column(table, name, lambda text: known.get(text, -1), np.int64)


def _permission(text: str) -> int:
    return int(text) if text in ("1", "2", "3") else 0


def _sequence(text: str) -> int:
    return int(text) if re.fullmatch(r"\d{1,9}", text) else -1


def _distance(text: str) -> float:
    try:
        return float(text) if text else float("nan")
    except ValueError:
        return float("nan")
