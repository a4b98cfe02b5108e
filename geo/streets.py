"""OpenStreetMap elements → streets: one topology of junctions and links, and a directed graph for each mode."""

from dataclasses import dataclass, fields
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd
from pyproj import Geod

from geo.contraction import Segments, contract
from geo.crs import to_metres
from geo.errors import InputError
from geo.kernels_streets import grid_segments
from geo.mode_graphs import ARRAYS, ModeGraph, Passage, Turns, junction_graph, link_graph
from geo.street_rules import (
    CLASSES,
    CLOSED,
    ENDS,
    NODE_KEYS,
    RESTRICTION_KEYS,
    WAY_KEYS,
    StreetSettings,
    Tags,
    WayRule,
    ferry_seconds,
    node_access,
    node_delay,
    way_rule,
)

__all__ = [
    "CLASSES",
    "NODE_KEYS",
    "RESTRICTION_KEYS",
    "WAY_KEYS",
    "ModeGraph",
    "OsmElements",
    "SegmentGrid",
    "StreetSettings",
    "Streets",
    "build_streets",
    "streets_from_arrays",
    "streets_to_arrays",
]

Array = npt.NDArray[Any]
STREET_MODES = ("walk", "bike", "drive")
_GRID_METRES = 150.0
_FERRY = CLASSES.index("ferry")


@dataclass(frozen=True)
class OsmElements:
    """What an extract says about streets; rows in any order.

    Attributes
    ----------
    node_id, node_lon, node_lat
        int64[n], float64[n]: the located nodes of the ways (WGS 84 degrees).
    ways, way_tags
        int64[w] OSM ids; a column for each of `WAY_KEYS`, missing where untagged.
    way_offset, way_nodes
        int64[w+1], int64: OSM node ids of way i at ``way_offset[i]:way_offset[i+1]``.
    tagged_nodes, node_tags
        int64[t] OSM ids; a column for each of `NODE_KEYS`.
    restrictions
        Members of turn restrictions: relation, kind, except, role, member (``n`` or ``w``), ref.
    """

    node_id: Array
    node_lon: Array
    node_lat: Array
    ways: Array
    way_tags: pd.DataFrame
    way_offset: Array
    way_nodes: Array
    tagged_nodes: Array
    node_tags: pd.DataFrame
    restrictions: pd.DataFrame


@dataclass(frozen=True)
class SegmentGrid:
    """Which straight pieces of geometry pass each square of a grid, so that the nearest is found at once.

    Attributes
    ----------
    frame
        float64[5]: west, south (local metres), side of a square (metres), columns, rows.
    offset, segment
        int32: square c (row · columns + column) is passed by ``segment[offset[c]:offset[c+1]]``; segment p
        runs from point p of the geometry to point p + 1.
    point_link
        int32: link of each geometry point.
    measure
        float64: metres along all links' lines laid end to end, at each geometry point.
    """

    frame: Array
    offset: Array
    segment: Array
    point_link: Array
    measure: Array


@dataclass(frozen=True)
class Streets:
    """Junctions, links and mode graphs; arrays only.

    Attributes
    ----------
    crs
        Projection of everything in metres, e.g. ``"EPSG:32616"``.
    node_x, node_y
        float64[n]: junctions, local metres; near ones have near positions.
    link_from, link_to
        int32[m]: junctions.
    link_metres
        float32[m]: length on the WGS 84 ellipsoid.
    link_name, names
        int32[m], text: -1 = unnamed.
    link_class
        int8[m]: position in `CLASSES`.
    geometry_offset, geometry_x, geometry_y
        int32[m+1], float64: each link's line from → to, local metres.
    modes
        ``"walk"``, ``"bike"``, ``"drive"``.
    grid
        For attaching points.
    walk_kph, bike_kph
        Speeds the graphs were built for.
    """

    crs: str
    node_x: Array
    node_y: Array
    link_from: Array
    link_to: Array
    link_metres: Array
    link_name: Array
    names: Array
    link_class: Array
    geometry_offset: Array
    geometry_x: Array
    geometry_y: Array
    modes: dict[str, ModeGraph]
    grid: SegmentGrid
    walk_kph: float
    bike_kph: float


@dataclass(frozen=True)
class _Topology:
    """Links as chains of OSM segments, with what is the same all along each."""

    osm_node: Array  # positions of OSM nodes, junction by junction
    link_from: Array
    link_to: Array
    points: Array  # positions of OSM nodes along each link
    point_offset: Array
    metres: Array
    rule: Array
    against: Array  # the way's direction runs against the link
    name: Array
    fixed: Array  # seconds of a ferry, NaN elsewhere
    way_at_start: Array
    way_at_end: Array
    way_against_at_start: Array
    way_against_at_end: Array


def build_streets(elements: OsmElements, crs: str, settings: StreetSettings) -> Streets:
    """Return the streets of an extract.

    Parameters
    ----------
    elements
        Rows in any order: the result is the same.
    crs
        Local projection, see `geo.crs.local_crs`.
    settings
        Speeds and delays.

    Raises
    ------
    InputError
        Nobody may use any of the ways.
    """
    node_id, first = np.unique(elements.node_id, return_index=True)
    lon, lat = elements.node_lon[first], elements.node_lat[first]
    x, y = to_metres(lon, lat, crs)
    rules, way_group, way_rules, names, way_names = _rules(elements, settings)
    node_tags = _records(elements.node_tags)
    tagged = np.searchsorted(node_id, elements.tagged_nodes).clip(max=len(node_id) - 1)
    known = node_id[tagged] == elements.tagged_nodes
    at_nodes = [(node, tags) for node, tags, ok in zip(tagged, node_tags, known, strict=True) if ok]
    access, delay, lift = _node_rules(at_nodes, len(node_id), settings)
    via = _positions(node_id, elements.restrictions.query("role == 'via' and member == 'n'")["ref"].to_numpy())
    forced = (access != 1).any(axis=1) | (delay > 0).any(axis=1) | lift
    forced[via[via >= 0]] = True

    segments = _segments(elements, node_id, rules, way_rules, way_group)
    if not len(segments.start):
        raise InputError("Expected streets that someone may use, but found none; try another extract.")
    topology = _topology(elements, segments, forced, (lon, lat), (x, y), way_rules, way_names, settings)
    geometry_x, geometry_y = x[topology.points], y[topology.points]
    table = np.array(rules, np.float64).reshape(-1, len(WayRule._fields))
    modes = {
        mode: _mode_graph(mode, topology, table, (access, delay, lift), geometry_x, geometry_y, elements, settings)
        for mode in STREET_MODES
    }
    return Streets(
        crs=crs,
        node_x=x[topology.osm_node],
        node_y=y[topology.osm_node],
        link_from=topology.link_from.astype(np.int32),
        link_to=topology.link_to.astype(np.int32),
        link_metres=topology.metres.astype(np.float32),
        link_name=topology.name.astype(np.int32),
        names=names,
        link_class=table[topology.rule, WayRule._fields.index("street_class")].astype(np.int8),
        geometry_offset=topology.point_offset.astype(np.int32),
        geometry_x=geometry_x,
        geometry_y=geometry_y,
        modes=modes,
        grid=_grid(geometry_x, geometry_y, topology.point_offset),
        walk_kph=settings.walk_kph,
        bike_kph=settings.bike_kph,
    )


def streets_to_arrays(streets: Streets) -> dict[str, Array]:
    """Return plain arrays for `numpy.savez`; `streets_from_arrays` reads them back without pickle."""
    arrays = {
        field.name: np.asarray(getattr(streets, field.name))
        for field in fields(Streets)
        if field.name not in ("modes", "grid")
    }
    for mode, graph in streets.modes.items():
        arrays |= {f"{mode}.{name}": getattr(graph, name) for name in ARRAYS}
    return arrays | {f"grid.{field.name}": getattr(streets.grid, field.name) for field in fields(SegmentGrid)}


def streets_from_arrays(arrays: dict[str, Array]) -> Streets:
    """Return the streets of `streets_to_arrays`.

    Raises
    ------
    KeyError
        An array is missing: they were written by another version.
    """
    scalars: dict[str, Any] = {"crs": str(arrays["crs"])}
    scalars |= {name: float(arrays[name]) for name in ("walk_kph", "bike_kph")}
    plain: dict[str, Any] = {
        field.name: arrays[field.name] for field in fields(Streets) if field.name not in ("modes", "grid", *scalars)
    }
    modes = {mode: ModeGraph(**{name: arrays[f"{mode}.{name}"] for name in ARRAYS}) for mode in STREET_MODES}
    grid = SegmentGrid(**{field.name: arrays[f"grid.{field.name}"] for field in fields(SegmentGrid)})
    return Streets(**plain, **scalars, modes=modes, grid=grid)


def _records(tags: pd.DataFrame) -> list[Tags]:
    """Return each row's tags as a dict, without the missing ones."""
    rows: list[dict[str, str]] = [{} for _ in range(len(tags))]
    for key in tags:
        column = tags[key]
        for i in np.flatnonzero(column.notna().to_numpy()):
            rows[i][str(key)] = str(column.iloc[i])
    return list(rows)


def _positions(sorted_ids: Array, ids: Array) -> Array:
    """Return the position of each id, -1 where it is not there."""
    found = np.searchsorted(sorted_ids, ids).clip(max=len(sorted_ids) - 1)
    return np.where(sorted_ids[found] == ids, found, -1)


def _rules(elements: OsmElements, settings: StreetSettings) -> tuple[list[WayRule], Array, Array, Array, Array]:
    """Return the distinct rules; each way's group (what must be equal to merge), rule (-1 none) and name."""
    tags = elements.way_tags
    codes = np.zeros(len(tags), np.int64)
    for key in tags.columns.drop(["name", "duration"]):
        codes, _ = pd.factorize(codes * (tags[key].nunique() + 2) + pd.factorize(tags[key])[0] + 1)
    kinds, first, kind_of = np.unique(codes, return_index=True, return_inverse=True)
    found = [way_rule(row, settings) for row in _records(tags.drop(columns=["name", "duration"]).iloc[first])]
    rules = sorted({rule for rule in found if rule})
    position = {rule: i for i, rule in enumerate(rules)}
    rule_of_kind = np.array([position[rule] if rule else -1 for rule in found], np.int64)
    way_rules = rule_of_kind[kind_of] if len(kinds) else np.empty(0, np.int64)
    way_names, names = pd.factorize(tags["name"].astype("object"), sort=True)
    group = (way_rules + 1) * (len(names) + 1) + way_names + 1
    return rules, group, way_rules, np.asarray(names, dtype=str), way_names


def _node_rules(at_nodes: list[tuple[int, Tags]], nodes: int, settings: StreetSettings) -> tuple[Array, Array, Array]:
    """Return by OSM node: access of each mode, a car's delay along and against the way, and elevators."""
    access = np.ones((nodes, len(STREET_MODES)), np.int8)
    delay = np.zeros((nodes, 2))
    lift = np.zeros(nodes, np.bool_)
    for node, tags in at_nodes:
        access[node] = node_access(tags)
        delay[node] = node_delay(tags, settings)
        lift[node] = tags.get("highway") == "elevator"
    return access, delay, lift


def _segments(
    elements: OsmElements, node_id: Array, rules: list[WayRule], way_rules: Array, way_group: Array
) -> Segments:
    """Return the usable segments, by way id and position; ways are cut at nodes the extract lacks."""
    lengths = np.diff(elements.way_offset)
    way = np.repeat(np.arange(len(lengths)), lengths)
    order = np.lexsort((np.arange(len(way)), elements.ways[way]))
    way, node = way[order], _positions(node_id, elements.way_nodes[order])
    start, end = node[:-1], node[1:]
    good = (way[:-1] == way[1:]) & (start >= 0) & (end >= 0) & (start != end) & (way_rules[way[:-1]] >= 0)
    way = way[:-1][good]
    rule = way_rules[way]
    two_way = np.array(
        [r.walk == r.walk_back and r.bike == r.bike_back and r[5] == r[6] and r[7] == r[8] for r in rules], np.bool_
    )
    ferry = np.array([r.street_class == _FERRY for r in rules], np.bool_)[rule] if rules else np.empty(0, bool)
    group = np.where(ferry, -1 - way, way_group[way])
    return Segments(start[good], end[good], way, group, two_way[rule] if rules else np.empty(0, bool))


def _topology(
    elements: OsmElements,
    segments: Segments,
    forced: Array,
    degrees: tuple[Array, Array],
    metres: tuple[Array, Array],
    way_rules: Array,
    way_names: Array,
    settings: StreetSettings,
) -> _Topology:
    """Contract the segments, and put junctions and links in an order that keeps near ones together."""
    chains = contract(segments, len(degrees[0]), forced)
    lon, lat = degrees
    _, _, lengths = Geod(ellps="WGS84").inv(
        lon[segments.start], lat[segments.start], lon[segments.end], lat[segments.end]
    )
    first, last = chains.offset[:-1], chains.offset[1:] - 1
    step_from = np.where(chains.against, segments.end[chains.segment], segments.start[chains.segment])
    step_to = np.where(chains.against, segments.start[chains.segment], segments.end[chains.segment])
    ends = np.unique(np.concatenate([step_from[first], step_to[last]]))
    osm_node = ends[np.lexsort((ends, _morton(metres[0][ends], metres[1][ends])))]
    number = np.full(len(lon), -1, np.int64)
    number[osm_node] = np.arange(len(osm_node))
    order = np.lexsort((np.arange(len(first)), number[step_to[last]], number[step_from[first]]))
    counts = np.diff(chains.offset)[order]
    within = np.arange(counts.sum()) - np.repeat(np.cumsum(counts) - counts, counts)
    steps = np.repeat(first[order], counts) + within
    offset = np.concatenate([[0], np.cumsum(counts)])
    link_metres = np.add.reduceat(lengths[chains.segment[steps]], offset[:-1])
    way = segments.way[chains.segment]
    ferry = segments.group[chains.segment[first[order]]] < 0
    fixed = np.full(len(order), np.nan)
    fixed[ferry] = _ferries(elements, segments, lengths, way[first[order]][ferry], link_metres[ferry], settings)
    point_offset = offset + np.arange(len(offset))
    points = np.empty(point_offset[-1], np.int64)
    points[point_offset[1:] - 1] = step_to[last[order]]
    points[np.arange(len(steps)) + np.repeat(np.arange(len(order)), counts)] = step_from[steps]
    return _Topology(
        osm_node=osm_node,
        link_from=number[step_from[first[order]]],
        link_to=number[step_to[last[order]]],
        points=points,
        point_offset=point_offset,
        metres=link_metres,
        rule=way_rules[way[first[order]]],
        against=chains.against[first[order]],
        name=way_names[way[first[order]]],
        fixed=fixed,
        way_at_start=elements.ways[way[first[order]]],
        way_at_end=elements.ways[way[last[order]]],
        way_against_at_start=chains.against[first[order]],
        way_against_at_end=chains.against[last[order]],
    )


def _ferries(
    elements: OsmElements, segments: Segments, lengths: Array, way: Array, metres: Array, settings: StreetSettings
) -> Array:
    """Return the seconds of ferry links: their share of the way's duration."""
    way_metres = np.bincount(segments.way, weights=lengths, minlength=len(elements.ways))
    durations = elements.way_tags["duration"]
    seconds = [ferry_seconds(str(durations.iloc[i])) if pd.notna(durations.iloc[i]) else None for i in way]
    per_metre = [
        3.6 / settings.ferry_kph if s is None else s / way_metres[i] for s, i in zip(seconds, way, strict=True)
    ]
    return np.asarray(per_metre) * metres


def _morton(x: Array, y: Array) -> Array:
    """Return positions on a Z-order curve over squares of 64 m."""
    code = np.zeros(len(x), np.int64)
    column = ((x - x.min(initial=0)) // 64).astype(np.int64)
    row = ((y - y.min(initial=0)) // 64).astype(np.int64)
    for bit in range(24):
        code |= ((column >> bit) & 1) << (2 * bit) | ((row >> bit) & 1) << (2 * bit + 1)
    return code


def _mode_graph(
    mode: str,
    topology: _Topology,
    rules: Array,
    at_nodes: tuple[Array, Array, Array],
    geometry_x: Array,
    geometry_y: Array,
    elements: OsmElements,
    settings: StreetSettings,
) -> ModeGraph:
    access, delays, lift = at_nodes
    column = STREET_MODES.index(mode)
    field = WayRule._fields.index
    rule, against = rules[topology.rule], topology.against

    def both_ways(along: Array, back: Array) -> Array:
        """Interleave values along and against links."""
        pair = np.stack([np.where(against, back, along), np.where(against, along, back)], axis=1)
        return pair.reshape(-1)

    allowed = both_ways(rule[:, field(mode)], rule[:, field(f"{mode}_back")]).astype(np.int8)
    metres = np.repeat(topology.metres, 2)
    if mode == "drive":
        kph = both_ways(rule[:, field("drive_kph")], rule[:, field("drive_kph_back")]) / settings.peak_factor
    else:
        kph = np.full(len(metres), settings.walk_kph if mode == "walk" else settings.bike_kph)
    ferry = np.repeat(topology.fixed, 2)
    fixed = np.where(np.isnan(ferry), 0.0, ferry)
    seconds = np.where(np.isnan(ferry), metres / (kph / 3.6), ferry)
    tail = np.stack([topology.link_from, topology.link_to], axis=1).reshape(-1)
    head = tail.reshape(-1, 2)[:, ::-1].reshape(-1)
    end_node = topology.osm_node[head]
    if mode == "drive":
        # the way's direction at the link's far end decides which side's sign or signal one meets
        back = np.stack([topology.way_against_at_end, ~topology.way_against_at_start], axis=1).reshape(-1)
        delay = np.where(back, delays[end_node, 1], delays[end_node, 0])
    else:
        delay = np.where(lift[end_node], settings.elevator_seconds, 0.0)
    node_access_ = access[topology.osm_node, column]
    passage = Passage(
        tail.astype(np.int32),
        head.astype(np.int32),
        allowed,
        seconds,
        fixed,
        node_access_ == CLOSED,
        node_access_ == ENDS,
        delay,
    )
    if mode != "drive":
        graph = junction_graph(passage, topology.metres, settings.smallest_island_metres)
        attachable = graph.attachable & (rule[:, field("street_class")] != _FERRY)
    else:
        outward, inward = _headings(topology, geometry_x, geometry_y)
        banned = _banned_turns(elements, topology, tail, head)
        turns = Turns(outward, inward, banned, settings.turn_seconds, settings.turn_bias)
        graph = link_graph(passage, turns, topology.metres, settings.smallest_island_metres)
        attachable = graph.attachable & (rule[:, field("attachable_by_car")] == 1)
    return ModeGraph(**{name: getattr(graph, name) for name in ARRAYS} | {"attachable": attachable})


def _headings(topology: _Topology, x: Array, y: Array) -> tuple[Array, Array]:
    """Return each directed link's direction at its start and at its end (radians from east)."""
    first, last = topology.point_offset[:-1], topology.point_offset[1:] - 1
    start = np.arctan2(y[first + 1] - y[first], x[first + 1] - x[first])
    end = np.arctan2(y[last] - y[last - 1], x[last] - x[last - 1])
    outward = np.stack([start, end + np.pi], axis=1).reshape(-1)
    inward = np.stack([end, start + np.pi], axis=1).reshape(-1)
    return outward, inward


def _banned_turns(elements: OsmElements, topology: _Topology, tail: Array, head: Array) -> Array:
    """Return the turns that restrictions with a via node forbid, as from · 2m + to over directed links."""
    table = elements.restrictions
    table = table[~table["except"].str.contains(r"\b(?:motorcar|motor_vehicle|vehicle)\b")]
    table = table[table["kind"].str.match(r"(?:no|only)_")]
    count = len(tail)
    junction = pd.Series(np.arange(len(topology.osm_node)), index=np.unique(elements.node_id)[topology.osm_node])
    way_out = np.stack([topology.way_at_start, topology.way_at_end], axis=1).reshape(-1)
    way_in = np.stack([topology.way_at_end, topology.way_at_start], axis=1).reshape(-1)
    leaving = pd.DataFrame({"link": np.arange(count), "node": tail, "way": way_out})
    coming = pd.DataFrame({"link": np.arange(count), "node": head, "way": way_in})
    via = table[(table["role"] == "via") & (table["member"] == "n")].set_index("relation")["ref"].map(junction)
    via = via.dropna().astype(np.int64).rename("node")
    several = table[table["role"] == "via"].groupby("relation").size()
    via = via[via.index.map(several) == 1]  # a via way needs a memory the graph doesn't have

    def links(role: str, ends: pd.DataFrame) -> pd.DataFrame:
        members = table[(table["role"] == role) & (table["member"] == "w")].join(via, on="relation", how="inner")
        return members.merge(ends, left_on=["ref", "node"], right_on=["way", "node"])[
            ["relation", "kind", "node", "link"]
        ]

    pairs = links("from", coming).merge(links("to", leaving), on=["relation", "kind", "node"])
    pairs["code"] = pairs["link_x"] * count + pairs["link_y"]
    no = pairs.loc[pairs["kind"].str.startswith("no_"), "code"].to_numpy()
    only = pairs[pairs["kind"].str.startswith("only_")]
    fan = only[["relation", "node", "link_x"]].drop_duplicates().merge(leaving, on="node")
    others = np.setdiff1d(fan["link_x"].to_numpy() * count + fan["link"].to_numpy(), only["code"].to_numpy())
    return np.union1d(no, others).astype(np.int64)


def _grid(x: Array, y: Array, point_offset: Array) -> SegmentGrid:
    west, south = x.min(), y.min()
    columns = int((x.max() - west) // _GRID_METRES) + 1
    rows = int((y.max() - south) // _GRID_METRES) + 1
    frame = np.array([west, south, _GRID_METRES, columns, rows])
    point_link = np.repeat(np.arange(len(point_offset) - 1, dtype=np.int32), np.diff(point_offset))
    offset, segment = grid_segments(x, y, point_link, frame)
    steps = np.where(np.diff(point_link) == 0, np.hypot(np.diff(x), np.diff(y)), 0.0)
    return SegmentGrid(frame, offset, segment, point_link, np.concatenate([[0.0], np.cumsum(steps)]))
