"""Shapes with attributes: zipped shapefile, GeoPackage or GeoJSON."""

import io
import tempfile
import warnings
import zipfile
from pathlib import PurePosixPath
from typing import Any

import geopandas as gpd
import shapely

from geo.errors import SourceError
from geo.phrases import Phrase
from sources.formats.json_strict import read_json

MOST_BYTES = 4_000_000_000
"""What a zipped shapefile may unpack to; all US blocks of a state need under 1 GB."""


def read_shapes(raw: bytes, where: str, what: str) -> tuple[gpd.GeoDataFrame, int]:
    """Return the shapes in WGS 84, and how many of the file are not among them; `what` names them in errors.

    Formats are recognized by content and read by the driver for them alone: GDAL has others that open further files.

    Raises
    ------
    SourceError
        The bytes are none of the formats, or hold no shapes.
    """
    lost = 0
    if raw[:4] == b"PK\x03\x04":
        path, content = f"/vsizip/{{}}/{_shapefile(raw, where)}", raw
        suffix = ".zip"
    elif raw[:16] == b"SQLite format 3\0":
        path, content, suffix = "{}", raw, ".gpkg"
    elif raw.lstrip()[:1] == b"{":
        lost = len(
            _features(read_json(raw, where))
        )  # GDAL is lenient with what is no JSON, and silent on what it skips
        path, content, suffix = "{}", raw, ".geojson"
    else:
        sentence = "{path} is no zipped shapefile, GeoPackage or GeoJSON with {what}."
        raise SourceError(sentence, path=where, what=Phrase(what))
    from pyogrio.errors import DataLayerError, DataSourceError, GeometryError

    with tempfile.NamedTemporaryFile(suffix=suffix) as file:
        file.write(content)
        file.flush()
        try:
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")  # of broken rings: each area is judged on its own
                frame = gpd.read_file(path.format(file.name), on_invalid="ignore")  # what is left out is set aside
        except (DataSourceError, DataLayerError, GeometryError, ValueError, shapely.errors.ShapelyError):
            sentence = "{path} can't be read as {what}; is the file whole?"
            raise SourceError(sentence, path=where, what=Phrase(what)) from None
    if not isinstance(frame, gpd.GeoDataFrame) or not len(frame):
        raise SourceError("{path} holds no {what}.", path=where, what=Phrase(what))
    frame = frame.set_geometry(shapely.force_2d(frame.geometry.to_numpy()), crs=frame.crs)
    return frame.to_crs(4326) if frame.crs is not None else frame.set_crs(4326), max(0, lost - len(frame))


def _features(document: Any) -> list[Any]:
    features = document.get("features") if isinstance(document, dict) else None
    return features if isinstance(features, list) else []


def _shapefile(raw: bytes, where: str) -> str:
    """Return the name of the one shapefile in a zip, refusing archives that unpack to too much."""
    try:
        with zipfile.ZipFile(io.BytesIO(raw)) as archive:
            members = archive.infolist()
    except (zipfile.BadZipFile, ValueError, OSError):
        raise SourceError("{path} is no readable zip file.", path=where) from None
    # GDAL reads members in place and never writes them out, so only their size can harm
    if sum(m.file_size for m in members) > min(MOST_BYTES, 200 * max(len(raw), 100_000)):
        raise SourceError("{path} would unpack to far more than shapes need; it was not opened.", path=where)
    shapes = sorted(m.filename for m in members if PurePosixPath(m.filename).suffix.lower() == ".shp")
    shapes = [name for name in shapes if not name.startswith("__MACOSX")]
    if len(shapes) != 1 or ".." in PurePosixPath(shapes[0]).parts:
        raise SourceError("{path} should hold one shapefile (.shp), not {number}.", path=where, number=len(shapes))
    return shapes[0]
