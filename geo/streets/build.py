"""OpenStreetMap elements → streets: one topology of junctions and links, and a directed graph for each mode."""

from collections.abc import Hashable
from dataclasses import dataclass, field, fields, replace
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from geo.streets.built_up import built_up
from geo.streets.elements import OsmElements
from geo.streets.elevation import climbs
from geo.streets.ground import lay_ground
from geo.streets.kernels_nearest import grid_segments
from geo.streets.mode_graph import ARRAYS, ModeGraph, Passage, Turns, junction_graph, link_graph
from geo.streets.signals import waits
from geo.streets.tags import CLASSES, CLOSED, ENDS, NODE_KEYS, RESTRICTION_KEYS, WAY_KEYS, StreetSettings, WayRule
from geo.streets.topology import (
    STREET_MODES,
    Topology,
    off_ground,
    positions,
)
from geo.streets.traffic import Traffic, traffic_from_arrays
from geo.streets.turn_restrictions import banned_turns
from geo.streets.uncrossable import Uncrossable, lay_uncrossable, square_meters
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
_NESTED = ("modes", "grid", "uncrossable", "traffic", "memo", "closed")
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
        int32[m], text: -1 = unnamed. A road without a name goes by its number.
    link_ref, refs
        int32[m], text: the road's number, e.g. ``"US 25;US 42"``; -1 = none.
    link_class
        int8[m]: position in `CLASSES`.
    link_covered
        bool[m]: in a tunnel, under a roof or indoors.
    geometry_offset, geometry_x, geometry_y
        int32[m+1], float64: each link's line from → to, local meters.
    modes
        ``"walk"``, ``"bike"``, ``"drive"``.
    grid, uncrossable
        For attaching points.
    walk_kph, bike_kph
        Speeds the graphs were built for; driving is at free speed, and `traffic` slows it.
    traffic
        How much, by hour and kind of road.
    memo
        What searches derived and may use again; no part of the streets' value.
    closed
        The ground that nobody enters on these streets, see `geo.streets.closed_areas`; None = one may go anywhere.
    """

    crs: str
    node_x: Array
    node_y: Array
    link_from: Array
    link_to: Array
    link_meters: Array
    link_name: Array
    names: Array
    link_ref: Array
    refs: Array
    link_class: Array
    link_covered: Array
    geometry_offset: Array
    geometry_x: Array
    geometry_y: Array
    modes: dict[str, ModeGraph]
    grid: SegmentGrid
    uncrossable: Uncrossable
    walk_kph: float
    bike_kph: float
    traffic: Traffic
    memo: dict[Hashable, Any] = field(default_factory=dict, repr=False, compare=False)
    closed: Any = field(default=None, repr=False, compare=False)


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
    ground = lay_ground(elements, crs, settings)
    topology, rules = ground.topology, ground.rules
    tail = np.stack([topology.link_from, topology.link_to], axis=1).reshape(-1)
    head = tail.reshape(-1, 2)[:, ::-1].reshape(-1)
    banned, sequences, restrictions = banned_turns(elements, topology, tail, head)
    outward, inward = _headings(topology, ground.geometry_x, ground.geometry_y)
    turns = Turns(outward, inward, banned, sequences, settings.turn_seconds, settings.turn_bias)
    effort, heights = _effort(topology, ground.lon, ground.lat, off_ground(elements), settings)
    link_class = rules[topology.rule, WayRule._fields.index("street_class")].astype(np.int8)
    lines = topology.point_offset, ground.geometry_x, ground.geometry_y, topology.step_meters, topology.meters
    town = built_up(link_class, *lines)
    modes = {
        mode: _mode_graph(mode, topology, rules, ground.at_junctions, turns, effort, town, settings)
        for mode in STREET_MODES
    }
    covered = rules[topology.rule, WayRule._fields.index("covered")] == 1
    others = pd.concat([restrictions, heights, _passed_over_notes(modes, topology.meters, covered)])
    notes = _notes(elements, ground.node_id, ground.way_rules, ground.is_street, others)
    streets = Streets(
        crs=crs,
        node_x=ground.node_x,
        node_y=ground.node_y,
        link_from=topology.link_from,
        link_to=topology.link_to,
        link_meters=topology.meters.astype(np.float32),
        link_name=topology.name.astype(np.int32),
        names=ground.labels.names,
        link_ref=topology.ref.astype(np.int32),
        refs=ground.labels.refs,
        link_class=link_class,
        link_covered=covered,
        geometry_offset=topology.point_offset.astype(np.int32),
        geometry_x=ground.geometry_x,
        geometry_y=ground.geometry_y,
        modes=modes,
        grid=lay_grid(ground.geometry_x, ground.geometry_y, topology.point_offset),
        uncrossable=lay_uncrossable(elements, crs, ground.geometry_x, ground.geometry_y),
        walk_kph=settings.walk_kph,
        bike_kph=settings.bike_kph,
        traffic=settings.traffic,
    )
    return streets, notes


def streets_to_arrays(streets: Streets) -> dict[str, Array]:
    """Return plain arrays for `numpy.savez`; `streets_from_arrays` reads them back without pickle."""
    arrays = {
        field.name: np.asarray(getattr(streets, field.name)) for field in fields(Streets) if field.name not in _NESTED
    }
    for mode, graph in streets.modes.items():
        arrays |= {f"{mode}.{name}": getattr(graph, name) for name in ARRAYS}
    for part in ("grid", "uncrossable", "traffic"):
        held = getattr(streets, part)
        arrays |= {f"{part}.{field.name}": np.asarray(getattr(held, field.name)) for field in fields(held)}
    return arrays


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
    uncrossable = Uncrossable(**{field.name: arrays[f"uncrossable.{field.name}"] for field in fields(Uncrossable)})
    traffic = traffic_from_arrays({field.name: arrays[f"traffic.{field.name}"] for field in fields(Traffic)})
    return Streets(**plain, **scalars, modes=modes, grid=grid, uncrossable=uncrossable, traffic=traffic)


def _mode_graph(
    mode: str,
    topology: Topology,
    rules: Array,
    at_junctions: tuple[Array, ...],
    turns: Turns,
    effort: tuple[Array, Array],
    town: Array,
    settings: StreetSettings,
) -> ModeGraph:
    access, delays, lift, signals = at_junctions

    def of_links(name: str) -> Array:
        """Return a field of each link's rule."""
        return np.asarray(rules[:, WayRule._fields.index(name)][topology.rule])

    def both_ways(name: str) -> Array:
        """Return a field of each directed link's rule: along and against links in turn."""
        along, back = of_links(name), of_links(f"{name}_back")
        pair = [np.where(topology.against, back, along), np.where(topology.against, along, back)]
        return np.stack(pair, axis=1).reshape(-1)

    allowed = both_ways(mode).astype(np.int8)
    covered = of_links("covered") == 1
    pushed = np.zeros(len(allowed), np.bool_)
    meters = np.repeat(topology.meters, 2)
    if mode == "bike":
        push = both_ways("push").astype(np.int8)
        pushed = push != CLOSED
        allowed = np.where(pushed, push, allowed)
    if mode == "drive":
        share = np.repeat(town, 2)
        kph = 1 / (share / both_ways("town_kph") + (1 - share) / both_ways("drive_kph"))
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
        faced = signals[head] & (delay > 0)
        delay[faced & ~waits(tail, head, meters, allowed != CLOSED, faced)] = 0.0
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
    is_street = (of_links("attachable_by_car") == 1) if mode == "drive" else (of_links("street_class") != _FERRY)
    homes_along = np.where(is_street & ~covered, topology.meters, 0.0)  # a motorway makes no place's network
    if mode != "drive":
        graph = junction_graph(passage, homes_along, settings.main_network_share)
    else:
        graph = link_graph(passage, turns, homes_along, settings.main_network_share)
    attachable = graph.attachable & is_street & ~covered
    passed_over = is_street & ((allowed[::2] != CLOSED) | (allowed[1::2] != CLOSED)) & ~attachable
    return replace(graph, attachable=attachable, passed_over=passed_over)


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


def _passed_over_notes(modes: dict[str, ModeGraph], meters: Array, covered: Array) -> pd.DataFrame:
    """Return a notice for each mode and reason that points are not attached to streets, with their length."""
    rows = []
    for mode, graph in modes.items():
        for code, chosen, where in (
            ("leads_nowhere", graph.passed_over & ~covered, "lead to no larger network and back"),
            ("covered", graph.passed_over & covered, "are tunnels, under a roof or indoors"),
        ):
            if chosen.any():
                length = f"{meters[chosen].sum() / 1000:,.1f} km of streets ({int(chosen.sum()):,} pieces)"
                rows.append((mode, code, f"{length} {where} ({mode}); no place and no stop is attached to them."))
    return pd.DataFrame(rows, columns=["row", "code", "reason"], dtype="string")


def _notes(
    elements: OsmElements, node_id: Array, way_rules: Array, is_street: Array, others: pd.DataFrame
) -> pd.DataFrame:
    """Return the SET_ASIDE table of ways that are no streets or cut, and of the other notices."""
    lengths = np.diff(elements.way_offset)
    way = np.repeat(np.arange(len(lengths)), lengths)
    cut = np.zeros(len(lengths), np.bool_)
    cut[way[positions(node_id, elements.way_nodes) < 0]] = True
    astray = np.zeros(len(lengths), np.bool_)
    astray[way[np.isin(elements.way_nodes, elements.misplaced)]] = True
    border, wrong = (
        "The extract lacks some of the way's nodes; it is cut there.",
        "Some of the way's nodes are at 0, 0 or too far from the rest to belong to it; it is cut there.",
    )
    rows = []
    for i in np.flatnonzero(~is_street):
        if way_rules[i] < 0:
            kind = elements.way_tags["highway"].iloc[i]
            what = f"highway={kind}" if pd.notna(kind) else "This ferry"
            rows.append((str(elements.ways[i]), "set_aside", "no_access", f"{what}, as tagged, may be used by nobody."))
        elif astray[i]:
            rows.append((str(elements.ways[i]), "set_aside", "misplaced_node", wrong))
        else:
            rows.append((str(elements.ways[i]), "set_aside", "no_line", "Fewer than two nodes of the way are here."))
    for i in np.flatnonzero(is_street & cut):
        code, reason = ("misplaced_node", wrong) if astray[i] else ("cut_at_border", border)
        rows.append((str(elements.ways[i]), "notice", code, reason))
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


def lay_grid(x: Array, y: Array, point_offset: Array) -> SegmentGrid:
    """Return the grid of the links' lines; link i's points start at ``point_offset[i]`` (local meters)."""
    west, south = x.min(), y.min()
    side = square_meters(x.max() - west, y.max() - south, _GRID_METERS)
    columns = int((x.max() - west) // side) + 1
    rows = int((y.max() - south) // side) + 1
    frame = np.array([west, south, side, columns, rows])
    point_link = np.repeat(np.arange(len(point_offset) - 1, dtype=np.int32), np.diff(point_offset))
    offset, segment = grid_segments(x, y, point_link, frame)
    steps = np.where(np.diff(point_link) == 0, np.hypot(np.diff(x), np.diff(y)), 0.0)
    return SegmentGrid(frame, offset, segment, point_link, np.concatenate([[0.0], np.cumsum(steps)]))
