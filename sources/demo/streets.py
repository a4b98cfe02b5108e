"""The street network: main roads, local streets and paths joined into one graph of nodes and ways."""

import itertools
import math
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import shapely

from sources.demo.blocks import Line, fill, ground_area, rural_lines, trail_lines
from sources.demo.plan import (
    BOX,
    CREEK_LINE,
    GROUNDS,
    INTERCHANGES,
    MOTORWAY_LINE,
    RAIL_LINE,
    RIVER_AREA,
    RIVER_LINE,
    ROADS,
    ROUNDABOUTS,
    Points,
    offset,
    smooth,
)  # fmt: skip

Junction = tuple[int, int]
"""A node's place in decimetres."""

GRID = 0.1
ROUNDABOUT_RADIUS = 24.0
BRIDGE_NAMES = {"Main Street": "Founders Bridge", "Harmon Expressway": "Harmon Bridge"}


@dataclass(frozen=True)
class Way:
    """A way: places of its nodes in order, and its tags."""

    places: tuple[Junction, ...]
    tags: dict[str, str]
    district: int = -1

    @property
    def highway(self) -> str:
        """Return the value of the highway tag."""
        return self.tags["highway"]


def main_lines() -> list[Line]:
    """Return the main roads as laid out, opened at roundabouts, with the roundabouts themselves."""
    circles = shapely.union_all([shapely.Polygon(_ring(x, y)) for x, y in ROUNDABOUTS])
    lines: list[Line] = []
    for road in ROADS:
        tags = {
            "highway": road.highway,
            "name": road.name,
            "maxspeed": f"{_mph(road.kph)} mph",
            "lanes": str(road.lanes),
        }
        tags |= {"ref": road.ref} if road.ref else {}
        tags |= {"sidewalk": "both"} if road.kph <= 50 and road.highway != "tertiary" else {}
        line = shapely.LineString(smooth(road.points))
        parts = shapely.get_parts(shapely.difference(shapely.intersection(line, BOX), circles))
        lines += [Line(shapely.get_coordinates(part), tags) for part in parts]
    for x, y in ROUNDABOUTS:
        tags = {"highway": "secondary", "junction": "roundabout", "oneway": "yes", "maxspeed": "15 mph"}
        lines.append(Line(_ring(x, y), tags))
    return lines


def _ring(x: float, y: float) -> Points:
    turns = np.arange(25) * (2 * math.pi / 24)
    ring = np.column_stack((x + ROUNDABOUT_RADIUS * np.cos(turns), y + ROUNDABOUT_RADIUS * np.sin(turns)))
    ring[-1] = ring[0]
    return ring


def _mph(kph: int) -> int:
    return {40: 25, 50: 35, 60: 40, 70: 45, 80: 55}[kph]


def motorway_lines() -> tuple[list[Line], list[Line], shapely.Geometry]:
    """Return the two carriageways, the ramps of the interchanges, and the ground they take."""
    tags = {"highway": "motorway", "name": "Harmon Expressway", "ref": "F 9", "oneway": "yes", "lanes": "2",
            "maxspeed": "65 mph", "foot": "no", "bicycle": "no"}  # fmt: skip
    middle = shapely.LineString(MOTORWAY_LINE)
    east, west = (
        shapely.get_coordinates(shapely.intersection(shapely.LineString(line), BOX))
        for line in (offset(MOTORWAY_LINE, -13.0), offset(MOTORWAY_LINE, 13.0)[::-1])
    )
    ramps: list[Line] = []
    ground = [middle.buffer(55)]
    roads = {road.name: shapely.LineString(smooth(road.points)) for road in ROADS}
    for name in INTERCHANGES:
        cross = shapely.intersection(middle, roads[name])
        at = middle.project(cross)
        before, after = (np.array(middle.interpolate(at + d).coords[0]) for d in (-20, 20))
        ahead = (after - before) / np.hypot(*(after - before))
        left = np.array([-ahead[1], ahead[0]])
        here = np.array([cross.x, cross.y])
        for way, side in ((east, -1.0), (west, 1.0)):
            foot = roads[name].interpolate(roads[name].project(shapely.Point(here + side * 105 * left)))
            foot = np.array([foot.x, foot.y])
            leave, enter = (_nearest(way, here + sign * side * 430 * ahead) for sign in (1, -1))
            off = smooth((tuple(leave), tuple(leave * 0.45 + foot * 0.55 + side * 26 * left), tuple(foot)), 50)
            on = smooth((tuple(foot), tuple(enter * 0.45 + foot * 0.55 + side * 26 * left), tuple(enter)), 50)
            ramp = {"highway": "motorway_link", "oneway": "yes", "maxspeed": "35 mph", "foot": "no", "bicycle": "no"}
            ramps += [Line(off, ramp), Line(on, ramp)]
            ground.append(shapely.LineString(np.vstack((leave, foot, enter))).convex_hull.buffer(35))
    return [Line(east, tags), Line(west, tags)], ramps, shapely.union_all(ground)


def _nearest(line: Points, point: Points) -> Points:
    nearest: Points = line[int(np.argmin(np.hypot(*(line - point).T)))]
    return nearest


def lay_out() -> tuple[list[Way], list[shapely.Polygon]]:
    """Return all ways, joined where they meet, and the faces between streets (the county's blocks)."""
    main = main_lines()
    carriageways, ramps, ground = motorway_lines()
    edges = [shapely.LineString(line.points) for line in main]
    faces = polygons([*edges, *_shore_ends(), RIVER_AREA.exterior, BOX.exterior])
    barriers = shapely.union_all([
        RIVER_AREA.buffer(60), shapely.LineString(CREEK_LINE).buffer(24), shapely.LineString(RAIL_LINE).buffer(20),
            ground,
        *(ground_area(g) for g in GROUNDS), *(shapely.Point(place).buffer(60) for place in ROUNDABOUTS),
    ])  # fmt: skip
    local = _settled(fill(faces, barriers, shapely.union_all(edges).buffer(28)), main)
    ways = join([*main, *ramps, *local, *rural_lines(), *trail_lines()])
    ways = _connected(_bridged([*ways, *(_as_way(line) for line in carriageways)]))
    streets = [shapely.LineString(np.array(way.places) * GRID) for way in ways if way.highway not in _NOT_BLOCK_EDGES]
    blocks = polygons([*streets, RIVER_AREA.exterior, BOX.exterior])
    return ways, [face for face in blocks if not RIVER_AREA.contains(face.representative_point())]


_NOT_BLOCK_EDGES = ("service", "footway", "path", "steps", "cycleway", "motorway", "motorway_link")
_STUBS = {
    "unclassified": 2500.0, "primary": 160.0, "secondary": 160.0, "tertiary": 160.0, "footway": 140.0, "path": 900.0,
    "steps": 90.0, "residential": 100.0, "service": 45.0,
}  # fmt: skip
"""Meters below which a dead end is left out; a cul-de-sac may be as short as 20 m."""


def polygons(lines: list[shapely.Geometry]) -> list[shapely.Polygon]:
    """Return the faces between lines, in order of place."""
    noded = shapely.union_all(lines, grid_size=GRID)
    faces = list(shapely.get_parts(shapely.polygonize(list(shapely.get_parts(noded)))))
    return sorted(faces, key=lambda face: (round(face.centroid.x, 1), round(face.centroid.y, 1)))


def _settled(local: list[Line], main: list[Line]) -> list[Line]:
    """Return local streets whose ends on a main road are drawn together where two lie within 22 m."""
    tree = shapely.STRtree([shapely.LineString(line.points) for line in main])
    taken: dict[tuple[int, int], list[Points]] = {}
    settled = []
    for line in local:
        points = line.points.copy()
        for end in (0, -1):
            point = points[end]
            if len(tree.query(shapely.Point(point), predicate="dwithin", distance=0.5)) == 0:
                continue
            cell = (int(point[0] // 25), int(point[1] // 25))
            near = [p for i in (-1, 0, 1) for j in (-1, 0, 1) for p in taken.get((cell[0] + i, cell[1] + j), [])]
            near = [p for p in near if np.hypot(*(p - point)) < 22]
            if near:
                points[end] = min(near, key=lambda p: float(np.hypot(*(p - point))))
            else:
                taken.setdefault(cell, []).append(point)
        if shapely.LineString(points).length > 30:
            settled.append(Line(points, line.tags, line.district))
    return settled


def join(lines: list[Line]) -> list[Way]:
    """Return ways that share a node wherever two lines meet; each keeps its line's direction and tags."""
    shapes = [shapely.LineString(line.points) for line in lines]
    edges = shapely.get_parts(shapely.union_all(shapes, grid_size=GRID))
    tree = shapely.STRtree(shapes)
    middles = shapely.line_interpolate_point(edges, 0.5, normalized=True)
    pairs = tree.query(middles, predicate="dwithin", distance=0.6)
    owner = np.full(len(edges), len(lines))
    np.minimum.at(owner, pairs[0], pairs[1])
    drawn = _drawn_together([_places(shapely.get_coordinates(edge)) for edge in edges])
    kept = _without_stubs(drawn, owner, lines)
    members: dict[int, list[tuple[float, tuple[Junction, ...]]]] = {}
    for k in kept:
        edge, middle, line, places = edges[k], middles[k], int(owner[k]), drawn[k]
        starts, ends = (shapes[line].project(shapely.Point(np.array(p) * GRID)) for p in (places[0], places[-1]))
        along = shapes[line].project(middle)
        if shapes[line].is_closed:  # on a ring, the direction shows near the middle of the edge
            starts, ends = (shapes[line].project(edge.interpolate(t, normalized=True)) for t in (0.45, 0.55))
        members.setdefault(line, []).append((along, places if starts <= ends else places[::-1]))
    ways = []
    for number in sorted(members):
        run: list[Junction] = []
        for _, places in sorted(members[number]):
            if run and run[-1] != places[0]:
                ways.append(Way(tuple(run), lines[number].tags, lines[number].district))
                run = []
            run = [*(run or places[:1]), *places[1:]]
        ways.append(Way(tuple(run), lines[number].tags, lines[number].district))
    return ways


def _drawn_together(edges: list[tuple[Junction, ...]]) -> list[tuple[Junction, ...]]:
    """Return the edges with junctions that lie within 3 m of each other along an edge made one."""
    moved: dict[Junction, Junction] = {}

    def settled(place: Junction) -> Junction:
        while place in moved:
            place = moved[place]
        return place

    for edge in sorted(edges):
        first, last = settled(edge[0]), settled(edge[-1])
        if first != last and math.dist(edge[0], edge[-1]) * GRID < 3 and len(edge) < 4:
            moved[max(first, last)] = min(first, last)
    return [(settled(edge[0]), *edge[1:-1], settled(edge[-1])) for edge in edges]


def _without_stubs(edges: list[tuple[Junction, ...]], owner: npt.NDArray[np.int64], lines: list[Line]) -> list[int]:
    """Return the numbers of the edges that remain when short dead ends are left out, until none is left."""
    ends = [(edge[0], edge[-1]) for edge in edges]
    lengths = [sum(math.dist(a, b) for a, b in itertools.pairwise(edge)) * GRID for edge in edges]
    kept = [k for k in range(len(edges)) if owner[k] < len(lines) and (len(edges[k]) > 2 or ends[k][0] != ends[k][1])]
    while True:
        degree: dict[Junction, int] = {}
        for k in kept:
            for place in ends[k]:
                degree[place] = degree.get(place, 0) + 1
        stubs = set()
        for k in kept:
            tags = lines[int(owner[k])].tags
            limit = 20.0 if "noexit" in tags else _STUBS.get(tags["highway"], 0.0)
            free = [place for place in ends[k] if degree[place] == 1 and not _leaves_county(place)]
            if free and lengths[k] < limit:
                stubs.add(k)
        if not stubs:
            return kept
        kept = [k for k in kept if k not in stubs]


def _leaves_county(place: Junction) -> bool:
    return max(abs(place[0]) - 160_000, abs(place[1]) - 120_000) > -1500


def _places(points: Points) -> tuple[Junction, ...]:
    cells = np.rint(points / GRID).astype(int).tolist()
    return tuple((x, y) for k, (x, y) in enumerate(cells) if k == 0 or cells[k - 1] != [x, y])


def _as_way(line: Line) -> Way:
    return Way(_places(line.points), line.tags, line.district)


def _bridged(ways: list[Way]) -> list[Way]:
    """Return ways cut where they go over the river or, on the motorway, over a road; that piece is a bridge."""
    roads = shapely.union_all([
        shapely.LineString(np.array(way.places) * GRID) for way in ways
        if way.highway in ("primary", "secondary", "tertiary", "residential")
    ])  # fmt: skip
    result = []
    for way in ways:
        if way.tags.get("name") not in BRIDGE_NAMES:
            result.append(way)
            continue
        pieces = shapely.linestrings(np.stack((way.places[:-1], way.places[1:]), axis=1) * GRID)
        over_river = shapely.intersects(pieces, RIVER_AREA.buffer(4))
        over_road = shapely.intersects(pieces, roads) if way.highway == "motorway" else np.zeros(len(pieces), bool)
        kinds = np.where(over_river, 2, np.where(over_road, 1, 0)).tolist()
        start = 0
        for k in range(1, len(kinds) + 1):
            if k == len(kinds) or kinds[k] != kinds[start]:
                tags = way.tags if kinds[start] == 0 else way.tags | {"bridge": "yes", "layer": "1"}
                if kinds[start] == 2:
                    tags |= {"bridge:name": BRIDGE_NAMES[way.tags["name"]]}
                    tags |= {"sidewalk": "both" if way.highway == "primary" else "no"}
                result.append(Way(way.places[start : k + 1], tags, way.district))
                start = k
    return result


def _connected(ways: list[Way]) -> list[Way]:
    """Return the ways of the largest connected part."""
    parent: dict[Junction, Junction] = {}

    def root(place: Junction) -> Junction:
        while parent.setdefault(place, place) != place:
            parent[place] = parent[parent[place]]
            place = parent[place]
        return place

    for way in ways:
        for place in way.places[1:]:
            parent[root(place)] = root(way.places[0])
    sizes: dict[Junction, int] = {}
    for place in list(parent):
        sizes[root(place)] = sizes.get(root(place), 0) + 1
    main = max(sizes, key=lambda place: (sizes[place], place))
    return [way for way in ways if root(way.places[0]) == main]


def _shore_ends() -> list[shapely.LineString]:
    """Return lines that close the strips between the river and the roads along it."""
    lines = []
    for road in ROADS:
        if road.name in ("Riverside Drive", "Levee Road"):
            for x, y in (road.points[0], road.points[-1]):
                middle = float(np.interp(-y, -RIVER_LINE[:, 1], RIVER_LINE[:, 0]))
                lines.append(shapely.LineString(((x, y), (middle, y))))
    return lines
