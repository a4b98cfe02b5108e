"""Street graphs that osmnx saved: GraphML → the streets in it, and what such a graph can't tell.

An osmnx graph has a directed edge for each way to go along a street. Two edges with the same line there and back are
one street of both directions; an edge without one back is a one-way street. In a simplified graph an edge may be made
of several OpenStreetMap ways, and holds a list where they differ: only who may use all of them may use the edge.
"""

import ast
import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd
import shapely
from pyproj import CRS, Transformer
from pyproj.exceptions import CRSError, ProjError

from geo.errors import SourceError
from geo.streets.elements import OsmElements
from geo.streets.tags import ACCESS_KEYS, CLASSES, NODE_KEYS, WAY_KEYS, speed_kph
from geo.tables import SET_ASIDE, conform
from sources.formats.graphml import Edge, Graph, read_graph
from sources.networks.osm_files import prologue

Array = npt.NDArray[Any]

_WANTED = {
    "graph": ("crs",),
    "node": frozenset({*NODE_KEYS, "x", "y"}),
    "edge": frozenset({*WAY_KEYS, "osmid", "reversed", "geometry", "from", "to"}),
}
_ACCESS = frozenset(key for keys in ACCESS_KEYS.values() for key in keys)
_ASKED_FOR = ("bicycle", "foot", "cycleway", "oneway:bicycle", "motor_vehicle")
"""Way tags that osmnx leaves out unless asked for, and that decide who may go where."""
_PATHS = frozenset({"footway", "path", "pedestrian", "steps", "cycleway", "corridor", "bridleway"})
_CLOSEST = ("busway", "motorway", "motorway_link")
"""Classes that shut more people out than any other that an edge may hold beside them."""
_LONGEST_LIST = 20_000
_NUMBER = re.compile(r"-?\d{1,18}")
_TURNED = {"maxspeed:forward": "maxspeed:backward", "cycleway:left": "cycleway:right"}


@dataclass(frozen=True)
class _Street:
    """A street between two nodes, along which its tags hold; `line` is float64[k, 2] in the graph's own coordinates."""

    ends: tuple[str, str]
    line: Array
    tags: dict[str, str]
    osm_id: int


def is_graphml(path: Path) -> bool:
    """Tell whether a file is named like a GraphML graph."""
    return path.suffix.lower() == ".graphml"


def is_made_by_osmnx(path: Path) -> bool:
    """Tell whether a file is a graph that osmnx saved: GraphML, or OpenStreetMap XML that says so."""
    if is_graphml(path):
        return True
    return re.search(rb'<osm\b[^>]*generator="OSMnx', prologue(path)) is not None


def read_graphml(path: Path) -> OsmElements:
    """Return the streets of a graph that `osmnx.save_graphml` wrote.

    Simplified or not, projected or not. Nodes that edges bend at have no id in a simplified graph, and get negative
    ones; an edge of several ways goes by the least of their ids. A graph of osmnx holds no turn restrictions.

    Raises
    ------
    SourceError
        The file is missing, no GraphML, has a document type or holds no street.
    """
    if not path.is_file():
        raise SourceError(f"There is no file {path.name} in {path.parent}; check the path.")
    graph = read_graph(path, _WANTED)
    if not any("highway" in tags for _, _, tags in graph.edges):
        raise SourceError(
            f"Expected a graph of streets as osmnx.save_graphml writes it, but no edge in {path.name} has an attribute "
            "`highway`."
        )
    places, to_degrees = _places(graph, path.name)
    streets = _streets(graph, places)
    if not streets:
        raise SourceError(f"No street in {path.name} has a node with coordinates x and y; save the graph again.")
    return _elements(graph, places, to_degrees, streets)


def mend_directions(elements: OsmElements) -> OsmElements:
    """Return the streets of XML that osmnx wrote, all along the direction of travel.

    osmnx turns the nodes of a way tagged ``oneway=-1`` round, and writes its tag as it was; and it writes ``oneway=no``
    on every way without the tag, so that a roundabout or motorway is one-way again only without it.
    """
    tags = elements.way_tags
    oneway = tags["oneway"].astype("object").replace({"-1": "yes", "reverse": "yes", "no": None})
    return OsmElements(**{**vars(elements), "way_tags": tags.assign(oneway=pd.Categorical(oneway))})


def lacks(path: Path, elements: OsmElements) -> pd.DataFrame:
    """Return the SET_ASIDE table of notices on what a graph made by osmnx can't tell; empty for other files."""
    if not is_made_by_osmnx(path):
        return conform(pd.DataFrame(), SET_ASIDE)
    tags = elements.way_tags
    kinds = set(tags["highway"].dropna())
    untold = [key for key in _ASKED_FOR if tags[key].isna().all()]
    names = ", ".join(untold)
    reasons = {
        "no_turn_restrictions": "osmnx keeps no turn restrictions: cars may turn where signs forbid it.",
        "no_map": "It holds streets and nothing else: the map, the search for places and the list of resources have "
        "nothing from OpenStreetMap, and a place may be attached to a street across water or tracks. Features saved by "
        "osmnx may be given as --resources osm=features.gpkg.",
    }
    if untold:
        reasons["no_access_tags"] = (
            f"None of its streets has a tag {names}: people go by the kind of street alone. Add them to "
            "osmnx.settings.useful_tags_way, and make the graph again."
        )
    if elements.node_tags["barrier"].isna().all():
        reasons["no_barriers"] = (
            "None of its nodes is a barrier: gates and bollards stop nobody. Add barrier, access, bicycle, foot and "
            "motor_vehicle to osmnx.settings.useful_tags_node, and make the graph again."
        )
    if (elements.node_id < 0).any():
        reasons["simplified"] = (
            "It is simplified: signals and signs between junctions delay nobody, and a tag that only a part of a "
            "street has counts for all of it."
        )
    if not kinds & _PATHS:
        reasons["no_paths"] = (
            "It holds no footway, path or steps; if it was made with network_type='drive', people on foot and on "
            "bicycles are kept to its streets. network_type='all' has both."
        )
    if not tags["oneway"].isin(["yes"]).any():
        reasons["no_oneway"] = (
            "None of its streets is one-way. Graphs of network_type='walk' say so of every street, and cars then go "
            "both ways on each; network_type='all' tells them apart."
        )
    if not is_graphml(path):
        reasons["all_oneway"] = (
            "It holds whole streets only if it was made with osmnx.settings.all_oneway=True; else parts of two-way "
            "streets may be missing. save_graphml has no such condition."
        )
    rows = pd.DataFrame(
        {"code": list(reasons), "reason": list(reasons.values()), "row": path.name, "outcome": "notice"}
    )
    return conform(rows.assign(source="osm"), SET_ASIDE)


def _places(graph: Graph, where: str) -> tuple[dict[str, tuple[float, float]], Callable[[Array], Array]]:
    """Return the nodes that have a place, in the graph's own coordinates, and what turns these into lon and lat."""
    crs = graph.about.get("crs", "EPSG:4326")
    try:
        own = CRS.from_user_input(crs)
        transformer = None if own == CRS("EPSG:4326") else Transformer.from_crs(own, "EPSG:4326", always_xy=True)
    except (CRSError, ProjError):
        raise SourceError(f"The projection of the graph in {where} is not known: {crs[:80]!r}.") from None

    def to_degrees(points: Array) -> Array:
        if transformer is None or not len(points):
            return points
        return np.stack(transformer.transform(points[:, 0], points[:, 1]), axis=1)

    placed = {node: (_number(tags.get("x")), _number(tags.get("y"))) for node, tags in graph.nodes.items()}
    degrees = to_degrees(np.array(list(placed.values()), np.float64).reshape(-1, 2))
    good = (np.abs(degrees[:, 0]) <= 180) & (np.abs(degrees[:, 1]) <= 90)  # False for what is no number
    return {node: place for ok, (node, place) in zip(good, placed.items(), strict=True) if ok}, to_degrees


def _number(text: str | None) -> float:
    try:
        return float(text or "nan")
    except ValueError:
        return float("nan")


def _streets(graph: Graph, places: Mapping[str, tuple[float, float]]) -> list[_Street]:
    """Return each street once, in an order that doesn't depend on the file's."""
    lines = shapely.from_wkt([tags.get("geometry") for _, _, tags in graph.edges], on_invalid="ignore")
    there: dict[Any, list[tuple[Edge, Array]]] = defaultdict(list)
    back: dict[Any, list[tuple[Edge, Array]]] = defaultdict(list)
    for (source, target, tags), shape in zip(graph.edges, lines, strict=True):
        if "highway" not in tags and tags.get("route") != "ferry":
            continue
        start, end = source, target
        if not graph.is_directed:  # osmnx remembers which end came first
            start, end = tags.get("from", source), tags.get("to", target)
        if start not in places or end not in places:
            continue
        line = _line(shape, places[start], places[end])
        course = [(round(x, 7), round(y, 7)) for x, y in line.tolist()]
        is_back = course[::-1] < course
        ways = tuple(_values(tags.get("osmid", "")))
        key = (min((start, end), (end, start)), ways, tuple(min(course, course[::-1])))
        (back if is_back else there)[key].append(((start, end, tags), line))
    tells_oneway = any("oneway" in tags for _, _, tags in graph.edges)
    is_by_pairs = not tells_oneway and any(key in back for key in there)
    streets = []
    for key in sorted({*there, *back}, key=repr):
        one, other = there.get(key, []), back.get(key, [])
        pairs = min(len(one), len(other))
        streets += [_two_way(a, b) for a, b in zip(one[:pairs], other[:pairs], strict=True)]
        streets += [_alone(edge, graph.is_directed, is_by_pairs) for edge in [*one[pairs:], *other[pairs:]]]
    return streets


def _line(shape: Any, start: tuple[float, float], end: tuple[float, float]) -> Array:
    """Return an edge's line from its start to its end; straight where the file gives none."""
    ends = np.array([start, end], np.float64)
    if shape is None or shape.geom_type != "LineString" or len(shape.coords) < 2:
        return ends
    points = shapely.get_coordinates(shape)
    if not np.isfinite(points).all():
        return ends
    turned = np.abs(points[0] - ends[1]).sum() < np.abs(points[0] - ends[0]).sum()
    points = points[::-1] if turned else points
    return np.concatenate([ends[:1], points[1:-1], ends[1:]])


def _two_way(one: tuple[Edge, Array], other: tuple[Edge, Array]) -> _Street:
    """Return the street of two edges there and back; where one alone says that it is one-way, that is its direction."""
    first, second = (_is_oneway(edge[0][2]) for edge in (one, other))
    if first == second:
        chosen = other if _is_true(one[0][2].get("reversed")) and not _is_true(other[0][2].get("reversed")) else one
        return _street(chosen, "no" if first is not None else chosen[0][2].get("oneway", "no"))
    chosen = one if first or (first is None and second is False) else other
    return _street(chosen, "yes" if True in (first, second) else "no")


def _alone(edge: tuple[Edge, Array], is_directed: bool, is_by_pairs: bool) -> _Street:
    """Return the street of an edge without one back.

    Of the words that osmnx writes itself, both True and False then mean one direction in a directed graph. The words
    of OpenStreetMap are those of a graph made with `all_oneway`, whose edges all run in the direction of travel.
    """
    (_, _, tags), _ = edge
    word = tags.get("oneway")
    is_oneway = _is_oneway(tags)
    if is_oneway or (is_directed and (is_by_pairs or (word or "").lower() == "false")):
        return _street(edge, "yes")
    return _street(edge, "no" if is_oneway is False else word)


def _is_oneway(tags: Mapping[str, str]) -> bool | None:
    """Return what an edge says of itself; None where it says nothing, or something else (``reversible``)."""
    words = {word.lower() for word in _values(tags.get("oneway", ""))}
    if words & {"true", "yes", "1", "-1", "reverse"}:
        return True
    return False if words & {"false", "no", "0"} else None


def _is_true(word: str | None) -> bool:
    return (word or "").lower() == "true"


def _street(edge: tuple[Edge, Array], oneway: str | None) -> _Street:
    (start, end, given), line = edge
    tags = {key: _merged(key, _values(given[key])) for key in WAY_KEYS if key in given and key != "oneway"}
    if oneway is not None:
        tags["oneway"] = oneway
    if _is_true(given.get("reversed")):
        tags = _turned(tags)
    ids = [int(number) for number in _values(given.get("osmid", "")) if _NUMBER.fullmatch(number)]
    return _Street((start, end), line, tags, min(ids, default=0))


def _turned(tags: Mapping[str, str]) -> dict[str, str]:
    """Return tags of a way as they are seen from its other end."""
    other = _TURNED | {back: along for along, back in _TURNED.items()}
    turned = {other.get(key, key): value for key, value in tags.items()}
    if (bicycles := turned.get("oneway:bicycle")) in ("yes", "-1"):
        turned["oneway:bicycle"] = "-1" if bicycles == "yes" else "yes"
    return turned


def _values(text: str) -> list[str]:
    """Return the values of an attribute, which is the text of a Python list where osmnx merged several ways."""
    if not (text.startswith("[") and text.endswith("]") and len(text) <= _LONGEST_LIST):
        return [text] if text else []
    try:
        values = ast.literal_eval(text)
    except (ValueError, SyntaxError, RecursionError, MemoryError):
        return [text]
    return sorted({str(value) for value in values if value is not None and not isinstance(value, list | dict)})


def _merged(key: str, values: list[str]) -> str:
    """Return one value for a street made of ways that differ: what keeps out whoever one of them keeps out."""
    if len(values) < 2:
        return values[0] if values else ""
    if key == "highway":
        return min(values, key=lambda kind: (kind not in _CLOSEST, -_narrowness(kind), kind))
    if key in _ACCESS:
        return next((word for word in ("no", "private") if word in values), values[0])
    if key.startswith("maxspeed"):
        speeds = [kph for kph in map(speed_kph, values) if kph is not None]
        return f"{sum(speeds) / len(speeds):g}" if speeds else values[0]
    return values[-1]  # of yes and no, yes: a bridge in part is no ground


def _narrowness(kind: str) -> int:
    kind = kind.removesuffix("_link")
    return CLASSES.index(kind) if kind in CLASSES else len(CLASSES)


def _elements(
    graph: Graph,
    places: Mapping[str, tuple[float, float]],
    to_degrees: Callable[[Array], Array],
    streets: list[_Street],
) -> OsmElements:
    used = sorted({node for street in streets for node in street.ends})
    number = _node_numbers(used)
    bends = [street.line[1:-1] for street in streets]
    points = np.concatenate([np.array([places[node] for node in used]), *bends])
    free = min(0, *number.values()) - 1
    bend_ids = free - np.arange(len(points) - len(used))
    node_id = np.concatenate([np.array([number[node] for node in used], np.int64), bend_ids])
    order = np.argsort(node_id)
    degrees = to_degrees(points)[order]
    lengths = np.array([len(bend) + 2 for bend in bends])
    offset = np.concatenate([[0], np.cumsum(lengths)]).astype(np.int64)
    way_nodes = np.empty(offset[-1], np.int64)
    inner = np.ones(len(way_nodes), np.bool_)
    inner[offset[:-1]] = inner[offset[1:] - 1] = False
    way_nodes[offset[:-1]] = [number[street.ends[0]] for street in streets]
    way_nodes[offset[1:] - 1] = [number[street.ends[1]] for street in streets]
    way_nodes[inner] = bend_ids
    tagged = [node for node in used if any(key in graph.nodes[node] for key in NODE_KEYS)]
    node_rows = [{key: _values(graph.nodes[node].get(key, ""))[:1] for key in NODE_KEYS} for node in tagged]
    return OsmElements(
        node_id=node_id[order],
        node_lon=degrees[:, 0],
        node_lat=degrees[:, 1],
        ways=np.array([street.osm_id for street in streets], np.int64),
        way_tags=_table((street.tags for street in streets), WAY_KEYS),
        way_offset=offset,
        way_nodes=way_nodes,
        tagged_nodes=np.array([number[node] for node in tagged], np.int64),
        node_tags=_table(({key: value[0] for key, value in row.items() if value} for row in node_rows), NODE_KEYS),
        restrictions=pd.DataFrame(columns=["relation", "kind", "except", "role", "member", "ref"]),
    )


def _node_numbers(nodes: list[str]) -> dict[str, int]:
    """Return a number for each node: its OpenStreetMap id, or its place in the list where some have other ids."""
    if all(_NUMBER.fullmatch(node) for node in nodes):
        numbers = {node: int(node) for node in nodes}
        if len(set(numbers.values())) == len(nodes):
            return numbers
    return {node: position for position, node in enumerate(nodes, 1)}


def _table(rows: Iterable[Mapping[str, str]], keys: tuple[str, ...]) -> pd.DataFrame:
    listed = list(rows)
    columns = {key: pd.Categorical([row.get(key) or None for row in listed]) for key in keys}
    return pd.DataFrame(columns, index=range(len(listed)))
