"""A score surface as layers of the map: shapes on a canvas up to a few thousand cells, one picture above that.

Seven shades: five steps, darkest where least is in reach (lightest on a dark map), orange below 40 and blue above,
so that people with any form of color blindness can tell them apart; dots where nothing is in reach; hatching where
there is no number.
"""

import base64
import io
from typing import TYPE_CHECKING, Any

import folium
import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from numpy.typing import NDArray
from scipy.spatial import cKDTree

from geo.crs import local_crs, to_meters
from geo.units import METERS_PER_DEGREE
from layers.basemap import to_pixels
from layers.escaping import features, points
from layers.folium_offline import GeoJson
from layers.legend import NO_NUMBER, NONE_IN_REACH, SHADES, SurfaceColors, change_colors, surface_colors

MOST_SHAPES = 5000
"""Cells up to which each is drawn as a shape; a picture is quicker above."""
PICTURE_PIXELS = 2048
"""Longer side of the picture."""
_WIDEST_METERS = 2000.0
_DRAWN_DEGREES = 0.00003
_HATCH_PIXELS, _DOT_PIXELS = 8, 8
_COARSE = 3
"""Patterns of the picture are so many times as large: a whole region is seen at a third of its size or less."""

if TYPE_CHECKING:
    from PIL.Image import Image

Ints = NDArray[np.intp]


def cell_shapes(cells: pd.DataFrame, outlines: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    """Return the cells with a geometry (EPSG:4326): their published outline, or a square around their point.

    Parameters
    ----------
    cells
        `id`, `lon`, `lat` (WGS 84) and any other column, which stays.
    outlines
        `zone_id` and geometry, of all of the cells, some or none. Squares are as wide as the points are apart.
    """
    published = outlines.drop_duplicates("zone_id").set_index("zone_id").geometry.reindex(cells["id"]).to_numpy()
    missing = np.array([shape is None or shape.is_empty for shape in published], dtype=bool)
    shapes = published.copy()
    if missing.any():
        lon, lat = (cells[axis].to_numpy(dtype=np.float64)[missing] for axis in ("lon", "lat"))
        wide, high = _apart(lon, lat)
        shapes[missing] = shapely.box(lon - wide / 2, lat - high / 2, lon + wide / 2, lat + high / 2)
    return gpd.GeoDataFrame(cells.reset_index(drop=True), geometry=shapes, crs="EPSG:4326")


def shades(values: NDArray[np.float64], none: NDArray[np.bool_]) -> Ints:
    """Return each cell's shade: 0 to 4 for each twenty points, `NONE_IN_REACH`, or (NaN) `NO_NUMBER`."""
    step = np.clip(np.floor(np.nan_to_num(values) / (100.0 / SHADES)), 0, SHADES - 1).astype(np.intp)
    return np.where(np.isnan(values), NO_NUMBER, np.where(none, NONE_IN_REACH, step))


def change_shades(difference: NDArray[np.float64], noticeable: float, much: float) -> Ints:
    """Return each cell's shade of a difference: 0 much less, 1 less, 2 the same, 3 more, 4 much more; or `NO_NUMBER`.

    Parameters
    ----------
    noticeable, much
        From how many points on it is more (or less), and much more.
    """
    known = np.nan_to_num(difference)
    step = 2 + np.sign(known).astype(np.intp) * ((np.abs(known) >= noticeable) * 1 + (np.abs(known) >= much))
    return np.where(np.isnan(difference), NO_NUMBER, step).astype(np.intp)


def surface_layers(
    shapes: gpd.GeoDataFrame,
    shade: Ints,
    dark: bool,
    chosen: int | None = None,
    numbered: pd.DataFrame | None = None,
    *,
    is_change: bool = False,
) -> folium.FeatureGroup:
    """Return the surface, the outline of the chosen cell, and numbers where areas are, as one group.

    Parameters
    ----------
    shapes
        As `cell_shapes` gives them.
    shade
        As `shades` gives it, one a cell.
    dark
        Whether the map is a dark one.
    chosen
        Position of the cell to outline.
    numbered
        `lon`, `lat` and the `label` to write there.
    is_change
        Whether the shades are those of `change_shades`.
    """
    group = folium.FeatureGroup()
    if len(shapes) <= MOST_SHAPES:
        _as_shapes(shapes, shade, "change" if is_change else "cell").add_to(group)
    else:
        _as_picture(shapes, shade, change_colors(dark) if is_change else surface_colors(dark)).add_to(group)
    if chosen is not None:
        outline = features([_mapped(shapes.geometry.iloc[chosen])], pd.DataFrame(index=[0]))
        GeoJson(outline, style="chosen").add_to(group)
    if numbered is not None and len(numbered):
        where = points(numbered["lon"].tolist(), numbered["lat"].tolist())
        GeoJson(features(where, numbered[["label"]]), pointToLayer="minutes").add_to(group)
    return group


def cell_at(shapes: gpd.GeoDataFrame, lon: float, lat: float) -> int | None:
    """Return the position of the cell at a point; None outside of all."""
    hit = np.flatnonzero(shapely.intersects_xy(shapes.geometry.to_numpy(), lon, lat))
    return int(hit[0]) if len(hit) else None


def picture(
    shapes: gpd.GeoDataFrame, shade: Ints, longer_side: int
) -> tuple[NDArray[np.uint8], tuple[float, float, float, float]]:
    """Return the surface in Web Mercator: shade + 1 for each pixel (0 = no cell), and west, south, east, north."""
    from PIL import Image, ImageDraw

    parts, owner = shapely.get_parts(shapes.geometry.to_numpy(), return_index=True)
    rings, part = shapely.get_rings(parts, return_index=True)
    outer = np.concatenate(([True], part[1:] != part[:-1])) if len(part) else np.zeros(0, dtype=bool)
    corners, ring = shapely.get_coordinates(rings, return_index=True)
    x, y = to_pixels(corners[:, 0], corners[:, 1])
    west, south, east, north = (float(side) for side in shapes.total_bounds)
    scale = longer_side / max(float(np.ptp(x)), float(np.ptp(y)), 1e-12)
    wide, high = (max(1, round(float(np.ptp(axis)) * scale)) for axis in (x, y))
    image = Image.new("L", (wide, high), 0)
    draw = ImageDraw.Draw(image)
    at = np.column_stack(((x - x.min()) * scale, (y - y.min()) * scale)).astype(np.float32)
    color = (shade[owner[part]] + 1).tolist()
    starts = np.searchsorted(ring, np.arange(len(rings) + 1))
    for number, is_outer in enumerate(outer.tolist()):
        points: list[float] = at[starts[number] : starts[number + 1]].ravel().tolist()
        draw.polygon(points, fill=color[number] if is_outer else 0)
    return np.asarray(image), (west, south, east, north)


def _as_shapes(shapes: gpd.GeoDataFrame, shade: Ints, style: str) -> GeoJson:
    """Return one feature a shade: far fewer to draw than one a cell."""
    thin = shapely.set_precision(shapely.simplify(shapes.geometry.to_numpy(), _DRAWN_DEGREES), 1e-5)
    whole = np.where(shapely.is_empty(thin), shapes.geometry.to_numpy(), thin)
    steps = np.unique(shade)
    parts = [
        shapely.orient_polygons(shapely.multipolygons(_polygons(whole[shade == step])), exterior_cw=False)
        for step in steps
    ]
    table = pd.DataFrame({"shade": steps})
    return GeoJson(features([_mapped(part) for part in parts], table), style=style)


def _as_picture(shapes: gpd.GeoDataFrame, shade: Ints, colors: SurfaceColors) -> folium.raster_layers.ImageOverlay:
    image, (west, south, east, north) = painted(shapes, shade, colors, PICTURE_PIXELS, _COARSE)
    packed = io.BytesIO()
    image.save(packed, "PNG", transparency=bytes(color[3] for color in _palette(colors)))
    url = f"data:image/png;base64,{base64.b64encode(packed.getvalue()).decode()}"
    bounds = [[south, west], [north, east]]
    return folium.raster_layers.ImageOverlay(url, bounds, pixelated=False)


def painted(
    shapes: gpd.GeoDataFrame, shade: Ints, colors: SurfaceColors, longer_side: int, coarse: int = 1
) -> tuple["Image", tuple[float, float, float, float]]:
    """Return the surface as a picture with a palette, and its bounds; patterns are `coarse` times as large."""
    from PIL import Image

    pixels, bounds = picture(shapes, shade, longer_side)
    down, across = np.ogrid[: pixels.shape[0], : pixels.shape[1]]
    patterned = pixels.copy()
    patterned[(pixels == NO_NUMBER + 1) & ((down + across) // coarse % _HATCH_PIXELS >= 2)] = 0
    dots = (down // coarse % _DOT_PIXELS < 2) & (across // coarse % _DOT_PIXELS < 2)
    patterned[(pixels == NONE_IN_REACH + 1) & ~dots] = 1 + NO_NUMBER + 1
    image = Image.fromarray(patterned)
    image.putpalette([channel for color in _palette(colors) for channel in color[:3]])
    return image, bounds


def colored(
    shapes: gpd.GeoDataFrame, shade: Ints, longer_side: int, coarse: int
) -> tuple[NDArray[np.uint8], tuple[float, float, float, float]]:
    """Return the surface on a light map as red, green, blue and opacity of each pixel, and its bounds."""
    colors = surface_colors(dark=False)
    image, bounds = painted(shapes, shade, colors, longer_side, coarse)
    palette = np.array(_palette(colors), dtype=np.uint8)
    return palette[np.asarray(image)], bounds


def _palette(colors: SurfaceColors) -> list[tuple[int, int, int, int]]:
    """Return red, green, blue, opacity: nothing, the steps, dots, hatching, and what lies under the dots."""
    rgb = [tuple(int(color[k : k + 2], 16) for k in (1, 3, 5)) for color in (*colors.steps, colors.ink, colors.ink)]
    opacity = [*[round(255 * colors.opacity)] * SHADES, 230, 200]
    under = tuple(int(colors.under[k : k + 2], 16) for k in (1, 3, 5))
    rows = [(*c, o) for c, o in zip(rgb, opacity, strict=True)]
    return [(0, 0, 0, 0), *rows, (*under, round(255 * colors.opacity))]  # type: ignore[list-item]


def _apart(lon: NDArray[np.float64], lat: NDArray[np.float64]) -> tuple[float, float]:
    """Return how far apart points are, east to west and north to south, in degrees: of a lattice, or usually."""
    steps = []
    for axis in (lon, lat):
        distinct = np.unique(np.round(axis, 5))
        if 1 < len(distinct) <= max(2, len(axis) // 3):
            steps.append(float(np.median(np.diff(distinct))))
    if len(steps) == 2:
        return steps[0], steps[1]
    crs = local_crs(float(lon.mean()), float(lat.mean()))
    points = np.column_stack(to_meters(lon, lat, crs))
    meters = _WIDEST_METERS / 4
    if len(points) > 1:
        nearest = cKDTree(points).query(points, k=2)[0][:, 1]
        meters = float(np.clip(np.median(nearest), 20.0, _WIDEST_METERS))
    high = meters / METERS_PER_DEGREE
    return high / float(np.cos(np.radians(lat.mean()))), high


def _polygons(shapes: NDArray[Any]) -> NDArray[Any]:
    parts = shapely.get_parts(shapely.get_parts(shapes))
    polygons: NDArray[Any] = parts[shapely.get_type_id(parts) == shapely.GeometryType.POLYGON]
    return polygons


def _mapped(shape: shapely.Geometry) -> dict[str, Any]:
    mapped: dict[str, Any] = shapely.geometry.mapping(shape)
    return mapped
