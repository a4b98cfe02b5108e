"""Extracts cut to a place: of a whole state only what lies in its box, so that a region holds no more than its own."""

from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import osmium
from osmium import osm

from geo.errors import InputError
from sources.cleaning.bounds import Bounds
from sources.formats.store import digest_of, file_digest
from sources.networks.osm_files import DAMAGED, deleted, open_extract, unreadable
from sources.networks.osmnx_graph import is_graphml, read_graphml

_LOCAL_LEVELS = ("6", "7", "8", "9", "10")
"""Of administrative borders: counties and smaller."""


def cut_extract(path: Path, box: Bounds, cache: Path) -> Path:
    """Return an extract of the nodes in a box, every way that has one of them, whole, and the relations that we read.

    The extract itself is returned where it has nothing outside. What was cut before is kept in the cache and used
    again. Every node is looked at once, which takes a while on a whole state. A graph of osmnx is returned whole.

    Parameters
    ----------
    path
        An extract in ``.pbf``, ``.osm`` or ``.xml``, or a ``.graphml``.
    box
        The place, with its margin.

    Raises
    ------
    SourceError
        It can't be read.
    InputError
        It has nothing in the box.
    """
    if is_graphml(path):
        return _checked_graph(path, box)
    open_extract(path)
    sides = [box.west, box.south, box.east, box.north]
    folder = cache / "extracts"
    target = folder / f"{path.name.split('.')[0][:60]}-{digest_of([file_digest(path), sides])[:12]}.osm.pbf"
    if target.is_file():
        return target
    folder.mkdir(parents=True, exist_ok=True)
    with TemporaryDirectory(dir=folder) as aside:
        written = Path(aside) / target.name
        try:
            inside, outside = _cut(path, box, written)
        except DAMAGED as problem:
            raise unreadable(path, problem) from problem
        if not inside:
            raise _elsewhere(path)
        if not outside:
            return path
        written.replace(target)
    return target


def _checked_graph(path: Path, box: Bounds) -> Path:
    elements = read_graphml(path)
    if not any(box.hold(lon, lat) for lon, lat in zip(elements.node_lon, elements.node_lat, strict=True)):
        raise _elsewhere(path)
    return path


def _elsewhere(path: Path) -> InputError:
    return InputError(f"{path.name} has nothing in this place; is it an extract of another one?")


def _cut(path: Path, box: Bounds, target: Path) -> tuple[int, int]:
    """Write the cut; return how many nodes lie inside, and how many outside."""
    inside = outside = 0
    wanted = osmium.IdTracker()
    node: Any
    for node in osmium.FileProcessor(str(path), osm.NODE):
        place = node.location
        if place.valid() and box.hold(place.lon, place.lat):
            wanted.add_node(node.id)
            inside += 1
        else:
            outside += 1
    if inside and outside:
        wanted.complete_forward_references(str(path), relation_depth=-1)
        relation: Any
        members: list[tuple[str, int]] = []
        for relation in osmium.FileProcessor(str(path), osm.RELATION):
            if _is_local(relation.tags) and wanted.contains_any_references(relation):
                wanted.add_relation(relation.id)
                members += [(member.type, member.ref) for member in relation.members]
        for kind, number in members:  # only now, or each relation would bring its neighbors
            if kind == "w":
                wanted.add_way(number)
            elif kind == "n":
                wanted.add_node(number)
        wanted.complete_backward_references(str(path), relation_depth=0)
        gone = deleted(path)
        with osmium.SimpleWriter(str(target)) as writer:
            one: Any
            for one in osmium.FileProcessor(str(path)).with_filter(wanted.id_filter()):
                if one.version > gone.get((one.type_str(), one.id), -1):
                    writer.add(one)
    return inside, outside


def _is_local(tags: Any) -> bool:
    """Tell whether a relation is read and ends near the place: routes and borders of states go far beyond."""
    kind = tags.get("type", "")
    if kind == "boundary":
        return tags.get("admin_level", "") in _LOCAL_LEVELS or tags.get("boundary") == "postal_code"
    return kind in ("multipolygon", "restriction")
