"""Outlines that cross themselves, made valid in a time that is bounded: how often they do so is counted first.

So is how often the boxes around their sides meet, for telling whether an outline crosses itself takes as long: a star
of 32,000 corners, which doesn't, a second, and one of a million a quarter of an hour.
"""

from typing import Any

import numpy as np
import numpy.typing as npt
import shapely

FEW_CROSSINGS, MOST_CROSSINGS = 100, 5_000
"""Up to the first, which is more than a slip of the hand makes, the usual method takes milliseconds, beyond it minutes;
no outline that anybody drew crosses itself as often as the second."""
MANY_CORNERS, MOST_MEETINGS = 20_000, 50_000_000
"""Fewer corners take a third of a second however they lie; of a coast of 100,000 corners a million boxes meet."""
_AT_ONCE, _SAMPLE = 64, 512


def are_tangled(shapes: npt.ArrayLike) -> npt.NDArray[np.bool_]:
    """Return which shapes nobody drew: so many of their sides lie side by side that no other question ends in time."""
    tangled = np.zeros(np.size(shapes), dtype=bool)
    for at, shape in enumerate(np.array(shapes, dtype=object, ndmin=1)):
        if shapely.get_num_coordinates(shape) <= MANY_CORNERS or shapely.get_dimensions(shape) != 2:
            continue
        segments = _segments(shape)
        some = segments[:: max(1, len(segments) // _SAMPLE)]
        met = shapely.STRtree(segments).query(some).shape[1]
        tangled[at] = met / len(some) * len(segments) > MOST_MEETINGS
    return tangled


def valid_outlines(shapes: npt.ArrayLike) -> npt.NDArray[np.object_]:
    """Return shapes of which each is valid, or None where it crosses itself over 5,000 times, or is tangled.

    Parts within a crossing are told by how often the outline goes around them; where it crosses itself over 100 times,
    everything within it is inside.
    """
    valid = np.array(shapes, dtype=object, ndmin=1)
    valid[are_tangled(valid)] = None
    for at in np.flatnonzero(~shapely.is_valid(valid) & ~shapely.is_missing(valid)):
        crossings = _crossings(valid[at])
        if crossings > MOST_CROSSINGS:
            valid[at] = None
        elif crossings > FEW_CROSSINGS:
            valid[at] = shapely.make_valid(valid[at], method="structure", keep_collapsed=False)
        else:
            valid[at] = shapely.make_valid(valid[at])
    return valid


def _crossings(shape: Any) -> int:
    """Return how many pairs of a shape's segments meet but for neighbors; no longer counted beyond the most."""
    segments = _segments(shape)
    tree = shapely.STRtree(segments)
    meetings = 0
    for first in range(0, len(segments), _AT_ONCE):
        some = segments[first : first + _AT_ONCE]
        meetings += tree.query(some, predicate="intersects").shape[1] - 3 * len(some)  # itself and its neighbors
        if meetings > 2 * MOST_CROSSINGS:
            break
    return meetings // 2


def _segments(shape: Any) -> npt.NDArray[np.object_]:
    """Return the sides of a shape, as lines."""
    rings = shapely.get_rings(shapely.get_parts(shape))
    corners, ring = shapely.get_coordinates(rings, return_index=True)
    pairs = np.stack([corners[:-1], corners[1:]], axis=1)[ring[:-1] == ring[1:]]
    lines: npt.NDArray[np.object_] = shapely.linestrings(pairs)
    return lines
