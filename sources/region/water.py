"""Homes that lie in water: a slip of the finger on the map, or of a digit, that no street search would notice."""

from typing import TYPE_CHECKING

import numpy as np

from geo.crs import local_crs
from geo.errors import OutsideRegionError
from geo.phrases import Phrase

if TYPE_CHECKING:
    import geopandas as gpd
    import pandas as pd

_THE_HOME = Phrase("The home")
SHORE_METERS = 10.0
"""A place so near the shore counts as land: neither is drawn more exactly."""


def reject_if_in_water(features: "gpd.GeoDataFrame", places: "pd.DataFrame", what: Phrase = _THE_HOME) -> None:
    """Raise for the first place that lies in a lake or a river.

    Parameters
    ----------
    features
        The region's basemap: `kind`, `name` and geometry (EPSG:4326).
    places
        `lon`, `lat` (WGS 84).
    what
        What they are, for the sentence.

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
            is_named = bool(name) and name != "nan"
            raise OutsideRegionError(
                "{what} at {lat:.5f}, {lon:.5f} lies in {water}; check the coordinates, or choose a place on land.",
                what=what,
                lat=float(places["lat"].iloc[place]),
                lon=float(places["lon"].iloc[place]),
                water=Phrase("water ({name})", name=name) if is_named else Phrase("water"),
            )
