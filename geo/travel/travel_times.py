"""The one question: minutes from these places to those, by this mode, leaving or arriving then.

A trip on foot by transit's rules counts as a transit trip; its legs on foot, and a trip that is all walking, are each
limited by the longest walk. By `walk`, only `max_minutes` limits. All times are door to door: the wait for
the first bus counts from leaving, and with `arrive_by` the wait at the place counts until then. A place too far
from any street (`off_streets`) is never reached. From a place to itself it is 0.
"""

from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from geo.errors import InputError
from geo.points import as_table
from geo.streets.shortest_paths import Reached, street_seconds
from geo.streets.snapping import subset
from geo.travel.destinations import (
    Destinations,
    Points,
    attached,
    degrees,
    make_ready,
    ready,
    same_places,
    some,
    walks_between,
)
from geo.travel.footpaths import whole_seconds
from geo.travel.kernels_raptor import UNREACHED, percentiles_from_many, profile
from geo.travel.network import Network, bounds
from geo.travel.settings import TravelSettings
from geo.travel.traffic_hours import bands_of
from geo.travel.transit_search import every_walk, in_threads, prepare_search, walks_worth_taking
from geo.units import MINUTE

__all__ = [
    "UNREACHED", "Destinations", "Points", "TravelSettings", "arrival_profile", "departure_profile",
    "make_ready", "off_streets", "seconds_between",
    "street_seconds", "traffic_asked", "travel_times",
]  # fmt: skip

Ints = npt.NDArray[np.int32]
Floats = npt.NDArray[np.float64]
Array = npt.NDArray[Any]
_DECIMALS = 3
"""Of minutes in tables; what float32 seconds hold beyond is noise."""
_CHUNK_CELLS = 16_000_000
"""Pairs and percentiles held as numbers at a time (64 MB), before the reached ones become rows of a table."""


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
        `id`, `lon`, `lat` (WGS 84), or GeoDataFrames of points in any CRS; see `geo.points.as_table`.
    settings
        By transit or car with a window, `minutes` are the nearest-rank percentiles over its departures; by transit with
        `arrive_by`, the time from the latest departure until then. A car meets the traffic of the hour asked about.
    progress
        Called with the share done, 0–1.

    Raises
    ------
    InputError
        A table lacks a column or holds no place on Earth; transit without a timetable, date, or time of day.
    OutsideRegionError
        Longitude and latitude are swapped.
    DateError
        The date lies outside the timetable.

    Examples
    --------
    >>> homes = region.resources[region.resources["category"] == "recovery_residence"].head(3)
    >>> homes = homes.rename(columns={"resource_id": "id"})
    >>> on_foot = travel_times(region.network, homes, homes, TravelSettings(mode="walk", max_minutes=240))
    >>> on_foot.columns.tolist()
    ['origin_id', 'destination_id', 'mode', 'percentile', 'minutes']
    >>> on_foot[on_foot["origin_id"] == on_foot["destination_id"]]["minutes"].tolist()
    [0.0, 0.0, 0.0]
    """
    origins = as_table(origins, "origins", bounds(network))
    destinations = as_table(destinations, "destinations", bounds(network))
    ids = [pd.array(points["id"].astype("string"), dtype="string") for points in (origins, destinations)]
    wide = settings.varies
    levels = np.array(settings.percentiles if wide else (0,))
    parts = []
    for first, seconds in _chunks(network, origins, destinations, settings, progress):
        o, d, p = np.nonzero(np.isfinite(seconds))
        parts.append((o + first, d, p, np.round(seconds[o, d, p].astype(np.float64) / MINUTE, _DECIMALS)))
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
    width = len(settings.percentiles) if settings.varies else 1
    return np.concatenate(parts) if parts else np.empty((0, len(degrees(destinations)[0]), width), np.float32)


def departure_profile(network: Network, here: Points, there: Points | Destinations, settings: TravelSettings) -> Ints:
    """Return elapsed seconds, int32[departures, there], leaving the one place `here` at each minute of the window.

    `UNREACHED` marks what takes longer than `max_minutes` or can't be reached. Give places asked about again and again
    by transit as `make_ready` returns them.
    """
    return _profile(network, here, there, settings, backward=False)


def arrival_profile(network: Network, here: Points, there: Points | Destinations, settings: TravelSettings) -> Ints:
    """Return elapsed seconds, int32[arrivals, there], from each of `there`, being `here` by each minute."""
    return _profile(network, here, there, settings, backward=True)


def off_streets(network: Network, points: Points, mode: str = "transit") -> npt.NDArray[np.bool_]:
    """Return which places are too far (1 km) from any street of the mode, and so never reached."""
    return attached(network, points, "walk" if mode == "transit" else mode).link < 0


def _chunks(
    network: Network,
    origins: Points,
    destinations: Points,
    settings: TravelSettings,
    progress: Callable[[float], None] | None,
) -> Iterator[tuple[int, npt.NDArray[np.float32]]]:
    """Yield the first origin and float32[origins, destinations, percentiles] of each chunk of origins."""
    count, places = len(degrees(origins)[0]), len(degrees(destinations)[0])
    street = settings.mode != "transit"
    by_transit = None if street else _transit(network, origins, destinations, settings)
    at_once = count if settings.arrive_by is not None else max(count // 20, 64)  # searched from the destinations: all
    step = max(1, min(_CHUNK_CELLS // max(places * len(settings.percentiles), 1), at_once))
    for first in range(0, count, step):
        rows = slice(first, min(first + step, count))
        seconds = _by_street(network, origins, destinations, settings, rows) if by_transit is None else by_transit(rows)
        same = same_places(origins, destinations, rows)
        seconds[same] = 0.0
        yield first, seconds
        if progress is not None:
            progress(rows.stop / count)


def _by_street(
    network: Network, origins: Points, destinations: Points, settings: TravelSettings, rows: slice
) -> npt.NDArray[np.float32]:
    mode, limit = settings.mode, settings.max_minutes * MINUTE
    here, there = attached(network, origins, mode), attached(network, destinations, mode)
    here = subset(here, np.arange(rows.start, rows.stop))
    few = len(there.link) < len(here.link)
    bands, departures = traffic_asked(network, settings)

    reached = street_seconds(
        network.streets, here, there, mode, limit, settings.walk_kph, settings.bike_kph, few,
        bands[0] if len(bands) == 1 else tuple(band for band in bands if band is not None), settings.ferries,
    )  # fmt: skip
    dense = _dense(reached, len(here.link) if few else len(there.link))
    each = dense.transpose(0, 2, 1) if few else dense
    if not settings.varies:
        return np.asarray(each[0][:, :, None].copy())
    if len(each) == 1:
        return np.repeat(each[0][:, :, None], len(settings.percentiles), axis=2)
    order = np.argsort(each, axis=0)
    upto = np.cumsum(departures[order], axis=0)
    ranked = np.take_along_axis(each, order, axis=0)
    first = [(upto <= rank).sum(axis=0)[None] for rank in _ranks(settings.percentiles, int(departures.sum()))]
    return np.stack([np.take_along_axis(ranked, one, axis=0)[0] for one in first], axis=2)


def traffic_asked(network: Network, settings: TravelSettings) -> tuple[list[int | None], Ints]:
    """Return the bands of traffic that hold at the departures asked about, and how many each; [None] but for a car."""
    if settings.mode != "drive":
        return [None], np.ones(1, np.int32)
    bands, departures = np.unique(bands_of(network.streets.traffic, settings), return_counts=True)
    return [int(band) for band in bands], departures.astype(np.int32)


def _transit(
    network: Network, origins: Points, places: Points | Destinations, settings: TravelSettings
) -> Callable[[slice], npt.NDArray[np.float32]]:
    """Return a function from rows of origins to their seconds; searches run from the places with `arrive_by`."""
    backward = settings.arrive_by is not None
    prepared = prepare_search(network, settings, backward=backward)
    departures = _departures(settings)
    ranks = _ranks(settings.percentiles if not backward else (100,), len(departures))
    here, there = attached(network, origins), attached(network, places)
    goals = places if backward else ready(network, places, settings)

    def rows_to_seconds(rows: slice) -> npt.NDArray[np.float32]:
        start = there if backward else subset(here, np.arange(rows.start, rows.stop))
        end = (
            ready(network, goals, settings)
            if not backward
            else make_ready(network, some(origins, rows), settings, backward=True)
        )
        access, direct = walks_between(network, start, end, settings)
        out = np.empty((len(start.link), len(end.lon), len(ranks)), np.int32)
        egress = walks_worth_taking(prepared.lines, end.egress, len(end.lon))

        def run(begin: int, stop: int) -> None:
            percentiles_from_many(
                prepared.lines, prepared.onward, access, departures, prepared.rules, egress, direct, ranks, begin,
                stop, out,
            )  # fmt: skip

        in_threads(run, len(start.link))
        if backward:
            out = out.transpose(1, 0, 2)
        return np.where(out == UNREACHED, np.float32(np.inf), out).astype(np.float32)

    return rows_to_seconds


def _profile(
    network: Network, here: Points, there: Points | Destinations, settings: TravelSettings, *, backward: bool
) -> Ints:
    if settings.window is None:
        raise InputError("A profile needs a window: the first minute and the one after the last.")
    here = some(here, slice(None))  # a table is slow to ask
    one = attached(network, here)
    if len(one.link) != 1:
        raise InputError(f"A profile is from or to one place, not {len(one.link)}.")
    minutes = np.arange(*settings.window, MINUTE)
    if settings.mode != "transit":
        start, end = (there, here) if backward else (here, there)
        row = np.zeros(len(minutes), np.int64)
        bands: list[int | None] = [None]
        if settings.mode == "drive":
            shift = 1 if backward else 0  # the traffic of the minute before one is there
            moments = replace(settings, window=(settings.window[0] - shift, settings.window[1] - shift))
            distinct, row = np.unique(bands_of(network.streets.traffic, moments), return_inverse=True)
            bands = [int(band) for band in distinct]
        each = []
        for band in bands:
            alone = replace(settings, window=None, traffic=band)
            seconds = seconds_between(network, start, end, alone)[:, :, 0].ravel()
            each.append(np.where(np.isfinite(seconds), whole_seconds(seconds), UNREACHED).astype(np.int32))
        whole: Ints = np.stack(each)[row]
        return whole
    prepared = prepare_search(network, settings, backward=backward)
    goals = ready(network, there, settings, backward=backward)
    access, on_foot = walks_between(network, one, goals, settings)
    direct = np.full(len(goals.lon), UNREACHED, np.int32)
    direct[on_foot.target] = on_foot.seconds
    direct[same_places(here, goals, slice(0, 1))[1]] = 0
    departures = (-minutes if backward else minutes[::-1]).astype(np.int32)
    elapsed: Ints = profile(
        prepared.lines, prepared.onward, access.target, access.seconds, departures, prepared.rules,
        every_walk(goals.egress), direct,
    )  # fmt: skip
    return elapsed if backward else elapsed[::-1]


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
    """Return seconds, float32[bands of traffic, rows, columns]."""
    rows, by_band = len(reached.indptr) - 1, np.atleast_2d(reached.seconds.T)
    table = np.full((len(by_band), rows, columns), np.inf, np.float32)
    table[:, np.repeat(np.arange(rows), np.diff(reached.indptr)), reached.index] = by_band
    return table
