"""Areas of one's own from a file: council or legislative districts, neighborhoods, ZIP codes, any polygons."""

from pathlib import Path

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from numpy.typing import NDArray

from geo.errors import InputError, SourceError
from sources.cleaning.bounds import Bounds
from sources.formats.column_texts import column_texts
from sources.formats.outlines import valid_outlines
from sources.formats.shapes import read_shapes

ENDINGS = (".geojson", ".json", ".gpkg", ".zip")
MOST_AREAS = 2000
"""More areas than that are no districts: no page or paper could show them."""
NAME_COLUMNS = (
    "name", "namelsad", "label", "district", "district_name", "dist_name", "ward", "title", "zcta5ce20", "zip", "geoid",
    "geoid20", "id",
)  # fmt: skip
"""Columns that tell what an area is called, in lower case; the first that is there counts."""
_LONGEST_NAME = 80
_NEARLY_ALL, _LEAST = 0.99, 1e-12
Objects = NDArray[np.object_]


def read_named_areas(path: Path, within: Bounds) -> tuple[gpd.GeoDataFrame, dict[str, list[str]]]:
    """Return the areas of a file that touch the region, and which were mended, cut or set aside.

    Parameters
    ----------
    path
        GeoPackage, GeoJSON or zipped shapefile.
    within
        The region's extent.

    Returns
    -------
    GeoDataFrame
        `area_id` (the name, unique: a second of one name is numbered; `Area N` where there is none) and valid polygons
        (EPSG:4326), in the file's order. An outline that crosses itself is mended so that every part it encloses is
        inside (an even-odd rule); shapes that are no areas, empty ones, those that cross themselves thousands of times
        and those outside the region are set aside.
    dict
        Code → names of those areas, codes without any left out: `mended`, `outside` the region, `no_area`,
        `unreadable`, and `beyond`: more than a hundredth of it lies outside the region, and isn't counted.

    Raises
    ------
    InputError
        The file can't be read, has another ending or too many shapes, or none of its areas lies in the region.
    """
    if path.suffix.lower() not in ENDINGS:
        raise InputError(f"Areas come as {', '.join(ENDINGS[:-1])} or a zipped shapefile, not as {path}.")
    try:
        shapes, lost = read_shapes(path.read_bytes(), str(path), "areas")
    except OSError:
        raise InputError(f"There is no file {path} that can be read; check the path.") from None
    except SourceError as problem:
        raise InputError(str(problem)) from None
    if len(shapes) > MOST_AREAS:
        raise InputError(f"{path} holds {len(shapes):,} areas; a report has room for {MOST_AREAS:,} at most.")
    outlines, names = shapes.geometry.to_numpy(), _names(shapes)
    whole = valid_outlines(outlines)
    crossing = np.array([mended is not given for mended, given in zip(whole, outlines, strict=True)])
    areas = np.array([_polygons(shape) for shape in whole], dtype=object)
    usable = np.array([area is not None for area in areas], dtype=bool)
    box = shapely.box(within.west, within.south, within.east, within.north)
    inside = usable & shapely.intersects(areas, box)
    if not usable.any():
        raise InputError(f"{path} holds no polygons; a report is by areas, so draw them as polygons.")
    if not inside.any():
        west, south, east, north = shapely.total_bounds(areas[usable])
        raise InputError(
            f"No area of {path} lies in the region: they are between longitude {west:.3f} and {east:.3f}, latitude "
            f"{south:.3f} and {north:.3f}; check the file's coordinates."
        )
    share_inside = shapely.area(shapely.intersection(areas, box)) / np.maximum(shapely.area(areas), _LEAST)
    aside = {
        "mended": names[crossing & inside],
        "outside": names[usable & ~inside],
        "no_area": names[~usable],
        "unreadable": [""] * lost,
        "beyond": names[inside & (share_inside < _NEARLY_ALL)],
    }
    table = gpd.GeoDataFrame({"area_id": names[inside]}, geometry=areas[inside], crs="EPSG:4326")
    return table, {code: list(whose) for code, whose in aside.items() if len(whose)}


def _polygons(shape: shapely.Geometry | None) -> shapely.Geometry | None:
    """Return what of a shape is an area; None if nothing is."""
    if shape is None or shape.is_empty:
        return None
    parts = shapely.get_parts(shapely.get_parts(np.array([shape])))
    polygons = parts[(shapely.get_type_id(parts) == shapely.GeometryType.POLYGON) & (shapely.area(parts) > 0)]
    return shapely.union_all(polygons) if len(polygons) else None


def _names(shapes: gpd.GeoDataFrame) -> Objects:
    """Return a name of each shape, none of them twice."""
    lower = {str(name).lower(): name for name in shapes.columns if name != shapes.geometry.name}
    column = next((lower[name] for name in NAME_COLUMNS if name in lower), None)
    texts = pd.Series([""] * len(shapes)) if column is None else column_texts(shapes[column]).fillna("").astype(object)
    printable = texts.map(lambda text: " ".join("".join(c if c.isprintable() else " " for c in text).split()))
    printable = printable.str.slice(0, _LONGEST_NAME).str.strip()
    taken: set[str] = set()
    names = []
    for number, text in enumerate(printable, 1):
        wanted = text or f"Area {number}"
        name, again = wanted, 1
        while name in taken:
            again += 1
            name = f"{wanted} ({again})"
        taken.add(name)
        names.append(name)
    return np.array(names, dtype=object)
