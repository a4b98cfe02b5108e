"""Places that support recovery, as one layer of marks."""

import pandas as pd

from layers.escaping import features, multipoint, points
from layers.folium_offline import GeoJson

SIGN = ("dimension", "category", "faint")
TEXTS = ("name", "kind", "reach", "address")
SHOWN = (*TEXTS, *SIGN)
"""What a mark knows: texts for its popup, what decides its sign, and whether it is out of reach."""


def resource_layers(places: pd.DataFrame) -> list[GeoJson]:
    """Return the marks of a table with the columns of `SHOWN`, `lon` and `lat`.

    Places out of reach (`faint`), or of which it isn't said how far they are (`reach` is empty), come first, so that
    they never cover one within reach; they have no popup, so their texts stay here and all of a category is one shape.
    """
    has_reach = (places["reach"].astype(str) != "") & ~places["faint"].astype(bool)
    silent, speaking = places[~has_reach], places[has_reach]
    layers = []
    if len(silent):
        kinds = silent.groupby(list(SIGN), sort=True)
        table = pd.DataFrame(list(kinds.groups), columns=list(SIGN))
        where = [multipoint(rows["lon"].tolist(), rows["lat"].tolist()) for _, rows in kinds]
        layers.append(GeoJson(features(where, table), pointToLayer="place"))
    if len(speaking):
        where = points(speaking["lon"].tolist(), speaking["lat"].tolist())
        content = features(where, speaking[list(SHOWN)])
        layers.append(GeoJson(content, pointToLayer="place", onEachFeature="describe"))
    return layers


def origin_layer(lon: float, lat: float) -> GeoJson:
    """Return the mark of the place that is being looked at."""
    return GeoJson(features(points([lon], [lat]), pd.DataFrame(index=[0])), pointToLayer="origin")
