"""The line that a vehicle follows on the ground between two stops of a trip."""

import numpy as np
import numpy.typing as npt

from geo.timetables.feed import Feed
from geo.units import METERS_PER_DEGREE

Floats = npt.NDArray[np.float64]

_FARTHEST_METERS = 300.0
"""Stops farther than this from their trip's line show that it is not the trip's."""


def ride_line(feed: Feed, trip: int, board: int, alight: int) -> list[tuple[float, float]]:
    """Return lon, lat points from one stop of a trip to a later one, at least two, both stops' own points included.

    Along the trip's shape, on which the trip's stops are put in their order, as near as that allows; straight from
    stop to stop where the feed holds no shape, or one that misses the stops.

    Parameters
    ----------
    board, alight
        Positions in the trip.
    """
    pattern, shape = int(feed.trip_pattern[trip]), int(feed.trip_shape[trip])
    stops = feed.pattern_stop[feed.pattern_offset[pattern] : feed.pattern_offset[pattern + 1]]
    lon, lat = feed.stop_lon[stops], feed.stop_lat[stops]
    straight = list(zip(lon[board : alight + 1].tolist(), lat[board : alight + 1].tolist(), strict=True))
    straight = straight * 2 if len(straight) == 1 else straight
    if shape < 0:
        return straight
    points = slice(feed.shape_offset[shape], feed.shape_offset[shape + 1])
    line_lon, line_lat = feed.shape_lon[points], feed.shape_lat[points]
    if len(line_lon) < 2:
        return straight
    wide = np.cos(np.radians(lat.mean())) * METERS_PER_DEGREE
    line = np.stack([line_lon * wide, line_lat * METERS_PER_DEGREE], axis=1)
    at, off = places_along(line, np.stack([lon * wide, lat * METERS_PER_DEGREE], axis=1))
    if max(off[board], off[alight]) > _FARTHEST_METERS:
        return straight
    between = np.arange(int(np.floor(at[board])) + 1, int(np.ceil(at[alight])))
    number = np.concatenate([[at[board]], between, [at[alight]]])
    along = np.stack([np.interp(number, np.arange(len(line)), axis) for axis in (line_lon, line_lat)], axis=1)
    drawn = [straight[0], *map(tuple, along.tolist()), straight[-1]]
    kept = [point for i, point in enumerate(drawn) if i == 0 or point != drawn[i - 1]]
    return kept if len(kept) > 1 else straight[:2]  # two stops at one place


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
