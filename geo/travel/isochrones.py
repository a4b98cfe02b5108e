"""The area within t minutes: streets cut where time runs out, and a short walk off them.

All areas of one start are contours of one field of times on a fine grid (coarser for wide areas), so
that the shorter lies inside the longer by construction. A walk off the street takes time like any other and is at
most `geo.travel.contours.OFF_METERS`; therefore an area ends where time runs out, doesn't cross water without a
bridge, and keeps its holes.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, cast

import numpy as np
import numpy.typing as npt
import pandas as pd
import shapely

from geo.crs import to_degrees, to_meters
from geo.errors import InputError
from geo.points import as_table
from geo.streets.build import Streets
from geo.streets.mode_graph import ModeGraph
from geo.streets.shortest_paths import Costs, Ends, arrivals, costs_at, departures, reach
from geo.streets.snapping import Attachment, attach, place, subset, too_far
from geo.timetables.station_entrances import Gates
from geo.travel.contours import Marks, areas_around, marks
from geo.travel.footpaths import gates
from geo.travel.kernels_isochrones import reached_pieces
from geo.travel.kernels_percentiles import ranked
from geo.travel.network import Network, bounds, remembered
from geo.travel.travel_times import UNREACHED, TravelSettings, arrival_profile, departure_profile, traffic_asked

if TYPE_CHECKING:
    import geopandas as gpd

Floats = npt.NDArray[np.float64]

_DRIVE_PER_METER = 0.1  # 36 km/h, as in a town


@dataclass(frozen=True)
class Spread:
    """How far one gets along the streets of a mode, or from how far one gets here; outward is away from here.

    Attributes
    ----------
    time
        float32[2m]: seconds at the start of each directed link for who goes on outward along it, infinite = never.
    leg
        float32[2m]: how many seconds of the last leg are gone by then.
    link
        float32[2m]: seconds outward along each directed link, infinite = not. Of who comes here from afar, they are
        those of the link's other direction.
    leg_limit
        Most seconds of one leg.
    seeds, seed_time, seed_leg
        Places within links from which one goes on both ways, and the same for them.
    """

    time: npt.NDArray[np.float32]
    leg: npt.NDArray[np.float32]
    link: npt.NDArray[np.float32]
    leg_limit: float
    seeds: Attachment
    seed_time: Floats
    seed_leg: Floats


def isochrones(
    network: Network, origin: pd.DataFrame, settings: TravelSettings, minutes: Sequence[float]
) -> "gpd.GeoDataFrame":
    """Return the areas within so many minutes of places.

    Parameters
    ----------
    origin
        `id`, `lon`, `lat` (WGS 84), or a GeoDataFrame of points in any CRS; usually one row.
    settings
        Mode, speeds, and for transit and a car the date, the window and the first percentile, which holds for every
        place by itself. With `arrive_by` it is the area from which one gets here by then, in any mode. `max_minutes` is
        not used.
    minutes
        In any order.

    Returns
    -------
    GeoDataFrame
        `origin_id`, `mode`, `minutes`, `geometry` (MultiPolygon, EPSG:4326); a row for each place and number of
        minutes, those of more minutes containing those of fewer.

    Raises
    ------
    OutsideRegionError
        A place is over 1 km from any street of the mode, or its longitude and latitude are swapped.
    InputError, DateError
        As `geo.travel.travel_times.travel_times`; or a number of minutes is not above 0.

    Examples
    --------
    >>> home = pd.DataFrame({"id": ["home"], "lon": [-113.42635], "lat": [40.35930]})
    >>> areas = isochrones(region.network, home, TravelSettings(mode="walk"), [10, 20])
    >>> areas[["origin_id", "mode", "minutes"]].to_records(index=False).tolist()
    [('home', 'walk', 10), ('home', 'walk', 20)]
    >>> bool(areas.geometry[1].contains(areas.geometry[0]))
    True
    """
    import geopandas as gpd
    from geopandas.array import GeometryArray

    if not minutes or not all(0 < m <= 1440 for m in minutes):
        raise InputError(f"Areas need numbers of minutes above 0, up to 1440, not {list(minutes)}.")
    origin = as_table(origin, "origins", bounds(network))
    transit = settings.mode == "transit"
    mode = "walk" if transit else settings.mode
    areas: list[shapely.Geometry] = []

    def marks_at(cell: float) -> Marks:
        return remembered(network, ("grid points beside links", cell), lambda: marks(network.streets, cell))

    for place_id, lon, lat in zip(origin["id"], origin["lon"], origin["lat"], strict=True):
        start = attach(network.streets, lon, lat, mode)
        if start.link[0] < 0:
            raise too_far(network.streets, lon, lat, str(place_id), mode)
        band = traffic_at_percentile(network, settings)
        costs = costs_at(network.streets, mode, settings.walk_kph, settings.bike_kph, band, ferries=settings.ferries)
        if transit:
            spread = transit_spread(network, (lon, lat), start, costs, replace(settings, max_minutes=max(minutes)))
        else:
            inward = settings.arrive_by is not None
            spread = on_streets(network.streets.modes[mode], costs, start, 60.0 * max(minutes), inward=inward)
        pieces = reached_links(spread, 60.0 * max(minutes))
        way = _way_to_street(network.streets, start, (lon, lat), 60.0 * max(minutes), costs.off)
        along = {"walk": 3.6 / settings.walk_kph, "bike": 3.6 / settings.bike_kph}.get(mode, _DRIVE_PER_METER)
        limits = [60.0 * m for m in minutes]
        areas += [*areas_around(network.streets, pieces, way, marks_at, limits, costs.off, along)]
    ids = [str(place_id) for place_id in origin["id"]]
    table = pd.DataFrame(
        {
            "origin_id": [place_id for place_id in ids for _ in minutes],
            "mode": [settings.mode] * len(areas),
            "minutes": [*minutes] * len(ids),
            "geometry": GeometryArray(np.array(areas, object), crs="EPSG:4326"),
        }
    )
    # as geopandas does it itself; its constructor looks at every column over and over, which takes longer than a search
    table.__class__ = gpd.GeoDataFrame
    table._geometry_column_name = "geometry"
    return cast("gpd.GeoDataFrame", table)


def traffic_at_percentile(network: Network, settings: TravelSettings) -> int | None:
    """Return the band of traffic in which a car is at the first percentile of the departures; None but for a car.

    Bands go from the fastest to the slowest by their mean factor, as they do on every kind of road in the default.
    """
    bands, departures = traffic_asked(network, settings)
    if len(bands) == 1:
        return bands[0]
    order = np.argsort(network.streets.traffic.factors.mean(axis=1)[np.array(bands, int)], kind="stable")
    rank = -(-settings.percentiles[0] * int(departures.sum()) // 100) - 1
    return bands[int(order[(np.cumsum(departures[order]) <= rank).sum()])]


def on_streets(
    graph: ModeGraph, costs: Costs, start: Attachment, limit_seconds: float, *, inward: bool = False
) -> Spread:
    """Return how far one gets from one place along the streets, or `inward` from where one gets to it."""
    off = np.where(start.link >= 0, start.meters_off, 0.0) * costs.off
    time = _earliest(graph, costs, start, limit_seconds, inward=inward)
    return Spread(time, np.zeros_like(time), _outward(costs, inward), np.inf, start, off, np.zeros(len(off)))


def reached_links(spread: Spread, limit_seconds: float) -> tuple[npt.NDArray[Any], ...]:
    """Return the reached parts of links: link, start, end (fractions), seconds at the start and at the end."""
    pieces: tuple[npt.NDArray[Any], ...] = reached_pieces(
        spread.time, spread.leg, spread.link, limit_seconds, spread.leg_limit,
        spread.seeds.link, spread.seeds.fraction, spread.seed_time, spread.seed_leg,
    )  # fmt: skip
    return pieces


def _outward(costs: Costs, inward: bool) -> npt.NDArray[np.float32]:
    """Return float32[2m]: seconds away from a place along each directed link; of who comes to it, the other way's."""
    link: npt.NDArray[np.float32] = costs.link.reshape(-1, 2)[:, ::-1].ravel() if inward else costs.link
    return link


def _earliest(
    graph: ModeGraph,
    costs: Costs,
    places: Attachment,
    limit_seconds: float,
    after: Floats | None = None,
    *,
    inward: bool,
) -> npt.NDArray[np.float32]:
    """Return float32[2m]: seconds from the nearest of the places to the start of each directed link, to go along it.

    Infinite beyond the limit. `inward`, the seconds from there to the place, of who came there against the link.
    `after` are seconds more at each place.
    """
    each = (arrivals if inward else departures)(graph, costs, places)
    seconds = each.seconds if after is None else each.seconds + np.repeat(after, np.diff(each.indptr))
    near = seconds <= limit_seconds
    together = Ends(np.array([0, near.sum()], np.int64), each.state[near], seconds[near].astype(np.float32))
    reached = reach(costs, together, limit_seconds, backwards=inward)
    time = np.full(len(graph.indptr) - 1, np.inf, np.float32)
    time[reached.index] = reached.seconds
    if not inward:
        return np.where(graph.enter_state >= 0, time[graph.enter_state], np.float32(np.inf))
    # on from a link's end, by the arc of its own that leads to the least time
    source = np.repeat(np.arange(len(graph.indptr) - 1), np.diff(graph.indptr))
    arc = np.flatnonzero(graph.arc_link >= 0)
    arc = arc[graph.leave_state[graph.arc_link[arc]] == source[arc]]
    link = graph.arc_link[arc]
    onward = np.full(len(graph.link_seconds), np.inf, np.float32)
    np.minimum.at(onward, link, np.maximum(time[graph.to[arc]] + costs.arc[arc] - costs.link[link], 0.0))
    return onward.reshape(-1, 2)[:, ::-1].ravel()


def transit_spread(
    network: Network, origin: tuple[float, float], start: Attachment, costs: Costs, settings: TravelSettings
) -> Spread:
    """Return how far one gets by transit: every junction and stop at its own percentile over the window.

    A percentile of the earliest of many ways is earlier than the earliest percentile of one way, so the junctions'
    times are searched for minute by minute rather than continued from the stops' percentiles.
    """
    graph, entrances = network.streets.modes["walk"], gates(network, settings)
    stops, inside = entrances.places, np.full(len(entrances.lon), np.inf)
    inward = settings.arrive_by is not None
    doors = entrances.inward if inward else entrances.outward
    np.minimum.at(inside, doors.gate, doors.seconds)
    junctions = len(network.streets.node_x)
    key = ("junctions and gates", settings.wheelchair)
    points = remembered(network, key, lambda: _junctions_and_gates(network, entrances))
    here = pd.DataFrame({"lon": [origin[0]], "lat": [origin[1]]})
    if inward and settings.arrive_by is not None:
        moment = (settings.arrive_by, settings.arrive_by + 60)
        profile = arrival_profile(network, here, points, replace(settings, arrive_by=None, window=moment))
    else:
        profile = departure_profile(network, here, points, settings)
    rank = -(-settings.percentiles[0] * len(profile) // 100) - 1
    seconds = _of_rank(profile, rank)
    leg_limit = 60.0 * settings.max_walk_minutes
    walked = remembered(
        network,
        (
            "walk from the nearest stop", settings.walk_kph, settings.max_walk_minutes, settings.wheelchair,
            settings.ferries, inward,
        ),
        lambda: _earliest(graph, costs, stops, leg_limit, inside, inward=inward),
    )  # fmt: skip
    tail = np.stack([network.streets.link_from, network.streets.link_to], axis=1).reshape(-1)
    own = np.flatnonzero(np.isfinite(seconds[junctions:]) & (stops.link >= 0) & np.isfinite(inside))
    near = subset(stops, own)
    off = np.where(start.link >= 0, start.meters_off, 0.0) * costs.off
    return Spread(
        seconds[tail],
        np.minimum(walked, _earliest(graph, costs, start, leg_limit, inward=inward)),
        _outward(costs, inward),
        leg_limit,
        Attachment(
            np.concatenate([start.link, near.link]),
            np.concatenate([start.fraction, near.fraction]),
            np.concatenate([start.meters_off, near.meters_off]),
        ),
        # a stop as a place was walked to from the street: back to the street
        np.concatenate([off, seconds[junctions:][own] - near.meters_off * costs.off]),
        np.concatenate([off, near.meters_off * costs.off + inside[own]]),
    )


def _of_rank(profile: npt.NDArray[np.int32], rank: int) -> npt.NDArray[np.float32]:
    """Return float32[places]: the value of a rank, from 0, among all departures; infinite = not reached."""
    values = np.empty((profile.shape[1], 1), np.int32)
    rows = profile if profile.flags.c_contiguous else profile[::-1]  # latest first, as they were searched
    ranked(rows, np.array([rank]), int(UNREACHED), values)
    return np.where(values[:, 0] == UNREACHED, np.float32(np.inf), values[:, 0].astype(np.float32))


def _junctions_and_gates(network: Network, entrances: Gates) -> pd.DataFrame:
    lon, lat = to_degrees(network.streets.node_x, network.streets.node_y, network.crs)
    return pd.DataFrame({"lon": np.concatenate([lon, entrances.lon]), "lat": np.concatenate([lat, entrances.lat])})


def _way_to_street(
    streets: Streets, start: Attachment, origin: tuple[float, float], limit: float, per_meter: float
) -> Floats:
    """Return the walk from a start to its street as a line, cut where time runs out."""
    x0, y0 = (float(v) for v in to_meters(origin[0], origin[1], streets.crs))
    x1, y1 = (float(v[0]) for v in place(streets, start))
    meters = float(np.hypot(x1 - x0, y1 - y0))
    part = min(1.0, limit / (meters * per_meter)) if meters > 0 else 1.0
    return np.array([[x0, y0, 0.0, x0 + part * (x1 - x0), y0 + part * (y1 - y0), part * meters * per_meter]])
