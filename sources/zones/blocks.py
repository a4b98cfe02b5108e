"""Census blocks, block groups, tracts or any outlines: shapefile (zipped), GeoPackage or GeoJSON."""

from collections.abc import Sequence

import geopandas as gpd
import numpy as np
import pandas as pd

from geo.errors import InputError
from sources.adapter import paging
from sources.adapter.source import FetchContext, ParseContext, Source
from sources.cleaning.report import Notes, Parsed, SetAside
from sources.cleaning.states import STATES
from sources.formats.outlines import valid_outlines
from sources.formats.shapes import read_shapes
from sources.web.http import Fetched
from sources.zones.measures import point_ids, recognize, zones_from

ENDPOINT = "https://www2.census.gov/geo/tiger/TIGER2020PL/STATE"


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
    frame, lost = read_shapes(raw, context.file_name, "outlines")
    notes = Notes(context.source or SOURCE.name)
    for number in range(lost):
        notes.row = f"lost {number + 1}"
        notes.set_aside(SetAside("no_area", "It is no area that can be read."))
    geometry = gpd.GeoSeries(valid_outlines(frame.geometry), index=frame.index, crs=4326)
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
