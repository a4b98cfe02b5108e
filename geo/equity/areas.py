"""Which area each cell belongs to: county, tract or block group by its GEOID, the nearest named place, or a square."""

import re
from collections.abc import Sequence

import numpy as np
import pandas as pd
from scipy.spatial import cKDTree

from geo.crs import local_crs, to_meters
from geo.errors import InputError

GEOID_DIGITS = {"tract": 11, "block_group": 12, "county": 5}
"""Level of census areas → the digits of a block's GEOID that name one."""
LEVELS = ("place", *GEOID_DIGITS, "grid")
SQUARE_METERS = 2000.0

_BLOCK = re.compile(r"\d{15}|\d{12}|\d{11}")


def levels(cell_ids: Sequence[str], places: pd.DataFrame) -> tuple[str, ...]:
    """Return the levels by which cells can be put together; squares only where neither GEOIDs nor places name any.

    Parameters
    ----------
    cell_ids
        Ids of the cells: GEOIDs of blocks (15 digits), block groups (12) or tracts (11), or anything else.
    places
        Named places, see `area_ids`.
    """
    lengths = {len(text) if _BLOCK.fullmatch(text) else 0 for text in cell_ids}
    shortest = min(lengths, default=0)
    named = ("place",) if len(places) > 1 else ()
    census = tuple(level for level, digits in GEOID_DIGITS.items() if digits <= shortest)
    return (*named, *census) or ("grid",)


def area_ids(cells: pd.DataFrame, level: str, places: pd.DataFrame) -> pd.Series:
    """Return the area of each cell, as text, indexed as the cells are.

    Parameters
    ----------
    cells
        `id`, `lon`, `lat` (WGS 84).
    level
        One of `LEVELS`. `place`: the name of the nearest place, in a straight line. `grid`: squares of 2 km, named
        by column (letters, from the west) and row (numbers, from the north).
    places
        `name`, `lon`, `lat` (WGS 84) of named places; used for `place` only.

    Raises
    ------
    InputError
        There is no such level, or no place to name one by.
    """
    if level in GEOID_DIGITS:
        return cells["id"].astype("string").str[: GEOID_DIGITS[level]]
    if level == "place" and len(places):
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
    raise InputError(f"Areas are one of {', '.join(LEVELS)} (place only where the map names some), not {level!r}.")


def _letters(number: int) -> str:
    """Return a column's letters as a spreadsheet has them: A to Z, then AA."""
    text = ""
    number += 1
    while number:
        number, rest = divmod(number - 1, 26)
        text = chr(65 + rest) + text
    return text
