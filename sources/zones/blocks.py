"""Census blocks, block groups, tracts or any outlines: shapefile (zipped), GeoPackage or GeoJSON."""

import io
import tempfile
import warnings
import zipfile
from collections.abc import Sequence
from pathlib import PurePosixPath
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from geo.errors import InputError, SourceError
from sources.adapter import paging
from sources.adapter.source import FetchContext, ParseContext, Source
from sources.cleaning.report import Notes, Parsed, SetAside
from sources.formats.json_strict import read_json
from sources.web.http import Fetched
from sources.zones.measures import point_ids, recognize, zones_from
from sources.zones.states import STATES

ENDPOINT = "https://www2.census.gov/geo/tiger/TIGER2020PL/STATE"
MOST_BYTES = 4_000_000_000
"""What a zipped shapefile may unpack to; all US blocks of a state need under 1 GB."""


def fetch(context: FetchContext) -> dict[str, Fetched]:
    """Return the 2020 blocks of counties, each only if newer than the copy at hand.

    They hold no numbers of people; `sources.zones.population` has them.

    Raises
    ------
    InputError, SourceError
        No county was given, or one of no state; a file can't be fetched.
    """
    root = (context.endpoint or ENDPOINT).rstrip("/")
    return {
        name: paging.fetch_data(f"{root}/{path}", context, name)
        for name, path in county_files(context.counties).items()
    }


def county_files(counties: Sequence[str]) -> dict[str, str]:
    """Return file name → path at the publisher's of the blocks of counties.

    Raises
    ------
    InputError
        No county was given, or one of no state.
    """
    if not counties or not all(len(one) == 5 and one.isascii() and one[:2] in STATES for one in counties):
        raise InputError("Census blocks are fetched by county: give --county with its five-digit FIPS code, as 21117.")
    files = {}
    for county in counties:
        state = f"{county[:2]}_{STATES[county[:2]][1].upper().replace(' ', '_')}"
        name = f"tl_2020_{county}_tabblock20.zip"
        files[name] = f"{state}/{county}/{name}"
    return files


def parse(raw: bytes, context: ParseContext) -> Parsed:
    """Return `zones` and their `outlines` (zone_id, geometry; EPSG:4326).

    A zone's point is the one its publisher names (`INTPTLAT…`), else one inside the outline. GEOIDs stay text.

    Raises
    ------
    SourceError
        The bytes are none of the formats, or hold no outlines.
    """
    frame, lost = _read(raw, context.file_name)
    notes = Notes(context.source or SOURCE.name)
    for number in range(lost):
        notes.row = f"lost {number + 1}"
        notes.set_aside(SetAside("no_area", "It is no area that can be read."))
    geometry = frame.geometry.make_valid()
    empty = geometry.isna() | geometry.is_empty
    inside = geometry.representative_point()
    columns = recognize(str(c) for c in frame.columns)
    table = pd.DataFrame(
        {
            "row": np.arange(1, len(frame) + 1),
            "zone_id": frame[columns["zone_id"]].astype("string") if "zone_id" in columns else pd.NA,
            "lon": _published_point(frame, "INTPTLON", inside.x).where(~empty),
            "lat": _published_point(frame, "INTPTLAT", inside.y).where(~empty),
        }
    )
    for ours, theirs in columns.items():
        if ours != "zone_id":
            table[ours] = frame[theirs]
    parsed = zones_from(table, notes, len(frame) + lost)
    ids = table["zone_id"].where(table["zone_id"].notna(), point_ids(table["lon"], table["lat"]))
    outlines = gpd.GeoDataFrame({"zone_id": ids.astype("string").str.strip()}, geometry=geometry.to_numpy(), crs=4326)
    outlines = outlines[outlines["zone_id"].isin(parsed.tables["zones"]["zone_id"])].drop_duplicates("zone_id")
    outlines = outlines.sort_values("zone_id", kind="stable").reset_index(drop=True)
    return Parsed(parsed.tables | {"outlines": outlines}, parsed.set_aside, parsed.rows_in)


def _read(raw: bytes, where: str) -> tuple[gpd.GeoDataFrame, int]:
    """Return the outlines in WGS 84, and how many features of the file are not among them.

    Formats are recognized by content and read by the driver for them alone: GDAL has others that open further files.
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
        raise SourceError(f"{where} is no zipped shapefile, GeoPackage or GeoJSON with outlines.")
    from pyogrio.errors import DataLayerError, DataSourceError, GeometryError

    with tempfile.NamedTemporaryFile(suffix=suffix) as file:
        file.write(content)
        file.flush()
        try:
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")  # of broken rings: each area is judged on its own
                frame = gpd.read_file(path.format(file.name), on_invalid="ignore")  # what is left out is set aside
        except (DataSourceError, DataLayerError, GeometryError, ValueError, shapely.errors.ShapelyError):
            raise SourceError(f"{where} can't be read as outlines; is the file whole?") from None
    if not isinstance(frame, gpd.GeoDataFrame) or not len(frame):
        raise SourceError(f"{where} holds no outlines.")
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
        raise SourceError(f"{where} is no readable zip file.") from None
    # GDAL reads members in place and never writes them out, so only their size can harm
    if sum(m.file_size for m in members) > min(MOST_BYTES, 200 * max(len(raw), 100_000)):
        raise SourceError(f"{where} would unpack to far more than outlines need; it was not opened.")
    shapes = sorted(m.filename for m in members if PurePosixPath(m.filename).suffix.lower() == ".shp")
    shapes = [name for name in shapes if not name.startswith("__MACOSX")]
    if len(shapes) != 1 or ".." in PurePosixPath(shapes[0]).parts:
        raise SourceError(f"{where} should hold one shapefile (.shp), not {len(shapes)}.")
    return shapes[0]


def _published_point(frame: gpd.GeoDataFrame, prefix: str, inside: pd.Series) -> pd.Series:
    names = [str(c) for c in frame.columns if str(c).upper().startswith(prefix)]
    if not names:
        return inside
    return pd.to_numeric(frame[names[0]], errors="coerce").astype("float64").fillna(inside)


def _recognizes(file_name: str, head: bytes) -> bool:
    name = file_name.lower()
    return (
        name.endswith((".shp", ".gpkg"))
        or (name.endswith(".zip") and b".shp" in head)
        or (name.endswith((".geojson", ".json")) and b'"FeatureCollection"' in head and b"olygon" in head)
    )


SOURCE = Source(
    name="blocks",
    title="Census blocks, block groups, tracts or other outlines",
    publisher="US Census Bureau (TIGER/Line), or whoever made the file",
    license="Public domain (US Census Bureau), or as its publisher says",
    attribution="Outlines: US Census Bureau",
    url="https://www.census.gov/geographies/mapping-files.html",
    freshness="Yearly",
    precision="Outlines",
    kind="zones",
    parse=parse,
    recognizes=_recognizes,
    trust=60,
    fetch=fetch,
    endpoint=ENDPOINT,
    is_whole=True,
    probe="/11_DISTRICT_OF_COLUMBIA/11001/tl_2020_11001_tabblock20.zip",
    fresh_days=3650,
)
