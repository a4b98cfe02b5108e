"""The map itself: what stays (`base_map`) and what changes with each question (`answer_layers`).

streamlit-folium keeps zoom and place as long as the script of the base map stays the same, so everything that
depends on the place that was chosen goes into one feature group.
"""

import math
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass

import folium
import geopandas as gpd
import numpy as np
import pandas as pd

from layers import legend
from layers.basemap import MAX_ZOOM, MIN_ZOOM, to_pixels
from layers.escaping import escaped
from layers.folium_offline import GeoJson, Map, Script
from layers.isochrones import isochrone_layers
from layers.resource_marks import origin_layer, resource_layers


@dataclass(frozen=True)
class MapWords:
    """What the map itself says, in the reader's language (its code)."""

    language: str
    map: str
    zoom_in: str
    zoom_out: str
    from_here: str
    attribution: str


def base_map(
    bounds: tuple[float, float, float, float],
    view: tuple[float, float, float, float],
    basemap_url: str,
    dark: bool = False,
) -> Map:
    """Return the empty map of a region; it says nothing yet (`spoken`).

    It may be moved anywhere: held inside the region, its middle, which the keyboard chooses, couldn't reach the edges.

    Parameters
    ----------
    bounds, view
        West, south, east, north in degrees: of the region, and of what is shown first.
    basemap_url
        Where the region's tiles are served.
    """
    west, south, east, north = bounds
    wide, high = (east - west) * 0.25, (north - south) * 0.25
    chart = Map(
        location=[(view[1] + view[3]) / 2, (view[0] + view[2]) / 2],
        zoom_start=starting_zoom(view),
        tiles=None,
        zoom_control=False,
        prefer_canvas=True,
        min_zoom=MIN_ZOOM,
        max_zoom=MAX_ZOOM,
    )
    Script(
        "start",
        dark=dark,
        symbols={name: asdict(symbol) for name, symbol in legend.SYMBOLS.items()},
        marks=legend.MARKS,
        surface=asdict(legend.surface_colors(dark)),
        change=asdict(legend.change_colors(dark)),
        basemap={
            "url": basemap_url,
            "bounds": [[south - high, west - wide], [north + high, east + wide]],
            "minZoom": MIN_ZOOM,
            "maxZoom": MAX_ZOOM,
        },
    ).add_to(chart)
    return chart


def spoken(words: MapWords) -> Script:
    """Return what gives the map its words; among the layers of an answer, the map stays while the language changes."""
    return Script("speak", **{name: str(escaped(text)) for name, text in asdict(words).items()})


def starting_zoom(view: tuple[float, float, float, float]) -> int:
    """Return the closest zoom, up to 14, at which a view fits 640 by 560 pixels."""
    x, y = to_pixels(np.array(view[::2]), np.array(view[1::2]))
    fitting = min(640 / max(float(np.ptp(x)), 1e-9), 560 / max(float(np.ptp(y)), 1e-9))
    return int(np.clip(math.floor(math.log2(fitting)), MIN_ZOOM, 14))


def answer_layers(
    place: tuple[float, float] | None,
    areas: gpd.GeoDataFrame | None,
    labels: Mapping[float, str],
    places: pd.DataFrame,
    journey: Sequence[GeoJson] = (),
) -> folium.FeatureGroup:
    """Return all that belongs to one question: areas, a journey, resources, the chosen (lon, lat).

    Parameters
    ----------
    journey
        As `layers.journey.journey_layers` gives it.
    """
    group = folium.FeatureGroup()
    if areas is not None:
        for layer in isochrone_layers(areas, labels):
            layer.add_to(group)
    for layer in (*journey, *resource_layers(places)):
        layer.add_to(group)
    if place is not None:
        origin_layer(*place).add_to(group)
    return group
