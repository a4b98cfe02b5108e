"""What an OpenStreetMap extract says about streets, as plain arrays and tables."""

from dataclasses import dataclass, field
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

Floats = npt.NDArray[np.float64]
Bools = npt.NDArray[np.bool_]


@dataclass(frozen=True)
class Elevation:
    """A grid of heights.

    Attributes
    ----------
    heights
        float32[rows, columns]: meters, from north to south and from west to east; NaN = unknown.
    west, north
        Degrees (WGS 84) of the middle of the first cell.
    step_lon, step_lat
        Degrees from one cell to the next, both above 0.
    """

    heights: npt.NDArray[np.float32]
    west: float
    north: float
    step_lon: float
    step_lat: float

    def at(self, lon: Floats, lat: Floats) -> Floats:
        """Return heights between the cells' middles (bilinear), NaN beyond them or where a neighbor is unknown."""
        column, row = (lon - self.west) / self.step_lon, (self.north - lat) / self.step_lat
        rows, columns = self.heights.shape
        known = (column >= 0) & (column <= columns - 1) & (row >= 0) & (row <= rows - 1)
        left = np.clip(np.where(known, column, 0).astype(np.int64), 0, max(columns - 2, 0))
        top = np.clip(np.where(known, row, 0).astype(np.int64), 0, max(rows - 2, 0))
        right, low = np.minimum(left + 1, columns - 1), np.minimum(top + 1, rows - 1)
        east, south = column - left, row - top
        corners = (
            (top, left, (1 - south) * (1 - east)), (top, right, (1 - south) * east),
            (low, left, south * (1 - east)), (low, right, south * east),
        )  # fmt: skip
        height = np.zeros(len(column))
        for r, c, weight in corners:
            height += np.where(weight > 0, self.heights[r, c] * weight, 0.0)
        return np.where(known, height, np.nan)


Array = npt.NDArray[Any]


@dataclass(frozen=True)
class OsmElements:
    """What an extract says about streets; rows in any order.

    Attributes
    ----------
    node_id, node_lon, node_lat
        int64[n], float64[n]: the located nodes of the ways (WGS 84 degrees).
    ways, way_tags
        int64[w] OSM ids; a column for each of `WAY_KEYS`, missing where untagged.
    way_offset, way_nodes
        int64[w+1], int64: OSM node ids of way i at ``way_offset[i]:way_offset[i+1]``.
    tagged_nodes, node_tags
        int64[t] OSM ids; a column for each of `NODE_KEYS`.
    restrictions
        Members of turn restrictions: relation, kind, except, role, member (``n`` or ``w``), ref.
    uncrossable_offset, uncrossable_lon, uncrossable_lat
        Shores and tracks, as lines: line i has points ``uncrossable_offset[i]:uncrossable_offset[i+1]`` (degrees).
    uncrossable_weight
        float64, one a line: see `geo.streets.uncrossable.Uncrossable`.
    misplaced
        int64, sorted: OSM ids of nodes on ways that lie at no place, or too far from the rest to belong there; they
        are not among `node_id`.
    """

    node_id: Array
    node_lon: Array
    node_lat: Array
    ways: Array
    way_tags: pd.DataFrame
    way_offset: Array
    way_nodes: Array
    tagged_nodes: Array
    node_tags: pd.DataFrame
    restrictions: pd.DataFrame
    uncrossable_offset: Array = field(default_factory=lambda: np.zeros(1, np.int64))
    uncrossable_lon: Array = field(default_factory=lambda: np.empty(0))
    uncrossable_lat: Array = field(default_factory=lambda: np.empty(0))
    uncrossable_weight: Array = field(default_factory=lambda: np.empty(0))
    misplaced: Array = field(default_factory=lambda: np.empty(0, np.int64))
