"""The line that a vehicle follows on the ground between two stops of a trip."""

from dataclasses import dataclass
from itertools import pairwise

import numpy as np
import numpy.typing as npt

from geo.timetables.feed import Feed
from geo.units import METERS_PER_DEGREE

Floats = npt.NDArray[np.float64]
LonLat = tuple[float, float]

FARTHEST_METERS = 300.0
"""Stops farther than this from their trip's line show that it is not the trip's."""


def ride_line(feed: Feed, trip: int, board: int, alight: int) -> list[LonLat]:
    """Return lon, lat points from one stop of a trip to a later one, at least two, both stops' own points included.

    Along the trip's shape, on which the trip's stops are put in their order, as near as that allows; straight from
    stop to stop where the feed holds no shape, or one that misses the stops.

    Parameters
    ----------
    board, alight
        Positions in the trip.
    """
    lon, lat = _stops(feed, trip)
    straight = list(zip(lon[board : alight + 1].tolist(), lat[board : alight + 1].tolist(), strict=True))
    straight = straight * 2 if len(straight) == 1 else straight
    shape = _shape(feed, trip, lon, lat)
    if shape is None or max(shape.off[board], shape.off[alight]) > FARTHEST_METERS:
        return straight
    drawn = [straight[0], *_along(shape, board, alight), straight[-1]]
    kept = [point for i, point in enumerate(drawn) if i == 0 or point != drawn[i - 1]]
    return kept if len(kept) > 1 else straight[:2]  # two stops at one place


def stretches(feed: Feed, trip: int) -> list[list[LonLat]]:
    """Return the lines that a trip may follow from each of its stops to the next: all of which `ride_line` may draw.

    Where the shape misses some stop, a ride may be drawn straight or along it: then the line is both, there and back.
    """
    lon, lat = _stops(feed, trip)
    points = list(zip(lon.tolist(), lat.tolist(), strict=True))
    shape = _shape(feed, trip, lon, lat)
    lines = []
    for k, (here, there) in enumerate(pairwise(points)):
        line = [here, there]
        if shape is not None:
            line = [here, *_along(shape, k, k + 1), there]
            if shape.off.max() > FARTHEST_METERS:
                line += [here]
        lines.append(line)
    return lines


@dataclass(frozen=True)
class _Shape:
    """A trip's line, where its stops lie along it, and how far off (meters)."""

    lon: Floats
    lat: Floats
    at: Floats
    off: Floats


def _stops(feed: Feed, trip: int) -> tuple[Floats, Floats]:
    pattern = int(feed.trip_pattern[trip])
    stops = feed.pattern_stop[feed.pattern_offset[pattern] : feed.pattern_offset[pattern + 1]]
    return feed.stop_lon[stops], feed.stop_lat[stops]


def _shape(feed: Feed, trip: int, lon: Floats, lat: Floats) -> _Shape | None:
    """Return the line that a trip with these stops follows, None where the feed tells of none."""
    shape = int(feed.trip_shape[trip])
    if shape < 0:
        return None
    points = slice(feed.shape_offset[shape], feed.shape_offset[shape + 1])
    line_lon, line_lat = feed.shape_lon[points], feed.shape_lat[points]
    if len(line_lon) < 2:
        return None
    wide = np.cos(np.radians(lat.mean())) * METERS_PER_DEGREE
    line = np.stack([line_lon * wide, line_lat * METERS_PER_DEGREE], axis=1)
    return _Shape(line_lon, line_lat, *places_along(line, np.stack([lon * wide, lat * METERS_PER_DEGREE], axis=1)))


def _along(shape: _Shape, board: int, alight: int) -> list[LonLat]:
    """Return the points of a line between the places of two of its stops."""
    between = np.arange(int(np.floor(shape.at[board])) + 1, int(np.ceil(shape.at[alight])))
    number = np.concatenate([[shape.at[board]], between, [shape.at[alight]]])
    along = np.stack([np.interp(number, np.arange(len(shape.lon)), axis) for axis in (shape.lon, shape.lat)], axis=1)
    return [(lon, lat) for lon, lat in along.tolist()]


def places_along(line: Floats, stops: Floats) -> tuple[Floats, Floats]:
    """Return where stops lie along a line, never going back, with the least sum of squared distances.

    Parameters
    ----------
    line, stops
        float64[p, 2], float64[s, 2]: meters.

    Returns
    -------
    at
        Number of the line's point, with the share of the way to the next.
    off
        Meters from each stop to its place.
    """
    start, step = line[:-1], np.diff(line, axis=0)
    length = np.maximum((step**2).sum(axis=1), 1e-9)
    share = np.clip(((stops[:, None, :] - start) * step).sum(axis=2) / length, 0.0, 1.0)
    square = ((start + share[:, :, None] * step - stops[:, None, :]) ** 2).sum(axis=2)
    meters = np.sqrt(length)
    best, came = square[0], np.zeros(square.shape, np.int64)
    rank = np.arange(len(best))
    for stop in range(1, len(stops)):
        lowest = np.minimum.accumulate(best)
        # the segment at which the running minimum was last improved
        low = np.maximum.accumulate(np.where(best <= lowest, rank, 0))
        before = np.append(np.inf, lowest[:-1])
        # on one and the same segment, a stop that lies back is moved on to the one before
        back = np.maximum(share[stop - 1] - share[stop], 0.0) * meters
        same = best + back**2
        came[stop] = np.where(same <= before, rank, np.append(0, low[:-1]))
        best = np.minimum(same, before) + square[stop]
    segment = np.empty(len(stops), np.int64)
    segment[-1] = best.argmin()
    for stop in range(len(stops) - 1, 0, -1):
        segment[stop - 1] = came[stop, segment[stop]]
    rows = np.arange(len(stops))
    at: Floats = np.maximum.accumulate(segment + share[rows, segment])
    return at, np.sqrt(square[rows, segment])
