"""Zones of on-demand service on the map: a dashed outline with the name of who fetches people there."""

import geopandas as gpd
import pandas as pd
import shapely

from layers.escaping import features, points
from layers.folium_offline import GeoJson
from layers.isochrones import DRAWN_DEGREES, top_of


def zone_layers(zones: gpd.GeoDataFrame) -> list[GeoJson]:
    """Return the outlines of zones (`name`, `geometry` in EPSG:4326) and their names; nothing where there are none."""
    if zones.empty:
        return []
    outlines = shapely.simplify(zones.geometry.to_numpy(), DRAWN_DEGREES)
    tops = [top_of(outline) for outline in outlines]
    where = points([top[0] for top in tops], [top[1] for top in tops])
    return [
        GeoJson(
            features([shapely.geometry.mapping(one) for one in outlines], pd.DataFrame(index=zones.index)), style="zone"
        ),
        GeoJson(features(where, pd.DataFrame({"label": zones["name"].tolist()})), pointToLayer="called"),
    ]
