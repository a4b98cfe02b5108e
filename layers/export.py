"""Files for people to take along: tables whose text can't act as a formula, written whole or not at all."""

import io
import json
import os
import tempfile
import zipfile
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import pandas as pd

from geo.errors import InputError
from layers.escaping import plain

if TYPE_CHECKING:
    import geopandas as gpd

About = Sequence[tuple[str, str]]
"""How some numbers were made, from what and for when: names and texts, the same in every file."""
_EPOCH = (1980, 1, 1, 0, 0, 0)
"""The date of every file in a zip, so that the same tables give the same bytes."""
_FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r", "\x00")


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
        write_whole(out, quoted(table).to_csv(index=False, lineterminator="\n").encode("utf-8"))
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
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w", zipfile.ZIP_DEFLATED) as packed:
        for name, table in tables.items():
            text = quoted(table).to_csv(index=False, lineterminator="\n")
            packed.writestr(zipfile.ZipInfo(f"{name}.csv", _EPOCH), text.encode("utf-8"), zipfile.ZIP_DEFLATED)
        lines = [f"{plain(name)}: {plain(text)}" for name, text in about]
        packed.writestr(zipfile.ZipInfo("README.txt", _EPOCH), "\n".join([*lines, ""]).encode("utf-8"))
    return content.getvalue()


def quoted(table: pd.DataFrame) -> pd.DataFrame:
    """Return a copy whose text cells can't act as formulas in a spreadsheet."""
    safe = table.copy()
    for name in safe.columns:
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
        text = value.replace("\x00", "")
        return "'" + text if value.startswith(_FORMULA_STARTS) else text
    return value
