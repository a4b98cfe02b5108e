"""Outlines that cross themselves, made valid in a time that is bounded: how often they do so is counted first."""

from typing import Any

import numpy as np
import numpy.typing as npt
import shapely

FEW_CROSSINGS, MOST_CROSSINGS = 100, 5_000
"""Up to the first, which is more than a slip of the hand makes, the usual method takes milliseconds, beyond it minutes;
no outline that anybody drew crosses itself as often as the second."""
_AT_ONCE = 64


def valid_outlines(shapes: npt.ArrayLike) -> npt.NDArray[np.object_]:
    """Return shapes of which each is valid, or None where it crosses itself over 5,000 times.

    Parts within a crossing are told by how often the outline goes around them; where it crosses itself over 100 times,
    everything within it is inside.
    """
    valid = np.array(shapes, dtype=object, ndmin=1)
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
    rings = shapely.get_rings(shapely.get_parts(shape))
    corners, ring = shapely.get_coordinates(rings, return_index=True)
    pairs = np.stack([corners[:-1], corners[1:]], axis=1)[ring[:-1] == ring[1:]]
    segments = shapely.linestrings(pairs)
    tree = shapely.STRtree(segments)
    meetings = 0
    for first in range(0, len(segments), _AT_ONCE):
        some = segments[first : first + _AT_ONCE]
        meetings += tree.query(some, predicate="intersects").shape[1] - 3 * len(some)  # itself and its neighbors
        if meetings > 2 * MOST_CROSSINGS:
            break
    return meetings // 2
