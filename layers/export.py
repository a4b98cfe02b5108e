"""Files for people to take along: tables whose text can't act as a formula, written whole or not at all."""

import io
import json
import os
import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import pandas as pd

from geo.errors import InputError
from layers.escaping import plain
from sources.formats.zip_archive import pack

if TYPE_CHECKING:
    import geopandas as gpd

About = Sequence[tuple[str, str]]
"""How some numbers were made, from what and for when: names and texts, the same in every file."""
_FORMULA_STARTS = (*"=+-@＝＋－＠", "\t", "\n", "\r", "\x00")
"""Spreadsheets of East Asia take the wide marks for the others."""


def write_table(table: pd.DataFrame, out: Path) -> None:
    """Write a table as `.csv` or `.parquet` (GeoParquet where it has geometry), as the file's ending says.

    Text cells of a CSV that a spreadsheet could run as a formula are quoted with an apostrophe; numbers stay numbers.

    Raises
    ------
    InputError
        Another ending, or a folder that can't be written to.
    """
    check_table_path(out)
    if out.suffix == ".csv":
        write_whole(out, table_text(table).encode("utf-8"))
    else:
        content = io.BytesIO()
        table.to_parquet(content, index=False)
        write_whole(out, content.getvalue())


def check_table_path(out: Path) -> None:
    """Refuse a path that no table can be written to, before the work that would fill it.

    Raises
    ------
    InputError
        Another ending than `.csv` or `.parquet`, or a folder that isn't there.
    """
    if out.suffix not in {".csv", ".parquet"}:
        raise InputError(f"{out} must end in .csv or .parquet.")
    check_folder(out)


def check_area_path(out: Path) -> None:
    """Refuse a path that no areas can be written to, before the work that would fill it.

    Raises
    ------
    InputError
        Another ending than `.geojson`, `.json`, `.parquet` or `.csv`, or a folder that isn't there.
    """
    if out.suffix not in {".geojson", ".json", ".parquet", ".csv"}:
        raise InputError(f"{out} must end in .geojson, .json, .parquet or .csv.")
    check_folder(out)


def write_areas(areas: "gpd.GeoDataFrame", out: Path, limits: Mapping[str, str | None] | None = None) -> None:
    """Write areas as GeoJSON, GeoParquet or CSV (well-known text), as the file's ending says; see `check_area_path`.

    GeoJSON has `limits` as a member of its own, as `areas_text`.
    """
    check_area_path(out)
    if out.suffix == ".parquet":
        write_table(areas, out)
    elif out.suffix == ".csv":
        plain_areas = pd.DataFrame(areas.drop(columns=areas.geometry.name))
        write_table(plain_areas.assign(geometry=areas.geometry.to_wkt(rounding_precision=7)), out)
    else:
        write_whole(out, areas_text(areas, limits).encode("utf-8"))


def areas_text(areas: "gpd.GeoDataFrame", limits: Mapping[str, str | None] | None = None) -> str:
    """Return areas as GeoJSON, corners to the centimeter (7 decimals); `limits` that hold stand beside them."""
    import numpy as np
    import shapely

    rounded = shapely.transform(areas.geometry.to_numpy(), lambda corners: np.round(corners, 7))
    text = str(areas.set_geometry(rounded, crs=areas.crs).to_json(drop_id=True))
    holding = {name: sentence for name, sentence in (limits or {}).items() if sentence}
    return json.dumps(json.loads(text) | {"limits": holding}) if holding else text


def zipped_tables(tables: Mapping[str, pd.DataFrame], about: About) -> bytes:
    """Return a zip of CSV files, one a table, with `README.txt`; no text in them acts as a formula."""
    texts = {f"{name}.csv": table_text(table) for name, table in tables.items()}
    texts["README.txt"] = "".join(f"{plain(name)}: {plain(text)}\n" for name, text in about)
    return pack({name: text.encode("utf-8") for name, text in texts.items()})


def table_text(table: pd.DataFrame) -> str:
    """Return a table as CSV; no text in it acts as a formula."""
    return str(quoted(table).to_csv(index=False, lineterminator="\n"))


def quoted(table: pd.DataFrame) -> pd.DataFrame:
    """Return a copy whose text cells can't act as formulas in a spreadsheet, nor as rows of their own."""
    safe = table.copy()
    for name in safe.columns:
        kind = safe[name].dtype
        if isinstance(kind, pd.CategoricalDtype) and not pd.api.types.is_numeric_dtype(kind.categories):
            safe[name] = safe[name].astype(kind.categories.dtype)
        if safe[name].dtype == object or isinstance(safe[name].dtype, pd.StringDtype):
            safe[name] = safe[name].map(_quoted_cell, na_action="ignore")
    return safe.rename(columns=lambda name: _quoted_cell(str(name)))


def write_whole(out: Path, content: bytes) -> None:
    """Write a file under a temporary name and rename it, so that it is never seen half-written.

    Raises
    ------
    InputError
        The folder is missing or can't be written to.
    """
    try:
        handle, name = tempfile.mkstemp(dir=out.parent, prefix=f".{out.name}.")
        try:
            with os.fdopen(handle, "wb") as file:
                file.write(content)
                file.flush()
                os.fsync(file.fileno())
            umask = os.umask(0)
            os.umask(umask)
            Path(name).chmod(0o666 & ~umask)
            Path(name).replace(out)
        except BaseException:
            Path(name).unlink(missing_ok=True)
            raise
    except OSError as problem:
        raise InputError(f"{out} can't be written ({problem.strerror}); choose another file.") from None


def check_folder(out: Path) -> None:
    """Refuse a path in a folder that isn't there.

    Raises
    ------
    InputError
        There is no such folder.
    """
    if not out.parent.is_dir():
        raise InputError(f"There is no folder {out.parent} to write {out.name} into; make it, or choose another.")


def _quoted_cell(value: object) -> object:
    if isinstance(value, str):
        # readers of CSV take a return alone for the end of a row, and Python's writer doesn't quote it
        text = value.replace("\x00", "").replace("\r\n", "\n").replace("\r", "\n")
        return "'" + text if value.startswith(_FORMULA_STARTS) else text
    return value
