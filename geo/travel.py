"""The one question: minutes from these places to those, by this mode, leaving or arriving then.

A trip on foot by transit's rules counts as a transit trip; its legs on foot, and a trip that is all walking, are each
limited by the longest walk. By `walk`, only `max_minutes` limits. All times are door to door: the wait for
the first bus counts from leaving, and with `arrive_by` the wait at the place counts until then. A place too far
from any street (`off_streets`) is never reached. From a place to itself it is 0.
"""

import datetime
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any, Protocol

import numpy as np
import numpy.typing as npt
import pandas as pd

from geo.attach import Attachment, attach
from geo.errors import InputError
from geo.kernels_transit import UNREACHED, Links, percentiles_from_many, profile
from geo.network import Network, remembered
from geo.street_times import Reached, street_seconds
from geo.tables import MODES
from geo.transit_search import digest, in_threads, search
from geo.walks import transposed, walks, walks_from_stops, walks_to_stops

__all__ = [
    "UNREACHED", "TravelSettings", "arrival_profile", "departure_profile", "earliest_arrival_leaving_after",
    "latest_departure_arriving_by", "off_streets", "seconds_between", "street_seconds", "travel_times",
]  # fmt: skip

Ints = npt.NDArray[np.int32]
Floats = npt.NDArray[np.float64]
Array = npt.NDArray[Any]
MINUTE = 60
_DAY = 86_400
_CHUNK_CELLS = 16_000_000
"""Pairs and percentiles held as numbers at a time (64 MB), before the reached ones become rows of a table."""

_MOST_KEPT = 40_000
"""Places whose walks from stops are kept with the network."""


class Points(Protocol):
    """Places with `lon` and `lat` (WGS 84): a table, or anything that holds the two."""

    @property
    def lon(self) -> Any:
        """Degrees east."""

    @property
    def lat(self) -> Any:
        """Degrees north."""


@dataclass(frozen=True)
class TravelSettings:
    """How and when people travel; times of day are seconds after midnight of the service day.

    A window is the departures at every whole minute in [start, end).

    Raises
    ------
    InputError
        A value that can't be meant; one sentence names it.
    """

    mode: str = "transit"
    max_minutes: float = 60
    walk_kph: float = 4.8
    bike_kph: float = 15.0
    max_walk_minutes: float = 20
    board_seconds: int = 60
    rides: int = 4
    wheelchair: bool = False
    date: datetime.date | None = None
    window: tuple[int, int] | None = None
    arrive_by: int | None = None
    percentiles: tuple[int, ...] = (50,)

    def __post_init__(self) -> None:
        if self.mode not in MODES:
            raise InputError(f"The mode must be one of {', '.join(MODES)}, not {self.mode!r}.")
        for name, (low, high) in _RANGES.items():
            value = getattr(self, name)
            if isinstance(value, bool) or not isinstance(value, int | float | np.number) or not low <= value <= high:
                raise InputError(f"{name} must be a number from {low:g} to {high:g}, not {value!r}.")
        for name in ("rides", "board_seconds"):
            if int(getattr(self, name)) != getattr(self, name):
                raise InputError(f"{name} must be a whole number, not {getattr(self, name)!r}.")
        if self.window is not None and self.arrive_by is not None:
            raise InputError("Give a window of departures or a time to arrive by, not both.")
        if self.window is not None and not -_DAY <= self.window[0] < self.window[1] <= 3 * _DAY:
            raise InputError(f"A window must start before it ends, within the day or next to it, not {self.window!r}.")
        if self.window is not None and self.window[1] - self.window[0] > 2 * _DAY:
            raise InputError("A window may be two days long at most; ask for less.")
        if self.arrive_by is not None and not -_DAY <= self.arrive_by <= 3 * _DAY:
            raise InputError(f"The time to arrive by must lie within the day or next to it, not {self.arrive_by!r} s.")
        if not self.percentiles or any(not 0 < p <= 100 or p != int(p) for p in self.percentiles):
            raise InputError(f"Percentiles must be whole numbers from 1 to 100, not {self.percentiles!r}.")


_RANGES: dict[str, tuple[float, float]] = {
    "max_minutes": (0, 1440),
    "walk_kph": (0.5, 12),
    "bike_kph": (3, 45),
    "max_walk_minutes": (0, 120),
    "board_seconds": (0, 3600),
    "rides": (1, 8),
}


def travel_times(
    network: Network,
    origins: pd.DataFrame,
    destinations: pd.DataFrame,
    settings: TravelSettings,
    progress: Callable[[float], None] | None = None,
) -> pd.DataFrame:
    """Return the MINUTES table: one row a reached pair (and percentile), in the order of origins, then destinations.

    Parameters
    ----------
    origins, destinations
        `id`, `lon`, `lat`.
    settings
        By transit with a window, `minutes` are the nearest-rank percentiles over its departures; with `arrive_by`,
        the time from the latest departure until then.
    progress
        Called with the share done, 0–1.

    Raises
    ------
    InputError
        A table lacks a column or holds no place on Earth; transit without a timetable, date, or time of day.
    DateError
        The date lies outside the timetable.
    """
    ids = [_ids(points, what) for points, what in ((origins, "origins"), (destinations, "destinations"))]
    wide = settings.mode == "transit" and settings.window is not None
    levels = np.array(settings.percentiles if wide else (0,))
    parts = []
    for first, seconds in _chunks(network, origins, destinations, settings, progress):
        o, d, p = np.nonzero(np.isfinite(seconds))
        parts.append((o + first, d, p, seconds[o, d, p] / MINUTE))
    o, d, p, minutes = (
        np.concatenate([part[k] for part in parts]) if parts else np.empty(0, np.int64) for k in range(4)
    )
    return pd.DataFrame(
        {
            "origin_id": ids[0].take(o),
            "destination_id": ids[1].take(d),
            "mode": pd.array([settings.mode], dtype="string").take(np.zeros(len(o), np.int64)),
            "percentile": pd.array(levels[p], dtype="Int64") if wide else pd.array([pd.NA], "Int64").take(p),
            "minutes": minutes.astype(np.float64),
        }
    )


def seconds_between(
    network: Network, origins: Points, destinations: Points, settings: TravelSettings
) -> npt.NDArray[np.float32]:
    """Return seconds as float32[origins, destinations, percentiles], unreachable = infinite; see `travel_times`."""
    parts = [seconds for _, seconds in _chunks(network, origins, destinations, settings, None)]
    width = len(settings.percentiles) if settings.mode == "transit" and settings.window else 1
    return np.concatenate(parts) if parts else np.empty((0, len(_degrees(destinations)[0]), width), np.float32)


def departure_profile(network: Network, here: Points, there: Points, settings: TravelSettings) -> Ints:
    """Return elapsed seconds, int32[departures, there], leaving the one place `here` at each minute of the window.

    `UNREACHED` marks what takes longer than `max_minutes` or can't be reached.
    """
    return _profile(network, here, there, settings, backward=False)


def arrival_profile(network: Network, here: Points, there: Points, settings: TravelSettings) -> Ints:
    """Return elapsed seconds, int32[arrivals, there], from each of `there`, being `here` by each minute."""
    return _profile(network, here, there, settings, backward=True)


def latest_departure_arriving_by(elapsed: Ints, first: int, by: int) -> Floats:
    """Return the latest departure (seconds after midnight) that is there by a time; -inf where none is.

    Parameters
    ----------
    elapsed
        A `departure_profile` whose window starts at `first`. Departures are whole minutes after that: the answer may
        be up to a minute earlier than the last moment to leave, never later.
    """
    departure = first + MINUTE * np.arange(len(elapsed))[:, None]
    good = (elapsed != UNREACHED) & (departure + elapsed.astype(np.int64) <= by)
    latest: Floats = np.where(good, departure, -np.inf).max(axis=0, initial=-np.inf)
    return latest


def earliest_arrival_leaving_after(elapsed: Ints, first: int, after: int) -> Floats:
    """Return the earliest arrival (seconds after midnight) on leaving at `after` or later; inf where none is.

    Parameters
    ----------
    elapsed
        A `departure_profile` whose window starts at `first`; one leaves at its first whole minute from `after` on.
    """
    departure = first + MINUTE * np.arange(len(elapsed))[:, None]
    arrival = departure + elapsed.astype(np.float64)
    usable = (elapsed != UNREACHED) & (departure >= after)
    earliest: Floats = np.where(usable, arrival, np.inf).min(axis=0, initial=np.inf)
    return earliest


def off_streets(network: Network, points: Points, mode: str = "transit") -> npt.NDArray[np.bool_]:
    """Return which places are too far (1 km) from any street of the mode, and so never reached."""
    return _attached(network, points, "walk" if mode == "transit" else mode).link < 0


def _chunks(
    network: Network,
    origins: Points,
    destinations: Points,
    settings: TravelSettings,
    progress: Callable[[float], None] | None,
) -> Iterator[tuple[int, npt.NDArray[np.float32]]]:
    """Yield the first origin and float32[origins, destinations, percentiles] of each chunk of origins."""
    count, places = len(_degrees(origins)[0]), len(_degrees(destinations)[0])
    street = settings.mode != "transit"
    by_transit = None if street else _transit(network, origins, destinations, settings)
    step = max(1, min(_CHUNK_CELLS // max(places * len(settings.percentiles), 1), max(count // 20, 64)))
    for first in range(0, count, step):
        rows = slice(first, min(first + step, count))
        seconds = _by_street(network, origins, destinations, settings, rows) if by_transit is None else by_transit(rows)
        same = _same_places(origins, destinations, rows)
        seconds[same] = 0.0
        yield first, seconds
        if progress is not None:
            progress(rows.stop / count)


def _by_street(
    network: Network, origins: Points, destinations: Points, settings: TravelSettings, rows: slice
) -> npt.NDArray[np.float32]:
    mode, limit = settings.mode, settings.max_minutes * MINUTE
    here, there = _attached(network, origins, mode), _attached(network, destinations, mode)
    some = Attachment(here.link[rows], here.fraction[rows], here.metres_off[rows])
    few = len(there.link) < len(some.link)
    reached = street_seconds(
        network.streets, some, there, mode, limit, settings.walk_kph, settings.bike_kph, by_destination=few
    )
    found = _dense(reached, len(some.link) if few else len(there.link))
    return (found.T if few else found)[:, :, None].copy()


def _transit(
    network: Network, origins: Points, destinations: Points, settings: TravelSettings
) -> Callable[[slice], npt.NDArray[np.float32]]:
    """Return a function from rows of origins to their seconds; searches run from destinations with `arrive_by`."""
    backward = settings.arrive_by is not None
    prepared = search(network, settings, backward=backward)
    departures = _departures(settings)
    ranks = _ranks(settings.percentiles if not backward else (100,), len(departures))
    here, there = _attached(network, origins), _attached(network, destinations)
    fixed = (_access if backward else _kept_egress)(network, there, settings, backward)

    def found(rows: slice) -> npt.NDArray[np.float32]:
        some = Attachment(here.link[rows], here.fraction[rows], here.metres_off[rows])
        start, end = (there, some) if backward else (some, there)
        access = fixed if backward else _access(network, start, settings, backward)
        egress = _egress(network, end, settings, backward) if backward else fixed
        direct = walks(network, some, there, settings)
        if backward:
            direct = transposed(direct, len(there.link))
        out = np.empty((len(start.link), len(end.link), len(ranks)), np.int32)

        def run(begin: int, stop: int) -> None:
            percentiles_from_many(
                prepared.lines, prepared.transfers, prepared.change, access, departures, prepared.rules, egress,
                direct, ranks, begin, stop, out,
            )  # fmt: skip

        in_threads(run, len(start.link))
        if backward:
            out = out.transpose(1, 0, 2)
        return np.where(out == UNREACHED, np.float32(np.inf), out).astype(np.float32)

    return found


def _profile(network: Network, here: Points, there: Points, settings: TravelSettings, *, backward: bool) -> Ints:
    if settings.window is None:
        raise InputError("A profile needs a window: the first minute and the one after the last.")
    one = _attached(network, here)
    if len(one.link) != 1:
        raise InputError(f"A profile is from or to one place, not {len(one.link)}.")
    minutes = np.arange(*settings.window, MINUTE)
    if settings.mode != "transit":
        pair = (there, here) if backward else (here, there)
        seconds = seconds_between(network, *pair, settings)[:, :, 0].ravel()
        row = np.where(np.isfinite(seconds), np.rint(seconds), UNREACHED).astype(np.int32)
        return np.tile(row, (len(minutes), 1))
    prepared = search(network, settings, backward=backward)
    places = _attached(network, there)
    access = _access(network, one, settings, backward)
    egress = _kept_egress(network, places, settings, backward)
    on_foot = walks(network, places, one, settings) if backward else walks(network, one, places, settings)
    if backward:
        on_foot = transposed(on_foot, 1)
    direct = np.full(len(places.link), UNREACHED, np.int32)
    direct[on_foot.target] = on_foot.seconds
    direct[_same_places(here, there, slice(0, 1))[1]] = 0
    departures = (-minutes if backward else minutes[::-1]).astype(np.int32)
    found: Ints = profile(
        prepared.lines, prepared.transfers, prepared.change, access.target, access.seconds, departures,
        prepared.rules, egress, direct,
    )  # fmt: skip
    return found if backward else found[::-1]


def _access(network: Network, start: Attachment, settings: TravelSettings, backward: bool) -> Links:
    """Return the walks from each start to stops (backward: from stops to it), one row a start."""
    if not backward:
        return walks_to_stops(network, start, settings)
    return transposed(walks_from_stops(network, start, settings), len(start.link))


def _egress(network: Network, ends: Attachment, settings: TravelSettings, backward: bool) -> Links:
    """Return the walks from stops to each end (backward: from it to stops), one row a stop."""
    if not backward:
        return walks_from_stops(network, ends, settings)
    stops = 0 if network.feed is None else len(network.feed.stop_id)
    return transposed(walks_to_stops(network, ends, settings), stops)


def _kept_egress(network: Network, ends: Attachment, settings: TravelSettings, backward: bool) -> Links:
    """Return `_egress`, kept for the next search to the same places: what is asked about many homes is the same."""
    if len(ends.link) > _MOST_KEPT:
        return _egress(network, ends, settings, backward)
    content = digest(ends.link, ends.fraction, ends.metres_off)
    key = ("egress", content, backward, settings.walk_kph, settings.max_walk_minutes, settings.wheelchair)
    return remembered(network, key, lambda: _egress(network, ends, settings, backward))


def _attached(network: Network, points: Points, mode: str = "walk") -> Attachment:
    lon, lat = _degrees(points)
    if len(lon) == 1:
        return attach(network.streets, lon, lat, mode)
    return remembered(network, ("attached", mode, digest(lon, lat)), lambda: attach(network.streets, lon, lat, mode))


def _departures(settings: TravelSettings) -> Ints:
    """Return the times that a search sweeps, descending; mirrored for a time to arrive by."""
    if settings.arrive_by is not None:
        return np.array([-settings.arrive_by], np.int32)
    if settings.window is None:
        raise InputError("Travel by transit needs a window of departures, e.g. 07:00-09:00, or a time to arrive by.")
    return np.arange(*settings.window, MINUTE)[::-1].astype(np.int32)


def _ranks(percentiles: tuple[int, ...], departures: int) -> Array:
    """Return nearest ranks, counted from 0."""
    return np.array([-(-p * departures // 100) - 1 for p in percentiles], np.int64)


def _dense(reached: Reached, columns: int) -> npt.NDArray[np.float32]:
    rows = len(reached.indptr) - 1
    found = np.full((rows, columns), np.inf, np.float32)
    found[np.repeat(np.arange(rows), np.diff(reached.indptr)), reached.index] = reached.seconds
    return found


def _same_places(origins: Points, destinations: Points, rows: slice) -> tuple[Array, Array]:
    """Return the pairs (within the rows, among all destinations) that are one and the same place."""
    here, there = (lon + 1j * lat for lon, lat in (_degrees(points) for points in (origins, destinations)))
    here, order = here[rows], np.argsort(there, kind="stable")
    first, last = (np.searchsorted(there[order], here, side) for side in ("left", "right"))
    o = np.repeat(np.arange(len(here)), last - first)
    within = np.arange(len(o)) - np.repeat(np.cumsum(last - first) - (last - first), last - first)
    return o, order[first[o] + within]


def _degrees(points: Points) -> tuple[Floats, Floats]:
    return np.atleast_1d(np.asarray(points.lon, np.float64)), np.atleast_1d(np.asarray(points.lat, np.float64))


def _ids(points: pd.DataFrame, what: str) -> Any:
    """Return the ids as an array of text, having checked the table."""
    for name in ("id", "lon", "lat"):
        if name not in points:
            raise InputError(f"The {what} need the columns id, lon and lat; {name} is missing.")
    ids = pd.array(points["id"].astype("string"), dtype="string")
    lon, lat = (pd.to_numeric(points[name], errors="coerce").to_numpy(np.float64) for name in ("lon", "lat"))
    wrong = np.flatnonzero(~((np.abs(lon) <= 180) & (np.abs(lat) <= 90)) | np.asarray(pd.isna(ids)))
    if len(wrong):
        row = points.iloc[wrong[0]]
        raise InputError(
            f"Row {wrong[0] + 1} of the {what} is no place on Earth with an id: "
            f"id {row['id']!r}, lat {row['lat']!r}, lon {row['lon']!r}."
        )
    return ids
