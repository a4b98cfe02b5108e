"""A journey as lines on the map: each leg in a pattern of its own, with a word at its start or on its ride.

On foot it is dotted, by bicycle dashed, in a vehicle one bold line. The patterns tell the legs apart without color,
and the same journey stands in words beside the map.
"""

from collections.abc import Sequence

import pandas as pd

from geo.travel.journeys import Journey
from layers.escaping import features, points
from layers.folium_offline import GeoJson


def journey_layers(journey: Journey, labels: Sequence[str], there: str) -> list[GeoJson]:
    """Return a journey's legs as lines, and where each begins; nothing for a journey that stays where it is.

    Parameters
    ----------
    journey
        As `geo.travel.journeys.explain` gives it; its lines are (lon, lat) in WGS 84.
    labels
        A short text a leg, shown at its start, of a ride halfway ("17:47 Bus 25"), so that they lie apart; an empty one
        shows none. May hold text of feeds.
    there
        The text at the end of the last leg ("18:05").
    """
    legs = journey.legs
    if not legs:
        return []
    lines = [
        {"type": "LineString", "coordinates": [point["coordinates"] for point in points(*_columns(leg.line))]}
        for leg in legs
    ]
    modes = pd.DataFrame({"mode": [leg.mode for leg in legs]})
    marks = [
        (leg.line[(len(leg.line) - 1) // 2 if leg.vehicle else 0], text)
        for leg, text in zip(legs, labels, strict=True)
        if text
    ]
    marks.append((legs[-1].line[-1], there))
    where = points(*_columns([place for place, _ in marks]))
    names = pd.DataFrame({"label": [text for _, text in marks]})
    return [
        GeoJson(features(lines, modes), style="casing"),
        GeoJson(features(lines, modes), style="leg"),
        GeoJson(features(where, names), pointToLayer="called"),
    ]


def _columns(line: Sequence[tuple[float, float]]) -> tuple[list[float], list[float]]:
    return [lon for lon, _ in line], [lat for _, lat in line]
