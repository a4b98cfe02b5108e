"""What an OpenStreetMap extract says about streets, as plain arrays and tables."""

from dataclasses import dataclass
from typing import Any

import numpy.typing as npt
import pandas as pd

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
