"""What a transit search runs on: a service day, the walks between stops, and the rules; made once and kept."""

import hashlib
from collections.abc import Callable, Hashable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from geo.crs import to_meters
from geo.errors import InputError
from geo.processors import processors
from geo.streets.shortest_paths import Reached, has_ferries, street_seconds
from geo.timetables.feed import Feed, offsets
from geo.timetables.service_day import Timetable, mirrored, timetable
from geo.travel.footpaths import gates, links, shortest, through, transposed, whole_seconds
from geo.travel.kernels_footpaths import worth_taking
from geo.travel.kernels_raptor import SECONDS, Lines, Links, Rules, Walks
from geo.travel.network import STORED_WALKS, Network, remembered
from geo.travel.settings import TravelSettings
from geo.units import DAY_SECONDS, MINUTE

Ints = npt.NDArray[np.int32]
Longs = npt.NDArray[np.int64]
Array = npt.NDArray[Any]


@dataclass(frozen=True)
class Search:
    """Everything but the places: see `geo.travel.kernels_raptor.sweep`. Backward, all of it is mirrored.

    `onward`: the transfers and changes worth taking (`walks_worth_taking`). `key`: what the day and the walks were made
    for.
    """

    day: Timetable
    lines: Lines
    transfers: Links
    change: Ints
    onward: Walks
    rules: Rules
    key: Hashable = ()


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
    days = _days_asked(settings, backward=backward)
    key = ("day", date, days, settings.wheelchair, settings.board_seconds, settings.stay_seated)

    def make() -> Timetable:
        return timetable(
            feed,
            date,
            time_zone=network.time_zone,
            step_free=settings.wheelchair,
            change_seconds=settings.board_seconds,
            stay_seated=settings.stay_seated,
            days=days,
            cut=network.cut,
        )

    day = remembered(network, key, make)
    walks = (settings.walk_kph, settings.max_walk_minutes, settings.wheelchair, settings.ferries)
    walk_key = ("transfers", *walks, settings.board_seconds)
    transfers, change = remembered(network, walk_key, lambda: _transfers(network, feed, settings))
    rules = Rules(int(settings.max_minutes * MINUTE), settings.rides, settings.board_seconds, 0)
    if backward:
        day = remembered(network, ("mirrored", *key), lambda: mirrored(day))
        transfers = remembered(network, ("against", *walk_key), lambda: transposed(transfers, day.stops))
        rules = rules._replace(board_seconds=0, alight_seconds=settings.board_seconds)
    lines = _lines(day)
    both = (backward, *key, *walk_key)
    onward = remembered(network, ("onward", *both), lambda: walks_worth_taking(lines, transfers, day.stops, change))
    return Search(day, lines, transfers, change, onward, rules, both)


def walks_worth_taking(lines: Lines, links: Links, targets: int, change: Ints | None = None) -> Walks:
    """Return the walks worth taking from each call of each pattern, of those from its stop to so many `targets`.

    With `change` (extra seconds of a change at one stop, -1 = not possible), staying at the stop is one of them.
    """
    patterns = len(lines.pattern_offset) - 1
    cuts = np.unique(np.linspace(0, patterns, 8 * threads() + 1).astype(int))
    stay = np.empty(0, np.int32) if change is None else change
    parts: list[tuple[Longs, Longs]] = [(np.empty(0, np.int64), np.empty(0, np.int64))] * len(cuts)

    def run(begin: int, end: int) -> None:
        for k in range(begin, end):
            parts[k] = worth_taking(lines, links, stay, targets, cuts[k], cuts[k + 1])

    in_threads(run, len(cuts) - 1)
    counts, walks = (np.concatenate(column) for column in zip(*parts, strict=True))
    return Walks(True, offsets(counts), walks)


def every_walk(links: Links) -> Walks:
    """Return walks from stops as they are: for few searches, finding out which are worth taking costs more."""
    return Walks(False, links.offset, (links.seconds.astype(np.int64) << SECONDS) + links.target)


def threads() -> int:
    """Return how many threads searches run in: as many as there are processors for them."""
    return processors()


def in_threads(run: Callable[[int, int], None], count: int) -> None:
    """Run rows 0 … count − 1 in as many threads as there are processors."""
    workers = max(1, min(threads(), count))
    if workers == 1:
        run(0, count)
        return
    cuts = np.linspace(0, count, min(count, 8 * workers) + 1).astype(int)
    with ThreadPoolExecutor(workers) as pool:
        list(pool.map(run, cuts[:-1], cuts[1:]))


def digest(*arrays: Array) -> bytes:
    """Return a key for the content of arrays."""
    hasher = hashlib.sha256()
    for array in arrays:
        hasher.update(np.ascontiguousarray(array).tobytes() + b"|")
    return hasher.digest()


def _days_asked(settings: TravelSettings, *, backward: bool) -> tuple[int, int]:
    """Return the first day and the one after the last that a search may come to: the date's and the next at least."""
    limit = settings.max_minutes * MINUTE
    first, last = map(float, settings.window or (0, 0))
    if settings.arrive_by is not None:
        first = last = settings.arrive_by
    first, last = (first - limit, last) if backward else (first, last + limit)
    return min(0, int(first // DAY_SECONDS)), max(2, int(last // DAY_SECONDS) + 1)


def _lines(day: Timetable) -> Lines:
    return Lines(*(getattr(day, name) for name in Lines._fields))


def _transfers(network: Network, feed: Feed, settings: TravelSettings) -> tuple[Links, Ints]:
    """Return the walks between stops and the extra seconds of a change at one stop.

    Between platforms of one station the ways that its timetable tells are used, and without any a straight walk will
    do. A published time holds instead, where the stops are within the longest walk as the crow flies: it is the whole
    time from arrival to departure, so boarding is part of it. Between stops that are of no common station, it is the
    least time and the walk may take longer; so it is where an area to keep out of lies between them. By wheelchair it
    doesn't hold between platforms that have ways inside but none without steps.
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
    if not len(a):
        return links(row, column, whole_seconds(seconds), stops), np.zeros(stops, np.int32)
    extra = np.where(stated < 0, -1, np.maximum(stated - settings.board_seconds, 0))
    change = np.zeros(stops, np.int32)
    change[a[a == b]] = extra[a == b]
    between = (a != b) & (straight(a, b) <= settings.max_walk_minutes * 60)
    if settings.wheelchair:
        between &= (stated < 0) | _step_free(feed, a, b)
    walked, pair = row * stops + column, a.astype(np.int64) * stops + b
    told_of = np.isin(walked, pair[between])
    around = np.zeros(len(a), np.bool_) if network.around is None else network.around
    usable = between & (stated >= 0) & (~around | np.isin(pair, walked))
    apart = around | (feed.stop_station[a] < 0) | (feed.stop_station[a] != feed.stop_station[b])
    least = pd.Series(seconds, walked).reindex(pair).fillna(0.0).to_numpy()
    taken = np.where(apart, np.maximum(extra, whole_seconds(least) - settings.board_seconds), extra)
    row = np.concatenate([row[~told_of], a[usable]])
    column = np.concatenate([column[~told_of], b[usable]])
    seconds = np.concatenate([seconds[~told_of], taken[usable]])
    return links(*shortest(row, column, whole_seconds(seconds)), stops), change


def _step_free(feed: Feed, a: Array, b: Array) -> Array:
    """Return between which stops there may be a way without steps: told of, or not told of at all.

    Where a timetable tells the ways inside of both stops, one leads from the first to the second; where of one alone,
    one leads through a door.
    """
    mapped, stops = _mapped(feed), len(feed.stop_id)
    way = feed.inside_step_free >= 0
    inside = np.isin(
        a.astype(np.int64) * stops + b, feed.inside_from[way].astype(np.int64) * stops + feed.inside_to[way]
    )
    leaves, enters = ~mapped, ~mapped
    leaves[feed.door_stop[feed.door_step_free_out >= 0]] = enters[feed.door_stop[feed.door_step_free_in >= 0]] = True
    is_step_free: Array = np.where(mapped[a] & mapped[b], inside, leaves[a] & enters[b])
    return is_step_free


def _mapped(feed: Feed) -> Array:
    """Return bool[stops]: those of which the timetable tells the ways inside their station."""
    mapped = np.zeros(len(feed.stop_id), np.bool_)
    mapped[feed.door_stop] = mapped[feed.inside_from] = mapped[feed.inside_to] = True
    return mapped


def _street_walks(network: Network, settings: TravelSettings) -> tuple[Array, Array, Array]:
    entrances, limit = gates(network, settings), settings.max_walk_minutes * MINUTE
    usual = settings.walk_kph == STORED_WALKS.walk_kph and settings.max_walk_minutes <= STORED_WALKS.max_walk_minutes
    if network.transfers is not None and usual and (settings.ferries or not has_ferries(network.streets)):
        reached: Reached = network.transfers
    else:
        reached = street_seconds(
            network.streets, entrances.places, entrances.places, "walk", limit, settings.walk_kph,
            ferries=settings.ferries,
        )  # fmt: skip
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
    stated = feed.inside_step_free if step_free else feed.inside_seconds
    ways = stated >= 0
    mapped = _mapped(feed)
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
