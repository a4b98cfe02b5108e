"""OpenStreetMap extracts, ``.osm.pbf`` or ``.osm`` XML, packed or not, and graphs that osmnx saved → their streets.

The filters run in osmium's C++ and hand over text (OPL, one object a line), so that a state extract needs
seconds and little memory. Extracts may be unsorted, cut at a border, or hold an object twice.
"""

import tempfile
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from osmium import filter as osmium_filter
from osmium import osm

from geo.crs import apart_meters, middle
from geo.errors import SourceError
from geo.streets.elements import OsmElements
from geo.streets.tags import NODE_KEYS, RESTRICTION_KEYS, WAY_KEYS
from sources.networks.osm_files import (
    DAMAGED,
    copy_objects,
    deleted,
    locations,
    newest,
    object_fields,
    open_extract,
    opl_lines,
    opl_tags,
    unreadable,
)
from sources.networks.osm_uncrossable import read_uncrossable
from sources.networks.osmnx_graph import is_graphml, is_made_by_osmnx, mend_directions, read_graphml

Gone = Mapping[tuple[str, int], int]
_CHUNK_LINES = 100_000
_FARTHEST_METERS = 1_000_000.0
"""From the middle of an extract: what lies farther is not of the place."""
_LONGEST_METERS = 100_000.0
"""Between two nodes of a street; ferries have longer ones."""
_TO_COMMAS = str.maketrans({"n": ",", "x": ",", "y": ","})


def read_streets(path: Path) -> OsmElements:
    """Return the ways, nodes and turn restrictions that streets are built from.

    Parameters
    ----------
    path
        An extract in ``.pbf``, ``.osm`` or ``.xml`` (plain XML, no DTD), or a graph of osmnx (``.graphml``).

    Returns
    -------
    OsmElements
        WGS 84 degrees; every object once (its newest version), sorted by OSM id.

    Raises
    ------
    SourceError
        The file is missing, damaged, of another kind, or holds no street.
    """
    if is_graphml(path):
        return _in_place(read_graphml(path))
    file = open_extract(path)
    nodes_on_ways = locations(path)
    with tempfile.TemporaryDirectory() as folder:
        texts = {kind: Path(folder) / f"{kind}.opl" for kind in ("nodes", "ways", "relations")}
        try:
            copy_objects(file, osm.NODE, [nodes_on_ways], None)
            ways = [osmium_filter.KeyFilter("highway", "route"), nodes_on_ways]
            copy_objects(file, osm.WAY, ways, texts["ways"])
            copy_objects(file, osm.NODE, [osmium_filter.KeyFilter("highway", "barrier", "railway")], texts["nodes"])
            restrictions = [osmium_filter.KeyFilter("restriction", "restriction:motorcar")]
            copy_objects(file, osm.RELATION, restrictions, texts["relations"])
            uncrossable = read_uncrossable(file, nodes_on_ways)
        except DAMAGED as problem:
            raise unreadable(path, problem) from problem
        elements = _elements(texts, deleted(path))
    _check_elements(elements, path)
    elements = _in_place(replace(elements, **uncrossable))
    return mend_directions(elements) if is_made_by_osmnx(path) else elements


def _check_elements(elements: OsmElements, path: Path) -> None:
    """Refuse an extract without streets, or whose streets can't be placed."""
    if not elements.ways.size:
        raise SourceError(
            f"Expected an OpenStreetMap extract with streets, but {path.name} holds none; try another extract."
        )
    if elements.ways.min() < 0 or elements.way_nodes.min(initial=0) < 0:
        raise SourceError(
            f"{path.name} holds streets with negative ids, as an editor gives to what was drawn and never uploaded; "
            "give an extract of OpenStreetMap, or the drawing with positive ids."
        )
    if not elements.node_id.size:
        raise SourceError(
            f"{path.name} holds streets but none of their nodes, so nobody can tell where they are; download it again "
            "with its nodes (in Overpass: '(._;>;); out;')."
        )


def _in_place(elements: OsmElements) -> OsmElements:
    """Return the elements without nodes that lie at no place (0, 0), or too far from the rest to belong to it.

    One node thousands of kilometers off would stretch every grid and box from here to there.
    """
    lon, lat = elements.node_lon, elements.node_lat
    wrong = (abs(lon) > 180) | (abs(lat) > 90) | ((lon == 0) & (lat == 0))
    if wrong.all():
        raise SourceError("No node of the extract's streets lies on Earth; download it again.")
    middle_lon, middle_lat = middle(lon[~wrong], lat[~wrong])
    wrong |= apart_meters(lon, lat, middle_lon, middle_lat) > _FARTHEST_METERS
    wrong |= _far_from_neighbors(elements, wrong)
    if not wrong.any():
        return elements
    return replace(
        elements,
        node_id=elements.node_id[~wrong],
        node_lon=lon[~wrong],
        node_lat=lat[~wrong],
        misplaced=elements.node_id[wrong],
    )


def _far_from_neighbors(elements: OsmElements, wrong: np.ndarray[Any, Any]) -> np.ndarray[Any, np.dtype[np.bool_]]:
    """Return which nodes of streets have neighbors, and all of them too far off for a street."""
    at = np.searchsorted(elements.node_id, elements.way_nodes).clip(max=len(elements.node_id) - 1)
    known = (elements.node_id[at] == elements.way_nodes) & ~wrong[at]
    way = np.repeat(np.arange(len(elements.ways)), np.diff(elements.way_offset))
    is_street = elements.way_tags["highway"].notna().to_numpy()[way]
    pair = known[:-1] & known[1:] & (way[:-1] == way[1:]) & is_street[:-1]
    one, other = at[:-1][pair], at[1:][pair]
    lon, lat = elements.node_lon, elements.node_lat
    far = apart_meters(lon[one], lat[one], lon[other], lat[other]) > _LONGEST_METERS
    has_far, has_near = np.zeros((2, len(lon)), np.bool_)
    for ends in (one, other):
        has_far[ends[far]] = True
        has_near[ends[~far]] = True
    return has_far & ~has_near


def _elements(texts: dict[str, Path], gone: Gone) -> OsmElements:
    way_id, way_tags, way_nodes = _ways(texts["ways"], gone)
    node_id, node_tags = _tagged(texts["nodes"], gone)
    lengths = np.fromiter((len(refs) for refs in way_nodes), np.int64, len(way_nodes))
    refs = np.concatenate(way_nodes) if way_nodes else np.empty((0, 3))
    located = refs[~np.isnan(refs[:, 1])]
    ids, first = np.unique(located[:, 0].astype(np.int64), return_index=True)
    return OsmElements(
        node_id=ids,
        node_lon=located[first, 1],
        node_lat=located[first, 2],
        ways=way_id,
        way_tags=way_tags,
        way_offset=np.concatenate([[0], np.cumsum(lengths)]).astype(np.int64),
        way_nodes=refs[:, 0].astype(np.int64),
        tagged_nodes=node_id,
        node_tags=node_tags,
        restrictions=_restrictions(texts["relations"], gone),
    )


def _table(rows: list[dict[str, str]], keys: tuple[str, ...]) -> pd.DataFrame:
    """Return one categorical column a key; absent tags are missing."""
    return pd.DataFrame({key: pd.Categorical([row.get(key) for row in rows]) for key in keys}, index=range(len(rows)))


def _tagged(path: Path, gone: Gone) -> tuple[np.ndarray[Any, np.dtype[np.int64]], pd.DataFrame]:
    ids, versions, rows = [], [], []
    for parts in opl_lines(path):
        fields = object_fields(parts)
        ids.append(int(parts[0].removeprefix("n")))
        versions.append(int(fields.get("v") or 0))
        rows.append(opl_tags(fields["T"], frozenset(NODE_KEYS)))
    keep = newest(ids, versions, "n", gone)
    return np.asarray(ids, np.int64)[keep], _table([rows[i] for i in keep], NODE_KEYS)


def _ways(
    path: Path, gone: Gone
) -> tuple[np.ndarray[Any, np.dtype[np.int64]], pd.DataFrame, list[np.ndarray[Any, np.dtype[np.float64]]]]:
    """Return ids, tags and for each way an array of node id, lon, lat (NaN where the extract lacks the node)."""
    wanted = frozenset(WAY_KEYS)
    ids: list[int] = []
    versions: list[int] = []
    rows: list[dict[str, str]] = []
    nodes: list[np.ndarray[Any, np.dtype[np.float64]]] = []
    texts: list[str] = []
    counts: list[int] = []

    def flush() -> None:
        text = ",".join(texts).replace("xy", "x?y?").translate(_TO_COMMAS).replace("?", "nan")
        numbers = np.array(text.replace(",,", ",").strip(",").split(","), np.float64).reshape(-1, 3)
        nodes.extend(np.split(numbers, np.cumsum(counts)[:-1]))
        texts.clear()
        counts.clear()

    for parts in opl_lines(path):
        fields = object_fields(parts)
        tags = opl_tags(fields["T"], wanted)
        if "highway" not in tags and tags.get("route") != "ferry":
            continue
        if not fields["N"]:
            continue
        ids.append(int(parts[0][1:]))
        versions.append(int(fields.get("v") or 0))
        rows.append(tags)
        texts.append(fields["N"])
        counts.append(fields["N"].count("n"))
        if len(texts) == _CHUNK_LINES:
            flush()
    if texts:
        flush()
    keep = newest(ids, versions, "w", gone)
    return np.asarray(ids, np.int64)[keep], _table([rows[i] for i in keep], WAY_KEYS), [nodes[i] for i in keep]


def _restrictions(path: Path, gone: Gone) -> pd.DataFrame:
    """Return one row a member: relation, kind, except, role, member type (``n`` or ``w``) and id."""
    rows, ids, versions = [], [], []
    for parts in opl_lines(path):
        fields = object_fields(parts)
        tags = opl_tags(fields["T"], frozenset(RESTRICTION_KEYS))
        ids.append(int(parts[0][1:]))
        versions.append(int(fields.get("v") or 0))
        members = [member.partition("@") for member in fields["M"].split(",") if member]
        kind = tags.get("restriction:motorcar", tags.get("restriction", ""))
        rows.append([(ids[-1], kind, tags.get("except", ""), role, ref[0], int(ref[1:])) for ref, _, role in members])
    columns = ["relation", "kind", "except", "role", "member", "ref"]
    return pd.DataFrame([row for i in newest(ids, versions, "r", gone) for row in rows[i]], columns=columns)
