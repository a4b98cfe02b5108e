"""Which area each cell belongs to: by its GEOID, the nearest named place or ZIP code, a square, or in given areas."""

import re
from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
from scipy.spatial import cKDTree

from geo.crs import local_crs, to_meters
from geo.errors import InputError

if TYPE_CHECKING:
    import geopandas as gpd

GEOID_DIGITS = {"tract": 11, "block_group": 12, "county": 5}
"""Level of census areas → the digits of a block's GEOID that name one."""
LEVELS = ("place", *GEOID_DIGITS, "zip", "grid")
SQUARE_METERS = 2000.0
MANY_ADDRESSES = 20
"""Addresses of known ZIP code from which on one that stands alone by its first three digits is taken for a mistake."""
SETTLEMENTS = ("city", "town", "village", "hamlet", "borough", "suburb", "quarter", "neighbourhood")
"""Places of the map that people say they live in; not counties or states."""

_BLOCK = re.compile(r"\d{15}|\d{12}|\d{11}")
_ZIP = r"\b(\d{5})(?:-\d{4})?(?:, USA)?$"


def levels(cell_ids: Sequence[str], places: pd.DataFrame, zips: pd.DataFrame | None = None) -> tuple[str, ...]:
    """Return the levels by which cells can be put together; squares only where neither GEOIDs nor places name any.

    Parameters
    ----------
    cell_ids
        Ids of the cells: GEOIDs of blocks (15 digits), block groups (12) or tracts (11), or anything else.
    places
        Named places, see `area_ids`.
    zips
        Points of known ZIP code, see `zip_points`.
    """
    lengths = {len(text) if _BLOCK.fullmatch(text) else 0 for text in cell_ids}
    shortest = min(lengths, default=0)
    named = ("place",) if len(places) > 1 else ()
    census = tuple(level for level, digits in GEOID_DIGITS.items() if digits <= shortest)
    coded = ("zip",) if zips is not None and len(set(zips["name"])) > 1 else ()
    return (*named, *census, *coded) or ("grid",)


def area_ids(cells: pd.DataFrame, level: str, places: pd.DataFrame) -> pd.Series:
    """Return the area of each cell, as text, indexed as the cells are.

    Parameters
    ----------
    cells
        `id`, `lon`, `lat` (WGS 84).
    level
        One of `LEVELS`. `place`, `zip`: the name of the nearest of `places`, in a straight line. `grid`: squares of
        2 km, named by column (letters, from the west) and row (numbers, from the north).
    places
        `name`, `lon`, `lat` (WGS 84) of named places, for `zip` of points of known ZIP code (`zip_points`); used for
        these only.

    Raises
    ------
    InputError
        There is no such level, or no place to name one by.
    """
    if level in GEOID_DIGITS:
        return cells["id"].astype("string").str[: GEOID_DIGITS[level]]
    if level in ("place", "zip") and len(places):
        ordered = places.sort_values(["name", "lon", "lat"], kind="stable")
        crs = local_crs(float(ordered["lon"].mean()), float(ordered["lat"].mean()))
        there = np.column_stack(to_meters(ordered["lon"].to_numpy(), ordered["lat"].to_numpy(), crs))
        here = np.column_stack(to_meters(cells["lon"].to_numpy(), cells["lat"].to_numpy(), crs))
        nearest = cKDTree(there).query(here)[1]
        return pd.Series(ordered["name"].to_numpy()[nearest], index=cells.index, dtype="string")
    if level == "grid":
        crs = local_crs(float(cells["lon"].mean()), float(cells["lat"].mean()))
        x, y = to_meters(cells["lon"].to_numpy(), cells["lat"].to_numpy(), crs)
        column = np.floor((x - x.min()) / SQUARE_METERS).astype(int)
        row = np.floor((y.max() - y) / SQUARE_METERS).astype(int)
        names = [f"{_letters(c)}{r + 1}" for c, r in zip(column.tolist(), row.tolist(), strict=True)]
        return pd.Series(names, index=cells.index, dtype="string")
    raise InputError(
        f"Areas are one of {', '.join(LEVELS)} (place and zip only where the map knows some), not {level!r}."
    )


def cells_inside(cells: pd.DataFrame, areas: "gpd.GeoDataFrame") -> pd.DataFrame:
    """Return which cells lie in which of several areas, by the cell's own point: whole cells, never parts.

    Parameters
    ----------
    cells
        `lon`, `lat` (WGS 84).
    areas
        `area_id` and valid polygons (EPSG:4326); they may overlap, and a cell is then in each of them.

    Returns
    -------
    DataFrame
        `cell` (position among the cells) and `area_id`, by area in the order given. A point on a border is inside.
    """
    import shapely

    points = shapely.points(cells["lon"].to_numpy(), cells["lat"].to_numpy())
    area, cell = shapely.STRtree(points).query(areas.geometry.to_numpy(), predicate="intersects")
    table = pd.DataFrame({"cell": cell, "area_id": areas["area_id"].to_numpy()[area], "area": area})
    return table.sort_values(["area", "cell"], ignore_index=True)[["cell", "area_id"]]


def named_places(features: pd.DataFrame) -> pd.DataFrame:
    """Return the towns and neighborhoods that a map names: `name`, `lon`, `lat`; `features` are a region's basemap."""
    named = features[(features["kind"] == "place") & features["name"].notna() & features["place"].isin(SETTLEMENTS)]
    return pd.DataFrame({"name": named["name"].astype("string"), "lon": named["lon"], "lat": named["lat"]})


def zip_points(gazetteer: pd.DataFrame) -> pd.DataFrame:
    """Return the addresses that end with a ZIP code: it as `name`, `lon`, `lat`; `gazetteer` is a GAZETTEER table.

    A code whose first three digits (the post office's own areas) one address alone has, of `MANY_ADDRESSES` or more, is
    taken for a mistake of who wrote it and left out; what lies there belongs to the nearest other code.
    """
    addresses = gazetteer[gazetteer["kind"] == "address"]
    code = addresses["text"].astype("string").str.extract(_ZIP, expand=False)
    points = pd.DataFrame({"name": code, "lon": addresses["lon"], "lat": addresses["lat"]})[code.notna()]
    if len(points) >= MANY_ADDRESSES:
        points = points[points["name"].str[:3].duplicated(keep=False)]
    return points.reset_index(drop=True)


def _letters(number: int) -> str:
    """Return a column's letters as a spreadsheet has them: A to Z, then AA."""
    text = ""
    number += 1
    while number:
        number, rest = divmod(number - 1, 26)
        text = chr(65 + rest) + text
    return text
