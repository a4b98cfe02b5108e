"""The region's own map: streets, water, parks and names from its OSM, cut into vector tiles.

Why tiles drawn in the browser, and neither one GeoJSON nor rendered pictures (measured on Northern Kentucky, 16,242
streets, 2 cores): one GeoJSON of all streets is 4.1 MB, takes 1.1 s to draw and up to 0.16 s for each pan, without
names or widths by zoom; PNG tiles can't follow light and dark, blur on phones, and take a disk full of files. A tile
here is 1 to 17 kB of whole numbers (packed), cut in 1 to 10 ms from arrays in memory when it is asked for, and drawn
once by `assets/reach.js`; panning only moves what is drawn. Collecting a region takes 0.2 s, a zoom level 0.01 to
0.8 s (most of it placing names).

Coordinates inside are Web Mercator pixels at zoom 0 (the world is 256 × 256). A tile is 512 pixels wide. Names are
placed for a whole zoom level at once, so that one which crosses the edge of a tile is drawn by both sides alike.
"""

import hashlib
import json
import math
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import chain
from typing import Any

import geopandas as gpd
import numpy as np
import shapely
from numpy.typing import NDArray

from geo.crs import to_degrees
from geo.streets.build import CLASSES, Streets
from layers.escaping import plain

MIN_ZOOM, MAX_ZOOM = 9, 18
TILE_PIXELS = 512
UNIT = 4
"""Coordinates in a tile are quarter pixels: whole numbers, still sharp on a screen of double density."""
EDGE_PIXELS = 16
LABEL_PIXELS, AREA_LABEL_PIXELS = 11, 12
AREA_KINDS = ("built", "green", "water")

_RANK_OF = {
    "motorway": 0,
    "trunk": 0,
    "primary": 1,
    "secondary": 2,
    "tertiary": 3,
    "unclassified": 4,
    "residential": 4,
    "living_street": 4,
    "service": 5,
    "pedestrian": 5,
    "track": 6,
    "cycleway": 6,
    "footway": 6,
    "steps": 6,
    "ferry": 6,
}
RANKS = np.array([_RANK_OF[name] for name in CLASSES], dtype=np.int64)
FROM_ZOOM = (0, 0, 10, 11, 12, 14, 14)
"""The zoom from which each rank of street is drawn: motorway, primary, secondary, tertiary, street, service, path."""
NAMED_FROM_ZOOM = (11, 12, 13, 14, 15, 17, 99)
"""The zoom from which its names are."""


@dataclass(frozen=True)
class Basemap:
    """Everything that can be drawn of a region, merged by name and rank, at full detail."""

    digest: str
    lines: NDArray[Any]  # LineStrings
    line_kind: NDArray[np.str_]  # "0" … "6" for ranks, "rail", "stream"
    line_name: NDArray[np.str_]
    areas: NDArray[Any]  # Polygons
    area_kind: NDArray[np.str_]
    area_name: NDArray[np.str_]
    places: NDArray[np.float64]  # [k, 2]
    place_name: NDArray[np.str_]
    place_rank: NDArray[np.int64]  # 0 = city


@dataclass(frozen=True)
class Label:
    """A name at its place on a zoom level, in pixels of that level."""

    x: float
    y: float
    angle: float
    kind: str
    size: int
    text: str
    reach: float


@dataclass(frozen=True)
class Drawing:
    """One zoom level, ready to be cut into tiles: coordinates in pixels of the level."""

    zoom: int
    lines: NDArray[Any]
    line_kind: NDArray[np.str_]
    areas: NDArray[Any]
    area_kind: NDArray[np.str_]
    line_tree: shapely.STRtree
    area_tree: shapely.STRtree
    labels: tuple[Label, ...]


def to_pixels(lon: NDArray[np.float64], lat: NDArray[np.float64]) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Return Web Mercator pixels at zoom 0, y downwards."""
    lat = np.clip(lat, -85.0511, 85.0511)
    y = np.log(np.tan(np.pi / 4 + np.radians(lat) / 2))
    return (np.asarray(lon) + 180) / 360 * 256, (1 - y / np.pi) / 2 * 256


def build_basemap(streets: Streets, features: gpd.GeoDataFrame) -> Basemap:
    """Collect what can be drawn: streets from the graph, the rest from the region's other map features.

    Parameters
    ----------
    streets
        The region's streets; each link is drawn along its own geometry.
    features
        The region's mapped things: `kind`, `name`, `place`, `landuse`, `natural`, `lon`, `lat`, and geometry in
        WGS 84 where the kind has a shape.
    """
    lines, rank, name = _street_lines(streets)
    kinds = drawn_kinds(features)
    features, kinds = features[kinds != ""], kinds[kinds != ""]
    dots = shapely.points(features["lon"].to_numpy(float), features["lat"].to_numpy(float))
    shapes = _projected(np.where(features.geometry.isna(), dots, features.geometry.to_numpy()))
    names = np.array([plain(text) for text in features["name"]], dtype=str)
    is_line = np.isin(kinds, ("stream", "rail"))
    parts, where = shapely.get_parts(shapes[is_line], return_index=True)
    is_area = np.isin(kinds, AREA_KINDS)
    polygons, of = shapely.get_parts(shapes[is_area], return_index=True)
    is_place = np.isin(kinds, PLACES)
    all_lines = np.concatenate([lines, parts])
    digest = hashlib.sha256()
    for geometry in (all_lines, polygons):
        digest.update(shapely.get_coordinates(geometry).round(7).tobytes())
    return Basemap(
        digest=digest.hexdigest()[:16],
        lines=all_lines,
        line_kind=np.concatenate([rank.astype(str), kinds[is_line][where]]),
        line_name=np.concatenate([name, names[is_line][where]]),
        areas=polygons,
        area_kind=kinds[is_area][of],
        area_name=names[is_area][of],
        places=shapely.get_coordinates(shapely.centroid(shapes[is_place])),
        place_name=names[is_place],
        place_rank=np.array([PLACES.index(kind) for kind in kinds[is_place]], dtype=np.int64),
    )


def drawn_kinds(features: gpd.GeoDataFrame) -> NDArray[np.str_]:
    """Return how each mapped thing is drawn: built, green, water, stream, rail, a kind of place, or empty for not."""
    kind, place = features["kind"].astype(str), features["place"].astype(str)
    area = features.geometry.geom_type.isin(("Polygon", "MultiPolygon"))
    line = features.geometry.geom_type.isin(("LineString", "MultiLineString"))
    land = features["landuse"].fillna(features["natural"]).astype(str)
    drawn: NDArray[np.str_] = np.select(
        [
            (kind == "place") & place.isin(PLACES),
            (kind == "water") & area,
            (kind == "water") & line & (features["natural"].astype(str) != "coastline"),
            (kind == "rail") & line,
            area & ((kind == "park") | ((kind == "landuse") & land.isin(_GREEN))),
            area & (kind == "landuse") & land.isin(_BUILT),
        ],
        [place, "water", "stream", "rail", "green", "built"],
        default="",
    ).astype(str)
    return drawn


_GREEN = frozenset(
    ["forest", "wood", "grass", "meadow", "cemetery", "recreation_ground", "village_green", "scrub", "heath", "wetland"]
)
_BUILT = frozenset(["residential", "commercial", "industrial", "retail"])
PLACES = ("city", "town", "village", "suburb", "neighbourhood", "hamlet")
_PLACE_ZOOMS = ((9, 14), (9, 14), (11, 15), (12, 16), (13, 17), (13, 16))
_PLACE_SIZES = (17, 15, 13, 13, 12, 12)


def _street_lines(streets: Streets) -> tuple[NDArray[Any], NDArray[np.int64], NDArray[np.str_]]:
    """Return streets joined end to end where name and rank agree: fewer pieces, and room for their names."""
    lon, lat = to_degrees(streets.geometry_x, streets.geometry_y, streets.crs)
    x, y = to_pixels(np.asarray(lon), np.asarray(lat))
    counts = np.diff(streets.geometry_offset)
    links = shapely.linestrings(np.column_stack([x, y]), indices=np.repeat(np.arange(len(counts)), counts))
    rank = RANKS[streets.link_class]
    order = np.lexsort((streets.link_name, rank))
    key = rank[order].astype(np.int64) * (len(streets.names) + 2) + streets.link_name[order] + 1
    _, group = np.unique(key, return_inverse=True)
    merged = shapely.line_merge(shapely.multilinestrings(links[order], indices=group))
    first = np.flatnonzero(np.r_[True, np.diff(group) > 0])
    lines, of = shapely.get_parts(merged, return_index=True)
    names = np.array([*(plain(text) for text in streets.names), ""], dtype=str)  # -1 = unnamed = the last
    return lines, rank[order][first][of], names[streets.link_name[order][first][of]]


def _projected(geometries: NDArray[Any]) -> NDArray[Any]:
    def project(coordinates: NDArray[np.float64]) -> NDArray[np.float64]:
        return np.column_stack(to_pixels(coordinates[:, 0], coordinates[:, 1]))

    projected: NDArray[Any] = shapely.transform(geometries, project)
    return projected


def at_zoom(basemap: Basemap, zoom: int) -> Drawing:
    """Return what a zoom level shows: thinned to half a pixel, the small left out, names placed."""
    scale = 2.0**zoom

    def scaled(shapes: NDArray[Any]) -> NDArray[Any]:
        return np.asarray(shapely.transform(shapes, lambda xy: xy * scale), dtype=object)

    starts = {str(rank): start for rank, start in enumerate(FROM_ZOOM)} | {"rail": 11, "stream": 12}
    shown = np.array([starts[kind] <= zoom for kind in basemap.line_kind], dtype=bool)
    full = scaled(basemap.lines[shown])
    lines = shapely.simplify(full, 0.5, preserve_topology=False)
    large = shapely.area(basemap.areas) * scale**2 >= 6
    areas = shapely.simplify(scaled(basemap.areas[large]), 0.5)
    return Drawing(
        zoom=zoom,
        lines=lines,
        line_kind=basemap.line_kind[shown],
        areas=areas,
        area_kind=basemap.area_kind[large],
        line_tree=shapely.STRtree(lines),
        area_tree=shapely.STRtree(areas),
        labels=_labels(basemap, zoom, full, shown, areas, large),
    )


def _labels(
    basemap: Basemap,
    zoom: int,
    lines: NDArray[Any],
    shown: NDArray[np.bool_],
    areas: NDArray[Any],
    large: NDArray[np.bool_],
) -> tuple[Label, ...]:
    """Place names so that none covers another: places, then water and parks, then streets by rank and length."""
    streets = _line_names(lines, basemap.line_kind[shown], basemap.line_name[shown], zoom)
    wide = _area_names(areas, basemap.area_kind[large], basemap.area_name[large])
    return tuple(_apart(chain(_place_names(basemap, zoom), wide, streets)))


def _apart(labels: Iterable[Label]) -> Iterator[Label]:
    """Yield the labels that cover none before them, on a lattice of ten pixels."""
    taken: set[tuple[int, int]] = set()
    for label in labels:
        half = _text_pixels(label.text, label.size) / 2
        along = np.arange(-half, half + 8, 8)
        across = np.array([-label.size * 0.5, label.size * 0.5])[:, None]
        right, down = math.cos(label.angle), math.sin(label.angle)
        x = (label.x + along * right - across * down) // 10
        y = (label.y + along * down + across * right) // 10
        cells = set(zip(x.astype(int).ravel().tolist(), y.astype(int).ravel().tolist(), strict=True))
        if taken.isdisjoint(cells):
            taken.update(cells)
            yield label


def _label(x: float, y: float, angle: float, kind: str, size: int, text: str) -> Label:
    return Label(float(x), float(y), angle, kind, size, text, _text_pixels(text, size) / 2 + size)


def _place_names(basemap: Basemap, zoom: int) -> Iterator[Label]:
    """Yield the names of towns and neighbourhoods, the most important first."""
    for index in np.lexsort((basemap.place_name, basemap.place_rank)):
        rank = int(basemap.place_rank[index])
        low, high = _PLACE_ZOOMS[rank]
        if low <= zoom <= high:
            x, y = basemap.places[index] * 2.0**zoom
            yield _label(x, y, 0.0, "place", _PLACE_SIZES[rank], str(basemap.place_name[index]))


def _area_names(areas: NDArray[Any], kinds: NDArray[np.str_], names: NDArray[np.str_]) -> Iterator[Label]:
    """Yield the names of water and parks that are wide enough for them, the largest first."""
    for index in np.argsort(-shapely.area(areas), kind="stable"):
        name, kind = str(names[index]), str(kinds[index])
        if not name or kind == "built":
            continue
        west, north, east, south = shapely.bounds(areas[index])
        if math.hypot(east - west, south - north) > 1.2 * _text_pixels(name, AREA_LABEL_PIXELS):
            middle = shapely.point_on_surface(areas[index])
            yield _label(middle.x, middle.y, 0.0, kind, AREA_LABEL_PIXELS, name)


def _line_names(lines: NDArray[Any], kinds: NDArray[np.str_], names: NDArray[np.str_], zoom: int) -> Iterator[Label]:
    """Yield the names of streets and streams along straight pieces, repeated on long ones; by rank and length."""
    starts = {str(rank): start for rank, start in enumerate(NAMED_FROM_ZOOM)} | {"rail": 99, "stream": 13}
    lengths = shapely.length(lines)
    wanted = np.array([starts[kind] <= zoom for kind in kinds], dtype=bool) & (names != "")
    wanted &= lengths > 5.5 * np.char.str_len(names)
    order = np.flatnonzero(wanted)
    for index in order[np.lexsort((-lengths[order], kinds[order]))]:
        text, length = str(names[index]), float(lengths[index])
        half = _text_pixels(text, LABEL_PIXELS) / 2
        repeats = max(1, int(length // 480))
        for middle in (np.arange(repeats) + 0.5) * length / repeats:
            around = shapely.line_interpolate_point(lines[index], [middle - half, middle, middle + half])
            begin, (x, y), end = shapely.get_coordinates(around)
            right, down = end - begin
            if middle < half or middle + half > length or math.hypot(right, down) < 1.9 * half:
                continue
            angle = math.atan2(down, right)
            angle = angle - math.copysign(math.pi, angle) if abs(angle) > math.pi / 2 else angle
            yield _label(x, y, round(angle, 3), "water" if kinds[index] == "stream" else "street", LABEL_PIXELS, text)


def _text_pixels(text: str, size: int) -> float:
    return 0.54 * size * len(text) + 4


def tile(drawing: Drawing, x: int, y: int) -> bytes:
    """Return one tile as JSON: `areas` and `lines` by kind, each a list of `[x, y, dx, dy, …]`, and `labels`."""
    left, top = x * TILE_PIXELS, y * TILE_PIXELS
    window = (left - EDGE_PIXELS, top - EDGE_PIXELS, left + TILE_PIXELS + EDGE_PIXELS, top + TILE_PIXELS + EDGE_PIXELS)
    box = shapely.box(*window)
    lines = np.sort(drawing.line_tree.query(box))
    areas = np.sort(drawing.area_tree.query(box))
    labels = [
        [round((n.x - left) * UNIT), round((n.y - top) * UNIT), n.angle, n.kind, n.size, n.text]
        for n in drawing.labels
        if -n.reach < n.x - left < TILE_PIXELS + n.reach and -n.reach < n.y - top < TILE_PIXELS + n.reach
    ]
    roads, road = shapely.get_parts(shapely.clip_by_rect(drawing.lines[lines], *window), return_index=True)
    rings, ring = shapely.get_rings(_oriented(shapely.clip_by_rect(drawing.areas[areas], *window)), return_index=True)
    content = {
        "unit": UNIT,
        "lines": _flat(roads, road, drawing.line_kind[lines], left, top),
        "areas": _flat(rings, ring, drawing.area_kind[areas], left, top),
        "labels": labels,
    }
    return json.dumps(content, separators=(",", ":"), ensure_ascii=False).encode()


def _oriented(areas: NDArray[Any]) -> NDArray[Any]:
    """Turn outer rings one way and holes the other, so that areas which overlap still fill."""
    turned: NDArray[Any] = shapely.orient_polygons(areas)
    return turned


def _flat(
    parts: NDArray[Any], of: NDArray[np.int64], kinds: NDArray[np.str_], left: int, top: int
) -> dict[str, list[list[int]]]:
    """Return each part as one list of whole numbers: the first corner, then steps."""
    flat: dict[str, list[list[int]]] = {}
    corners, part = shapely.get_coordinates(parts, return_index=True)
    if not len(part):
        return flat
    whole = np.rint((corners - (left, top)) * UNIT).astype(np.int64)
    starts = np.flatnonzero(np.r_[True, np.diff(part) > 0])
    steps = np.diff(whole, axis=0, prepend=whole[:1])
    steps[starts] = whole[starts]
    for piece, index in zip(np.split(steps, starts[1:]), part[starts], strict=True):
        if len(piece) > 1:
            flat.setdefault(str(kinds[of[index]]), []).append(piece.ravel().tolist())
    return flat
