"""The network of one who keeps out of areas: streets cut at their border, no stop inside, no ride through.

Everything that searches on it keeps out by itself, so that nothing else need know of areas. Ways inside stations and
changes that a timetable tells of, whose line on the ground nobody knows, are not taken where the straight one enters.
"""

from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

from geo.crs import to_meters
from geo.memo import remember
from geo.streets.closed_areas import without_closed_ground
from geo.timetables.feed import NONE, Feed, Flags, offsets
from geo.timetables.shapes import FARTHEST_METERS, LonLat, stretches
from geo.travel.network import Network, build_network, remembered

if TYPE_CHECKING:
    import shapely

Array = npt.NDArray[Any]
_NEAR_METERS = 1.01 * FARTHEST_METERS
"""From a shape that is farther off than this, no line to a stop enters: shapes measure within 1 % of local meters."""
_MOST_PERSONS = 4
"""Networks kept at once: each holds its own streets, and soon a few service days."""


def keeping_out(network: Network, areas: "shapely.Geometry", *, ride_through: bool = False) -> Network:
    """Return the network without the ground of some areas, their edge included; made once and kept.

    Parameters
    ----------
    areas
        A polygon or several, in the network's local meters.
    ride_through
        One may sit on a bus or train that passes through, so long as one neither boards nor leaves it inside.
    """
    kept: dict[Any, Network] = remembered(network, ("keeping out",), dict)
    key = (areas.wkb, ride_through)
    return remember(kept, key, lambda: _without(network, areas, ride_through=ride_through), _MOST_PERSONS)


def flagging(network: Network, areas: "shapely.Geometry") -> Network:
    """Return the network as it is, whose journeys tell which of their legs enter some areas."""
    return replace(network, areas=areas)


def _without(network: Network, areas: "shapely.Geometry", *, ride_through: bool) -> Network:
    import shapely

    shapely.prepare(areas)
    streets, feed, cut, around = without_closed_ground(network.streets, areas), network.feed, None, None
    if feed is not None:
        feed, around = _without_stops(feed, areas, network.crs)
        if not ride_through:
            feed, cut = _without_rides(feed, areas, network.crs)
    return replace(build_network(streets, feed, network.time_zone), areas=areas, cut=cut, around=around)


def _without_stops(feed: Feed, areas: "shapely.Geometry", crs: str) -> tuple[Feed, Flags]:
    """Return the feed where nobody gets on or off inside, nor crosses on the way from platform to platform.

    With it the published changes that lead through an area: the streets may still lead around it, but not faster.
    """
    stop = np.column_stack(to_meters(feed.stop_lon, feed.stop_lat, crs))
    gate = np.column_stack(to_meters(feed.gate_lon, feed.gate_lat, crs))

    def enters(a: Array, b: Array) -> Flags:
        return _enters(areas, np.stack([a, b], axis=1))

    inside = _enters(areas, np.stack([stop, stop], axis=1))
    called = inside[feed.pattern_stop]
    doors = enters(gate[feed.door_gate], stop[feed.door_stop])
    within = enters(stop[feed.inside_from], stop[feed.inside_to])
    names = ("door_in", "door_out", "door_step_free_in", "door_step_free_out")
    barred = enters(stop[feed.transfer_from], stop[feed.transfer_to])
    without = replace(
        feed,
        stop_station=np.where(_around(feed, stop, areas), -1, feed.stop_station).astype(np.int32),
        pattern_pickup=np.where(called, NONE, feed.pattern_pickup).astype(np.int8),
        pattern_drop_off=np.where(called, NONE, feed.pattern_drop_off).astype(np.int8),
        inside_seconds=_never(feed.inside_seconds, within),
        inside_step_free=_never(feed.inside_step_free, within),
        **{name: _never(getattr(feed, name), doors) for name in names},
    )
    return without, barred


def _never(seconds: Array, barred: Flags) -> Array:
    return np.where(barred, -1, seconds).astype(np.int32)


def _around(feed: Feed, stop: Array, areas: "shapely.Geometry") -> Flags:
    """Return the stops of stations between whose stops an area lies: from one to the other one takes the streets."""
    import shapely

    own = feed.stop_station
    apart = np.zeros(len(own), np.bool_)
    for station in np.unique(own[own >= 0]):
        members = np.flatnonzero(own == station)
        apart[members] = shapely.MultiPoint(stop[members]).convex_hull.intersects(areas)
    return apart


def _without_rides(feed: Feed, areas: "shapely.Geometry", crs: str) -> tuple[Feed, Flags]:
    """Return the feed with patterns told apart by their lines, and where on each of them nobody stays on board.

    Nobody stays seated where a vehicle goes on as another trip whose first stop it comes to through the areas. (Where
    only its run says so, both stops are one, or of one station, and `_around` holds.)
    The flags are one a stop of a pattern: whether the ride from there to the next stop enters; of the last stop,
    whether the stop itself lies inside.
    """
    import shapely

    stop = np.column_stack(to_meters(feed.stop_lon, feed.stop_lat, crs))
    inside = _enters(areas, np.stack([stop, stop], axis=1))
    kinds, first, kind = np.unique(
        np.stack([feed.trip_pattern, feed.trip_shape], axis=1), axis=0, return_index=True, return_inverse=True
    )
    near_shape = np.zeros(len(feed.shape_offset), np.bool_)  # the last for trips without one
    for number in range(len(feed.shape_offset) - 1):
        own = slice(feed.shape_offset[number], feed.shape_offset[number + 1])
        points = np.column_stack(to_meters(feed.shape_lon[own], feed.shape_lat[own], crs))
        near_shape[number] = len(points) > 1 and shapely.dwithin(areas, shapely.LineString(points), _NEAR_METERS)
    ways, flags = [], []
    for (pattern, shape), trip in zip(kinds, first, strict=True):
        way = np.arange(feed.pattern_offset[pattern], feed.pattern_offset[pattern + 1])
        stops = feed.pattern_stop[way]
        flag = inside[stops]
        if near_shape[shape] or areas.intersects(shapely.LineString(stop[stops])):
            lines = [_meters(line, crs) for line in stretches(feed, int(trip))]
            flag = np.append([areas.intersects(shapely.LineString(line)) for line in lines], flag[-1])
        ways.append(way)
        flags.append(flag.astype(np.bool_))
    last = stop[feed.pattern_stop[feed.pattern_offset[feed.trip_pattern[feed.seat_from] + 1] - 1]]
    first_of_next = stop[feed.pattern_stop[feed.pattern_offset[feed.trip_pattern[feed.seat_to]]]]
    positions = np.concatenate(ways) if ways else np.empty(0, np.int64)
    apart = replace(
        feed,
        pattern_offset=offsets(np.array([len(way) for way in ways], np.int64)),
        pattern_stop=feed.pattern_stop[positions],
        pattern_pickup=feed.pattern_pickup[positions],
        pattern_drop_off=feed.pattern_drop_off[positions],
        trip_pattern=kind.reshape(-1).astype(np.int32),
        seat_kept=feed.seat_kept & ~_enters(areas, np.stack([last, first_of_next], axis=1)),
    )
    return apart, np.concatenate(flags) if flags else np.empty(0, np.bool_)


def _enters(areas: "shapely.Geometry", lines: Array) -> Flags:
    """Return which straight lines, float64[k, 2, 2], touch the areas."""
    import shapely

    touched: Flags = shapely.intersects(areas, shapely.linestrings(lines)) if len(lines) else np.empty(0, np.bool_)
    return touched


def _meters(line: Sequence[LonLat], crs: str) -> Array:
    """Return the points of a line in local meters, float64[k, 2]."""
    lon, lat = np.array(line).T
    return np.column_stack(to_meters(lon, lat, crs))
