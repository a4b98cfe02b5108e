"""Features that osmnx saved (GeoPackage or GeoJSON) → resources, by the same table as those of an extract."""

import re
from dataclasses import replace

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from geo.errors import SourceError
from sources.adapter.source import ParseContext, Source
from sources.cleaning.redaction import is_private, without_contacts
from sources.cleaning.report import Notes, Parsed, SetAside, join_notes
from sources.formats.outlines import valid_outlines
from sources.formats.shapes import read_shapes
from sources.resources import osm
from sources.resources.osm import fitting, parse_features

_KINDS = {"node": "n", "way": "w", "relation": "r"}
_PAIR = re.compile(r"\(\s*'(\w+)'\s*,\s*(\d+)\s*\)")
_MOST_ID = 2**53
_SQLITE = b"SQLite format 3\0"


def parse(raw: bytes, context: ParseContext) -> Parsed:
    """Return `resources` and `exposure` of the features that `osmnx.features` functions gave.

    A feature that is no kind of support, or lies outside the region, is set aside. Areas are taken at a point inside.

    Raises
    ------
    SourceError
        The bytes are no features, or not such as osmnx gives, with the kind and id of each OpenStreetMap object.
    """
    context = replace(context, source=context.source or SOURCE.name)
    frame, lost = read_shapes(raw, context.file_name, "features")
    features = _features(frame, context.file_name)
    notes = Notes(str(context.source))
    for number in range(lost):
        notes.row = f"lost {number + 1}"
        notes.set_aside(SetAside("no_point", "It has no shape that can be read."))
    keep = np.ones(len(features), np.bool_)
    fits = fitting(features)
    for position, (kind, number, lon, lat) in enumerate(
        features[["osm_type", "osm_id", "lon", "lat"]].itertuples(index=False)
    ):
        notes.row = f"{kind}{number}"
        if reason := _unusable(lon, lat, bool(fits[position]), context):
            keep[position] = False
            notes.set_aside(reason)
    parsed = parse_features(features[keep].reset_index(drop=True), context)
    rows_in = parsed.rows_in + int((~keep).sum()) + lost
    return Parsed(parsed.tables, join_notes([parsed.set_aside, notes.table()]), rows_in, parsed.extra)


def strip(raw: bytes, where: str) -> bytes:
    """Return features without the columns that hold persons; a GeoPackage that has any becomes GeoJSON."""
    if raw[: len(_SQLITE)] != _SQLITE:
        return without_contacts(raw, where)
    try:
        frame = read_shapes(raw, where, "features")[0]
    except SourceError:
        return raw  # its parser will refuse it
    private = [name for name in frame.columns if is_private(str(name))]
    return str(frame.drop(columns=private).to_json(drop_id=True)).encode() if private else raw


def _features(frame: gpd.GeoDataFrame, where: str) -> pd.DataFrame:
    """Return the features as `sources.networks.osm_features.read_features` does, without shapes."""
    kind = next((frame[name] for name in ("element", "element_type") if name in frame), None)
    number = next((frame[name] for name in ("id", "osmid") if name in frame), None)
    if kind is None and number is not None:  # as one text, where they were saved by GeoDataFrame.to_json
        pairs = number.astype("string").str.extract(_PAIR)
        kind, number = pairs[0], pairs[1]
    if kind is not None and number is not None:  # as text first: a cell may hold a list
        kind = kind.astype("string")
        numbers = pd.to_numeric(number.astype("string"), errors="coerce").astype("float64")
        is_id = (numbers % 1 == 0) & (numbers.abs() < _MOST_ID)
    if kind is None or number is None or not kind.isin(list(_KINDS)).all() or not is_id.all():
        raise SourceError(
            f"Expected features as osmnx.features_from_place gives them, but {where} has no columns element "
            "(node, way, relation) and id; save them with to_file."
        )
    shapes = gpd.GeoSeries(valid_outlines(frame.geometry), index=frame.index, crs=4326)
    inside = shapes.where(shapes.geom_type == "Point", gpd.GeoSeries(shapely.point_on_surface(shapes), crs=4326))
    plain = pd.DataFrame(frame.drop(columns=[frame.geometry.name, *(c for c in ("lon", "lat") if c in frame)]))
    plain = plain.astype("string")  # tags are text, even where all are numbers
    return plain.assign(
        osm_type=kind.map(_KINDS).to_numpy(), osm_id=numbers.astype("int64").to_numpy(), lon=inside.x, lat=inside.y
    )


def _unusable(lon: float, lat: float, is_support: bool, context: ParseContext) -> SetAside | None:
    if not is_support:
        return SetAside("no_support", "Its tags are none that count as support here.")
    if np.isnan(lon) or np.isnan(lat):
        return SetAside("no_point", "It has no shape that can be read.")
    if context.bounds is not None and not context.bounds.hold(lon, lat):
        return SetAside("outside_region", f"It lies outside the region: {lat:g}, {lon:g}.")
    return None


SOURCE = Source(
    name="osm_features",
    title="OpenStreetMap features saved by osmnx",
    publisher=osm.SOURCE.publisher,
    license=osm.SOURCE.license,
    attribution=osm.SOURCE.attribution,
    url=osm.SOURCE.url,
    freshness="As of the day on which they were saved",
    precision=osm.SOURCE.precision,
    kind="resources",
    parse=parse,
    recognizes=lambda name, head: (
        name.lower().endswith(".gpkg")
        or (name.lower().endswith(".geojson") and b'"element": "' in head and b'"Feature"' in head)
    ),
    trust=osm.SOURCE.trust,
    fresh_days=osm.SOURCE.fresh_days,
    strip=strip,
)
