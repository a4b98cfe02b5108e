"""One trip explained: its legs in words, and their lines for the map."""

from dataclasses import dataclass, field, fields, replace
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt
import pandas as pd

from geo.clock import DAY
from geo.errors import InputError
from geo.habits import AMERICAN, Habits
from geo.phrases import Phrase
from geo.points import WGS84, OnePlace, one_place
from geo.streets.snapping import Attachment, attach, too_far
from geo.travel.footpaths import transposed, walks, walks_from_stops, walks_to_stops
from geo.travel.kernels_raptor import UNREACHED, Links, labels
from geo.travel.kernels_ways import ways
from geo.travel.legs import Leg, LonLat, Ride, flagged, legs_of, street_leg
from geo.travel.network import Network, bounds
from geo.travel.transit_search import Search, prepare_search
from geo.travel.travel_times import TravelSettings, seconds_between, traffic_asked
from geo.units import MINUTE

if TYPE_CHECKING:
    import geopandas as gpd

__all__ = ["Journey", "Leg", "LonLat", "Slack", "clock_text", "explain_journey", "in_words", "journey_legs"]

_PICKUP = {"call": "; call ahead to be picked up here", "driver": "; tell the driver that you want to get on"}
_ENTERS = {
    "": "",
    "passes": "; this {what} passes through an area to stay away from",
    "stops": "; this {what} stops in an area to stay away from: one gets on or off there",
}
_DROP_OFF = {"call": "; call ahead to be let off there", "driver": "; tell the driver where you get off"}


EASIER_SECONDS = 10 * MINUTE
"""What an easier way may cost: nobody loses more by it."""
CHANGE_SECONDS = 10 * MINUTE
"""What a change counts for beside the time that it takes. A minute on foot counts for one more."""
MERIT_SECONDS = 5 * MINUTE
"""So much sooner, the fastest way is told of beside an easier one."""


@dataclass(frozen=True)
class Slack:
    """What one gives for fewer changes and less walking, in seconds.

    `later` than by the fastest way one may arrive, but not after `there_by` (a second of the day); `earlier` than asked
    one may leave.
    """

    later: int = 0
    earlier: int = 0
    there_by: int = int(UNREACHED)


AT_ONCE = Slack()


@dataclass(frozen=True)
class Journey:
    """A trip from door to door, for one who may leave at `departure` and is there at `arrival` (seconds).

    The first leg starts just in time for the first ride: until then one can stay at home. `quicker`: where this one is
    easier, the fastest, if it saves five minutes or more.
    """

    departure: int
    arrival: int
    legs: tuple[Leg, ...]
    quicker: "Journey | None" = None

    @property
    def minutes(self) -> float:
        """How long the trip takes, the wait before the first leg included."""
        return (self.arrival - self.departure) / MINUTE

    @property
    def leaves(self) -> int:
        """When one sets out: seconds after the midnight of its day."""
        return self.legs[0].start if self.legs else self.departure


def explain_journey(
    network: Network,
    origin: OnePlace,
    destination: OnePlace,
    settings: TravelSettings,
    departure: int | None = None,
    origin_name: str = "the start",
    destination_name: str = "the destination",
    slack: Slack = AT_ONCE,
) -> Journey | None:
    """Return the trip on leaving at `departure`, or None if the place can't be reached within the limit.

    It is the fastest, or with `slack` by transit, one nearly as fast of fewer changes and less walking. Where the
    network keeps out of areas, a place inside one, or with none but streets behind one, isn't reached.

    Parameters
    ----------
    origin, destination
        (lon, lat) in WGS 84 degrees, a shapely Point of the two, or a table or GeoDataFrame of one row.
    departure
        Seconds after midnight; without it, the latest that is in time for the settings' `arrive_by`.
    slack
        What one gives for an easier way; see docs/travel-times.md.

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
    ends = [attach(network.streets, [place[0]], [place[1]], mode) for place in (origin, destination)]
    for place, met in zip((origin, destination), ends, strict=True):
        if met.link[0] < 0 and network.streets.closed is not None:
            return None
        if met.link[0] < 0:
            raise too_far(network.streets, *place, Phrase("The place"), mode)
    if departure is None:
        departure = _latest_departure(network, origin, destination, settings)
        if departure is None:
            return None
        settings = replace(settings, traffic=traffic_asked(network, settings)[0][0])
        slack = replace(slack, there_by=min(slack.there_by, settings.arrive_by or 0))
    settings = replace(settings, window=(departure, departure + MINUTE), arrive_by=None)
    names = (origin_name, destination_name)
    places = origin, destination
    if settings.mode == "transit":
        return _by_transit(network, places, ends, settings, departure, names, slack)
    return _by_street(network, places, ends, settings, departure, names)


def _by_transit(
    network: Network, places: tuple[LonLat, LonLat], ends: list[Attachment], settings: TravelSettings, departure: int,
    names: tuple[str, str], slack: Slack,
) -> Journey | None:  # fmt: skip
    prepared, feed = prepare_search(network, settings), network.feed
    if feed is None:
        raise AssertionError("A search by timetable without one.")
    access = walks_to_stops(network, ends[0], settings)
    egress = transposed(walks_from_stops(network, ends[1], settings), 1)
    direct = walks(network, ends[0], ends[1], settings)
    limit = prepared.rules.limit
    on_foot = int(direct.seconds[0]) if len(direct.seconds) and direct.seconds[0] <= limit else int(UNREACHED)
    alight, _ = labels(prepared.lines, prepared.onward, access.target, access.seconds, departure, prepared.rules)
    by_ride = int((alight[-1][egress.target].astype(np.int64) + egress.seconds).min(initial=UNREACHED))
    soonest = min(by_ride, departure + on_foot)
    if soonest > departure + limit:
        return None
    latest = soonest + min(slack.later, max(slack.there_by - soonest, 0))
    options = [_Option(departure, departure + on_foot, 0, on_foot, ())] if departure + on_foot <= latest else []
    for leave in range(departure, departure - slack.earlier - 1, -MINUTE):
        options += _options(prepared, access, egress, leave, min(latest, leave + limit))

    def lost(one: _Option) -> int:
        return one.arrival + departure - one.leave

    def journey(one: _Option) -> Journey:
        if not one.rides:
            legs = [street_leg(network, names, places, ends, settings, one.leave, on_foot)]
        else:
            legs = legs_of(network, feed, prepared, list(one.rides), places, ends, names, settings, access, egress)
        return Journey(one.leave, one.arrival, flagged(legs, network.areas, network.crs))

    shown = min(options, key=lambda one: (lost(one) + one.effort, one))
    soon = min(options, key=lambda one: (lost(one), one.effort, one))
    worth_telling = lost(shown) - lost(soon) >= MERIT_SECONDS
    return replace(journey(shown), quicker=journey(soon) if worth_telling else None)


@dataclass(frozen=True, order=True)
class _Option:
    """A way to choose from: seconds of the day, how many vehicles are boarded, seconds walked, and the rides."""

    leave: int
    arrival: int
    boardings: int
    walked: int
    rides: tuple[Ride, ...] = field(compare=False)

    @property
    def effort(self) -> int:
        """What changes and walking count for, as seconds of travel."""
        return self.walked + CHANGE_SECONDS * max(self.boardings - 1, 0)


def _options(prepared: Search, access: Links, egress: Links, leave: int, latest: int) -> list[_Option]:
    """Return the ways by ride on leaving at a second, of those no other of which is as soon, easy and short on foot."""
    pool, alighted = ways(
        prepared.lines, prepared.transfers, prepared.change, access.target, access.seconds, leave, prepared.rules,
        latest,
    )  # fmt: skip
    possible = []
    for stop, seconds in zip(egress.target.tolist(), egress.seconds.tolist(), strict=True):
        for boardings in range(1, prepared.rules.rides + 1):
            label = int(alighted[boardings, stop])
            while label >= 0:
                time, walked = int(pool[label, 0]) + seconds, int(pool[label, 1]) + seconds
                if time <= latest:
                    possible.append((time, boardings, walked, label))
                label = int(pool[label, 8])
    best: list[tuple[int, int, int, int]] = []
    for one in sorted(possible):
        if not any(other[1] <= one[1] and other[2] <= one[2] for other in best):
            best.append(one)
    return [_Option(leave, *one[:3], _rides(pool, one[3])) for one in best]


def _rides(pool: npt.NDArray[np.int32], label: int) -> tuple[Ride, ...]:
    rides: list[Ride] = []
    while label >= 0:
        _, _, _, before, pattern, trip, board, alight, _ = pool[label].tolist()
        if pattern >= 0:
            rides.append(Ride(pattern, trip, board, alight))
        label = before
    return tuple(rides[::-1])


def shifted(journey: Journey, seconds: int) -> Journey:
    """Return a journey whose seconds count from so much earlier a midnight."""
    legs = tuple(replace(leg, start=leg.start + seconds, end=leg.end + seconds) for leg in journey.legs)
    quicker = None if journey.quicker is None else shifted(journey.quicker, seconds)
    return Journey(journey.departure + seconds, journey.arrival + seconds, legs, quicker)


def waiting_from(journey: Journey, second: int) -> Journey:
    """Return a journey, and a quicker one with it, of somebody who may leave from a second on; its legs stay."""
    quicker = None if journey.quicker is None else waiting_from(journey.quicker, second)
    return replace(journey, departure=second, quicker=quicker)


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
        what += _ENTERS[leg.enters].format(what={"transit": "ride", "bike": "ride"}.get(leg.mode, leg.mode))
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

    names = [one.name for one in fields(Leg) if one.name != "line"]
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
    return Journey(departure, leg.end, flagged([leg], network.areas, network.crs))
