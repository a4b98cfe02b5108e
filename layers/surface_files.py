"""A surface and its gaps as files to take along: each holds how it was made, from what, for when, and its checksums.

`about` is always the same list of (name, text): region, question, day, method, hashes, sources with their licenses.
"""

import io
import tempfile
from collections.abc import Mapping
from pathlib import Path

import geopandas as gpd
import pandas as pd

from layers.escaping import plain
from layers.export import About
from layers.qgis_styles import Style, write_styles

_METADATA = b"recovery_reach"


def geopackage(
    cells: gpd.GeoDataFrame,
    tables: Mapping[str, pd.DataFrame],
    about: About,
    layer: str = "surface",
    styles: Mapping[str, Style] | None = None,
    on: str = "",
) -> bytes:
    """Return a GeoPackage: the `layer`, each table (with geometry where it has one), and `about`.

    Layers of `styles` open in QGIS with them; `on` is the day that these are of, as ISO text.
    """
    import pyogrio

    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "surface.gpkg"
        pyogrio.write_dataframe(_plain_columns(cells), path, layer=layer, driver="GPKG")
        about_table = pd.DataFrame(list(about), columns=["name", "text"])
        for name, table in {**tables, "about": about_table}.items():
            pyogrio.write_dataframe(_plain_columns(table), path, layer=name, driver="GPKG")
        if styles:
            write_styles(path, styles, on)
        return path.read_bytes()


def geoparquet(cells: gpd.GeoDataFrame, about: About) -> bytes:
    """Return GeoParquet with `about` among its metadata (key `recovery_reach`, a line each)."""
    import pyarrow.parquet as pq

    plainly = io.BytesIO()
    cells.to_parquet(plainly, index=False)
    table = pq.read_table(plainly)
    about_text = "\n".join(f"{plain(name)}: {plain(text)}" for name, text in about).encode("utf-8")
    content = io.BytesIO()
    pq.write_table(table.replace_schema_metadata((table.schema.metadata or {}) | {_METADATA: about_text}), content)
    return content.getvalue()


def _plain_columns(table: pd.DataFrame) -> pd.DataFrame:
    """Return a copy whose texts are one line without control characters; files of maps don't run formulas."""
    safe = table.copy()
    for name in safe.columns:
        if safe[name].dtype == object or isinstance(safe[name].dtype, pd.StringDtype):
            safe[name] = safe[name].map(plain).astype(object)
    return safe
