"""Places that support recovery, as one layer of marks."""

import folium
import pandas as pd
from folium.utilities import JsCode

from layers.safe import features, points

SHOWN = ("name", "kind", "reach", "address", "dimension", "category", "faint")
"""What a mark knows: texts for its popup, what decides its sign, and whether it is out of reach."""


def resource_layer(places: pd.DataFrame) -> folium.GeoJson:
    """Return the marks of a table with the columns of `SHOWN`, `lon` and `lat`.

    Places out of reach (`faint`) are drawn first, so that they never cover one within reach.
    """
    ordered = places.sort_values("faint", ascending=False, kind="stable")
    return folium.GeoJson(
        features(points(ordered["lon"].tolist(), ordered["lat"].tolist()), ordered[list(SHOWN)]),
        point_to_layer=JsCode("Reach.place"),
        on_each_feature=JsCode("Reach.describe"),
    )


def origin_layer(lon: float, lat: float) -> folium.GeoJson:
    """Return the mark of the place that is being looked at."""
    return folium.GeoJson(
        features(points([lon], [lat]), pd.DataFrame(index=[0])), point_to_layer=JsCode("Reach.origin")
    )
