"""Which streets lie in a built-up area, told by how close the public streets around them are.

OpenStreetMap rarely says where a town begins, and hardly where no limit is tagged. Streets do: within a square of
1.25 km around a place, a town has many kilometers of them and open country few. Driveways, parking aisles, tracks and
motorways don't count, nor do ways that are not for cars.
"""

from typing import Any

import numpy as np
import numpy.typing as npt
from scipy.ndimage import uniform_filter

from geo.streets.tags import CLASSES

Array = npt.NDArray[Any]
SQUARE_METERS = 250.0
SQUARES = 5
"""The streets of so many squares by so many, the place's own in the middle, are counted."""
KM_PER_KM2 = 6.0
"""From here on an area is built up: as many streets as a grid of them a third of a kilometer apart has.

Covington, Newport and Florence in Northern Kentucky have 9–15, downtown Washington 17; open country has under 4.
"""
_PUBLIC = np.isin(
    CLASSES, ("trunk", "primary", "secondary", "tertiary", "unclassified", "residential", "living_street")
)


def built_up(
    link_class: Array, point_offset: Array, x: Array, y: Array, step_meters: Array, link_meters: Array
) -> npt.NDArray[np.float64]:
    """Return the share of each link's length, 0–1, that lies in a built-up area.

    Parameters
    ----------
    link_class
        int[m]: positions in `CLASSES`.
    point_offset, x, y
        The lines of the links: the points of link i are ``point_offset[i]:point_offset[i + 1]``, local meters.
    step_meters
        Length of each step between two points of a link.
    link_meters
        float[m].
    """
    link = np.repeat(np.arange(len(link_class)), np.diff(point_offset) - 1)
    start = np.delete(np.arange(len(x)), point_offset[1:] - 1)
    if not len(start):
        return np.zeros(len(link_class))
    middle = [((axis[start] + axis[start + 1]) / 2) // SQUARE_METERS for axis in (x, y)]
    column, row = ((axis - axis.min()).astype(np.int64) for axis in middle)
    streets = np.zeros((int(row.max()) + 1, int(column.max()) + 1))
    public = _PUBLIC[link_class[link]]
    np.add.at(streets, (row[public], column[public]), step_meters[public])
    density = uniform_filter(streets, SQUARES, mode="constant") / SQUARE_METERS**2 * 1000  # km per km²
    inside = density[row, column] >= KM_PER_KM2
    meters = np.bincount(link, weights=step_meters * inside, minlength=len(link_class))
    return np.asarray(meters / np.maximum(link_meters, 1e-9)).clip(0, 1)
