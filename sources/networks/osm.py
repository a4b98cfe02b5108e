"""OpenStreetMap extracts: ``.osm.pbf`` or ``.osm`` XML → the streets in them.

The filters run in osmium's C++ and hand over text (OPL, one object a line), so that a state extract needs
seconds and little memory. Extracts may be unsorted, cut at a border, or hold an object twice.
"""

import re
import tempfile
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import osmium
import pandas as pd
from osmium import filter as osmium_filter
from osmium import io, osm

from geo.errors import SourceError
from geo.streets.elements import OsmElements
from geo.streets.tags import NODE_KEYS, RESTRICTION_KEYS, WAY_KEYS

_PROLOGUE_BYTES = 65536
_CHUNK_LINES = 100_000
_ESCAPE = re.compile("%([0-9a-f]+)%")
_TO_COMMAS = str.maketrans({"n": ",", "x": ",", "y": ","})


def read_streets(path: Path) -> OsmElements:
    """Return the ways, nodes and turn restrictions that streets are built from.

    Parameters
    ----------
    path
        An extract in ``.pbf``, ``.osm`` or ``.xml`` (plain XML, no DTD).

    Returns
    -------
    OsmElements
        WGS 84 degrees; every object once (its newest version), sorted by OSM id.

    Raises
    ------
    SourceError
        The file is missing, damaged, of another kind, or holds no street.
    """
    nodes_on_ways = osmium.NodeLocationsForWays(osmium.index.create_map("flex_mem"))
    nodes_on_ways.ignore_errors()  # a node beyond the extract's border has no location; the way is cut there
    file = open_extract(path)
    with tempfile.TemporaryDirectory() as folder:
        texts = {kind: Path(folder) / f"{kind}.opl" for kind in ("nodes", "ways", "relations")}
        try:
            copy_objects(file, osm.NODE, [nodes_on_ways], None)
            ways = [osmium_filter.KeyFilter("highway", "route"), nodes_on_ways]
            copy_objects(file, osm.WAY, ways, texts["ways"])
            copy_objects(file, osm.NODE, [osmium_filter.KeyFilter("highway", "barrier", "railway")], texts["nodes"])
            restrictions = [osmium_filter.KeyFilter("restriction", "restriction:motorcar")]
            copy_objects(file, osm.RELATION, restrictions, texts["relations"])
        except (RuntimeError, ValueError) as problem:
            raise unreadable(path, problem) from problem
        elements = _elements(texts)
    if not elements.ways.size:
        raise SourceError(
            f"Expected an OpenStreetMap extract with streets, but {path.name} holds none; try another extract."
        )
    return elements


def open_extract(path: Path) -> io.File:
    """Return the extract as an osmium file, refusing what is not one.

    Raises
    ------
    SourceError
        The file is missing, empty, not named like an extract, or XML with a document type (a DTD can hold
        entities that grow without bound or fetch other files).
    """
    kind = {".pbf": "pbf", ".osm": "osm", ".xml": "osm"}.get(path.suffix.lower())
    if kind is None:
        raise SourceError(f"Expected an extract named .osm.pbf or .osm, but got {path.name}.")
    if not path.is_file():
        raise SourceError(f"There is no file {path.name} in {path.parent}; check the path.")
    with path.open("rb") as file:
        start = file.read(_PROLOGUE_BYTES)
    if not start:
        raise SourceError(f"{path.name} is empty; download the extract again.")
    if kind == "osm":
        if b"<!" in start.replace(b"<!--", b""):
            raise SourceError(
                f"{path.name} has a document type (<!DOCTYPE …>), which OpenStreetMap files never have; not read."
            )
        if b"<osm" not in start:
            raise SourceError(f"Expected OpenStreetMap XML (<osm …>) in {path.name}, but found another kind.")
    return io.File(str(path), kind)


def unreadable(path: Path, problem: Exception) -> SourceError:
    """Return the error that says a file is damaged."""
    return SourceError(f"{path.name} can't be read as an OpenStreetMap extract ({problem}); download it again.")


def copy_objects(file: io.File, kinds: Any, handlers: list[Any], target: Path | None) -> None:
    """Pass the objects of some kinds through the handlers and write what is left as OPL text."""
    with io.Reader(file, kinds) as reader:
        if target is None:
            osmium.apply(reader, *handlers)
            return
        form = io.File(str(target), "opl,locations_on_ways=true,add_metadata=version")
        with osmium.SimpleWriter(form) as writer:
            osmium.apply(reader, *handlers, writer)


def _elements(texts: dict[str, Path]) -> OsmElements:
    way_id, way_tags, way_nodes = _ways(texts["ways"])
    node_id, node_tags = _tagged(texts["nodes"], "n", NODE_KEYS)
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
        restrictions=_restrictions(texts["relations"]),
    )


def opl_lines(path: Path) -> Iterator[list[str]]:
    """Yield each object of an OPL file as its fields."""
    with path.open(encoding="utf-8") as file:
        for line in file:
            yield line.rstrip("\n").split(" ")


def object_fields(parts: list[str]) -> dict[str, str]:
    """Return the fields of an OPL line by their letter."""
    return {part[0]: part[1:] for part in parts[1:] if part}


def opl_tags(text: str, wanted: frozenset[str]) -> dict[str, str]:
    """Return the wanted tags of an OPL ``T`` field."""
    tags = {}
    for pair in text.split(","):
        key, _, value = pair.partition("=")
        if key in wanted:
            tags[key] = _ESCAPE.sub(lambda code: chr(int(code[1], 16)), value) if "%" in value else value
    return tags


def newest(ids: Sequence[int], versions: Sequence[int]) -> np.ndarray[Any, np.dtype[np.int64]]:
    """Return the positions of every id's newest version, by ascending id."""
    order = np.lexsort((versions, ids))
    sorted_ids = np.asarray(ids, np.int64)[order]
    last = np.append(sorted_ids[1:] != sorted_ids[:-1], True) if len(ids) else np.empty(0, bool)
    chosen: np.ndarray[Any, np.dtype[np.int64]] = order[last]
    return chosen


def _table(rows: list[dict[str, str]], keys: tuple[str, ...]) -> pd.DataFrame:
    """Return one categorical column a key; absent tags are missing."""
    return pd.DataFrame({key: pd.Categorical([row.get(key) for row in rows]) for key in keys}, index=range(len(rows)))


def _tagged(path: Path, kind: str, keys: tuple[str, ...]) -> tuple[np.ndarray[Any, np.dtype[np.int64]], pd.DataFrame]:
    ids, versions, rows = [], [], []
    for parts in opl_lines(path):
        fields = object_fields(parts)
        ids.append(int(parts[0].removeprefix(kind)))
        versions.append(int(fields.get("v") or 0))
        rows.append(opl_tags(fields["T"], frozenset(keys)))
    keep = newest(ids, versions)
    return np.asarray(ids, np.int64)[keep], _table([rows[i] for i in keep], keys)


def _ways(
    path: Path,
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
    keep = newest(ids, versions)
    return np.asarray(ids, np.int64)[keep], _table([rows[i] for i in keep], WAY_KEYS), [nodes[i] for i in keep]


def _restrictions(path: Path) -> pd.DataFrame:
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
    return pd.DataFrame([row for i in newest(ids, versions) for row in rows[i]], columns=columns)
