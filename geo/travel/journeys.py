"""One trip explained: its legs in words, and their lines for the map."""

from dataclasses import dataclass, fields, replace
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from geo.clock import DAY
from geo.errors import InputError
from geo.habits import AMERICAN, Habits
from geo.points import WGS84, OnePlace, one_place
from geo.streets.snapping import Attachment, attach, too_far
from geo.travel.footpaths import transposed, walks, walks_from_stops, walks_to_stops
from geo.travel.kernels_raptor import UNREACHED, labels
from geo.travel.legs import Leg, LonLat, legs_of, street_leg, trace
from geo.travel.network import Network, bounds
from geo.travel.transit_search import prepare_search
from geo.travel.travel_times import TravelSettings, seconds_between, traffic_asked
from geo.units import MINUTE

if TYPE_CHECKING:
    import geopandas as gpd

__all__ = ["Journey", "Leg", "LonLat", "clock_text", "explain_journey", "in_words", "journey_legs"]

_PICKUP = {"call": "; call ahead to be picked up here", "driver": "; tell the driver that you want to get on"}
_DROP_OFF = {"call": "; call ahead to be let off there", "driver": "; tell the driver where you get off"}


@dataclass(frozen=True)
class Journey:
    """A trip from door to door, for one who may leave at `departure` and is there at `arrival` (seconds).

    The first leg starts just in time for the first ride: until then one can stay at home.
    """

    departure: int
    arrival: int
    legs: tuple[Leg, ...]

    @property
    def minutes(self) -> float:
        """How long the trip takes, the wait before the first leg included."""
        return (self.arrival - self.departure) / MINUTE


def explain_journey(
    network: Network,
    origin: OnePlace,
    destination: OnePlace,
    settings: TravelSettings,
    departure: int | None = None,
    origin_name: str = "the start",
    destination_name: str = "the destination",
) -> Journey | None:
    """Return the fastest trip on leaving at `departure`, or None if the place can't be reached within the limit.

    Parameters
    ----------
    origin, destination
        (lon, lat) in WGS 84 degrees, a shapely Point of the two, or a table or GeoDataFrame of one row.
    departure
        Seconds after midnight; without it, the latest that is in time for the settings' `arrive_by`.

    Raises
    ------
    OutsideRegionError
        A place is over 1 km from any street, or its longitude and latitude are swapped.
    InputError
        There is neither a departure nor a time to arrive by, or no timetable for a trip by transit.

    Examples
    --------
    >>> home, library = (-113.42635, 40.35930), (-113.41800, 40.36400)
    >>> walk = explain_journey(region.network, home, library, TravelSettings(mode="walk"), departure=9 * 3600)
    >>> [leg.mode for leg in walk.legs]
    ['walk']
    >>> walk.arrival == 9 * 3600 + round(60 * walk.minutes)
    True
    """
    area = bounds(network)
    origin, destination = one_place(origin, "origin", area), one_place(destination, "destination", area)
    if origin == destination:
        now = departure if departure is not None else settings.arrive_by or 0
        return Journey(now, now, ())
    mode = "walk" if settings.mode == "transit" else settings.mode
    ends = [_attach(network, place, mode) for place in (origin, destination)]
    if departure is None:
        departure = _latest_departure(network, origin, destination, settings)
        if departure is None:
            return None
        settings = replace(settings, traffic=traffic_asked(network, settings)[0][0])
    settings = replace(settings, window=(departure, departure + MINUTE), arrive_by=None)
    names = (origin_name, destination_name)
    if settings.mode != "transit":
        return _by_street(network, (origin, destination), ends, settings, departure, names)
    prepared, feed = prepare_search(network, settings), network.feed
    if feed is None:
        raise AssertionError("A search by timetable without one.")
    access = walks_to_stops(network, ends[0], settings)
    egress = transposed(walks_from_stops(network, ends[1], settings), 1)
    direct = walks(network, ends[0], ends[1], settings)
    alight, ready = labels(
        prepared.lines, prepared.transfers, prepared.change, access.target, access.seconds, departure, prepared.rules
    )
    last = alight[-1][egress.target].astype(np.int64) + egress.seconds
    best = int(last.min(initial=UNREACHED))
    on_foot = int(direct.seconds[0]) if len(direct.seconds) else int(UNREACHED)
    limit = prepared.rules.limit
    if on_foot <= limit and departure + on_foot <= best:
        leg = street_leg(network, names, (origin, destination), ends, settings, departure, on_foot)
        return Journey(departure, departure + on_foot, (leg,))
    if best > departure + limit:
        return None
    nearest = np.flatnonzero(last == best)
    tied = egress.target[nearest]
    rides_needed = (alight[:, tied] == alight[-1][tied]).argmax(axis=0)
    pick = np.lexsort((tied, egress.seconds[nearest], rides_needed))[0]
    rides = trace(prepared, access, alight, ready, int(tied[pick]), int(rides_needed[pick]))
    legs = legs_of(network, feed, prepared, rides, (origin, destination), ends, names, settings, access, egress)
    return Journey(departure, best, tuple(legs))


def in_words(journey: Journey, habits: Habits = AMERICAN) -> list[str]:
    """Return a line per leg, such as "5:47 PM bus 25 toward Airport, 6 stops to Union, arrive 6:05 PM", and the end.

    Examples
    --------
    >>> home, library = (-113.42635, 40.35930), (-113.41800, 40.36400)
    >>> walk = explain_journey(region.network, home, library, TravelSettings(mode="walk"), departure=9 * 3600)
    >>> in_words(walk)[0].startswith("9:00 AM walk")
    True
    """
    lines = []
    for leg in journey.legs:
        if leg.vehicle:
            toward = f" toward {leg.headsign}" if leg.headsign else ""
            stops = f"{leg.stops} stop{'s' if leg.stops != 1 else ''}"
            onto = "stay on board, now " if leg.seated else ""
            what = f"{onto}{leg.vehicle} {leg.route}{toward}, {stops} to {leg.to_name}, arrive {_time(leg.end, habits)}"
            what += _PICKUP.get(leg.pickup, "") + _DROP_OFF.get(leg.drop_off, "")
        else:
            verb = {"walk": "walk", "bike": "cycle", "drive": "drive"}[leg.mode]
            what = f"{verb} {max(1, round(leg.minutes))} min to {leg.to_name}"
        lines.append(f"{_time(leg.start, habits)} {what}")
    return [*lines, f"{_time(journey.arrival, habits, up=True)} there"]


def journey_legs(journey: Journey) -> "gpd.GeoDataFrame":
    """Return a row per leg, in order, with its line (EPSG:4326) and the other attributes of a `Leg`, and `minutes`.

    Examples
    --------
    >>> home, library = (-113.42635, 40.35930), (-113.41800, 40.36400)
    >>> walk = explain_journey(region.network, home, library, TravelSettings(mode="walk"), departure=9 * 3600)
    >>> journey_legs(walk).geom_type.tolist()
    ['LineString']
    """
    import geopandas as gpd
    import shapely

    names = [field.name for field in fields(Leg) if field.name != "line"]
    rows = [[getattr(leg, name) for name in names] + [leg.minutes] for leg in journey.legs]
    lines = [shapely.LineString(leg.line) for leg in journey.legs]
    return gpd.GeoDataFrame(pd.DataFrame(rows, columns=[*names, "minutes"]), geometry=lines, crs=WGS84)


def clock_text(seconds: int, *, up: bool = False) -> str:
    """Return the time of day as HH:MM, cut (or with `up`, rounded up) to the minute; marked if on another day.

    It is for files; people are shown `in_words`.
    """
    minute = _minute(seconds, up=up)
    return f"{minute // 60 % 24:02d}:{minute % 60:02d}{_other_day(minute)}"


def _time(seconds: int, habits: Habits, *, up: bool = False) -> str:
    minute = _minute(seconds, up=up)
    return f"{habits.clock(minute)}{_other_day(minute)}"


def _minute(seconds: int, *, up: bool) -> int:
    return -(-seconds // MINUTE) if up else seconds // MINUTE


def _other_day(minute: int) -> str:
    day = minute // DAY
    return {0: "", 1: " (next day)", -1: " (the day before)"}.get(day, f" ({day:+d} days)")


def _attach(network: Network, place: LonLat, mode: str) -> Attachment:
    attachment = attach(network.streets, [place[0]], [place[1]], mode)
    if attachment.link[0] < 0:
        raise too_far(network.streets, *place, "The place")
    return attachment


def _latest_departure(network: Network, origin: LonLat, destination: LonLat, settings: TravelSettings) -> int | None:
    if settings.arrive_by is None:
        raise InputError("To explain a trip, give the departure or the time to arrive by.")
    here, there = (pd.DataFrame({"lon": [p[0]], "lat": [p[1]]}) for p in (origin, destination))
    seconds = float(seconds_between(network, here, there, settings)[0, 0, 0])
    return settings.arrive_by - int(np.ceil(seconds)) if np.isfinite(seconds) else None


def _by_street(
    network: Network, places: tuple[LonLat, LonLat], ends: list[Attachment], settings: TravelSettings, departure: int,
    names: tuple[str, str],
) -> Journey | None:  # fmt: skip
    here, there = (pd.DataFrame({"lon": [p[0]], "lat": [p[1]]}) for p in places)
    seconds = float(seconds_between(network, here, there, settings)[0, 0, 0])
    if not np.isfinite(seconds):
        return None
    leg = street_leg(network, names, places, ends, settings, departure, round(seconds))
    return Journey(departure, leg.end, (leg,))
