"""The map itself: what stays (`base_map`) and what changes with each question (`answer_layers`).

streamlit-folium keeps zoom and place as long as the script of the base map stays the same, so everything that
depends on the place that was chosen goes into one feature group.
"""

from collections.abc import Mapping
from dataclasses import asdict, dataclass

import folium
import geopandas as gpd
import pandas as pd

from layers import legend
from layers.basemap import MAX_ZOOM, MIN_ZOOM
from layers.isochrones import isochrone_layers
from layers.offline import Map, Script
from layers.resources import origin_layer, resource_layers
from layers.safe import escaped


@dataclass(frozen=True)
class MapWords:
    """What the map itself says, in the reader's language."""

    map: str
    zoom_in: str
    zoom_out: str
    from_here: str


def base_map(
    bounds: tuple[float, float, float, float],
    basemap_url: str,
    attribution: str,
    words: MapWords,
    language: str,
    dark: bool = False,
) -> Map:
    """Return the empty map of a region: west, south, east, north in degrees, and where its basemap is served."""
    west, south, east, north = bounds
    wide, high = (east - west) * 0.25, (north - south) * 0.25
    chart = Map(
        location=[(south + north) / 2, (west + east) / 2],
        zoom_start=starting_zoom(bounds),
        tiles=None,
        zoom_control=False,
        prefer_canvas=True,
        min_zoom=MIN_ZOOM,
        max_zoom=MAX_ZOOM,
        max_bounds=[[south - high, west - wide], [north + high, east + wide]],
    )
    Script(
        "start",
        dark=dark,
        language=language,
        words={name: str(escaped(text)) for name, text in asdict(words).items()},
        symbols={name: asdict(symbol) for name, symbol in legend.SYMBOLS.items()},
        marks=legend.MARKS,
        basemap={
            "url": basemap_url,
            "bounds": [[south - high, west - wide], [north + high, east + wide]],
            "minZoom": MIN_ZOOM,
            "maxZoom": MAX_ZOOM,
            "attribution": str(escaped(attribution)),
        },
    ).add_to(chart)
    return chart


def starting_zoom(bounds: tuple[float, float, float, float]) -> int:
    """Return the closest zoom at which the region's width fits 640 pixels."""
    west, _, east, _ = bounds
    zoom = MIN_ZOOM
    while zoom < 13 and (east - west) / 360 * 256 * 2 ** (zoom + 1) <= 640 * 1.6:
        zoom += 1
    return zoom


def answer_layers(
    place: tuple[float, float] | None,
    areas: gpd.GeoDataFrame | None,
    labels: Mapping[float, str],
    places: pd.DataFrame,
) -> folium.FeatureGroup:
    """Return all that belongs to one question: areas below, resources above, the chosen (lon, lat) on top."""
    group = folium.FeatureGroup()
    if areas is not None:
        for layer in isochrone_layers(areas, labels):
            layer.add_to(group)
    for layer in resource_layers(places):
        layer.add_to(group)
    if place is not None:
        origin_layer(*place).add_to(group)
    return group
