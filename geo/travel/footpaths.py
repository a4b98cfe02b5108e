"""Walks between places, and to and from stops through their gates, within the longest walk."""

from typing import Any

import numpy as np
import numpy.typing as npt

from geo.errors import InputError
from geo.streets.shortest_paths import street_seconds
from geo.streets.snapping import Attachment
from geo.timetables.station_entrances import Doors, Gates, gates_of
from geo.travel.kernels_raptor import Links
from geo.travel.network import Network, remembered
from geo.travel.settings import TravelSettings

Array = npt.NDArray[Any]


def gates(network: Network, settings: TravelSettings) -> Gates:
    """Return the gates for people on foot, or for wheelchairs; kept with the network.

    Raises
    ------
    InputError
        There is no timetable.
    """
    feed, stops = network.feed, network.stops
    if feed is None or stops is None:
        raise InputError("This region has no timetable; choose walk, bike or drive, or build the region with --gtfs.")

    def make() -> Gates:
        return gates_of(network.streets, feed, stops, step_free=settings.wheelchair)

    return remembered(network, ("gates", settings.wheelchair), make)


def walks(network: Network, origins: Attachment, destinations: Attachment, settings: TravelSettings) -> Links:
    """Return the walks, within the longest walk, from each origin; searched from the side with fewer places."""
    limit = 60 * settings.max_walk_minutes
    few = len(destinations.link) < len(origins.link)
    reached = street_seconds(
        network.streets, origins, destinations, "walk", limit, settings.walk_kph,
        by_destination=few, ferries=settings.ferries,
    )  # fmt: skip
    rows = np.repeat(np.arange(len(reached.indptr) - 1), np.diff(reached.indptr))
    row, column = (reached.index, rows) if few else (rows, reached.index)
    return links(row, column, whole_seconds(reached.seconds), len(origins.link))


def walks_to_stops(network: Network, places: Attachment, settings: TravelSettings) -> Links:
    """Return the walks, within the longest walk, from each place to stops."""
    entrances = gates(network, settings)
    walked = walks(network, places, entrances.places, settings)
    if entrances.are_stops:
        return walked
    row = np.repeat(np.arange(len(places.link)), np.diff(walked.offset))
    row, stop, seconds = through(entrances.inward, row, walked.target, walked.seconds, settings)
    return links(*shortest(row, stop, seconds), len(places.link))


def walks_from_stops(network: Network, places: Attachment, settings: TravelSettings) -> Links:
    """Return the walks, within the longest walk, from each stop to places."""
    entrances = gates(network, settings)
    walked = walks(network, entrances.places, places, settings)
    if entrances.are_stops:
        return walked
    gate = np.repeat(np.arange(len(entrances.lon)), np.diff(walked.offset))
    place, stop, seconds = through(entrances.outward, walked.target, gate, walked.seconds, settings)
    stops = 0 if network.feed is None else len(network.feed.stop_id)
    return links(*shortest(stop, place, seconds), stops)


def through(
    doors: Doors, other: Array, gate: Array, seconds: Array, settings: TravelSettings
) -> tuple[Array, Array, Array]:
    """Return walks between places and gates led on to stops: place, stop, seconds within the longest walk."""
    order = np.argsort(doors.gate, kind="stable")
    first, last = (np.searchsorted(doors.gate[order], gate, side) for side in ("left", "right"))
    fan = last - first
    entry = np.repeat(np.arange(len(gate)), fan)
    door = order[np.repeat(first, fan) + np.arange(len(entry)) - np.repeat(np.cumsum(fan) - fan, fan)]
    total = seconds[entry] + doors.seconds[door]
    near = total <= 60 * settings.max_walk_minutes
    return other[entry][near], doors.stop[door][near], total[near]


def shortest(row: Array, column: Array, seconds: Array) -> tuple[Array, Array, Array]:
    """Return each pair once, with its least seconds, by row and then by column."""
    columns = int(column.max(initial=0)) + 1
    pair = row.astype(np.int64) * columns + column
    order = np.argsort(pair, kind="stable")
    pair = pair[order]
    first = np.flatnonzero(np.concatenate([[True], pair[1:] != pair[:-1]])) if len(pair) else np.empty(0, np.int64)
    least = np.minimum.reduceat(seconds[order], first) if len(pair) else seconds
    return row[order][first], column[order][first], least


def whole_seconds(seconds: Array) -> Array:
    """Return seconds along streets rounded up, but for the hundredths that sums of floats are wrong by.

    Timetables and departures are whole seconds. Rounded up, every walk is in time for the same vehicles, and within
    the same limits, as unrounded; rounded to the nearest, some would catch a bus that they miss by a moment.
    """
    whole: Array = np.ceil(seconds - 0.01)
    return whole


def links(row: Array, column: Array, seconds: Array, rows: int) -> Links:
    """Return pairs with whole seconds as Links, nearest first in each row, then by number."""
    columns, most = int(column.max(initial=0)) + 1, int(seconds.max(initial=0)) + 1
    # One number each, which is sorted several times as fast as three are.
    ordered = np.sort((row.astype(np.int64) * most + seconds.astype(np.int64)) * columns + column)
    offset = np.concatenate([[0], np.cumsum(np.bincount(row, minlength=rows))]).astype(np.int64)
    taken, target = np.divmod(ordered, columns)
    return Links(offset, target.astype(np.int32), (taken % most).astype(np.int32))


def transposed(given: Links, columns: int) -> Links:
    """Return the links the other way round, one row a column."""
    row = np.repeat(np.arange(len(given.offset) - 1), np.diff(given.offset))
    return links(given.target, row, given.seconds, columns)
