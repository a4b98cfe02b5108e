"""Streets → networkx graphs as osmnx has them: one of junctions for maps and measures, one of states for exact times.

What the seconds of an edge hold:

- in `street_graph`, on foot and by bicycle, the way along the street with its slopes, pushing where riding isn't
  allowed, and the wait for an elevator at its end: paths are those of this software wherever no barrier and no street
  for those who live there comes in between;
- in `street_graph`, by car, the way along the street alone: no signals and signs, no turns, no forbidden turns;
- in `turn_graph` all of it, in every mode: the shortest path is this software's own;
- by car at free speed in both, without the traffic of any hour.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt
import shapely

from geo.crs import to_degrees
from geo.errors import InputError
from geo.streets.build import Streets
from geo.streets.elements import OsmElements
from geo.streets.ground import lay_ground
from geo.streets.tags import CLASSES, StreetSettings
from geo.streets.topology import STREET_MODES, tag_records

if TYPE_CHECKING:
    import networkx as nx

Array = npt.NDArray[Any]
_OWN = ("highway", "name", "oneway", "duration")
"""Tags that an edge tells in its own way."""


@dataclass(frozen=True)
class OsmOrigin:
    """Which OpenStreetMap objects the streets were made of.

    Attributes
    ----------
    node_id, node_tags
        int64[n]; tags by junction, of those that have any.
    way_ids, way_tags
        By link: the ways along it, and the tags of the first (they mean the same on all).
    against
        bool[m]: the first way's direction runs against the link.
    """

    node_id: Array
    node_tags: Mapping[int, Mapping[str, str]]
    way_ids: list[list[int]]
    way_tags: list[dict[str, str]]
    against: Array


def osm_origin(streets: Streets, elements: OsmElements) -> OsmOrigin | None:
    """Return which objects of an extract the streets were made of; None where they weren't made of this one."""
    ground = lay_ground(elements, streets.crs, StreetSettings(walk_kph=streets.walk_kph, bike_kph=streets.bike_kph))
    laid = ground.topology
    if not (np.array_equal(laid.link_from, streets.link_from) and np.array_equal(laid.link_to, streets.link_to)):
        return None
    node_id = ground.node_id[laid.osm_node]
    junction = {number: position for position, number in enumerate(node_id.tolist())}
    at_nodes = zip(elements.tagged_nodes.tolist(), tag_records(elements.node_tags), strict=True)
    way_tags = tag_records(elements.way_tags)
    first_step = laid.point_offset - np.arange(len(laid.point_offset))
    steps = [laid.way_of_step[a:b] for a, b in pairwise(first_step)]
    return OsmOrigin(
        node_id=node_id,
        node_tags={junction[number]: tags for number, tags in at_nodes if number in junction},
        way_ids=[list(dict.fromkeys(elements.ways[ways].tolist())) for ways in steps],
        way_tags=[dict(way_tags[ways[0]]) for ways in steps],
        against=laid.against,
    )


def street_graph(streets: Streets, mode: str | None = None, origin: OsmOrigin | None = None) -> "nx.MultiDiGraph":
    """Return the streets as a graph that osmnx takes: a node a junction, an edge for each way to go along a link.

    Parameters
    ----------
    mode
        ``"walk"``, ``"bike"`` or ``"drive"``: only what this mode may use. None: what any of them may.
    origin
        From `osm_origin`, so that nodes and edges have the ids and tags of OpenStreetMap. Without it, nodes are
        numbered from 0 and edges have the negative numbers of their links, from -1.

    Returns
    -------
    networkx.MultiDiGraph
        EPSG:4326. Nodes: `x`, `y` (degrees), `street_count`. Edges: `osmid` (a list where several ways make one),
        `name` where there is one, `highway` (without origin a class of `tags.CLASSES`), `length` (meters), `geometry`,
        `reversed` (against the way), `oneway` (True where vehicles may go along this edge and not back), and
        `walk_seconds`, `bike_seconds`, `drive_seconds`: infinite where the mode may not go; see the module on what
        they hold. With origin, the tags that decide who may go where, under their own names.

    Raises
    ------
    InputError
        The mode is none of the three.

    Examples
    --------
    >>> graph = street_graph(region.network.streets, "bike")
    >>> graph.graph["crs"], graph.number_of_edges() > graph.number_of_nodes()
    ('EPSG:4326', True)
    """
    import networkx as nx

    _check(mode)
    seconds = {name: _edge_seconds(streets, name) for name in STREET_MODES}
    counted = np.stack([seconds[name] for name in (STREET_MODES if mode is None else (mode,))])
    used: Array = np.isfinite(counted).any(axis=0)
    links = np.flatnonzero(used[::2] | used[1::2])
    ends = np.concatenate([streets.link_from[links], streets.link_to[links]])
    count = np.bincount(ends, minlength=len(streets.node_x))
    ids = origin.node_id if origin is not None else np.arange(len(streets.node_x))
    lon, lat = to_degrees(streets.node_x, streets.node_y, streets.crs)
    graph = nx.MultiDiGraph(crs="EPSG:4326", simplified=True, created_with="Recovery Reach")
    for node in np.unique(ends).tolist():
        tags = origin.node_tags.get(node, {}) if origin is not None else {}
        place = {"y": float(lat[node]), "x": float(lon[node]), "street_count": int(count[node])}
        graph.add_node(int(ids[node]), **tags, **place)
    lines = _lines(streets)
    oneway = _oneway(streets)
    for link in links.tolist():
        known = _known(streets, link, origin)
        length = float(streets.link_meters[link])
        is_against = bool(origin.against[link]) if origin is not None else False
        pair = int(ids[streets.link_from[link]]), int(ids[streets.link_to[link]])
        for directed in (2 * link, 2 * link + 1):
            if not used[directed]:
                continue
            is_back = directed % 2 == 1
            times = {f"{name}_seconds": float(values[directed]) for name, values in seconds.items()}
            own = {
                "oneway": known.get("oneway", bool(oneway[directed])),
                "reversed": is_back != is_against,
                "length": length,
                "geometry": lines[link].reverse() if is_back else lines[link],
            }
            graph.add_edge(*(pair[::-1] if is_back else pair), **(known | own | times))
    return graph


def turn_graph(streets: Streets, mode: str, origin: OsmOrigin | None = None) -> "nx.MultiDiGraph":
    """Return a mode's graph of states, in which paths take exactly as long as this software says.

    On foot and by bicycle a node is a junction, or one of several at the same place where a barrier or a street that
    is not for passing through makes a difference. By car a node is the beginning of a link, about to be driven along:
    its edges pass the link, wait at its end, and turn into the next one.

    Parameters
    ----------
    mode, origin
        See `street_graph`.

    Returns
    -------
    networkx.MultiDiGraph
        EPSG:4326. Nodes are numbered: `x`, `y`, `junction` (the node of `street_graph`). Edges: `seconds`, `length`
        (meters), `osmid`, and `name`, `highway` and `geometry` where they lie along a street.

    Raises
    ------
    InputError
        The mode is none of the three.

    Examples
    --------
    >>> graph = turn_graph(region.network.streets, "walk")
    >>> all(seconds >= 0 for _, _, seconds in graph.edges(data="seconds"))
    True
    """
    import networkx as nx

    _check(mode)
    model = streets.modes[mode]
    states = len(model.indptr) - 1
    source = np.repeat(np.arange(states), np.diff(model.indptr))
    junction = _junction_of_states(streets, mode, source)
    ids = origin.node_id if origin is not None else np.arange(len(streets.node_x))
    lon, lat = to_degrees(streets.node_x, streets.node_y, streets.crs)
    graph = nx.MultiDiGraph(crs="EPSG:4326", simplified=True, created_with="Recovery Reach")
    for state in np.flatnonzero(junction >= 0).tolist():
        at = int(junction[state])
        graph.add_node(state, y=float(lat[at]), x=float(lon[at]), junction=int(ids[at]))
    lines = _lines(streets)
    for arc, (start, end) in enumerate(zip(source.tolist(), model.to.tolist(), strict=True)):
        about: dict[str, Any] = {"osmid": 0, "length": 0.0}
        if (directed := int(model.arc_link[arc])) >= 0:
            link, is_back = divmod(directed, 2)
            known = _known(streets, link, origin)
            about = {name: known[name] for name in ("osmid", "name", "highway") if name in known}
            about["length"] = float(streets.link_meters[link])
            about["geometry"] = lines[link].reverse() if is_back else lines[link]
        graph.add_edge(start, end, **about, seconds=float(model.seconds[arc]))
    return graph


def _check(mode: str | None) -> None:
    if mode is not None and mode not in STREET_MODES:
        raise InputError(f"The streets are walk, bike or drive, not {mode!r}.")


def _edge_seconds(streets: Streets, mode: str) -> Array:
    """Return the seconds of each directed link, with what it costs to pass its end on foot or by bicycle."""
    graph = streets.modes[mode]
    seconds = graph.link_seconds.astype(np.float64)
    if mode != "drive":  # by car the end's cost differs by where one turns
        along = graph.arc_link >= 0
        seconds[graph.arc_link[along]] = graph.seconds[along]
    return seconds


def _oneway(streets: Streets) -> Array:
    """Return bool[2m]: cars, or where there are none bicycles, may go along and not back."""
    drive = np.isfinite(streets.modes["drive"].link_seconds)
    bike = streets.modes["bike"]
    ride = np.isfinite(bike.link_seconds) & ~bike.link_pushed
    drive_back, ride_back = (open_.reshape(-1, 2)[:, ::-1].reshape(-1) for open_ in (drive, ride))
    oneway: Array = np.where(drive | drive_back, drive & ~drive_back, ride & ~ride_back)
    return oneway


def _known(streets: Streets, link: int, origin: OsmOrigin | None) -> dict[str, Any]:
    """Return what is known of a link whichever way one goes along it."""
    name = int(streets.link_name[link])
    kind = CLASSES[streets.link_class[link]]
    about: dict[str, Any] = {"osmid": -1 - link}
    if origin is not None:
        ways, tags = origin.way_ids[link], origin.way_tags[link]
        about = {key: value for key, value in tags.items() if key not in _OWN}
        about["osmid"] = ways[0] if len(ways) == 1 else ways
        kind = tags.get("highway", kind)
        if tags.get("oneway") == "reversible":
            about["oneway"] = "reversible"
    if name >= 0:
        about["name"] = str(streets.names[name])
    if kind != "ferry":
        return about | {"highway": kind}
    crossing = float(np.min([streets.modes[mode].link_seconds[2 * link : 2 * link + 2] for mode in STREET_MODES]))
    minutes, rest = divmod(round(crossing), 60)  # of this part of the ferry's way
    return about | {"route": "ferry", "duration": f"{minutes // 60:02d}:{minutes % 60:02d}:{rest:02d}"}


def _lines(streets: Streets) -> Array:
    """Return each link's line, from its first junction to its last (WGS 84)."""
    lon, lat = to_degrees(streets.geometry_x, streets.geometry_y, streets.crs)
    link = np.repeat(np.arange(len(streets.link_from)), np.diff(streets.geometry_offset))
    lines: Array = shapely.linestrings(np.stack([lon, lat], axis=1), indices=link)
    return lines


def _junction_of_states(streets: Streets, mode: str, source: Array) -> Array:
    """Return the junction at which each state is, -1 for those that nothing leads to or from."""
    graph = streets.modes[mode]
    tail = np.stack([streets.link_from, streets.link_to], axis=1).reshape(-1)
    head = tail.reshape(-1, 2)[:, ::-1].reshape(-1)
    junction = np.full(len(graph.indptr) - 1, -1, np.int64)
    along = graph.arc_link >= 0
    junction[graph.to[along]] = head[graph.arc_link[along]]
    junction[source[along]] = tail[graph.arc_link[along]]
    open_ = graph.leave_state >= 0
    junction[graph.leave_state[open_]] = tail[open_]
    for _ in range(2):  # a state between two that no link leads along lies where they do
        for near, far in ((source[~along], graph.to[~along]), (graph.to[~along], source[~along])):
            unknown = (junction[near] < 0) & (junction[far] >= 0)
            junction[near[unknown]] = junction[far[unknown]]
    return junction
