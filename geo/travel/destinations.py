"""Places made ready once for many searches by transit that end there, or backward start there."""

from dataclasses import dataclass
from typing import Any, Protocol

import numpy as np
import numpy.typing as npt
import pandas as pd

from geo.errors import InputError
from geo.points import with_degrees
from geo.streets.shortest_paths import Goals, goals, seconds_to
from geo.streets.snapping import Attachment, attach
from geo.travel.footpaths import (
    gates,
    links,
    shortest,
    through,
    transposed,
    walks_from_stops,
    walks_to_stops,
    whole_seconds,
)
from geo.travel.kernels_raptor import Links
from geo.travel.network import Network, remembered
from geo.travel.settings import TravelSettings
from geo.travel.transit_search import digest

Floats = npt.NDArray[np.float64]
Places = npt.NDArray[np.int64]

_MOST_KEPT = 40_000
"""Places that are kept ready with the network."""


class Points(Protocol):
    """Places with `lon` and `lat` (WGS 84): a table, or anything that holds the two; or a GeoDataFrame."""

    @property
    def lon(self) -> Any:
        """Degrees east."""

    @property
    def lat(self) -> Any:
        """Degrees north."""


@dataclass(frozen=True)
class Destinations:
    """Places ready for searches by transit from anywhere, or backward to anywhere.

    Attributes
    ----------
    lon, lat
        float64[k]: WGS 84.
    attached
        To the streets for walking.
    egress
        Walks from each stop to the places; backward from the places to it.
    on_foot
        The gates of stops and then the places, ready for a search along the streets.
    made_for
        Walking speed, longest walk, whether by wheelchair, whether by ferries, and whether backward.
    """

    lon: Floats
    lat: Floats
    attached: Attachment
    egress: Links
    on_foot: Goals
    made_for: tuple[float, float, bool, bool, bool]


def make_ready(network: Network, points: Points, settings: TravelSettings, *, backward: bool = False) -> Destinations:
    """Make places ready for many searches by transit with the same walks; the time of day may differ.

    Parameters
    ----------
    backward
        For searches by the time of arrival, which start at the places.

    Raises
    ------
    InputError
        There is no timetable.
    """
    doors, places = gates(network, settings), attached(network, points)
    egress = (
        transposed(walks_to_stops(network, places, settings), _stops(network))
        if backward
        else walks_from_stops(network, places, settings)
    )
    both = Attachment(
        np.concatenate([doors.places.link, places.link]),
        np.concatenate([doors.places.fraction, places.fraction]),
        np.concatenate([doors.places.meters_off, places.meters_off]),
    )
    on_foot = goals(network.streets, both, "walk", settings.walk_kph, backwards=backward, ferries=settings.ferries)
    return Destinations(*degrees(points), places, egress, on_foot, _made_for(settings, backward))


def ready(
    network: Network, points: Points | Destinations, settings: TravelSettings, *, backward: bool = False
) -> Destinations:
    """Return places made ready; those asked for before are remembered.

    Raises
    ------
    InputError
        They were made ready for other walks or the other direction.
    """
    if isinstance(points, Destinations):
        if points.made_for != _made_for(settings, backward):
            raise InputError("These destinations were made ready for other walks; make them ready with these settings.")
        return points
    lon, lat = degrees(points)
    if len(lon) > _MOST_KEPT:
        return make_ready(network, points, settings, backward=backward)
    key = ("destinations", digest(lon, lat), *_made_for(settings, backward))
    return remembered(network, key, lambda: make_ready(network, points, settings, backward=backward))


def some(points: Points, rows: slice) -> Points:
    """Return some of the places."""
    lon, lat = degrees(points)
    return _Spots(lon[rows], lat[rows])


def walks_between(
    network: Network, starts: Attachment, there: Destinations, settings: TravelSettings
) -> tuple[Links, Links]:
    """Return the walks from each start to stops, and straight to the places; backward from both to each start."""
    doors = gates(network, settings)
    reached = seconds_to(there.on_foot, starts, 60 * settings.max_walk_minutes)
    row = np.repeat(np.arange(len(starts.link)), np.diff(reached.indptr))
    seconds, by_gate = whole_seconds(reached.seconds), reached.index < len(doors.lon)
    to_stops = row[by_gate], reached.index[by_gate], seconds[by_gate]
    if not doors.are_stops:
        inside = doors.outward if there.on_foot.backwards else doors.inward
        to_stops = shortest(*through(inside, *to_stops, settings))
    straight = row[~by_gate], reached.index[~by_gate] - len(doors.lon), seconds[~by_gate]
    return links(*to_stops, len(starts.link)), links(*straight, len(starts.link))


def attached(network: Network, points: Points | Destinations, mode: str = "walk") -> Attachment:
    """Return where places meet the streets; remembered for more than one."""
    if isinstance(points, Destinations) and mode == "walk":
        return points.attached
    lon, lat = degrees(points)
    if len(lon) == 1:
        return attach(network.streets, lon, lat, mode)
    return remembered(network, ("attached", mode, digest(lon, lat)), lambda: attach(network.streets, lon, lat, mode))


def same_places(origins: Points, destinations: Points, rows: slice) -> tuple[Places, Places]:
    """Return the pairs (within the rows, among all destinations) that are one and the same place."""
    (lon, lat), (there_lon, there_lat) = degrees(origins), degrees(destinations)
    if len(lon) == 1:
        same = np.flatnonzero((there_lon == lon) & (there_lat == lat))
        return np.zeros(len(same), np.int64), same
    here, there = lon[rows] + 1j * lat[rows], there_lon + 1j * there_lat
    order = np.argsort(there, kind="stable")
    first, last = (np.searchsorted(there[order], here, side) for side in ("left", "right"))
    o = np.repeat(np.arange(len(here)), last - first)
    within = np.arange(len(o)) - np.repeat(np.cumsum(last - first) - (last - first), last - first)
    return o, order[first[o] + within]


def degrees(points: Points) -> tuple[Floats, Floats]:
    """Return longitudes and latitudes (WGS 84) as arrays."""
    if isinstance(points, pd.DataFrame):
        points = with_degrees(points)
    return np.atleast_1d(np.asarray(points.lon, np.float64)), np.atleast_1d(np.asarray(points.lat, np.float64))


@dataclass(frozen=True)
class _Spots:
    lon: Floats
    lat: Floats


def _stops(network: Network) -> int:
    return 0 if network.feed is None else len(network.feed.stop_id)


def _made_for(settings: TravelSettings, backward: bool) -> tuple[float, float, bool, bool, bool]:
    return settings.walk_kph, settings.max_walk_minutes, settings.wheelchair, settings.ferries, backward
