"""The legs of a trip by transit: its rides, and the walks around them."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

from geo.crs import to_meters
from geo.streets.path_lines import street_path
from geo.streets.snapping import Attachment, subset
from geo.timetables.feed import BY_CALL, BY_DRIVER, Feed
from geo.timetables.shapes import ride_line
from geo.timetables.station_entrances import Doors
from geo.travel.footpaths import gates, walks
from geo.travel.kernels_raptor import Links
from geo.travel.network import Network
from geo.travel.transit_search import Search
from geo.travel.travel_times import TravelSettings, traffic_asked
from geo.units import MINUTE

if TYPE_CHECKING:
    import shapely

LonLat = tuple[float, float]
Array = npt.NDArray[Any]


@dataclass(frozen=True)
class Leg:
    """One part of a trip; `start` and `end` are seconds after midnight of the service day.

    `vehicle`, `route`, `headsign` and `stops` (how many stops one rides) are those of a ride, empty on other legs;
    `seated` says that it is the vehicle of the leg before, which goes on under another name. `pickup` and `drop_off`
    say what it takes to get on and off: "" nothing, "call" the agency beforehand, or tell the "driver".
    `enters` says how it meets areas that the network tells of: "" not at all, "passes" through, or a ride that "stops"
    there: one gets on or off inside.
    `line` holds (lon, lat) points, WGS 84.
    """

    mode: str
    from_name: str
    to_name: str
    start: int
    end: int
    line: tuple[LonLat, ...]
    vehicle: str = ""
    route: str = ""
    headsign: str = ""
    stops: int = 0
    seated: bool = False
    pickup: str = ""
    drop_off: str = ""
    enters: str = ""

    @property
    def minutes(self) -> float:
        """How long the leg takes."""
        return (self.end - self.start) / MINUTE


def flagged(legs: Sequence[Leg], areas: "shapely.Geometry | None", crs: str) -> tuple[Leg, ...]:
    """Return legs that tell how they meet some areas (local meters)."""
    if areas is None:
        return tuple(legs)
    import shapely

    def met(leg: Leg) -> str:
        lon, lat = np.array(leg.line).T
        line = np.column_stack(to_meters(lon, lat, crs))
        if not areas.intersects(shapely.LineString(line)):
            return ""
        at_an_end = shapely.intersects_xy(areas, line[[0, -1]]).any()
        return "stops" if leg.vehicle and at_an_end else "passes"

    return tuple(replace(leg, enters=met(leg)) for leg in legs)


_ARRANGED = {BY_CALL: "call", BY_DRIVER: "driver"}


@dataclass(frozen=True)
class Ride:
    """A ride by a pattern's trip of the day, from one of its positions to a later one."""

    pattern: int
    trip: int
    board: int
    alight: int


def street_leg(
    network: Network, names: tuple[str, str], places: tuple[LonLat, LonLat], ends: list[Attachment],
    settings: TravelSettings, start: int, seconds: int,
) -> Leg:  # fmt: skip
    """Return a leg along the streets; straight where the streets don't link the two."""
    mode = "walk" if settings.mode == "transit" else settings.mode
    (band, *_), _ = traffic_asked(network, settings)
    speeds = settings.walk_kph, settings.bike_kph, band
    path = street_path(network.streets, ends[0], ends[1], mode, seconds + 1.0, *speeds, ferries=settings.ferries)
    along = tuple(zip(*(axis.tolist() for axis in path), strict=True)) if path else ()
    return Leg(mode, *names, start, start + seconds, (places[0], *along, places[1]))


def legs_of(
    network: Network, feed: Feed, prepared: Search, rides: list[Ride], places: tuple[LonLat, LonLat],
    ends: list[Attachment], names: tuple[str, str], settings: TravelSettings, access: Links, egress: Links,
) -> list[Leg]:  # fmt: skip
    """Return the legs of a trip by these rides, from one place to another."""
    day = prepared.day
    legs: list[Leg] = []
    here = _Spot(names[0], places[0], ends[0], np.zeros(1), [places[0]])
    previous = -1
    for ride in rides:
        way = day.pattern_stop[day.pattern_offset[ride.pattern] : day.pattern_offset[ride.pattern + 1]]
        first, last = int(way[ride.board]), int(way[ride.alight])
        row = int(day.time_offset[ride.pattern] + ride.trip * len(way))
        times = day.arrival[row : row + len(way)], day.departure[row : row + len(way)]
        if previous < 0:
            seconds = int(access.seconds[access.target == first].min())
            start = int(times[1][ride.board]) - settings.board_seconds - seconds
            legs.append(
                _walk(network, here, _spot(network, feed, first, settings, inward=True), settings, start, seconds)
            )
        elif previous != first:
            row_of = slice(prepared.transfers.offset[previous], prepared.transfers.offset[previous + 1])
            seconds = int(prepared.transfers.seconds[row_of][prepared.transfers.target[row_of] == first][0])
            here = _spot(network, feed, previous, settings, inward=False)
            there = _spot(network, feed, first, settings, inward=True)
            legs.append(_walk(network, here, there, settings, legs[-1].end, seconds))
        legs.extend(_rides(feed, prepared, ride, times))
        previous = last
    seconds = int(egress.seconds[egress.target == previous].min())
    here = _spot(network, feed, previous, settings, inward=False)
    there = _Spot(names[1], places[1], ends[1], np.zeros(1), [places[1]])
    legs.append(_walk(network, here, there, settings, legs[-1].end, seconds))
    return legs


def _rides(feed: Feed, prepared: Search, ride: Ride, times: tuple[Array, Array]) -> list[Leg]:
    """Return a ride as a leg, or as two where the vehicle goes on as another trip on the way."""
    day = prepared.day
    number = day.trip_offset[ride.pattern] + ride.trip
    seam = int(day.seam[ride.pattern])
    parts = [(int(day.trip_number[number]), ride.board, min(ride.alight, seam - 1), 0)]
    if ride.alight >= seam:
        parts.append((int(day.trip_onward[number]), seam, ride.alight, seam))
    legs = []
    for trip, board, alight, begin in parts:
        pattern, route = feed.trip_pattern[trip], feed.trip_route[trip]
        on, off = (int(feed.pattern_offset[pattern]) + at - begin for at in (board, alight))
        here, there = (str(feed.stop_name[feed.pattern_stop[at]]) for at in (on, off))
        pickup = "" if begin else _ARRANGED.get(int(feed.pattern_pickup[on]), "")
        last = alight == ride.alight
        drop_off = _ARRANGED.get(int(feed.pattern_drop_off[off]), "") if last else ""
        legs.append(
            Leg(
                "transit", here, there, int(times[1][board]), int(times[0][alight]),
                tuple(ride_line(feed, trip, board - begin, alight - begin)), str(feed.route_vehicle[route]),
                str(feed.route_name[route]), str(feed.headsign[feed.trip_headsign[trip]]), alight - board, begin > 0,
                pickup, drop_off,
            )
        )  # fmt: skip
    return legs


@dataclass(frozen=True)
class _Spot:
    """An end of a walk: where it is, and the places on the street, with seconds, by which one gets there."""

    name: str
    point: LonLat
    streets: Attachment
    seconds: Array
    points: list[LonLat]


def _spot(network: Network, feed: Feed, stop: int, settings: TravelSettings, *, inward: bool) -> _Spot:
    entrances = gates(network, settings)
    doors: Doors = entrances.inward if inward else entrances.outward
    own = np.flatnonzero(doors.stop == stop)
    gate = doors.gate[own]
    points = [(float(lon), float(lat)) for lon, lat in zip(entrances.lon[gate], entrances.lat[gate], strict=True)]
    point = float(feed.stop_lon[stop]), float(feed.stop_lat[stop])
    return _Spot(str(feed.stop_name[stop]), point, subset(entrances.places, gate), doors.seconds[own], points)


def _walk(network: Network, here: _Spot, there: _Spot, settings: TravelSettings, start: int, seconds: int) -> Leg:
    """Return a walk by the gates that take least; straight where no way along streets is as short (in a station)."""
    names = here.name, there.name
    paths = walks(network, here.streets, there.streets, settings)
    row = np.repeat(np.arange(len(here.points)), np.diff(paths.offset))
    total = paths.seconds + here.seconds[row] + there.seconds[paths.target]
    if not len(total) or total.min() > seconds + 1:
        return Leg("walk", *names, start, start + seconds, (here.point, there.point))
    best = int(total.argmin())
    a, b = int(row[best]), int(paths.target[best])
    ends = [subset(here.streets, np.array([a])), subset(there.streets, np.array([b]))]
    leg = street_leg(network, names, (here.points[a], there.points[b]), ends, settings, start, seconds)
    line = (here.point, *leg.line, there.point)
    kept = tuple(point for i, point in enumerate(line) if i == 0 or point != line[i - 1])
    return replace(leg, line=kept if len(kept) > 1 else line[:2])
