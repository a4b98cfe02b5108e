"""OpenStreetMap elements → streets: one topology of junctions and links, and a directed graph for each mode."""

from collections.abc import Hashable
from dataclasses import dataclass, field, fields
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from geo.crs import to_meters
from geo.errors import InputError
from geo.streets.elements import OsmElements
from geo.streets.elevation import climbs
from geo.streets.kernels_nearest import grid_segments
from geo.streets.mode_graph import ARRAYS, ModeGraph, Passage, Turns, junction_graph, link_graph
from geo.streets.tags import CLASSES, CLOSED, ENDS, NODE_KEYS, RESTRICTION_KEYS, WAY_KEYS, StreetSettings, WayRule
from geo.streets.topology import (
    STREET_MODES,
    Topology,
    distinct_rules,
    lay_topology,
    off_ground,
    positions,
    rules_at_nodes,
    tag_records,
    usable_segments,
)
from geo.streets.turn_restrictions import banned_turns, via_way_ends
from geo.tables import SET_ASIDE, conform

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
    "build_streets_with_notes",
    "streets_from_arrays",
    "streets_to_arrays",
]

Array = npt.NDArray[Any]
_GRID_METERS = 150.0
_NESTED = ("modes", "grid", "memo")
_FERRY = CLASSES.index("ferry")


@dataclass(frozen=True)
class SegmentGrid:
    """Which straight pieces of geometry pass each square of a grid, so that the nearest is found at once.

    Attributes
    ----------
    frame
        float64[5]: west, south (local meters), side of a square (meters), columns, rows.
    offset, segment
        int32: square c (row · columns + column) is passed by ``segment[offset[c]:offset[c+1]]``; segment p
        runs from point p of the geometry to point p + 1.
    point_link
        int32: link of each geometry point.
    measure
        float64: meters along all links' lines laid end to end, at each geometry point.
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
        Projection of everything in meters, e.g. ``"EPSG:32616"``.
    node_x, node_y
        float64[n]: junctions, local meters; near ones have near positions.
    link_from, link_to
        int32[m]: junctions.
    link_meters
        float32[m]: length on the WGS 84 ellipsoid.
    link_name, names
        int32[m], text: -1 = unnamed.
    link_class
        int8[m]: position in `CLASSES`.
    geometry_offset, geometry_x, geometry_y
        int32[m+1], float64: each link's line from → to, local meters.
    modes
        ``"walk"``, ``"bike"``, ``"drive"``.
    grid
        For attaching points.
    walk_kph, bike_kph
        Speeds the graphs were built for.
    memo
        What searches derived and may use again; no part of the streets' value.
    """

    crs: str
    node_x: Array
    node_y: Array
    link_from: Array
    link_to: Array
    link_meters: Array
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
    memo: dict[Hashable, Any] = field(default_factory=dict, repr=False, compare=False)


def build_streets(elements: OsmElements, crs: str, settings: StreetSettings) -> Streets:
    """Return the streets of an extract; see `build_streets_with_notes`."""
    return build_streets_with_notes(elements, crs, settings)[0]


def build_streets_with_notes(elements: OsmElements, crs: str, settings: StreetSettings) -> tuple[Streets, pd.DataFrame]:
    """Return the streets of an extract, and what of it is not in them.

    Parameters
    ----------
    elements
        Rows in any order: the result is the same.
    crs
        Local projection, see `geo.crs.local_crs`.
    settings
        Speeds and delays.

    Returns
    -------
    streets
        Junctions, links and mode graphs.
    notes
        `geo.tables.SET_ASIDE`, source ``osm``: ``set_aside`` for each way that is not among the streets, ``notice``
        for each way cut at the extract's border, each turn restriction that is not applied, and what is flat for
        want of heights.

    Raises
    ------
    InputError
        Nobody may use any of the ways.
    """
    node_id, lon, lat = elements.node_id, elements.node_lon, elements.node_lat
    if not (node_id[1:] > node_id[:-1]).all():
        node_id, first = np.unique(node_id, return_index=True)
        lon, lat = lon[first], lat[first]
    x, y = to_meters(lon, lat, crs)
    rules, way_group, way_rules, names, way_names = distinct_rules(elements, settings)
    node_tags = tag_records(elements.node_tags)
    tagged = np.searchsorted(node_id, elements.tagged_nodes).clip(max=len(node_id) - 1)
    known = node_id[tagged] == elements.tagged_nodes
    at_nodes = [(node, tags) for node, tags, ok in zip(tagged, node_tags, known, strict=True) if ok]
    access, delay, lift = rules_at_nodes(at_nodes, len(node_id), settings)
    via = positions(node_id, elements.restrictions.query("role == 'via' and member == 'n'")["ref"].to_numpy())
    forced = (access != 1).any(axis=1) | (delay > 0).any(axis=1) | lift
    via = np.concatenate([via, positions(node_id, via_way_ends(elements))])
    forced[via[via >= 0]] = True

    segments = usable_segments(elements, node_id, rules, way_rules, way_group)
    if not len(segments.start):
        raise InputError("Expected streets that someone may use, but found none; try another extract.")
    topology = lay_topology(elements, segments, forced, (lon, lat), (x, y), way_rules, way_names, settings)
    is_street = np.zeros(len(elements.ways), np.bool_)
    is_street[segments.way] = True
    del segments, forced  # what is as long as the extract goes before the graphs, which take the most, are made
    at_junctions = (access[topology.osm_node], delay[topology.osm_node], lift[topology.osm_node])
    del access, delay, lift
    geometry_x, geometry_y = x[topology.points], y[topology.points]
    node_x, node_y = x[topology.osm_node], y[topology.osm_node]
    del x, y
    table = np.array(rules, np.float64).reshape(-1, len(WayRule._fields))
    tail = np.stack([topology.link_from, topology.link_to], axis=1).reshape(-1)
    head = tail.reshape(-1, 2)[:, ::-1].reshape(-1)
    banned, sequences, restrictions = banned_turns(elements, topology, tail, head)
    outward, inward = _headings(topology, geometry_x, geometry_y)
    turns = Turns(outward, inward, banned, sequences, settings.turn_seconds, settings.turn_bias)
    effort, heights = _effort(topology, lon, lat, off_ground(elements), settings)
    notes = _notes(elements, node_id, way_rules, is_street, pd.concat([restrictions, heights]))
    modes = {mode: _mode_graph(mode, topology, table, at_junctions, turns, effort, settings) for mode in STREET_MODES}
    streets = Streets(
        crs=crs,
        node_x=node_x,
        node_y=node_y,
        link_from=topology.link_from,
        link_to=topology.link_to,
        link_meters=topology.meters.astype(np.float32),
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
    return streets, notes


def streets_to_arrays(streets: Streets) -> dict[str, Array]:
    """Return plain arrays for `numpy.savez`; `streets_from_arrays` reads them back without pickle."""
    arrays = {
        field.name: np.asarray(getattr(streets, field.name)) for field in fields(Streets) if field.name not in _NESTED
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
        field.name: arrays[field.name] for field in fields(Streets) if field.name not in (*_NESTED, *scalars)
    }
    modes = {mode: ModeGraph(**{name: arrays[f"{mode}.{name}"] for name in ARRAYS}) for mode in STREET_MODES}
    grid = SegmentGrid(**{field.name: arrays[f"grid.{field.name}"] for field in fields(SegmentGrid)})
    return Streets(**plain, **scalars, modes=modes, grid=grid)


def _mode_graph(
    mode: str,
    topology: Topology,
    rules: Array,
    at_junctions: tuple[Array, Array, Array],
    turns: Turns,
    effort: tuple[Array, Array],
    settings: StreetSettings,
) -> ModeGraph:
    access, delays, lift = at_junctions

    def of_links(name: str) -> Array:
        """Return a field of each link's rule."""
        return np.asarray(rules[:, WayRule._fields.index(name)][topology.rule])

    def both_ways(name: str) -> Array:
        """Return a field of each directed link's rule: along and against links in turn."""
        along, back = of_links(name), of_links(f"{name}_back")
        pair = [np.where(topology.against, back, along), np.where(topology.against, along, back)]
        return np.stack(pair, axis=1).reshape(-1)

    allowed = both_ways(mode).astype(np.int8)
    pushed = np.zeros(len(allowed), np.bool_)
    meters = np.repeat(topology.meters, 2)
    if mode == "bike":
        push = both_ways("push").astype(np.int8)
        pushed = push != CLOSED
        allowed = np.where(pushed, push, allowed)
    if mode == "drive":
        kph = both_ways("drive_kph") / settings.peak_factor
    else:
        kph = np.where(pushed | (mode == "walk"), settings.walk_kph, settings.bike_kph)
    ferry = np.repeat(topology.fixed, 2)
    fixed = np.where(np.isnan(ferry), 0.0, ferry)
    if mode != "drive":
        walking, riding = effort
        meters = meters * np.where(pushed | (mode == "walk"), walking, riding)
    seconds = np.where(np.isnan(ferry), meters / (kph / 3.6), ferry)
    tail = np.stack([topology.link_from, topology.link_to], axis=1).reshape(-1)
    head = tail.reshape(-1, 2)[:, ::-1].reshape(-1)
    if mode == "drive":
        # the way's direction at the link's far end decides which side's sign or signal one meets
        back = np.stack([topology.way_against_at_end, ~topology.way_against_at_start], axis=1).reshape(-1)
        delay = np.where(back, delays[head, 1], delays[head, 0])
    else:
        delay = np.where(lift[head], settings.elevator_seconds, 0.0)
    node_access_ = access[:, STREET_MODES.index(mode)]
    del meters, kph, ferry
    passage = Passage(
        tail,
        head,
        allowed,
        seconds,
        fixed,
        node_access_ == CLOSED,
        node_access_ == ENDS,
        delay,
        pushed,
    )
    if mode != "drive":
        graph = junction_graph(passage, topology.meters, settings.smallest_island_meters)
        attachable = graph.attachable & (of_links("street_class") != _FERRY)
    else:
        graph = link_graph(passage, turns, topology.meters, settings.smallest_island_meters)
        attachable = graph.attachable & (of_links("attachable_by_car") == 1)
    return ModeGraph(**{name: getattr(graph, name) for name in ARRAYS} | {"attachable": attachable})


def _effort(
    topology: Topology, lon: Array, lat: Array, over: Array, settings: StreetSettings
) -> tuple[tuple[Array, Array], pd.DataFrame]:
    """Return the factors of slopes on foot and by bicycle, and a notice of what is flat for want of heights."""
    walking = riding = np.ones(2 * len(topology.link_from))
    notes = []
    if settings.elevation is not None:
        walking, riding, unknown = climbs(topology, lon, lat, over, settings.elevation)
        nodes, streets = int(unknown.sum()), len(np.unique(topology.points))
        reason = f"{nodes:,} of {streets:,} nodes of streets have no height; what touches them is flat."
        notes += [("elevation", "no_height", reason)] if nodes else []
    return (walking, riding), pd.DataFrame(notes, columns=["row", "code", "reason"], dtype="string")


def _notes(
    elements: OsmElements, node_id: Array, way_rules: Array, is_street: Array, others: pd.DataFrame
) -> pd.DataFrame:
    """Return the SET_ASIDE table of ways that are no streets or cut, and of the other notices."""
    lengths = np.diff(elements.way_offset)
    way = np.repeat(np.arange(len(lengths)), lengths)
    cut = np.zeros(len(lengths), np.bool_)
    cut[way[positions(node_id, elements.way_nodes) < 0]] = True
    rows = []
    for i in np.flatnonzero(~is_street):
        if way_rules[i] < 0:
            kind = elements.way_tags["highway"].iloc[i]
            what = f"highway={kind}" if pd.notna(kind) else "This ferry"
            rows.append((str(elements.ways[i]), "set_aside", "no_access", f"{what}, as tagged, may be used by nobody."))
        else:
            rows.append((str(elements.ways[i]), "set_aside", "no_line", "Fewer than two nodes of the way are here."))
    border = "The extract lacks some of the way's nodes; it is cut there."
    rows += [(str(elements.ways[i]), "notice", "cut_at_border", border) for i in np.flatnonzero(is_street & cut)]
    ways = pd.DataFrame(rows, columns=["row", "outcome", "code", "reason"], dtype="string")
    table = pd.concat([ways, others.assign(outcome="notice")], ignore_index=True).assign(source="osm")
    return conform(table.sort_values(["outcome", "code", "row"], kind="stable", ignore_index=True), SET_ASIDE)


def _headings(topology: Topology, x: Array, y: Array) -> tuple[Array, Array]:
    """Return each directed link's direction at its start and at its end (radians from east)."""
    first, last = topology.point_offset[:-1], topology.point_offset[1:] - 1
    start = np.arctan2(y[first + 1] - y[first], x[first + 1] - x[first])
    end = np.arctan2(y[last] - y[last - 1], x[last] - x[last - 1])
    outward = np.stack([start, end + np.pi], axis=1).reshape(-1)
    inward = np.stack([end, start + np.pi], axis=1).reshape(-1)
    return outward, inward


def _grid(x: Array, y: Array, point_offset: Array) -> SegmentGrid:
    west, south = x.min(), y.min()
    columns = int((x.max() - west) // _GRID_METERS) + 1
    rows = int((y.max() - south) // _GRID_METERS) + 1
    frame = np.array([west, south, _GRID_METERS, columns, rows])
    point_link = np.repeat(np.arange(len(point_offset) - 1, dtype=np.int32), np.diff(point_offset))
    offset, segment = grid_segments(x, y, point_link, frame)
    steps = np.where(np.diff(point_link) == 0, np.hypot(np.diff(x), np.diff(y)), 0.0)
    return SegmentGrid(frame, offset, segment, point_link, np.concatenate([[0.0], np.cumsum(steps)]))
