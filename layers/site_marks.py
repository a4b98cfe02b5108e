"""Chosen sites on the map: numbers as in the table, areas of what is nearly as good, places there, the own choice."""

from collections.abc import Sequence

import folium
import pandas as pd
import shapely

from geo.siting.candidates import area_of
from geo.siting.sites import Answer
from layers.escaping import features, points
from layers.folium_offline import GeoJson
from layers.resource_marks import resource_layers

_DRAWN_DEGREES = 0.0001
_FILL = 0.28


def site_layers(
    there: pd.DataFrame, answer: Answer | None, own: pd.DataFrame, crs: str, yours: str
) -> folium.FeatureGroup:
    """Return what belongs to a question of siting, as one group.

    Parameters
    ----------
    there
        Places of the class that are there, as `layers.resource_marks.resource_layers` takes them.
    answer
        None before it is worked out.
    own
        `lon`, `lat` (WGS 84) of the reader's own choice, which `yours` is the word for.
    crs
        Local meters.
    """
    group = folium.FeatureGroup()
    for layer in resource_layers(there):
        layer.add_to(group)
    if answer is not None and answer.best.sites:
        areas = [_drawn(area_of(answer.candidates, rows, crs)) for rows in answer.ties]
        table = pd.DataFrame({"fill": [_FILL] * len(areas)})
        GeoJson(features([shapely.geometry.mapping(one) for one in areas], table), style="area").add_to(group)
    if len(own):
        for layer in _own_layers(own, yours):
            layer.add_to(group)
    if answer is not None and answer.best.sites:
        sites = answer.sites()
        where = points(sites["lon"].tolist(), sites["lat"].tolist())
        label = pd.DataFrame({"label": sites["rank"].astype(str)})
        GeoJson(features(where, label), pointToLayer="minutes").add_to(group)
    return group


def _own_layers(own: pd.DataFrame, yours: str) -> Sequence[GeoJson]:
    where = points(own["lon"].tolist(), own["lat"].tolist())
    return (
        GeoJson(features(where, pd.DataFrame(index=range(len(own)))), pointToLayer="origin"),
        GeoJson(features(where, pd.DataFrame({"label": [yours] * len(own)})), pointToLayer="called"),
    )


def _drawn(area: shapely.Geometry) -> shapely.Geometry:
    """Return an area with no more corners than are seen, wound as a map wants it."""
    thin = shapely.set_precision(shapely.simplify(area, _DRAWN_DEGREES), 1e-5)
    return shapely.orient_polygons(area if thin.is_empty else thin, exterior_cw=False)
