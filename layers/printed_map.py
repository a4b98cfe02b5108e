"""A map for paper: the region's own streets and water, the areas in reach, numbered places. Drawn without tiles."""

import io
import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import geopandas as gpd
import numpy as np
import shapely
from numpy.typing import NDArray

from layers.basemap import MAX_ZOOM, MIN_ZOOM, Basemap, Drawing, at_zoom, to_pixels
from layers.fonts import printable
from layers.legend import SYMBOLS, area_steps

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.path import Path

INCHES = (7.3, 5.2)
DOTS_PER_INCH = 200
PIXELS_WIDE = 900
"""About how many pixels of a zoom level go across: its names then print in 6 to 8 points."""

LEAST_PIXELS = 256 / 2**14
"""A map is at least so wide (pixels at zoom 0): about two kilometers."""

ROOM = 1.2
"""How much wider a map is than what it shows, so that no mark lies on its edge."""

MOST_NAMES = 60
HUE = "#4a2c7d"
AWAY = "#8c1d18"
LABEL = (32, 14)
"""Half of a label of minutes, in pixels: it stays so far from the edge."""

FILLS = {"built": "#efece5", "green": "#dbe8d3", "water": "#bcd6e3"}
LINES = {
    "0": ("#e8c66a", 2.2), "1": ("#ecd48e", 1.8), "2": ("#d8d2c6", 1.5), "3": ("#d8d2c6", 1.2), "4": ("#dcd8cf", 0.7),
    "5": ("#e4e1da", 0.4), "6": ("#e4e1da", 0.3), "rail": ("#b9b3a8", 0.7), "stream": ("#bcd6e3", 0.8),
}  # fmt: skip
MARKERS = {"square": ("s", 10.0), "house": ("p", 14.0), "diamond": ("D", 10.0), "circle": ("o", 11.5)}
"""matplotlib's marker for each shape, and its size in points, so that two digits fit in."""


@dataclass(frozen=True)
class Spot:
    """A numbered place on the map; WGS 84."""

    number: int
    lon: float
    lat: float
    dimension: str


def printed_map(
    land: Basemap, place: tuple[float, float] | None, areas: gpd.GeoDataFrame, spots: Sequence[Spot],
    inches: tuple[float, float] = INCHES, dots_per_inch: int = DOTS_PER_INCH, colors: int | None = None,
    away: Sequence[shapely.Geometry] = (),
) -> bytes:  # fmt: skip
    """Return a PNG that shows a place, the areas around it and the numbered spots.

    Parameters
    ----------
    land
        What can be drawn of the region.
    place
        lon, lat (WGS 84) of where one starts, ringed; None where one starts at none, or each, of the spots.
    areas
        `minutes`, `geometry` (EPSG:4326), nested.
    inches, dots_per_inch, colors
        How large it is, how fine, and how many colors it may have: few make it small enough for a slow telephone.
    away
        Areas that the person stays away from (WGS 84): hatched.
    """
    from matplotlib.backends.backend_agg import FigureCanvasAgg
    from matplotlib.figure import Figure

    window = _window(place, spots, inches)
    pixels_wide = PIXELS_WIDE * inches[0] / INCHES[0]
    zoom = int(np.clip(round(math.log2(pixels_wide / (window[2] - window[0]))), MIN_ZOOM, MAX_ZOOM))
    figure = Figure(figsize=inches, dpi=dots_per_inch)
    FigureCanvasAgg(figure)
    axes = figure.add_axes((0, 0, 1, 1))
    scale = 2.0**zoom
    axes.set_xlim(window[0] * scale, window[2] * scale)
    axes.set_ylim(window[3] * scale, window[1] * scale)
    axes.set_axis_off()
    figure.set_facecolor("#f7f5f0")
    drawing = at_zoom(land, zoom)
    box = shapely.box(*(side * scale for side in window))
    draw_land(axes, drawing, box)
    _areas(axes, areas, scale, box)
    _away(axes, away, scale, box)
    draw_names(axes, drawing, window, scale)
    _spots(axes, spots, scale)
    if place is not None:
        x, y = (axis * scale for axis in to_pixels(np.array([place[0]]), np.array([place[1]])))
        is_numbered = any((spot.lon, spot.lat) == place for spot in spots)
        size, fill = (21, "none") if is_numbered else (13, "white")  # around the number, not over it
        axes.plot(x, y, "o", ms=size, mfc=fill, mec="#b3261e", mew=3.5, zorder=9)
    content = io.BytesIO()
    figure.savefig(content, format="png", metadata={"Software": None})
    return content.getvalue() if colors is None else _few_colors(content, colors)


def any_in_sight(
    shapes: Sequence[shapely.Geometry], place: tuple[float, float] | None, spots: Sequence[Spot],
    inches: tuple[float, float] = INCHES,
) -> bool:  # fmt: skip
    """Return whether any of some shapes (WGS 84) lies on the map that `printed_map` draws of a place and spots."""
    box = shapely.box(*_window(place, spots, inches))
    return any(_pixels(shape, 1.0).intersects(box) for shape in shapes)


def _few_colors(content: io.BytesIO, colors: int) -> bytes:
    from PIL import Image

    small = io.BytesIO()
    Image.open(content).convert("RGB").quantize(colors).save(small, format="png", optimize=True)
    return small.getvalue()


def _window(
    place: tuple[float, float] | None, spots: Sequence[Spot], inches: tuple[float, float]
) -> tuple[float, float, float, float]:
    """Return west, north, east, south in pixels of zoom 0: everything in sight, in the page's proportions."""
    points = [*([] if place is None else [place]), *((spot.lon, spot.lat) for spot in spots)]
    x, y = to_pixels(np.array([lon for lon, _ in points]), np.array([lat for _, lat in points]))
    wide = max(ROOM * float(np.ptp(x)), ROOM * float(np.ptp(y)) * inches[0] / inches[1], LEAST_PIXELS)
    high = wide * inches[1] / inches[0]
    middle_x, middle_y = (float(axis.min() + axis.max()) / 2 for axis in (x, y))
    return middle_x - wide / 2, middle_y - high / 2, middle_x + wide / 2, middle_y + high / 2


def draw_land(axes: "Axes", drawing: Drawing, box: shapely.Geometry) -> None:
    """Draw water, parks and streets within a box, both in the drawing's pixels."""
    from matplotlib.collections import LineCollection, PathCollection

    near = np.sort(drawing.area_tree.query(box))
    for order, (kind, color) in enumerate(FILLS.items()):
        paths = [_path(area) for area in drawing.areas[near[drawing.area_kind[near] == kind]] if not area.is_empty]
        axes.add_collection(PathCollection(paths, facecolors=color, edgecolors="none", zorder=1 + order / 10))
    near = np.sort(drawing.line_tree.query(box))
    for order, (kind, (color, width)) in enumerate(reversed(LINES.items())):
        lines = [shapely.get_coordinates(line) for line in drawing.lines[near[drawing.line_kind[near] == kind]]]
        axes.add_collection(LineCollection(lines, colors=color, linewidths=width, zorder=2 + order / 20))


def _areas(axes: "Axes", areas: gpd.GeoDataFrame, scale: float, box: shapely.Geometry) -> None:
    """Draw nested areas in one hue, each with its minutes on its edge."""
    from matplotlib.patches import PathPatch

    nested = areas[~areas.geometry.is_empty].sort_values("minutes", ascending=False)
    for shape, minutes, fill in zip(nested.geometry, nested["minutes"], area_steps(len(nested)), strict=True):
        seen = shapely.clip_by_rect(_pixels(shape, scale), *box.bounds)
        if seen.is_empty:
            continue
        path = _path(seen)
        axes.add_patch(PathPatch(path, facecolor=HUE, alpha=fill + 0.04, edgecolor="none", zorder=3))
        axes.add_patch(PathPatch(path, facecolor="none", edgecolor=HUE, alpha=0.8, linewidth=0.9, zorder=4))
        corners = shapely.get_coordinates(seen)
        x, y = corners[corners[:, 1].argmin()]
        inside = np.clip(x, box.bounds[0] + LABEL[0], box.bounds[2] - LABEL[0]), max(y, box.bounds[1] + LABEL[1])
        draw_badge(axes, *inside, f"{minutes:g} min")


def _away(axes: "Axes", away: Sequence[shapely.Geometry], scale: float, box: shapely.Geometry) -> None:
    from matplotlib.patches import PathPatch

    for shape in away:
        seen = shapely.clip_by_rect(_pixels(shape, scale), *box.bounds)
        if not seen.is_empty:
            axes.add_patch(
                PathPatch(_path(seen), facecolor="none", edgecolor=AWAY, linewidth=1.6, hatch="////", zorder=6)
            )


def draw_badge(axes: "Axes", x: float, y: float, text: str, size: float = 7) -> None:
    """Write a few letters on a badge, so many points high."""
    badge = {"boxstyle": "round,pad=0.25", "facecolor": HUE, "edgecolor": "white", "linewidth": 0.6}
    axes.text(
        x, y, text, size=size, weight="bold", color="white", ha="center", va="center", bbox=badge, zorder=8,
        clip_on=True, parse_math=False,
    )  # fmt: skip


def draw_names(axes: "Axes", drawing: Drawing, window: tuple[float, float, float, float], scale: float) -> None:
    """Write the most important names; `window` is west, north, east, south in pixels of zoom 0, `scale` 2 ** zoom."""
    from matplotlib.patheffects import withStroke

    inks = {"place": "#34322d", "water": "#3f7592", "green": "#56764a", "street": "#5a574f"}
    west, north, east, south = (side * scale for side in window)
    shown = [name for name in drawing.labels if west < name.x < east and north < name.y < south][:MOST_NAMES]
    for name in shown:
        axes.text(
            name.x, name.y, printable(name.text), size=8 if name.kind == "place" else 5.5, color=inks[name.kind],
            rotation=-math.degrees(name.angle), ha="center", va="center", zorder=5, parse_math=False, clip_on=True,
            weight="bold" if name.kind == "place" else "normal",
            path_effects=[withStroke(linewidth=1.6, foreground="#f7f5f0")],
        )  # fmt: skip


def _spots(axes: "Axes", spots: Sequence[Spot], scale: float) -> None:
    """Draw the numbered places: shape and color of their dimension, as on the screen."""
    for spot in sorted(spots, key=lambda one: -one.number):
        symbol = SYMBOLS[spot.dimension]
        x, y = (axis * scale for axis in to_pixels(np.array([spot.lon]), np.array([spot.lat])))
        marker, size = MARKERS[symbol.shape]
        axes.plot(x, y, marker, ms=size, mfc=symbol.light, mec="white", mew=0.8, zorder=7)
        axes.text(
            float(x[0]), float(y[0]), str(spot.number), size=6, weight="bold", color="white", ha="center",
            va="center_baseline", zorder=7.5, parse_math=False, clip_on=True,
        )  # fmt: skip


def _pixels(shape: shapely.Geometry, scale: float) -> shapely.Geometry:
    def project(corners: NDArray[np.float64]) -> NDArray[np.float64]:
        return np.column_stack(to_pixels(corners[:, 0], corners[:, 1])) * scale

    return shapely.transform(shape, project)


def _path(shape: shapely.Geometry) -> "Path":
    """Return the rings of polygons as one path; turned so that holes stay open."""
    from matplotlib.path import Path

    rings = shapely.get_rings(shapely.orient_polygons(shapely.get_parts(shape)))
    return Path.make_compound_path(*(Path(shapely.get_coordinates(ring), closed=True) for ring in rings))
