"""Street graphs as files: GraphML that osmnx loads, GeoPackage and GeoParquet for maps."""

import io
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from geo.errors import InputError
from layers.export import check_folder, write_whole

if TYPE_CHECKING:
    import geopandas as gpd
    import networkx as nx

FORMATS = {"graphml": ".graphml", "gpkg": ".gpkg", "geoparquet": ".parquet"}
"""Each format, and how its files end."""


def check_street_path(out: Path, form: str) -> None:
    """Refuse a format that isn't known, or a path that can't be written to, before the work that would fill it.

    Raises
    ------
    InputError
        Another format, another ending than the format's, or a folder that isn't there.
    """
    if form not in FORMATS:
        raise InputError(f"The format is {', '.join(FORMATS)}, not {form!r}.")
    if out.suffix != FORMATS[form]:
        raise InputError(f"{out} must end in {FORMATS[form]}, as {form} does.")
    check_folder(out)


def write_street_graph(graph: "nx.MultiDiGraph", out: Path, form: str) -> list[Path]:
    """Write a graph of `geo.streets.networkx_graph` and return the files.

    GraphML is what `osmnx.load_graphml` reads. A GeoPackage has the layers `nodes` and `edges`. GeoParquet has the
    edges, and the nodes in a file beside it, whose name ends in ``-nodes.parquet``. In tables, seconds of a mode that
    may not go there are empty.

    Raises
    ------
    InputError
        See `check_street_path`.
    """
    check_street_path(out, form)
    if form == "graphml":
        from osmnx.io import save_graphml

        write_whole(out, _written(out.suffix, lambda path: save_graphml(graph, path)))
        return [out]
    from osmnx.convert import graph_to_gdfs

    nodes, edges = (_plain(table.reset_index(), is_text=form == "gpkg") for table in graph_to_gdfs(graph))
    if form == "gpkg":

        def write(path: Path) -> None:
            nodes.to_file(path, layer="nodes", driver="GPKG", engine="pyogrio")
            edges.to_file(path, layer="edges", driver="GPKG", engine="pyogrio")

        write_whole(out, _written(out.suffix, write))
        return [out]
    beside = out.with_name(f"{out.stem}-nodes{out.suffix}")
    for table, path in ((edges, out), (nodes, beside)):
        content = io.BytesIO()
        table.to_parquet(content, index=False)
        write_whole(path, content.getvalue())
    return [out, beside]


def _written(suffix: str, write: Callable[[Path], Any]) -> bytes:
    """Return what a library writes that takes only paths."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / f"streets{suffix}"
        write(path)
        return path.read_bytes()


def _plain(table: "gpd.GeoDataFrame", *, is_text: bool) -> "gpd.GeoDataFrame":
    """Return a table whose columns have one kind of value each: ids of several ways as a list, or as text."""
    plain = table.copy()
    for name in table.columns.drop(table.geometry.name):
        column = table[name]
        if name == "osmid" and column.map(lambda value: isinstance(value, list)).any():
            lists = column.map(lambda value: value if isinstance(value, list) else [value])
            plain[name] = lists.map(lambda ids: ", ".join(map(str, ids))) if is_text else lists
        elif column.dtype == object:
            plain[name] = column.where(column.notna(), None).map(str, na_action="ignore")
        elif column.dtype.kind == "f":
            plain[name] = column.where(np.isfinite(column))
    return plain
