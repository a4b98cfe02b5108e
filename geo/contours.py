"""Lines with times → the areas around them, as contours of a field of times on a grid."""

from collections.abc import Callable

import numpy as np
import numpy.typing as npt
import shapely

from geo.crs import to_degrees
from geo.kernels_isochrones import contour_rings, polynomials, time_field

Floats = npt.NDArray[np.float64]

OFF_METRES = 45.0
"""Longest walk off a street, to the grid point; with the grid's own width the area ends 45–60 m off."""
_CELL_METRES = 12.5
_MOST_CELLS = 1_000_000
_SLIVER_CELLS = 6.0
_NODES = np.stack(np.meshgrid(*[np.cos(np.pi * (np.arange(7) + 0.5) / 7)] * 2)).reshape(2, -1)
_FIT = np.linalg.pinv(np.stack([_NODES[0] ** i * _NODES[1] ** j for i in range(6) for j in range(6 - i)], axis=1))
"""Values at the nodes of a square → weights of the terms of a polynomial of degree 5."""


def areas_around(
    lines: Floats, seconds: list[float], per_metre: float, along_per_metre: float, crs: str
) -> list[shapely.Geometry]:
    """Return the area within each number of seconds.

    Parameters
    ----------
    lines
        float64[k, 6]: x0, y0, time0, x1, y1, time1 (local metres, seconds); time runs linearly between the ends.
    seconds
        In any order.
    per_metre, along_per_metre
        Seconds to walk a metre off a line, and to move a metre along one: how finely times are told apart.

    Returns
    -------
    list of MultiPolygon
        EPSG:4326; a shorter time's area lies inside a longer one's.
    """
    if not len(lines):
        return [shapely.MultiPolygon() for _ in seconds]
    west, south = lines[:, [0, 3]].min(), lines[:, [1, 4]].min()
    width, height = lines[:, [0, 3]].max() - west, lines[:, [1, 4]].max() - south
    cell = max(_CELL_METRES, float(np.sqrt(width * height / _MOST_CELLS)))
    radius = max(OFF_METRES, cell)
    margin = int(radius / cell) + 2
    columns, rows = int(width / cell) + 2 * margin + 2, int(height / cell) + 2 * margin + 2
    west, south = west - margin * cell, south - margin * cell
    field = time_field(lines, west, south, cell, columns, rows, radius, per_metre)
    step = cell * per_metre
    slack = 0.75 * cell * along_per_metre  # the last grid point beside a line is up to so much further
    degrees = _local_degrees(west, south, (columns, rows), cell, crs)
    areas = []
    for limit in seconds:
        # the further, the wider by centimetres: areas that end at the same place still lie inside each other
        outer = step * (1 - 0.2 * limit / (limit + 3600))
        points, offset, parent = contour_rings(field, float(np.float32(limit + slack)), step, outer)
        size = 0.5 * np.abs(_ring_areas(points, offset))
        areas.append(_polygons(degrees(points), offset, parent, size))
    return areas


def _ring_areas(points: Floats, offset: npt.NDArray[np.int64]) -> Floats:
    """Return twice the signed area of each ring."""
    after = np.arange(1, len(points) + 1)
    after[offset[1:] - 1] = offset[:-1]
    cross = points[:, 0] * points[after, 1] - points[after, 0] * points[:, 1]
    areas: Floats = np.add.reduceat(cross, offset[:-1]) if len(points) else np.empty(0)
    return areas


def _polygons(
    corners: Floats, offset: npt.NDArray[np.int64], parent: npt.NDArray[np.int64], size: Floats
) -> shapely.Geometry:
    """Return the rings as polygons, without sliver holes."""
    if not len(parent):
        return shapely.MultiPolygon()
    rings = shapely.linearrings(corners, indices=np.repeat(np.arange(len(parent)), np.diff(offset)))
    holes: dict[int, list[shapely.Geometry]] = {}
    for i in np.flatnonzero((parent >= 0) & (size >= _SLIVER_CELLS)):
        holes.setdefault(int(parent[i]), []).append(rings[i])
    return shapely.multipolygons(
        [shapely.polygons(rings[i], holes=holes.get(int(i))) for i in np.flatnonzero(parent < 0)]
    )


def _local_degrees(
    west: float, south: float, squares: tuple[int, int], cell: float, crs: str
) -> Callable[[Floats], Floats]:
    """Return a function from columns and rows of a grid to lon, lat: polynomials through the projection's own values.

    Of degree 5, they differ from it by less than a millimetre over 200 km, at a tenth of the time.
    """
    half = np.array(squares) / 2
    x, y = west + (_NODES[0] + 1) * half[0] * cell, south + (_NODES[1] + 1) * half[1] * cell
    degrees = np.stack(to_degrees(x, y, crs), axis=1)
    centre = degrees.mean(axis=0)
    weights = _FIT @ (degrees - centre)
    return lambda points: polynomials(points / half - 1, weights) + centre
