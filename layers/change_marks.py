"""What a scenario changes, on the map: places with a word, lines and paths as they are drawn, stops to draw them by."""

from collections.abc import Sequence

import folium
import pandas as pd

from layers.escaping import features, points
from layers.folium_offline import GeoJson

Line = Sequence[tuple[float, float]]


def add_marks(
    group: folium.FeatureGroup,
    places: pd.DataFrame,
    lines: Sequence[tuple[Line, str]],
    drawn: Sequence[tuple[float, float]],
    stops: pd.DataFrame,
) -> None:
    """Add the marks of a scenario to the layers of a map.

    Parameters
    ----------
    places
        `lon`, `lat` (WGS 84) and the `label` of each.
    lines
        Corners (lon, lat), and the mode that the line is drawn as: `walk` or `transit`.
    drawn
        Points (lon, lat) that the reader has chosen for the next change, in order.
    stops
        `lon`, `lat` of stops that may be chosen.
    """
    if len(stops):
        where = points(stops["lon"].tolist(), stops["lat"].tolist())
        sign = pd.DataFrame({"dimension": "purpose", "category": "", "faint": True, "reach": ""}, index=stops.index)
        GeoJson(features(where, sign), pointToLayer="place").add_to(group)
    for corners, mode in lines:
        _line(corners, mode).add_to(group)
    if len(places):
        where = points(places["lon"].tolist(), places["lat"].tolist())
        GeoJson(features(where, pd.DataFrame(index=range(len(places)))), pointToLayer="origin").add_to(group)
        GeoJson(features(where, places[["label"]]), pointToLayer="called").add_to(group)
    if len(drawn):
        where = points([lon for lon, _ in drawn], [lat for _, lat in drawn])
        numbers = pd.DataFrame({"label": [str(number) for number in range(1, len(drawn) + 1)]})
        if len(drawn) > 1:
            _line(drawn, "bike").add_to(group)
        GeoJson(features(where, numbers), pointToLayer="minutes").add_to(group)


def _line(corners: Line, mode: str) -> GeoJson:
    shape = {"type": "LineString", "coordinates": [list(corner) for corner in corners]}
    return GeoJson(features([shape], pd.DataFrame({"mode": [mode]})), style="leg")
