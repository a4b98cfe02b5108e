"""Resources on disk as GeoParquet: read whole, or only those in a box, which costs no more where there are a million.

Rows lie in the order of a space-filling curve, in small groups with their extents (the `bbox` column of GeoParquet
1.1), so that a reader passes over all groups but the few that meet the box.
"""

from pathlib import Path

import pandas as pd

from geo.tables import RESOURCES
from sources.cleaning.bounds import Bounds

GROUP_ROWS = 10_000


def write_places(path: Path, resources: pd.DataFrame) -> None:
    """Write RESOURCES; places that have no point (online ones) come last."""
    import geopandas as gpd

    points = gpd.points_from_xy(resources["lon"], resources["lat"], crs="EPSG:4326")
    table = gpd.GeoDataFrame(resources, geometry=points)
    table.loc[table["lon"].isna(), "geometry"] = None
    placed = table[table.geometry.notna()]
    order = [*placed.hilbert_distance().sort_values(kind="stable").index] if len(placed) else []
    table.loc[[*order, *table.index[table.geometry.isna()]]].to_parquet(
        path,
        index=False,
        compression="zstd",
        write_covering_bbox=True,
        schema_version="1.1.0",
        row_group_size=GROUP_ROWS,
    )


def read_places(path: Path, bounds: Bounds | None = None) -> pd.DataFrame:
    """Return RESOURCES by id: all, or those with a point in a box (its edges included)."""
    filters = None
    if bounds is not None:
        west, south, east, north = bounds.west, bounds.south, bounds.east, bounds.north
        filters = [("lon", ">=", west), ("lon", "<=", east), ("lat", ">=", south), ("lat", "<=", north)]
    places = pd.read_parquet(path, columns=RESOURCES.names, filters=filters)
    return places.sort_values("resource_id", kind="stable", ignore_index=True)
