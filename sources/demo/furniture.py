"""What stands on the streets: signals, stop signs, crossings, level crossings and turn restrictions."""

import itertools
import math
from dataclasses import dataclass

import numpy as np
import shapely

from sources.demo import chance
from sources.demo.plan import BOX, RAIL_LINE
from sources.demo.streets import GRID, Junction, Way

MAIN = ("primary", "secondary", "tertiary")
_TURN_LIMIT = 40


@dataclass(frozen=True)
class Restriction:
    """A turn that is not allowed: numbers of the ways, and the node between them."""

    kind: str
    from_way: int
    via: Junction
    to_way: int


@dataclass(frozen=True)
class Furnished:
    """The ways with their extra nodes, what the nodes are, the railway, and the turns not allowed."""

    ways: list[Way]
    nodes: dict[Junction, dict[str, str]]
    railway: tuple[Junction, ...]
    restrictions: list[Restriction]


def furnish(ways: list[Way]) -> Furnished:
    """Return the streets with signals, signs and crossings; main roads are cut at each signal."""
    rng = chance.stream("furniture")
    signals = _signals(ways, rng)
    nodes = {place: {"highway": "traffic_signals"} for place in sorted(signals)}
    main = {place for way in ways if way.highway in MAIN for place in way.places}
    cut: list[Way] = []
    for way in ways:
        for piece in _cut(way, signals) if way.highway in MAIN else [way]:
            places = list(piece.places)
            if piece.highway in MAIN and len(places) > 1:
                places = _with_crossings(places, signals, nodes)
            elif piece.highway == "residential":
                places = _with_stop_signs(places, main - signals, nodes, rng)
                if "noexit" in piece.tags and places[-1] not in nodes:
                    nodes[places[-1]] = {"highway": "turning_circle"}
            cut.append(Way(tuple(places), piece.tags, piece.district))
    furnished, railway = _level_crossings(cut, nodes)
    return Furnished(furnished, nodes, railway, _restrictions(furnished, signals))


def _signals(ways: list[Way], rng: np.random.Generator) -> set[Junction]:
    names: dict[Junction, set[str]] = {}
    for way in ways:
        if way.highway in (*MAIN, "motorway_link") and "junction" not in way.tags:
            for place in way.places:
                names.setdefault(place, set()).add(way.tags.get("name", "ramp"))
    signals = {place for place, streets_at in names.items() if len(streets_at) > 1}
    signals -= {place for way in ways if way.tags.get("junction") == "roundabout" for place in way.places}
    for way in ways:  # downtown, many side streets have signals too
        if way.highway == "residential" and way.tags.get("lit") == "yes":
            signals |= {
                place for place in (way.places[0], way.places[-1]) if place in names and chance.chance(rng, 0.5)
            }
    return signals


def _cut(way: Way, signals: set[Junction]) -> list[Way]:
    marks = [0, *(k for k in range(1, len(way.places) - 1) if way.places[k] in signals), len(way.places) - 1]
    return [Way(way.places[a : b + 1], way.tags, way.district) for a, b in itertools.pairwise(marks)]


def _before(end: Junction, inner: Junction, meters: float) -> Junction | None:
    """Return a place that many meters before the end of a piece, or None where the piece is too short for it."""
    length = math.dist(end, inner) * GRID
    if length < 2.2 * meters:
        return None
    share = meters / length
    return round(end[0] + share * (inner[0] - end[0])), round(end[1] + share * (inner[1] - end[1]))


def _with_crossings(
    places: list[Junction], signals: set[Junction], nodes: dict[Junction, dict[str, str]]
) -> list[Junction]:
    for first in (True, False):
        end, inner = (places[0], places[1]) if first else (places[-1], places[-2])
        place = _before(end, inner, 10) if end in signals else None
        if place is not None and place not in nodes:
            nodes[place] = {"highway": "crossing", "crossing": "traffic_signals", "tactile_paving": "yes"}
            places = [end, place, *places[1:]] if first else [*places[:-1], place, end]
    return places


def _with_stop_signs(
    places: list[Junction], priority: set[Junction], nodes: dict[Junction, dict[str, str]], rng: np.random.Generator
) -> list[Junction]:
    for first in (True, False):
        end, inner = (places[0], places[1]) if first else (places[-1], places[-2])
        place = _before(end, inner, 7) if end in priority and chance.chance(rng, 0.6) else None
        if place is not None and place not in nodes:
            nodes[place] = {"highway": "stop", "direction": "backward" if first else "forward"}
            places = [end, place, *places[1:]] if first else [*places[:-1], place, end]
    return places


def _level_crossings(ways: list[Way], nodes: dict[Junction, dict[str, str]]) -> tuple[list[Way], tuple[Junction, ...]]:
    """Return the ways, and the railway's nodes, with a shared node wherever they cross at grade."""
    rail = shapely.intersection(shapely.LineString(RAIL_LINE), BOX)
    shared: list[tuple[float, Junction]] = []
    result = []
    for way in ways:
        crossing = shapely.intersection(shapely.LineString(np.array(way.places) * GRID), rail)
        if crossing.is_empty or way.highway.startswith("motorway"):
            result.append(way)
            continue
        places = list(way.places)
        for point in shapely.get_parts(crossing):
            place = (round(point.x / GRID), round(point.y / GRID))
            pieces = shapely.linestrings(np.stack((places[:-1], places[1:]), axis=1) * GRID)
            places.insert(int(np.argmin(shapely.distance(pieces, point))) + 1, place)
            shared.append((rail.project(point), place))
            kind = "level_crossing" if way.highway in (*MAIN, "residential", "unclassified") else "crossing"
            nodes[place] = {"railway": kind}
        result.append(
            Way(tuple(p for k, p in enumerate(places) if k == 0 or p != places[k - 1]), way.tags, way.district)
        )
    own = [
        (rail.project(shapely.Point(x, y)), (round(x / GRID), round(y / GRID)))
        for x, y in shapely.get_coordinates(rail)
    ]
    return result, tuple(place for _, place in sorted({*own, *shared}))


def _restrictions(ways: list[Way], signals: set[Junction]) -> list[Restriction]:
    """Return left turns that are not allowed from one main road into another."""
    ends: dict[Junction, list[int]] = {}
    for number, way in enumerate(ways):
        if way.highway in ("primary", "secondary"):
            for place in {way.places[0], way.places[-1]} & signals:
                ends.setdefault(place, []).append(number)
    restrictions: list[Restriction] = []
    for via in sorted(ends):
        for a in ends[via]:
            for b in ends[via]:
                if ways[a].tags.get("name") == ways[b].tags.get("name"):
                    continue
                turn = _heading(ways[b], via, leaving=True) - _heading(ways[a], via, leaving=False)
                if 60 < math.degrees(turn) % 360 < 120 and len(restrictions) < _TURN_LIMIT:
                    restrictions.append(Restriction("no_left_turn", a, via, b))
                    break
    return restrictions


def _heading(way: Way, via: Junction, *, leaving: bool) -> float:
    near = way.places[1] if way.places[0] == via else way.places[-2]
    a, b = (via, near) if leaving else (near, via)
    return math.atan2(b[1] - a[1], b[0] - a[0])
