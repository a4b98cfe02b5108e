"""OpenStreetMap extracts: the mapped things that are not streets, for the gazetteer, the basemap and resources."""

import re
import tempfile
from array import array
from collections.abc import Iterable, Iterator, Mapping
from itertools import chain, islice
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
import pandas as pd
import shapely
from osmium import filter as osmium_filter
from osmium import io, osm

from sources.formats.outlines import valid_outlines
from sources.networks.osm_files import (
    DAMAGED,
    copy_objects,
    deleted,
    line_of,
    locations,
    newest,
    object_fields,
    open_extract,
    opl_lines,
    opl_tags,
    unreadable,
)
from sources.networks.osmnx_graph import is_graphml

if TYPE_CHECKING:
    import geopandas as gpd

FEATURE_TAGS = (
    "name alt_name short_name operator place population amenity shop leisure office healthcare "
    "healthcare:speciality social_facility social_facility:for tourism craft club religion denomination emergency "
    "public_transport railway aeroway natural water waterway landuse boundary admin_level postal_code building access "
    "addr:housenumber addr:unit addr:street addr:place addr:city addr:state addr:postcode phone contact:phone website "
    "contact:website opening_hours wheelchair fee"
)
_COLUMNS = tuple(FEATURE_TAGS.split())
_MAIN_KEYS = (
    "place", "amenity", "shop", "leisure", "office", "healthcare", "social_facility", "tourism", "craft", "club",
    "emergency", "public_transport", "railway", "aeroway", "natural", "waterway", "landuse", "boundary",
    "addr:housenumber",
)  # fmt: skip
_POI_KEYS = (
    "amenity", "shop", "leisure", "office", "healthcare", "social_facility", "tourism", "craft", "club",
    "emergency", "public_transport", "aeroway", "railway",
)  # fmt: skip
_PARKS = frozenset({"park", "garden", "nature_reserve", "common", "golf_course", "dog_park"})
_RAILS = frozenset({"rail", "light_rail", "subway", "tram", "narrow_gauge", "monorail", "funicular"})
_WATERS = frozenset({"river", "stream", "canal", "drain", "ditch", "riverbank", "dock"})
_WOODS = frozenset({"wood", "scrub", "heath", "grassland", "wetland", "beach", "sand"})
_DRAWN = frozenset({"water", "park", "rail", "boundary", "landuse"})
_PIECE = 50_000

Row = tuple[dict[str, Any], Any]


class Extract(NamedTuple):
    """An extract that is open, and which of its objects were deleted."""

    path: Path
    file: io.File
    gone: Mapping[tuple[str, int], int]


def read_features(path: Path) -> "gpd.GeoDataFrame":
    """Return the mapped things of an extract, one a row.

    Parameters
    ----------
    path
        An extract in ``.pbf``, ``.osm`` or ``.xml`` (plain XML, no DTD). A graph of osmnx (``.graphml``) has none.

    Returns
    -------
    GeoDataFrame
        EPSG:4326; nodes, ways, relations, each by id. `kind` (place, boundary, water, rail, park, poi, landuse,
        address), `osm_type` (n, w, r), `osm_id`, a text column for each of `FEATURE_TAGS` (missing where untagged),
        `lon`, `lat` (a point inside), and `geometry` (lines and polygons) where the kind is drawn: water, park, rail,
        boundary, landuse. A row has the first kind that fits; a shop with an address is a poi with address columns.

    Raises
    ------
    SourceError
        The file is missing, damaged or of another kind.
    """
    import geopandas as gpd

    rows = () if is_graphml(path) else _rows(Extract(path, open_extract(path), deleted(path)))
    parts: list[pd.DataFrame] = []
    shapes: list[Any] = []
    try:
        # a piece at a time: as tables, things take a tenth of what they take as records
        for piece in _pieces(rows):
            parts.append(_table([row for row, _ in piece]))
            shapes += [shape for _, shape in piece]
    except DAMAGED as problem:
        raise unreadable(path, problem) from problem
    table = pd.concat(parts, ignore_index=True) if parts else _table([])
    features = gpd.GeoDataFrame(table, geometry=shapes, crs="EPSG:4326")
    return features.sort_values(["osm_type", "osm_id"], key=_in_order, kind="stable", ignore_index=True)


def _rows(extract: Extract) -> Iterator[Row]:
    return chain(_nodes(extract), _ways(extract), _multipolygons(extract))


def _pieces(rows: Iterable[Row]) -> Iterator[list[Row]]:
    left = iter(rows)
    while piece := list(islice(left, _PIECE)):
        yield piece


def _table(rows: list[dict[str, Any]]) -> pd.DataFrame:
    table = pd.DataFrame(rows, columns=["kind", "osm_type", "osm_id", *_COLUMNS, "lon", "lat"])
    table = table.astype(dict.fromkeys(("kind", "osm_type", *_COLUMNS), "string"))
    return table.astype({"osm_id": "int64", "lon": "float64", "lat": "float64"})


def _in_order(column: pd.Series) -> pd.Series:
    """Put nodes before ways before relations."""
    return column.map({"n": 0, "w": 1, "r": 2}) if column.name == "osm_type" else column


def feature_kind(tags: dict[str, str]) -> str | None:
    """Return what kind of thing tags describe; None if it is none of ours."""
    railway, natural = tags.get("railway"), tags.get("natural")
    checks = {
        "place": "place" in tags,
        "boundary": tags.get("boundary") in ("administrative", "postal_code"),
        "water": natural in ("water", "bay", "coastline") or tags.get("waterway") in _WATERS,
        "rail": railway in _RAILS,
        "park": tags.get("leisure") in _PARKS,
        "poi": any(key in tags for key in _POI_KEYS),
        "landuse": "landuse" in tags or natural in _WOODS,
        "address": "addr:housenumber" in tags,
    }
    return next((kind for kind, fits in checks.items() if fits), None)


def _row(kind: str, osm_type: str, osm_id: int, tags: dict[str, str], shape: Any) -> Row:
    point = shape if shape.geom_type == "Point" else shapely.point_on_surface(shape)
    place = {"kind": kind, "osm_type": osm_type, "osm_id": osm_id, "lon": point.x, "lat": point.y}
    return place | tags, shape if kind in _DRAWN and shape.geom_type != "Point" else None


def _texts(
    extract: Extract, kind: Any, handlers: list[Any], located: Any = None
) -> Iterator[tuple[int, dict[str, str]]]:
    """Yield id and OPL fields of each object that passes the handlers, in its newest version."""
    with tempfile.TemporaryDirectory() as folder:
        target = Path(folder) / "objects.opl"
        if located is not None:
            copy_objects(extract.file, osm.NODE, [located], None)
        copy_objects(extract.file, kind, [*handlers, *([located] if located is not None else [])], target)
        ids, versions = array("q"), array("q")
        for parts in opl_lines(target):
            ids.append(int(parts[0][1:]))
            versions.append(int(object_fields(parts).get("v") or 0))
        is_kept = np.zeros(len(ids), bool)
        letter = {osm.NODE: "n", osm.WAY: "w"}.get(kind, "r")
        is_kept[newest(ids, versions, letter, extract.gone)] = True
        for keep, osm_id, parts in zip(is_kept, ids, opl_lines(target), strict=True):
            if keep:
                yield osm_id, object_fields(parts)


def _nodes(extract: Extract) -> Iterator[Row]:
    for osm_id, fields in _texts(extract, osm.NODE, [osmium_filter.KeyFilter(*_MAIN_KEYS)]):
        tags = opl_tags(fields["T"], frozenset(_COLUMNS))
        kind = feature_kind(tags)
        if kind and fields.get("x"):
            yield _row(kind, "n", osm_id, tags, shapely.Point(float(fields["x"]), float(fields["y"])))


def _ways(extract: Extract) -> Iterator[Row]:
    for osm_id, fields in _texts(extract, osm.WAY, [osmium_filter.KeyFilter(*_MAIN_KEYS)], locations(extract.path)):
        tags = opl_tags(fields["T"], frozenset(_COLUMNS))
        kind = feature_kind(tags)
        line = line_of(fields["N"])
        if kind is None or len(line) < 2:
            continue
        closed = len(line) > 3 and (line[0] == line[-1]).all()
        area = closed and kind != "rail" and tags.get("waterway") not in _WATERS - {"riverbank", "dock"}
        shape = valid_outlines(shapely.Polygon(line))[0] if area else None
        yield _row(kind, "w", osm_id, tags, shapely.LineString(line) if shape is None else shape)


def _multipolygons(extract: Extract) -> Iterator[Row]:
    """Return the areas made of several ways; one cut at the extract's border has no area and is left out."""
    relations = list(_texts(extract, osm.RELATION, [osmium_filter.KeyFilter(*_MAIN_KEYS)]))
    members = {osm_id: [int(ref[1:]) for ref in re.findall(r"w\d+(?=@)", fields["M"])] for osm_id, fields in relations}
    wanted = sorted({way for ways in members.values() for way in ways})
    lines = {}
    if wanted:
        ways = _texts(extract, osm.WAY, [osmium_filter.IdFilter(wanted)], locations(extract.path))
        lines = {osm_id: line_of(fields["N"]) for osm_id, fields in ways}
    for osm_id, fields in relations:
        tags = opl_tags(fields["T"], frozenset(_COLUMNS))
        kind = feature_kind(tags)
        rings = [lines[way] for way in members[osm_id] if len(lines.get(way, ())) > 1]
        shape = shapely.build_area(shapely.MultiLineString(rings))
        if kind and not shape.is_empty:
            yield _row(kind, "r", osm_id, tags, shape)
