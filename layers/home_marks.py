"""The homes that are compared, as numbered marks: the same numbers as in the table beside the map."""

from collections.abc import Mapping, Sequence

import folium
import geopandas as gpd
import pandas as pd

from layers.escaping import features, points
from layers.folium_offline import GeoJson
from layers.isochrones import isochrone_layers

SHOWN = ("name", "kind", "reach", "address", "number", "chosen")


def home_layers(homes: pd.DataFrame) -> list[GeoJson]:
    """Return the marks of a table with the columns of `SHOWN`, `lon` and `lat`; the first home lies on top.

    `number` is written on the mark; `chosen` tells the one that is looked at.
    """
    if homes.empty:
        return []
    drawn = homes.iloc[::-1].sort_values("chosen", kind="stable")
    where = points(drawn["lon"].tolist(), drawn["lat"].tolist())
    content = features(where, drawn[list(SHOWN)])
    return [GeoJson(content, pointToLayer="home", onEachFeature="describe")]


def comparison_layers(
    homes: pd.DataFrame,
    areas: gpd.GeoDataFrame | None,
    labels: Mapping[float, str],
    journey: Sequence[GeoJson] = (),
) -> folium.FeatureGroup:
    """Return what belongs to a comparison: areas within reach of the chosen home, a journey, the homes on top.

    Parameters
    ----------
    areas, labels
        Isochrones, and each of their minutes in words.
    journey
        As `layers.journey.journey_layers` gives it.
    """
    group = folium.FeatureGroup()
    reach = [] if areas is None else isochrone_layers(areas, labels)
    for layer in (*reach, *journey, *home_layers(homes)):
        layer.add_to(group)
    return group
