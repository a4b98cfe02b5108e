"""`Network`: streets, timetable, projection and time zone; the part of a region that `geo` needs."""

from collections.abc import Callable, Hashable
from dataclasses import dataclass, field, fields, replace
from typing import Any, TypeVar

from geo.crs import to_degrees
from geo.memo import remember
from geo.points import Bounds
from geo.streets.build import Streets
from geo.streets.shortest_paths import Reached, street_seconds
from geo.streets.snapping import Attachment, attach
from geo.timetables.feed import Feed, Flags, feed_to_arrays
from geo.timetables.station_entrances import gates_of
from geo.travel.settings import TravelSettings
from geo.units import MINUTE

T = TypeVar("T")
MEMO_SIZE = 64
"""Derived things kept with a network: a few service days, both directions, speeds, hours of traffic, sets of places."""


STORED_WALKS = TravelSettings()
"""What the stored walks between stops are computed for; searches for others compute their own once."""


@dataclass(frozen=True)
class Network:
    """Streets and timetable of a region.

    Attributes
    ----------
    feed, stops, transfers
        None without a timetable; `stops` are attached to the walk streets, `transfers` are the walks between their
        gates (`geo.timetables.station_entrances`) for `STORED_WALKS`.
    crs, time_zone
        e.g. ``"EPSG:32616"``, ``"America/New_York"``.
    memo
        What searches derived and may use again; no part of the network's value. See `remembered`.
    areas
        What journeys tell their legs enter, a shapely geometry in local meters; None = nothing. Whether ways keep out
        of it is for streets and feed: see `geo.travel.keep_out`.
    cut
        bool, one a stop of the feed's patterns: nobody stays on board from there on; None = wherever they like.
    around
        bool, one a published change of the feed: it leads through an area, and is walked by the streets around it, in
        the published time at least; None = nothing is in the way.
    """

    streets: Streets
    feed: Feed | None
    stops: Attachment | None
    transfers: Reached | None
    crs: str
    time_zone: str
    memo: dict[Hashable, Any] = field(default_factory=dict, repr=False, compare=False)
    areas: Any = field(default=None, repr=False, compare=False)
    cut: Flags | None = field(default=None, repr=False, compare=False)
    around: Flags | None = field(default=None, repr=False, compare=False)


def build_network(streets: Streets, feed: Feed | None, time_zone: str) -> Network:
    """Attach the stops to the walk streets and compute the walks between them.

    Examples
    --------
    >>> build_network(region.network.streets, None, "America/Denver").feed is None
    True
    """
    if feed is None:
        return Network(streets, None, None, None, streets.crs, time_zone)
    stops = attach(streets, feed.stop_lon, feed.stop_lat, "walk")
    limit = STORED_WALKS.max_walk_minutes * MINUTE
    gates = gates_of(streets, feed, stops).places
    transfers = street_seconds(streets, gates, gates, "walk", limit, STORED_WALKS.walk_kph)
    return Network(streets, feed, stops, transfers, streets.crs, time_zone)


def with_feed(network: Network, feed: Feed) -> Network:
    """Return the network with another timetable; stops and walks between them are kept where those are the same.

    Examples
    --------
    >>> with_feed(region.network, region.network.feed) is region.network
    True
    """
    if network.feed is not None:
        same = {name for name, values in feed_to_arrays(feed).items() if _equal(values, getattr(network.feed, name))}
        changed = {field.name for field in fields(Feed)} - same
        if not changed:
            return network
        if not any(name.startswith(_STOPS) for name in changed):
            return replace(network, feed=feed, memo={})
    return build_network(network.streets, feed, network.time_zone)


_STOPS = ("stop_", "gate_", "door_", "inside_")
"""Columns of a feed that the walks between stops rest on."""


def _equal(one: Any, other: Any) -> bool:
    return one.shape == other.shape and one.dtype.kind == other.dtype.kind and bool((one == other).all())


def bounds(network: Network) -> Bounds:
    """Return where the streets lie: west, south, east, north (WGS 84 degrees)."""

    def make() -> Bounds:
        lon, lat = to_degrees(network.streets.node_x, network.streets.node_y, network.crs)
        return float(lon.min()), float(lat.min()), float(lon.max()), float(lat.max())

    return remembered(network, ("bounds",), make)


def remembered(network: Network, key: Hashable, make: Callable[[], T]) -> T:
    """Return what was made for this key before, or make it; of too many, the one longest unused is forgotten."""
    return remember(network.memo, key, make, MEMO_SIZE)
