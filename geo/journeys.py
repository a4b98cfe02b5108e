"""One trip explained: its legs in words, and their lines for the map."""

from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from geo.attach import Attachment, attach, subset
from geo.errors import InputError, OutsideRegionError
from geo.kernels_transit import UNREACHED, Links, labels
from geo.network import Network
from geo.street_paths import street_path
from geo.transit_search import Search, search, transposed, walks
from geo.travel import MINUTE, TravelSettings, seconds_between

Place = tuple[float, float]
Array = npt.NDArray[Any]


@dataclass(frozen=True)
class Leg:
    """One part of a trip; `start` and `end` are seconds after midnight of the service day.

    `vehicle`, `route`, `headsign` and `stops` (how many stops one rides) are those of a ride, empty on other legs.
    `line` holds (lon, lat) points, WGS 84.
    """

    mode: str
    from_name: str
    to_name: str
    start: int
    end: int
    line: tuple[Place, ...]
    vehicle: str = ""
    route: str = ""
    headsign: str = ""
    stops: int = 0

    @property
    def minutes(self) -> float:
        """How long the leg takes."""
        return (self.end - self.start) / MINUTE


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

    @property
    def wait_minutes(self) -> float:
        """How long one can still stay after `departure`."""
        return (self.legs[0].start - self.departure) / MINUTE if self.legs else 0.0


@dataclass(frozen=True)
class _Ride:
    pattern: int
    trip: int
    board: int
    alight: int


def explain(
    network: Network,
    origin: Place,
    destination: Place,
    settings: TravelSettings,
    departure: int | None = None,
    origin_name: str = "the start",
    destination_name: str = "the destination",
) -> Journey | None:
    """Return the fastest trip on leaving at `departure`, or None if the place can't be reached within the limit.

    Parameters
    ----------
    origin, destination
        lon, lat (WGS 84).
    departure
        Seconds after midnight; without it, the latest that is in time for the settings' `arrive_by`.

    Raises
    ------
    OutsideRegionError
        A place is over 1 km from any street.
    InputError
        There is neither a departure nor a time to arrive by, or no timetable for a trip by transit.
    """
    if origin == destination:
        now = departure if departure is not None else settings.arrive_by or 0
        return Journey(now, now, ())
    mode = "walk" if settings.mode == "transit" else settings.mode
    ends = [_attach(network, place, mode) for place in (origin, destination)]
    if departure is None:
        departure = _latest_departure(network, origin, destination, settings)
        if departure is None:
            return None
    settings = replace(settings, window=(departure, departure + MINUTE), arrive_by=None)
    names = (origin_name, destination_name)
    if settings.mode != "transit":
        return _by_street(network, (origin, destination), ends, settings, departure, names)
    prepared = search(network, settings)
    access = walks(network, ends[0], _stops(network), settings)
    egress = transposed(walks(network, _stops(network), ends[1], settings), 1)
    direct = walks(network, ends[0], ends[1], settings)
    alight, ready = labels(
        prepared.lines, prepared.transfers, prepared.change, access.target, access.seconds, departure, prepared.rules
    )
    last = alight[-1][egress.target].astype(np.int64) + egress.seconds
    best = int(last.min(initial=UNREACHED))
    on_foot = int(direct.seconds[0]) if len(direct.seconds) else int(UNREACHED)
    limit = prepared.rules.limit
    if on_foot <= limit and departure + on_foot <= best:
        leg = _walk(network, names, (origin, destination), ends, settings, departure, on_foot)
        return Journey(departure, departure + on_foot, (leg,))
    if best > departure + limit:
        return None
    nearest = np.flatnonzero(last == best)
    tied = egress.target[nearest]
    rides_needed = (alight[:, tied] == alight[-1][tied]).argmax(axis=0)
    pick = np.lexsort((tied, egress.seconds[nearest], rides_needed))[0]
    rides = _trace(prepared, access, alight, ready, int(tied[pick]), int(rides_needed[pick]))
    legs = _legs(network, prepared, rides, (origin, destination), ends, names, settings, access, egress)
    return Journey(departure, best, tuple(legs))


def in_words(journey: Journey) -> list[str]:
    """Return a line a leg, such as "17:47 bus 25 toward Airport, 6 stops to Union, arrive 18:05", and the end."""
    lines = []
    for leg in journey.legs:
        if leg.vehicle:
            toward = f" toward {leg.headsign}" if leg.headsign else ""
            stops = f"{leg.stops} stop{'s' if leg.stops != 1 else ''}"
            what = f"{leg.vehicle} {leg.route}{toward}, {stops} to {leg.to_name}, arrive {clock(leg.end)}"
        else:
            verb = {"walk": "walk", "bike": "cycle", "drive": "drive"}[leg.mode]
            what = f"{verb} {max(1, round(leg.minutes))} min to {leg.to_name}"
        lines.append(f"{clock(leg.start)} {what}")
    return [*lines, f"{clock(journey.arrival, up=True)} there"]


def clock(seconds: int, *, up: bool = False) -> str:
    """Return the time of day as HH:MM, cut (or with `up`, rounded up) to the minute; marked if on another day."""
    minute = -(-seconds // MINUTE) if up else seconds // MINUTE
    day = minute // 1440
    mark = {0: "", 1: " (next day)", -1: " (the day before)"}.get(day, f" ({day:+d} days)")
    return f"{minute // 60 % 24:02d}:{minute % 60:02d}{mark}"


def _attach(network: Network, place: Place, mode: str) -> Attachment:
    found = attach(network.streets, [place[0]], [place[1]], mode)
    if found.link[0] < 0:
        raise OutsideRegionError(
            f"The place at {place[1]:.5f}, {place[0]:.5f} is over 1 km from any street of the region; "
            "check the coordinates, or choose another region."
        )
    return found


def _stops(network: Network) -> Attachment:
    if network.stops is None:
        raise InputError("This region has no timetable; choose walk, bike or drive, or build the region with --gtfs.")
    return network.stops


def _latest_departure(network: Network, origin: Place, destination: Place, settings: TravelSettings) -> int | None:
    if settings.arrive_by is None:
        raise InputError("To explain a trip, give the departure or the time to arrive by.")
    here, there = (pd.DataFrame({"lon": [p[0]], "lat": [p[1]]}) for p in (origin, destination))
    seconds = float(seconds_between(network, here, there, settings)[0, 0, 0])
    return settings.arrive_by - int(np.ceil(seconds)) if np.isfinite(seconds) else None


def _by_street(
    network: Network, places: tuple[Place, Place], ends: list[Attachment], settings: TravelSettings, departure: int,
    names: tuple[str, str],
) -> Journey | None:  # fmt: skip
    here, there = (pd.DataFrame({"lon": [p[0]], "lat": [p[1]]}) for p in places)
    seconds = float(seconds_between(network, here, there, settings)[0, 0, 0])
    if not np.isfinite(seconds):
        return None
    leg = _walk(network, names, places, ends, settings, departure, round(seconds))
    return Journey(departure, leg.end, (leg,))


def _walk(
    network: Network, names: tuple[str, str], places: tuple[Place, Place], ends: list[Attachment],
    settings: TravelSettings, start: int, seconds: int,
) -> Leg:  # fmt: skip
    """Return a leg along the streets; straight where the streets don't link the two (inside a station)."""
    mode = "walk" if settings.mode == "transit" else settings.mode
    path = street_path(network.streets, ends[0], ends[1], mode, seconds + 1.0, settings.walk_kph, settings.bike_kph)
    along = tuple(zip(*(axis.tolist() for axis in path), strict=True)) if path else ()
    return Leg(mode, *names, start, start + seconds, (places[0], *along, places[1]))


def _trace(prepared: Search, access: Links, alight: Array, ready: Array, stop: int, ride: int) -> list[_Ride]:
    """Follow the labels back from a stop alighted at after so many rides; the way with the shortest walks is taken."""
    rides: list[_Ride] = []
    while ride > 0:
        found, before = _boarded(prepared, access, alight, ready, stop, ride)
        rides.append(found)
        stop, ride = before, ride - 1
        if ride > 0:
            ride = int((alight[:, stop] == alight[ride, stop]).argmax())
    return rides[::-1]


def _boarded(prepared: Search, access: Links, alight: Array, ready: Array, stop: int, ride: int) -> tuple[_Ride, int]:
    """Return a ride that ends at the stop as its label says, and the stop alighted at before it (-1 = none)."""
    day, best = prepared.day, None
    for at in np.flatnonzero((day.pattern_stop == stop) & day.can_alight):
        p = int(np.searchsorted(day.pattern_offset, at, side="right") - 1)
        begin, length = int(day.pattern_offset[p]), int(day.pattern_offset[p + 1] - day.pattern_offset[p])
        i = int(at) - begin
        times = slice(day.time_offset[p], day.time_offset[p + 1])
        arrival, departure = day.arrival[times].reshape(-1, length), day.departure[times].reshape(-1, length)
        for trip in np.flatnonzero(arrival[:, i] == alight[ride, stop]):
            for b in range(i):
                s = int(day.pattern_stop[begin + b])
                caught = int(ready[ride - 1, s]) + prepared.rules.board_seconds <= departure[trip, b]
                if day.boarding[begin + b] >= 0 and ready[ride - 1, s] != UNREACHED and caught:
                    walk, before = _came(prepared, access, alight, ready, s, ride - 1)
                    option = (walk, -b, p, int(trip)), _Ride(p, int(trip), b, i), before
                    if best is None or option[0] < best[0]:
                        best = option
    if best is None:
        raise AssertionError("A label of the search has no ride that leads to it.")
    return best[1], best[2]


def _came(prepared: Search, access: Links, alight: Array, ready: Array, stop: int, ride: int) -> tuple[int, int]:
    """Return the seconds walked to be ready at a stop as its label says, and the stop walked from (-1 = the start)."""
    if ride == 0:
        return int(access.seconds[access.target == stop].min()), -1
    time = int(ready[ride, stop])
    if prepared.change[stop] >= 0 and int(alight[ride, stop]) + int(prepared.change[stop]) == time:
        return 0, stop
    entries = np.flatnonzero(prepared.transfers.target == stop)
    before = np.searchsorted(prepared.transfers.offset, entries, side="right") - 1
    seconds = prepared.transfers.seconds[entries]
    fits = np.flatnonzero(alight[ride, before].astype(np.int64) + seconds == time)
    pick = fits[np.lexsort((before[fits], seconds[fits]))[0]]
    return int(seconds[pick]), int(before[pick])


def _legs(
    network: Network, prepared: Search, rides: list[_Ride], places: tuple[Place, Place], ends: list[Attachment],
    names: tuple[str, str], settings: TravelSettings, access: Links, egress: Links,
) -> list[Leg]:  # fmt: skip
    feed, stops = network.feed, _stops(network)
    if feed is None:
        raise AssertionError("A search by timetable without one.")
    day, legs = prepared.day, []

    def name(stop: int) -> str:
        return str(feed.stop_name[stop])

    def point(stop: int) -> Place:
        return float(feed.stop_lon[stop]), float(feed.stop_lat[stop])

    def at(stop: int) -> Attachment:
        return subset(stops, np.array([stop]))

    previous = -1
    for ride in rides:
        way = day.pattern_stop[day.pattern_offset[ride.pattern] : day.pattern_offset[ride.pattern + 1]]
        first, last = int(way[ride.board]), int(way[ride.alight])
        row = int(day.time_offset[ride.pattern] + ride.trip * len(way))
        leaves, arrives = int(day.departure[row + ride.board]), int(day.arrival[row + ride.alight])
        if previous < 0:
            seconds = int(access.seconds[access.target == first].min())
            start = leaves - settings.board_seconds - seconds
            pair, between = (places[0], point(first)), [ends[0], at(first)]
            legs.append(_walk(network, (names[0], name(first)), pair, between, settings, start, seconds))
        elif previous != first:
            row_of = slice(prepared.transfers.offset[previous], prepared.transfers.offset[previous + 1])
            seconds = int(prepared.transfers.seconds[row_of][prepared.transfers.target[row_of] == first][0])
            pair, between = (point(previous), point(first)), [at(previous), at(first)]
            legs.append(_walk(network, (name(previous), name(first)), pair, between, settings, legs[-1].end, seconds))
        number = day.trip_number[day.trip_offset[ride.pattern] + ride.trip]
        route = feed.trip_route[number]
        legs.append(
            Leg(
                "transit", name(first), name(last), leaves, arrives,
                tuple(point(int(s)) for s in way[ride.board : ride.alight + 1]), str(feed.route_vehicle[route]),
                str(feed.route_name[route]), str(feed.headsign[feed.trip_headsign[number]]), ride.alight - ride.board,
            )
        )  # fmt: skip
        previous = last
    seconds = int(egress.seconds[egress.target == previous].min())
    pair, between = (point(previous), places[1]), [at(previous), ends[1]]
    legs.append(_walk(network, (name(previous), names[1]), pair, between, settings, legs[-1].end, seconds))
    return legs
