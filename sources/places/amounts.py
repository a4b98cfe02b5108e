"""Tables of a person's own for access measures: travel times by pair, and amounts by place."""

import os
from pathlib import Path

import numpy as np
import pandas as pd

from geo.errors import InputError

_NAMES = {
    "origin_id": ("origin_id", "from_id", "origin"),
    "destination_id": ("destination_id", "to_id", "destination"),
    "minutes": ("minutes", "travel_time", "travel_time_p50", "cost"),
    "id": ("id",),
    "lat": ("lat", "latitude"),
    "lon": ("lon", "lng", "longitude"),
}
"""Our names of columns, and what r5r and others call them."""


def read_minutes(path: Path) -> pd.DataFrame:
    """Return travel times: `origin_id`, `destination_id` (text), `minutes` (float64), and other columns of numbers.

    Raises
    ------
    InputError
        The file is missing or unreadable, or a column is missing or holds what is no number.
    """
    table = _renamed(_read(path), ("origin_id", "destination_id", "minutes"), path)
    for column in ("origin_id", "destination_id"):
        if table[column].isna().any():
            raise InputError(f"{path} has a row without {column}.")
    numbers = {name: pd.to_numeric(table[name], errors="coerce") for name in table.columns[2:]}
    bad = table["minutes"].notna() & numbers["minutes"].isna()
    if bad.any():
        row = int(np.flatnonzero(bad)[0])
        raise InputError(f"{path}, row {row + 1}: minutes are numbers, not {str(table['minutes'].iloc[row])[:40]!r}.")
    kept = {name: column.astype("float64") for name, column in numbers.items() if column.notna().any()}
    if "minutes" not in kept:
        raise InputError(f"{path} holds no travel time.")
    # a pair without minutes is one that isn't reached
    return table[["origin_id", "destination_id"]].assign(**{name: c.fillna(np.inf) for name, c in kept.items()})


def read_amounts(path: Path) -> pd.DataFrame:
    """Return places: `id` (text, unique), `lat` and `lon` where there are any, and every other column of the file.

    Raises
    ------
    InputError
        The file is missing or unreadable, or has no ids, or one twice.
    """
    table = _renamed(_read(path), ("id",), path, ("lat", "lon"))
    if table["id"].isna().any() or table["id"].duplicated().any():
        raise InputError(f"{path} must give each row an id of its own.")
    for name in {"lat", "lon"} & set(table.columns):
        table[name] = pd.to_numeric(table[name], errors="coerce")
    return table


def _read(path: Path) -> pd.DataFrame:
    if not os.path.isfile(path) or path.suffix.lower() not in (".csv", ".parquet"):
        raise InputError(f"There is no .csv or .parquet file {path}; check the path.")
    try:
        if path.suffix.lower() == ".csv":
            table = pd.read_csv(path, dtype="string", encoding="utf-8-sig")
        else:
            table = pd.read_parquet(path)
    except (OSError, ValueError) as problem:  # pandas' and Arrow's own errors are kinds of these
        raise InputError(f"{path} can't be read as a table: {str(problem).splitlines()[0]}.") from None
    if table.empty:
        raise InputError(f"{path} holds no row.")
    return table


def _renamed(table: pd.DataFrame, needed: tuple[str, ...], path: Path, wanted: tuple[str, ...] = ()) -> pd.DataFrame:
    """Return the table with our names of columns, the needed ones first; ids are text."""
    lower = {str(name).strip().lower(): name for name in reversed(table.columns)}
    theirs = {}
    for ours in (*needed, *wanted):
        name = next((lower[one] for one in _NAMES[ours] if one in lower), None)
        if name is not None:
            theirs[name] = ours
        elif ours in needed:
            known = ", ".join(map(str, table.columns))
            raise InputError(f"{path} needs a column {ours}; it has {known}.")
    ids = [ours for ours in needed if ours.endswith("id")]
    renamed = table.rename(columns=theirs)
    renamed = renamed[[*needed, *renamed.columns.drop(list(needed))]].rename(columns=str)
    return renamed.astype(dict.fromkeys(ids, "string"))
