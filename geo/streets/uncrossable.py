"""Shores and railway yards: what nobody walks across on the way from a place to its street."""

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from geo.crs import to_meters
from geo.streets.elements import OsmElements
from geo.streets.kernels_nearest import grid_segments

Array = npt.NDArray[Any]
_SQUARE_METERS = 150.0
_MARGIN_METERS = 1000.0
"""As far as a place may be from its street."""
_MOST_SQUARES = 16_000_000


@dataclass(frozen=True)
class Uncrossable:
    """Lines that a straight walk may not cross, and which pass each square of a grid.

    Attributes
    ----------
    x, y
        float64: points of the lines (local meters).
    weight
        float32: of each point's line. A walk is blocked by lines that weigh 1 together: one shore, or the tracks of a
        yard; a single track is stepped over.
    frame, offset, segment
        As in `geo.streets.build.SegmentGrid`.
    """

    x: Array
    y: Array
    weight: Array
    frame: Array
    offset: Array
    segment: Array


def lay_uncrossable(elements: OsmElements, crs: str, x: Array, y: Array) -> Uncrossable:
    """Return what is uncrossable in an extract, as far as places may attach to streets, whose points are x, y."""
    west, south = x.min() - _MARGIN_METERS, y.min() - _MARGIN_METERS
    east, north = x.max() + _MARGIN_METERS, y.max() + _MARGIN_METERS
    side = square_meters(east - west, north - south, _SQUARE_METERS)
    frame = np.array([west, south, side, (east - west) // side + 1, (north - south) // side + 1])
    line = np.repeat(np.arange(len(elements.uncrossable_weight), dtype=np.int32), np.diff(elements.uncrossable_offset))
    if not len(line):
        empty = np.empty(0, np.float64)
        offset = np.zeros(int(frame[3] * frame[4]) + 1, np.int32)
        return Uncrossable(empty, empty, empty.astype(np.float32), frame, offset, np.empty(0, np.int32))
    points_x, points_y = to_meters(elements.uncrossable_lon, elements.uncrossable_lat, crs)
    offset, segment = grid_segments(points_x, points_y, line, frame)
    return Uncrossable(points_x, points_y, elements.uncrossable_weight[line].astype(np.float32), frame, offset, segment)


def square_meters(width: float, height: float, finest: float) -> float:
    """Return the side of a grid's squares: the finest, or wider where there would be too many of them."""
    return float(max(finest, np.sqrt(width * height / _MOST_SQUARES)))
