"""Homes that lie in water: a slip of the finger on the map, or of a digit, that no street search would notice."""

from typing import TYPE_CHECKING

import numpy as np

from geo.crs import local_crs
from geo.errors import OutsideRegionError

if TYPE_CHECKING:
    import geopandas as gpd
    import pandas as pd

SHORE_METERS = 10.0
"""A place so near the shore counts as land: neither is drawn more exactly."""


def reject_if_in_water(features: "gpd.GeoDataFrame", places: "pd.DataFrame") -> None:
    """Raise for the first place that lies in a lake or a river.

    Parameters
    ----------
    features
        The region's basemap: `kind`, `name` and geometry (EPSG:4326).
    places
        `lon`, `lat` (WGS 84).

    Raises
    ------
    OutsideRegionError
        Names the place and the water.
    """
    import shapely

    shapes = features.geometry.array
    area = np.isin(shapely.get_type_id(np.asarray(shapes)), (3, 6))
    water = features[(features["kind"] == "water").to_numpy(dtype=bool) & area]
    if water.empty or not len(places):
        return
    points = shapely.points(places["lon"].to_numpy(dtype=float), places["lat"].to_numpy(dtype=float))
    hit = water.sindex.query(points, predicate="within")
    for place, row in zip(*hit, strict=True):
        crs = local_crs(float(places["lon"].iloc[place]), float(places["lat"].iloc[place]))
        near = water.iloc[[row]].to_crs(crs).geometry.iloc[0]
        point = water.iloc[[row]].set_geometry([points[place]], crs=water.crs).to_crs(crs).geometry.iloc[0]
        if near.boundary.distance(point) > SHORE_METERS:
            name = str(water["name"].iloc[row] or "")
            raise OutsideRegionError(
                f"The home at {places['lat'].iloc[place]:.5f}, {places['lon'].iloc[place]:.5f} lies in water"
                f"{f' ({name})' if name and name != 'nan' else ''}; check the coordinates, or choose a place on land."
            )
