"""Tables of a person's own for access measures: travel times by pair, and amounts by place."""

import io
import os
from pathlib import Path

import numpy as np
import pandas as pd

from geo.errors import InputError, SourceError
from sources.formats.csv_text import check_columns

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

    A cell without a number is infinite: the pair isn't reached. ``attrs["set_aside"]`` says in sentences how many.

    Raises
    ------
    InputError
        The file is missing or unreadable, or a column is missing or holds what is no number.
    """
    table = _renamed(_read(path), ("origin_id", "destination_id", "minutes"), path)
    for column in ("origin_id", "destination_id"):
        if table[column].isna().any():
            raise InputError(f"{path} has a row without {column}.")
    numbers = {name: pd.to_numeric(table[name], errors="coerce").astype("float64") for name in table.columns[2:]}
    bad = _is_no_number(table["minutes"], numbers["minutes"])
    if bad.any():
        row = int(bad.argmax())
        raise InputError(f"{path}, row {row + 1}: minutes are numbers, not {str(table['minutes'].iloc[row])[:40]!r}.")
    kept = {
        name: column.fillna(np.inf)
        for name, column in numbers.items()
        if column.notna().any() and not _is_no_number(table[name], column).any()
    }
    if "minutes" not in kept:
        raise InputError(f"{path} holds no travel time.")
    result = table[["origin_id", "destination_id"]].assign(**kept)
    is_reached = np.isfinite(result["minutes"])
    lacking = {name: int((is_reached & np.isinf(result[name])).sum()) for name in result.columns[3:]}
    unreached = [
        f"{int((~is_reached).sum())} of {len(result)} pairs of {path} have no minutes: they count as not reached."
    ]
    result.attrs["set_aside"] = [
        *(unreached if not is_reached.all() else []),
        *(
            f"{count} pairs of {path} have minutes but no {name}: where it is weighed, they count as not reached."
            for name, count in lacking.items()
            if count
        ),
    ]
    return result


def read_amounts(path: Path) -> pd.DataFrame:
    """Return places: `id` (text, unique), `lat` and `lon` where there are any, and every other column of the file.

    Coordinates that are no numbers are left empty; ``attrs["set_aside"]`` says in sentences how many.

    Raises
    ------
    InputError
        The file is missing or unreadable, or has no ids, or one twice.
    """
    table = _renamed(_read(path), ("id",), path, ("lat", "lon"))
    if table["id"].isna().any() or table["id"].duplicated().any():
        raise InputError(f"{path} must give each row an id of its own.")
    sentences = []
    for name in sorted({"lat", "lon"} & set(table.columns)):
        numbers = pd.to_numeric(table[name], errors="coerce")
        if bad := int(_is_no_number(table[name], numbers).sum()):
            sentences.append(f"{bad} of {len(table)} rows of {path} have a {name} that is no number; it is left empty.")
        table[name] = numbers
    table.attrs["set_aside"] = sentences
    return table


def _is_no_number(cells: pd.Series, numbers: pd.Series) -> np.ndarray[tuple[int], np.dtype[np.bool_]]:
    """Tell which cells say something that is no number."""
    is_said = cells.notna() & (cells.astype("string").str.strip() != "").fillna(False)
    is_wrong: np.ndarray[tuple[int], np.dtype[np.bool_]] = (is_said & numbers.isna()).to_numpy(np.bool_)
    return is_wrong


def _read(path: Path) -> pd.DataFrame:
    if not os.path.isfile(path) or path.suffix.lower() not in (".csv", ".parquet"):
        raise InputError(f"There is no .csv or .parquet file {path}; check the path.")
    try:
        if path.suffix.lower() == ".csv":
            content = path.read_bytes()
            check_columns(content, str(path))
            table = pd.read_csv(io.BytesIO(content), dtype="string", encoding="utf-8-sig")
        else:
            table = pd.read_parquet(path)
    except SourceError:
        raise
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
