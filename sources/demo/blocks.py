"""Local streets: each face between main roads is filled with its district's pattern."""

import itertools
import math
from dataclasses import dataclass

import numpy as np
import shapely
import shapely.affinity

from sources.demo import chance
from sources.demo.names import street_name
from sources.demo.plan import (
    DISTRICTS,
    GROUNDS,
    RIVER_LINE,
    SHORE_ROAD,
    TOWNS,
    URBAN,
    District,
    Ground,
    Points,
    offset,
    river_x,
)

STEP = 26.0
"""Meters between the vertices of a street as it is laid out."""


@dataclass(frozen=True)
class Line:
    """A street as laid out, before it is cut at junctions: vertices in meters, tags, and its district's number."""

    points: Points
    tags: dict[str, str]
    district: int = -1


def ground_area(ground: Ground) -> shapely.Polygon:
    """Return an open ground's outline: an ellipse with a gently uneven rim."""
    turns = np.arange(36) * (2 * math.pi / 36)
    rim = 1 + 0.07 * np.sin(3 * turns + ground.x) + 0.05 * np.sin(5 * turns + ground.y)
    across, up = ground.half_width * rim * np.cos(turns), ground.half_height * rim * np.sin(turns)
    return shapely.Polygon(np.column_stack((ground.x + across, ground.y + up)))


def district_of(x: float, y: float) -> int:
    """Return the number of the district that a place in a town belongs to: the nearest middle on its bank."""
    for town, name in zip(TOWNS, ("Drumfold", "Pellorchard"), strict=True):
        if shapely.contains_xy(town, x, y):
            return next(k for k, district in enumerate(DISTRICTS) if district.name == name)
    side = "west" if x < river_x(y) else "east"
    here = [k for k, district in enumerate(DISTRICTS) if district.side == side]
    return min(here, key=lambda k: math.hypot(DISTRICTS[k].x - x, DISTRICTS[k].y - y))


def built_up() -> shapely.Geometry:
    """Return where local streets may lie: the city and the two towns."""
    return shapely.union_all([URBAN, *TOWNS])


def fill(faces: list[shapely.Polygon], barriers: shapely.Geometry, beside_main: shapely.Geometry) -> list[Line]:
    """Return the local streets of all faces.

    None runs into a barrier (water, rail, motorway, park), nor far along a main road (`beside_main`).
    """
    shapely.prepare(beside_main)
    town = built_up()
    shore = shapely.LineString(RIVER_LINE).buffer(SHORE_ROAD - 5)
    lines: list[Line] = []
    for face in faces:
        if shapely.intersection(face, shore).area > 0.7 * face.area:
            continue
        inside = shapely.intersection(face, town)
        if inside.area < 9_000:
            continue
        middle = inside.representative_point() if inside.area < 0.97 * face.area else face.representative_point()
        area = shapely.difference(shapely.difference(inside, barriers), shore)
        lines += [
            kept for line in _pattern(district_of(middle.x, middle.y), area) for kept in _apart(line, beside_main)
        ]
    return lines


def _apart(line: Line, beside_main: shapely.Geometry) -> list[Line]:
    """Return what is left of a local street where it doesn't run side by side with a main road."""
    if "noexit" in line.tags or line.tags["highway"] == "service":
        return [line]
    shape = shapely.LineString(line.points)
    near = shapely.get_parts(shapely.intersection(shape, beside_main))
    alongside = [part for part in near if part.length > 95]
    if not alongside:
        return [line]
    left = shapely.get_parts(shapely.difference(shape, shapely.union_all([part.buffer(0.05) for part in alongside])))
    return [Line(shapely.get_coordinates(part), line.tags, line.district) for part in left if part.length > 42]


def _pattern(number: int, area: shapely.Geometry) -> list[Line]:
    district = DISTRICTS[number]
    outline = shapely.get_coordinates(area)
    if len(outline) == 0:
        return []
    along, across = _frame(district, outline)
    # The district's chance is one fixed sheet, so that a street goes on unchanged from face to face.
    draws = chance.stream(f"streets {district.name}").random((5, 160, 160))
    columns = _marks(draws[0, 0], district.long_side, along)
    rows = _marks(draws[0, 1], district.short_side, across)
    lines: list[Line] = []
    for axis, (ours, theirs) in enumerate(((columns, rows), (rows, columns))):
        for i, place in ours:
            for run in _runs(draws[1 + axis], i, theirs, district.missing):
                steps = max(2, round((run[-1][1] - run[0][1]) / STEP))
                span = np.linspace(run[0][1], run[-1][1], steps + 1)
                lines += _clipped(number, axis, i, place, span, area)
    if district.pattern == "curves":
        lines += _closes(number, draws[3], draws[4], columns, rows, area)
    else:
        lines += _alleys(number, draws[3], columns, rows, area)
    return lines


def _frame(district: District, points: Points) -> tuple[tuple[float, float], tuple[float, float]]:
    turn = math.radians(district.angle)
    x, y = points[:, 0] - district.x, points[:, 1] - district.y
    along, across = x * math.cos(turn) + y * math.sin(turn), y * math.cos(turn) - x * math.sin(turn)
    return (float(along.min()) - 60, float(along.max()) + 60), (float(across.min()) - 60, float(across.max()) + 60)


def _marks(draws: Points, spacing: float, span: tuple[float, float]) -> list[tuple[int, float]]:
    """Return the numbered grid lines that fall in the span, each a little off its even place."""
    first, last = math.floor(span[0] / spacing) - 1, math.ceil(span[1] / spacing) + 1
    return [(i, (i + 0.30 * (float(draws[(i + 80) % 160]) - 0.5)) * spacing) for i in range(first, last + 1)]


def _runs(draws: Points, i: int, theirs: list[tuple[int, float]], missing: float) -> list[list[tuple[int, float]]]:
    """Return the stretches of a grid line that are built, each from crossing to crossing."""
    runs: list[list[tuple[int, float]]] = [[]]
    for here, there in itertools.pairwise(theirs):
        if float(draws[(i + 80) % 160, (here[0] + 80) % 160]) < missing:
            runs.append([])
        else:
            runs[-1] = [*(runs[-1] or [here]), there]
    return [run for run in runs if len(run) > 1]


def _place(district: District, along: Points, across: Points) -> Points:
    """Return plan meters of points in a district's frame, bent by its warp."""
    bend = district.warp
    u = along + bend * np.sin(across / 310 + district.x) + 0.5 * bend * np.sin(across / 143 + along / 420)
    v = across + bend * np.sin(along / 270 + district.y) + 0.5 * bend * np.sin(along / 131 - across / 390)
    turn = math.radians(district.angle)
    return np.column_stack((
        district.x + u * math.cos(turn) - v * math.sin(turn),
        district.y + u * math.sin(turn) + v * math.cos(turn),
    ))  # fmt: skip


def _on_axis(district: District, axis: int, place: float, span: Points) -> Points:
    fixed = np.full(len(span), place)
    return _place(district, fixed, span) if axis == 0 else _place(district, span, fixed)


def _clipped(number: int, axis: int, i: int, place: float, span: Points, area: shapely.Geometry) -> list[Line]:
    district = DISTRICTS[number]
    line = shapely.LineString(_on_axis(district, axis, place, span))
    line = shapely.simplify(line, 0.5)
    pieces = shapely.get_parts(shapely.intersection(line, area))
    tags = {"highway": "residential", "name": street_name(number, axis, i), "maxspeed": "25 mph"}
    if district.name == "Old Landing":
        tags |= {"sidewalk": "both", "lit": "yes"}
        if axis == 0 and abs(i) < 5:
            tags |= {"oneway": "yes" if i % 2 else "-1"}
    if district.side == "town" and (7 * i + axis) % 4 == 0:
        tags |= {"surface": "gravel"}
    kept = [
        Line(shapely.get_coordinates(piece), tags, number)
        for piece in pieces
        if piece.geom_type == "LineString" and piece.length > 42
    ]
    return sorted(kept, key=lambda part: (round(float(part.points[0, 0]), 1), round(float(part.points[0, 1]), 1)))


def _closes(
    number: int, wanted: Points, lengths: Points, columns: list[tuple[int, float]], rows: list[tuple[int, float]],
    area: shapely.Geometry,
) -> list[Line]:  # fmt: skip
    """Return cul-de-sacs: stubs from a row into the blocks on either side."""
    district = DISTRICTS[number]
    inner = shapely.buffer(area, -18)
    shapely.prepare(inner)
    lines = []
    for j, row in rows:
        for (i, left), (_, right) in itertools.pairwise(columns):
            draw = float(wanted[(i + 80) % 160, (j + 80) % 160])
            if draw > 0.62:
                continue
            up = 1 if draw < 0.31 else -1
            reach = district.short_side * (0.42 + 0.22 * float(lengths[(i + 80) % 160, (j + 80) % 160]))
            start = left + (right - left) * (0.4 + 0.2 * float(lengths[(j + 80) % 160, (i + 80) % 160]))
            across = row + up * np.linspace(-3, reach, 5)  # from just beyond the row, so that they meet
            along = start + 14 * np.sin(np.linspace(0, 2.2, 5)) * up
            points = _place(district, along, across)
            if shapely.contains_xy(inner, points[:, 0], points[:, 1]).all():
                name = street_name(number, 2, i * 53 + j)
                tags = {"highway": "residential", "name": name, "maxspeed": "20 mph", "noexit": "yes"}
                lines.append(Line(points, tags, number))
    return lines


def _alleys(
    number: int, wanted: Points, columns: list[tuple[int, float]], rows: list[tuple[int, float]], area: shapely.Geometry
) -> list[Line]:
    """Return alleys: service ways down the middle of some blocks."""
    district = DISTRICTS[number]
    lines = []
    for (j, low), (_, high) in itertools.pairwise(rows):
        for (i, left), (_, right) in itertools.pairwise(columns):
            if float(wanted[(i + 80) % 160, (j + 80) % 160]) >= district.alleys:
                continue
            points = _on_axis(district, 1, (low + high) / 2, np.linspace(left - 9, right + 9, 5))
            line = shapely.simplify(shapely.LineString(points), 0.5)
            if shapely.contains(area, line):
                tags = {"highway": "service", "service": "alley"}
                lines.append(Line(shapely.get_coordinates(line), tags, number))
    return lines


def trail_lines() -> list[Line]:
    """Return ways for people on foot and bicycle: the river trail and the paths of the parks."""
    trail = offset(RIVER_LINE, -172.0)
    trail = trail[(trail[:, 1] < 5000) & (trail[:, 1] > -5200)]
    tags = {"highway": "cycleway", "name": "Osprenna River Trail", "foot": "designated", "bicycle": "designated"}
    lines = [Line(trail, tags | {"surface": "asphalt"})]
    for k, (x, y) in enumerate(trail[3:-3:7].tolist()):
        kind = {"highway": "steps", "incline": "up", "step_count": "14"} if k % 4 == 3 else {"highway": "footway"}
        lines.append(Line(np.array([(x, y), (x - 34, y - 12), (x - 95, y - 4)]), kind))
    for ground in GROUNDS:
        if ground.kind[0] == "leisure" and ground.kind[1] != "golf_course":
            lines += _park_paths(ground)
    return lines


def _park_paths(ground: Ground) -> list[Line]:
    middle = np.array([ground.x, ground.y])
    outline = shapely.get_coordinates(ground_area(ground).exterior)
    small = ground.half_width < 500
    lines = []
    if small:
        lines.append(Line(outline, {"highway": "residential", "name": f"{ground.name} Drive", "maxspeed": "20 mph"}))
    loop = {"highway": "footway" if small else "path", "name": f"{ground.name} Loop", "surface": "fine_gravel"}
    lines.append(Line(middle + (outline - middle) * 0.72, loop))
    for turn in (0.35, 1.15, 1.95, 2.75) if small else (0.6, 2.4):
        reach = np.array([ground.half_width * math.cos(turn), ground.half_height * math.sin(turn)]) * (
            1.05 if small else 2.2
        )
        sway = np.array([-reach[1], reach[0]]) * (0.08 if small else 0.2)
        ends = [middle + t * reach + sway * math.sin(3 * t) for t in np.linspace(-1, 1, 13)]
        lines.append(Line(np.array(ends), {"highway": "footway" if small else "path"}))
    return lines


def rural_lines() -> list[Line]:
    """Return farm roads: an uneven lattice over the county, kept clear of the city and the river."""
    draws = chance.stream("farm roads").random((2, 40))
    built = chance.stream("farm roads built").random((2, 40, 20)) > 0.33
    clear = shapely.difference(
        shapely.box(-15_900, -11_900, 15_900, 11_900),
        shapely.union_all([URBAN.buffer(500), shapely.LineString(RIVER_LINE).buffer(420),
            *(town.buffer(-300) for town in TOWNS),
                           *(ground_area(g).buffer(40) for g in GROUNDS if g.half_width > 500)]),
    )  # fmt: skip
    lines = []
    for axis, (half, spacing) in enumerate(((15_900, 1750), (11_900, 1600))):
        for k in range(-half // spacing + 1, half // spacing + 1):
            place = (k + 0.5 * (float(draws[axis, k + 20]) - 0.5)) * spacing
            span = np.arange(-15_900, 15_901, 60.0)
            bent = place + 130 * np.sin(span / 1900 + k) + 45 * np.sin(span / 610 + 2 * k)
            places = np.column_stack((bent, span) if axis == 0 else (span, bent))
            stretches = np.flatnonzero(np.repeat(built[axis, k + 20], 28)[: len(span)])
            runs = [run for run in np.split(stretches, np.flatnonzero(np.diff(stretches) > 1) + 1) if len(run) > 1]
            line = shapely.MultiLineString([places[run] for run in runs])
            name = f"Farm Road {2 * (k + 20) + axis + 100}"
            tags = {"highway": "unclassified", "name": name, "maxspeed": "45 mph"}
            tags |= {"surface": "gravel"} if k % 3 == 0 else {}
            parts = shapely.get_parts(shapely.intersection(shapely.simplify(line, 1.5), clear))
            lines += [Line(shapely.get_coordinates(part), tags) for part in parts if part.length > 700]
    return lines
