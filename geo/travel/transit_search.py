"""What a transit search runs on: a service day, the walks between stops, and the rules; made once and kept."""

import hashlib
import os
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from geo.crs import to_meters
from geo.errors import InputError
from geo.streets.shortest_paths import Reached, street_seconds
from geo.timetables.feed import Feed
from geo.timetables.service_day import Timetable, mirrored, timetable
from geo.travel.footpaths import gates, links, shortest, through, transposed, whole_seconds
from geo.travel.kernels_raptor import Lines, Links, Rules
from geo.travel.network import Network, NetworkSettings, remembered
from geo.travel.settings import TravelSettings

Ints = npt.NDArray[np.int32]
Array = npt.NDArray[Any]


@dataclass(frozen=True)
class Search:
    """Everything but the places: see `geo.travel.kernels_raptor.sweep`. Backward, all of it is mirrored."""

    day: Timetable
    lines: Lines
    transfers: Links
    change: Ints
    rules: Rules


def prepare_search(network: Network, settings: TravelSettings, *, backward: bool = False) -> Search:
    """Return what a search by these settings runs on.

    Raises
    ------
    InputError
        There is no timetable, or the settings name no date.
    DateError
        The date lies outside the timetable.
    """
    feed = network.feed
    if feed is None:
        raise InputError("This region has no timetable; choose walk, bike or drive, or build the region with --gtfs.")
    date = settings.date
    if date is None:
        raise InputError("Travel by transit needs a date; give one inside the timetable, e.g. --date 2025-03-03.")
    key = ("day", date, settings.wheelchair, settings.board_seconds, settings.stay_seated)

    def make() -> Timetable:
        return timetable(
            feed,
            date,
            time_zone=network.time_zone,
            step_free=settings.wheelchair,
            change_seconds=settings.board_seconds,
            stay_seated=settings.stay_seated,
        )

    day = remembered(network, key, make)
    walks = (settings.walk_kph, settings.max_walk_minutes, settings.wheelchair)
    walk_key = ("transfers", *walks, settings.board_seconds)
    transfers, change = remembered(network, walk_key, lambda: _transfers(network, feed, settings))
    limit = int(settings.max_minutes * 60)
    if not backward:
        return Search(day, _lines(day), transfers, change, Rules(limit, settings.rides, settings.board_seconds, 0))
    back = remembered(network, ("mirrored", *key), lambda: mirrored(day))
    against = remembered(network, ("against", *walk_key), lambda: transposed(transfers, day.stops))
    return Search(back, _lines(back), against, change, Rules(limit, settings.rides, 0, settings.board_seconds))


def in_threads(run: Callable[[int, int], None], count: int) -> None:
    """Run rows 0 … count − 1 in as many threads as there are processors."""
    threads = max(1, min(os.cpu_count() or 1, count))
    if threads == 1:
        run(0, count)
        return
    cuts = np.linspace(0, count, min(count, 8 * threads) + 1).astype(int)
    with ThreadPoolExecutor(threads) as pool:
        list(pool.map(run, cuts[:-1], cuts[1:]))


def digest(*arrays: Array) -> bytes:
    """Return a key for the content of arrays."""
    hasher = hashlib.sha256()
    for array in arrays:
        hasher.update(np.ascontiguousarray(array).tobytes() + b"|")
    return hasher.digest()


def _lines(day: Timetable) -> Lines:
    return Lines(*(getattr(day, name) for name in Lines._fields))


def _transfers(network: Network, feed: Feed, settings: TravelSettings) -> tuple[Links, Ints]:
    """Return the walks between stops and the extra seconds of a change at one stop.

    Between platforms of one station the ways that its timetable tells are used, and without any a straight walk will
    do; a published time holds instead of any walk, where
    the stops are within the longest walk as the crow flies. It is the whole time from arrival to departure, so
    boarding is part of it.
    """
    row, column, seconds = _street_walks(network, settings)
    stops = len(feed.stop_id)
    x, y = to_meters(feed.stop_lon, feed.stop_lat, network.crs)

    def straight(a: Array, b: Array) -> Array:
        return np.hypot(x[a] - x[b], y[a] - y[b]) * 3.6 / settings.walk_kph

    a, b, inside = _inside(feed, step_free=settings.wheelchair)
    seconds_inside = np.where(inside >= 0, inside, straight(a, b))
    near = seconds_inside <= settings.max_walk_minutes * 60
    row, column = np.concatenate([row, a[near]]), np.concatenate([column, b[near]])
    row, column, seconds = shortest(row, column, np.concatenate([seconds, seconds_inside[near]]))

    a, b, stated = feed.transfer_from, feed.transfer_to, feed.transfer_seconds
    extra = np.where(stated < 0, -1, np.maximum(stated - settings.board_seconds, 0))
    change = np.zeros(stops, np.int32)
    change[a[a == b]] = extra[a == b]
    between = (a != b) & (straight(a, b) <= settings.max_walk_minutes * 60)
    told_of = np.isin(row * stops + column, a[between].astype(np.int64) * stops + b[between])
    usable = between & (stated >= 0)
    row = np.concatenate([row[~told_of], a[usable]])
    column = np.concatenate([column[~told_of], b[usable]])
    seconds = np.concatenate([seconds[~told_of], extra[usable]])
    return links(row, column, whole_seconds(seconds), stops), change


def _street_walks(network: Network, settings: TravelSettings) -> tuple[Array, Array, Array]:
    stored, entrances = NetworkSettings(), gates(network, settings)
    limit = settings.max_walk_minutes * 60
    if network.transfers is not None and settings.walk_kph == stored.walk_kph and limit <= stored.max_walk_minutes * 60:
        reached: Reached = network.transfers
    else:
        reached = street_seconds(network.streets, entrances.places, entrances.places, "walk", limit, settings.walk_kph)
    row = np.repeat(np.arange(len(reached.indptr) - 1), np.diff(reached.indptr))
    column, seconds = reached.index.astype(np.int64), reached.seconds.astype(np.float64)
    if not entrances.are_stops:
        column, row, seconds = through(entrances.outward, column, row, seconds, settings)
        row, column, seconds = through(entrances.inward, row, column, seconds, settings)
    keep = (seconds <= limit) & (row != column)
    return row[keep], column[keep], seconds[keep]


def _inside(feed: Feed, *, step_free: bool) -> tuple[Array, Array, Array]:
    """Return ordered pairs of stops of one station, and the seconds told between them, -1 = as straight as can be.

    Where a timetable tells the ways inside a station, there are no others.
    """
    stated = feed.inside_free if step_free else feed.inside_seconds
    ways = stated >= 0
    mapped = np.zeros(len(feed.stop_id), np.bool_)
    mapped[feed.door_stop] = mapped[feed.inside_from] = mapped[feed.inside_to] = True
    a, b = _same_station(feed.stop_station)
    free = ~(mapped[a] & mapped[b])
    seconds = np.concatenate([np.full(int(free.sum()), -1), stated[ways]])
    return np.concatenate([a[free], feed.inside_from[ways]]), np.concatenate([b[free], feed.inside_to[ways]]), seconds


def _same_station(station: Ints) -> tuple[Array, Array]:
    """Return all ordered pairs of different stops of one station."""
    members = [np.flatnonzero(station == number) for number in np.unique(station[station >= 0])]
    pairs = [np.stack(np.meshgrid(m, m, indexing="ij")).reshape(2, -1) for m in members if len(m) > 1]
    joined = np.concatenate(pairs, axis=1) if pairs else np.empty((2, 0), np.int64)
    a, b = joined[:, joined[0] != joined[1]]
    return a, b
