"""Areas within so many minutes: nested, one hue, each with its minutes written on its edge."""

from collections.abc import Mapping
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from layers.escaping import features, points
from layers.folium_offline import GeoJson
from layers.legend import area_steps

DRAWN_DEGREES = 0.00008
"""Outlines are thinned to about 8 m for drawing: less than two pixels at street zoom."""

HOLE_SQUARE_DEGREES = 0.000006
"""Holes under about 6 hectares, the insides of city blocks, are not drawn: hundreds of them would hide the streets."""


def isochrone_layers(areas: gpd.GeoDataFrame, labels: Mapping[float, str]) -> list[GeoJson]:
    """Return the areas (largest first) and their labels; `labels` gives each number of minutes in words."""
    drawn = areas[~areas.geometry.is_empty].sort_values("minutes", ascending=False, kind="stable")
    if drawn.empty:
        return []
    outlines = shapely.set_precision([_thinned(area) for area in drawn.geometry], 1e-5, mode="pointwise")
    shapes = features([_geometry(outline) for outline in outlines], pd.DataFrame({"fill": area_steps(len(drawn))}))
    tops = [top_of(outline) for outline in drawn.geometry]
    names = pd.DataFrame({"label": [labels[minutes] for minutes in drawn["minutes"]]})
    where = points([top[0] for top in tops], [top[1] for top in tops])
    return [
        GeoJson(shapes, style="area"),
        GeoJson(features(where, names), pointToLayer="minutes"),
    ]


def _thinned(area: shapely.Geometry) -> shapely.Geometry:
    """Return what is drawn of an area: no small holes, fewer corners, but each of its parts.

    How rings lie to each other may change by those 8 m: keeping that would cost most of a click's drawing.
    """
    parts = np.array(
        [
            shapely.Polygon(
                part.exterior, [ring for ring in part.interiors if shapely.Polygon(ring).area > HOLE_SQUARE_DEGREES]
            )
            for part in shapely.get_parts(area)
        ]
    )
    thinned = shapely.simplify(parts, DRAWN_DEGREES, preserve_topology=False)
    return shapely.multipolygons(shapely.get_parts(np.where(shapely.is_empty(thinned), parts, thinned)))


def _geometry(outline: shapely.Geometry) -> dict[str, Any]:
    mapped: dict[str, Any] = shapely.geometry.mapping(outline)
    return mapped


def top_of(outline: shapely.Geometry) -> tuple[float, float]:
    """Return the northernmost corner of the largest part: labels of nested areas then stand one above the other."""
    largest = max(shapely.get_parts(outline), key=shapely.area)
    corners = shapely.get_coordinates(shapely.get_exterior_ring(largest))
    top = corners[corners[:, 1].argmax()]
    return float(top[0]), float(top[1])
