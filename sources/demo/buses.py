"""The bus company: routes along the streets, stops, and a day's departures."""

import heapq
import itertools
import math
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from sources.demo.lines import ROUTES, BusRoute
from sources.demo.plan import TRANSIT_CENTER, to_lonlat
from sources.demo.streets import GRID, Junction, Way

_COST = {
    "primary": 1.0, "secondary": 1.0, "tertiary": 1.05, "unclassified": 1.3, "residential": 2.4, "motorway": 9.0,
    "motorway_link": 9.0,
}  # fmt: skip
_EXPRESS = _COST | {"motorway": 0.5, "motorway_link": 0.6}
_NEAREST, _USUAL, _FARTHEST = 235.0, 300.0, 395.0
"""Meters between stops."""


@dataclass(frozen=True)
class Stop:
    """A stop: its id, its place in meters, the streets it is named after."""

    stop_id: str
    name: str
    x: float
    y: float


@dataclass(frozen=True)
class Pattern:
    """One direction of a route: the line it drives and its stops, with meters from the start and seconds to each."""

    route: BusRoute
    direction: int
    line: tuple[Junction, ...]
    stops: tuple[Stop, ...]
    meters: tuple[float, ...]
    seconds: tuple[int, ...]


@dataclass(frozen=True)
class Roads:
    """Junctions and the drivable pieces of street between them."""

    pieces: dict[Junction, list[tuple[Junction, float, str, tuple[Junction, ...]]]]
    names: dict[Junction, tuple[str, ...]]
    crossings: npt.NDArray[np.int64]  # places where named streets meet


def roads(ways: list[Way]) -> Roads:
    """Return the graph that buses drive on."""
    drivable = [way for way in ways if way.highway in _COST]
    seen: dict[Junction, int] = {}
    names: dict[Junction, set[str]] = {}
    for way in drivable:
        for k, place in enumerate(way.places):
            seen[place] = seen.get(place, 0) + (2 if k in (0, len(way.places) - 1) else 1)
            names.setdefault(place, set()).add(way.tags.get("name", ""))
    pieces: dict[Junction, list[tuple[Junction, float, str, tuple[Junction, ...]]]] = {}
    for way in drivable:
        marks = [k for k, place in enumerate(way.places) if seen[place] > 1]
        for a, b in itertools.pairwise(marks):
            line = way.places[a : b + 1]
            meters = sum(math.dist(p, q) for p, q in itertools.pairwise(line)) * GRID
            oneway = way.tags.get("oneway")
            if oneway != "-1":
                pieces.setdefault(line[0], []).append((line[-1], meters, way.highway, line))
            if oneway != "yes":
                pieces.setdefault(line[-1], []).append((line[0], meters, way.highway, line[::-1]))
    named = {place: tuple(sorted(streets_at - {""})) for place, streets_at in names.items()}
    crossings = sorted(place for place, streets_at in named.items() if len(streets_at) > 1 and place in pieces)
    return Roads(pieces, named, np.array(crossings))


def patterns(graph: Roads) -> list[Pattern]:
    """Return both directions of every route; routes on one street share their stops."""
    stops: dict[tuple[Junction, int], Stop] = {}
    patterns_by_route = []
    for route in ROUTES:
        for direction, points in enumerate((route.points, route.points[::-1])):
            legs = _drive(graph, points, _EXPRESS if route.express else _COST)
            patterns_by_route.append(_pattern(graph, route, direction, legs, stops))
    return patterns_by_route


def _near(graph: Roads, x: float, y: float) -> Junction:
    away = np.hypot(graph.crossings[:, 0] * GRID - x, graph.crossings[:, 1] * GRID - y)
    a, b = graph.crossings[int(np.argmin(away))].tolist()
    return a, b


def _drive(
    graph: Roads, points: tuple[tuple[float, float], ...], cost: dict[str, float]
) -> list[tuple[float, str, tuple[Junction, ...]]]:
    through = [_near(graph, *point) for point in points]
    legs: list[tuple[float, str, tuple[Junction, ...]]] = []
    for here, there in itertools.pairwise(through):
        legs += _cheapest(graph, here, there, cost)
    return legs


def _cheapest(
    graph: Roads, here: Junction, there: Junction, cost: dict[str, float]
) -> list[tuple[float, str, tuple[Junction, ...]]]:
    best: dict[Junction, float] = {here: 0.0}
    came: dict[Junction, tuple[Junction, tuple[float, str, tuple[Junction, ...]]]] = {}
    queue = [(0.0, here)]
    while queue:
        spent, place = heapq.heappop(queue)
        if place == there:
            break
        if spent > best[place]:
            continue
        for onward, meters, highway, line in graph.pieces.get(place, []):
            total = spent + meters * cost[highway]
            if total < best.get(onward, math.inf):
                best[onward] = total
                came[onward] = (place, (meters, highway, line))
                heapq.heappush(queue, (total, onward))
    legs = []
    place = there
    while place != here:
        place, leg = came[place]
        legs.append(leg)
    return legs[::-1]


def _pattern(
    graph: Roads, route: BusRoute, direction: int, legs: list[tuple[float, str, tuple[Junction, ...]]],
    stops: dict[tuple[Junction, int], Stop],
) -> Pattern:  # fmt: skip
    line: list[Junction] = [legs[0][2][0]]
    marks = [(0.0, 0.0, legs[0][2][0], legs[0][2][1])]
    meters = seconds = 0.0
    for length, highway, part in legs:
        line += part[1:]
        meters += length
        seconds += length / _speed(part[0], highway, route)
        marks.append((meters, seconds, part[-1], part[-2]))
    chosen = [0]
    while True:
        ahead = [
            k
            for k in range(chosen[-1] + 1, len(marks))
            if marks[k][0] - marks[chosen[-1]][0] >= _NEAREST * route.spread
        ]
        window = [k for k in ahead if marks[k][0] - marks[chosen[-1]][0] <= _FARTHEST * route.spread]
        shared = [k for k in window if _key(marks[k]) in stops]
        usual = [k for k in window if marks[k][0] - marks[chosen[-1]][0] >= _USUAL * route.spread]
        following = (shared or usual or window or ahead)[:1]
        if not following or marks[-1][0] - marks[following[0]][0] < 150:
            chosen.append(len(marks) - 1)
            break
        chosen.append(following[0])
    if len(chosen) > 2 and marks[chosen[-1]][0] - marks[chosen[-2]][0] < 120:
        del chosen[-2]
    served = [_stop(graph, marks[k], stops, last=k == len(marks) - 1) for k in chosen]
    clock = [round(marks[k][1] / 10) * 10 + (20 if n else 0) for n, k in enumerate(chosen)]
    return Pattern(
        route, direction, tuple(line), tuple(served), tuple(round(marks[k][0], 1) for k in chosen), tuple(clock)
    )


def _speed(place: Junction, highway: str, route: BusRoute) -> float:
    """Return meters a second, stops and signals included."""
    if highway in ("motorway", "motorway_link"):
        return 80 / 3.6
    away = math.dist((place[0] * GRID, place[1] * GRID), TRANSIT_CENTER)
    if away > 8_500:
        return 46 / 3.6
    return (16.5 if away < 1_300 else 20.0 + 2.0 * route.express + 1.2 * (away > 4_500)) / 3.6


def _key(mark: tuple[float, float, Junction, Junction]) -> tuple[Junction, int]:
    _, _, place, beside = mark
    return place, round(math.degrees(math.atan2(place[1] - beside[1], place[0] - beside[0])) / 45) % 8


def _stop(
    graph: Roads, mark: tuple[float, float, Junction, Junction], stops: dict[tuple[Junction, int], Stop], *, last: bool
) -> Stop:
    _, _, place, beside = mark
    length = math.dist(place, beside)
    ahead = ((place[0] - beside[0]) / length, (place[1] - beside[1]) / length)
    if mark[0] == 0:  # at the start, the neighbor on the line lies ahead
        ahead = (-ahead[0], -ahead[1])
    key = (place, round(math.degrees(math.atan2(ahead[1], ahead[0])) / 45) % 8)
    if key not in stops:
        names = graph.names[place][:2]
        back = 12.0 if not last else 6.0
        x = place[0] * GRID - back * ahead[0] + 6.0 * ahead[1]
        y = place[1] * GRID - back * ahead[1] - 6.0 * ahead[0]
        stops[key] = Stop(f"S{len(stops) + 1:04d}", " & ".join(names), round(x, 1), round(y, 1))
    return stops[key]


def shape_points(pattern: Pattern) -> list[tuple[float, float, float]]:
    """Return longitude, latitude and kilometers along the line a pattern drives."""
    points, traveled = [], 0.0
    for k, place in enumerate(pattern.line):
        traveled += math.dist(place, pattern.line[k - 1]) * GRID / 1000 if k else 0.0
        points.append((*to_lonlat(place[0] * GRID, place[1] * GRID), round(traveled, 3)))
    return points
