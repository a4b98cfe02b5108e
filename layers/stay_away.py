"""Areas that a person stays away from, on their map: filled lightly, with a bold edge and a word."""

from collections.abc import Sequence

import pandas as pd
import shapely

from layers.escaping import features, points
from layers.folium_offline import GeoJson
from layers.isochrones import top_of


def away_layers(outlines: Sequence[shapely.Geometry], label: str) -> list[GeoJson]:
    """Return the outlines (WGS 84) of areas and a word at the top of each; nothing where there are none."""
    if not outlines:
        return []
    tops = [top_of(outline) for outline in outlines]
    where = points([top[0] for top in tops], [top[1] for top in tops])
    shapes = [shapely.geometry.mapping(one) for one in outlines]
    return [
        GeoJson(features(shapes, pd.DataFrame(index=range(len(shapes)))), style="away"),
        GeoJson(features(where, pd.DataFrame({"label": [label] * len(shapes)})), pointToLayer="called"),
    ]
