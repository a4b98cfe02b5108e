"""Reached streets with times → the areas around them, as contours of a field of times on a grid."""

from collections.abc import Callable
from functools import lru_cache
from typing import Any

import numpy as np
import numpy.typing as npt
import shapely

from geo.crs import to_degrees
from geo.streets.build import Streets
from geo.travel.kernels_contours import contour_rings, polynomials
from geo.travel.kernels_isochrones import extent, grid_marks, time_field

Floats = npt.NDArray[np.float64]
Array = npt.NDArray[Any]
Areas = npt.NDArray[np.object_]
Marks = tuple[Array, Array, Array, Array, Array]

OFF_METERS = 45.0
"""Longest walk off a street, to the grid point; with the grid's own width the area ends 45–60 m off."""
CELL_METERS = 14.0
_MOST_CELLS = 1_500_000
_SLIVER_CELLS = 6.0
_PATCH_METERS = 50_000.0
_NODES = np.stack(np.meshgrid(*[np.cos(np.pi * (np.arange(7) + 0.5) / 7)] * 2)).reshape(2, -1)
_FIT = np.linalg.pinv(np.stack([_NODES[0] ** i * _NODES[1] ** j for i in range(6) for j in range(6 - i)], axis=1))
"""Values at the nodes of a square → weights of the terms of a polynomial of degree 5."""


def marks(streets: Streets, cell: float) -> Marks:
    """Return the grid points beside each link and where along it; see `geo.travel.kernels_isochrones.grid_marks`."""
    on_grid: Marks = grid_marks(
        streets.geometry_offset, streets.geometry_x, streets.geometry_y, streets.grid.measure, cell
    )
    return on_grid


def areas_around(
    streets: Streets,
    pieces: tuple[Array, ...],
    ways: Floats,
    marks_at: Callable[[float], Marks],
    seconds: list[float],
    per_meter: float,
    along_per_meter: float,
) -> Areas:
    """Return the area within each number of seconds.

    Parameters
    ----------
    pieces
        From `geo.travel.kernels_isochrones.reached_pieces`: parts of links and the times at their ends.
    ways
        float64[k, 6]: x0, y0, time0, x1, y1, time1 (local meters, seconds); straight lines walked besides; k ≥ 1.
    marks_at
        `marks` of these streets by the width of a square in meters: `CELL_METERS`, for wide areas twice or more.
    seconds
        In any order.
    per_meter, along_per_meter
        Seconds to walk a meter off a street, and to move a meter along one: how finely times are told apart.

    Returns
    -------
    MultiPolygon[seconds]
        EPSG:4326; a shorter time's area lies inside a longer one's.
    """
    cell = CELL_METERS
    beside = marks_at(cell)
    south, west, north, east = extent(pieces, beside, ways, cell)
    while (north - south) * (east - west) * (CELL_METERS / cell) ** 2 > _MOST_CELLS:
        cell *= 2
    if cell > CELL_METERS:
        beside = marks_at(cell)
        south, west, north, east = extent(pieces, beside, ways, cell)
    radius = max(OFF_METERS, cell)
    margin = int(radius / cell) + 4
    south, west = south - margin, west - margin
    frame = (south, west, north - south + margin + 1, -(-(east - west + margin + 1) // 64) * 64)
    field = time_field(pieces, streets.link_meters, beside, ways, cell, frame, radius, per_meter)
    limits, step = np.array(seconds, np.float64), cell * per_meter
    slack = 0.75 * cell * along_per_meter  # the last grid point beside a line is up to so much further
    # the further, the wider by centimeters: areas that end at the same place still lie inside each other
    outer = step * (1 - 0.2 * limits / (limits + 3600))
    points, offset, parent, level, size = contour_rings(field, (limits + slack).astype(np.float32), step, outer)
    corners = _degrees(points, frame, cell, streets.crs)
    return _polygons(corners, offset, parent, level, size, len(limits))


def _polygons(corners: Floats, offset: Array, parent: Array, level: Array, size: Floats, levels: int) -> Areas:
    """Return the rings as a MultiPolygon for each level, without sliver holes."""
    rings = shapely.linearrings(corners, indices=np.repeat(np.arange(len(parent)), np.diff(offset)))
    outer = parent < 0
    shell = np.where(outer, np.arange(len(parent)), parent)
    chosen = np.flatnonzero(outer | (size >= _SLIVER_CELLS))
    chosen = chosen[np.argsort(2 * shell[chosen] + ~outer[chosen], kind="stable")]  # each outer ring before its holes
    polygons = shapely.polygons(rings[chosen], indices=np.cumsum(outer[chosen]) - 1)
    areas: Areas = np.full(levels, shapely.MultiPolygon())
    there, which = np.unique(level[outer], return_inverse=True)
    areas[there] = shapely.multipolygons(polygons, indices=which)
    return areas


def _degrees(points: Floats, frame: tuple[int, int, int, int], cell: float, crs: str) -> Floats:
    """Return lon, lat of columns and rows, both float64[k, 2], by polynomials through the projection's own values."""
    south, west, rows, columns = frame
    middle = (west + columns / 2) * cell, (south + rows / 2) * cell
    x, y = (round(meters / _PATCH_METERS) * _PATCH_METERS for meters in middle)
    half = _PATCH_METERS
    while half < (max(rows, columns) * cell + _PATCH_METERS) / 2:
        half *= 2
    weights, center = _patch(x, y, half, crs)
    degrees: Floats = polynomials(points, (west - x / cell, south - y / cell), cell / half, weights, center)
    return degrees


@lru_cache(maxsize=64)
def _patch(x: float, y: float, half: float, crs: str) -> tuple[Floats, Floats]:
    """Return the weights of the polynomials around a point, and what to add.

    Of degree 5, they differ from the projection by millimeters at most over 200 km, at a tenth of the time.
    """
    degrees = np.stack(to_degrees(x + _NODES[0] * half, y + _NODES[1] * half, crs), axis=1)
    center = degrees.mean(axis=0)
    return _FIT @ (degrees - center), center
