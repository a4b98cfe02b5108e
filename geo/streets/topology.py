"""OSM ways and their rules → junctions and links, in an order that keeps near ones together."""

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd
from pyproj import Geod

from geo.streets.elements import OsmElements
from geo.streets.simplification import Segments, contract
from geo.streets.tags import CLASSES, StreetSettings, Tags, WayRule, ferry_seconds, node_access, node_delay, way_rule

Array = npt.NDArray[Any]
STREET_MODES = ("walk", "bike", "drive")
_FERRY = CLASSES.index("ferry")
_NO_RULE = ["name", "duration", "bridge", "tunnel"]
"""Tags that change nothing of who may use a way, and how fast."""


@dataclass(frozen=True)
class Topology:
    """Links as chains of OSM segments, with what is the same all along each."""

    osm_node: Array  # positions of OSM nodes, junction by junction
    link_from: Array
    link_to: Array
    points: Array  # positions of OSM nodes along each link
    point_offset: Array
    way_of_step: Array  # position of the way, for each step between two points of a link
    step_meters: Array
    meters: Array
    rule: Array
    against: Array  # the way's direction runs against the link
    name: Array
    fixed: Array  # seconds of a ferry, NaN elsewhere
    way_at_start: Array
    way_at_end: Array
    way_against_at_start: Array
    way_against_at_end: Array


def tag_records(tags: pd.DataFrame) -> list[Tags]:
    """Return each row's tags as a dict, without the missing ones."""
    rows: list[dict[str, str]] = [{} for _ in range(len(tags))]
    for key in tags:
        column = tags[key]
        for i in np.flatnonzero(column.notna().to_numpy()):
            rows[i][str(key)] = str(column.iloc[i])
    return list(rows)


def positions(sorted_ids: Array, ids: Array) -> Array:
    """Return the position of each id, -1 where it is not there."""
    at = np.searchsorted(sorted_ids, ids).clip(max=len(sorted_ids) - 1)
    return np.where(sorted_ids[at] == ids, at, -1)


def distinct_rules(elements: OsmElements, settings: StreetSettings) -> tuple[list[WayRule], Array, Array, Array, Array]:
    """Return the distinct rules; each way's group (what must be equal to merge), rule (-1 none) and name."""
    tags = elements.way_tags
    codes = np.zeros(len(tags), np.int64)
    for key in tags.columns.drop(_NO_RULE):
        codes, _ = pd.factorize(codes * (tags[key].nunique() + 2) + pd.factorize(tags[key])[0] + 1)
    kinds, first, kind_of = np.unique(codes, return_index=True, return_inverse=True)
    way_rows = [way_rule(row, settings) for row in tag_records(tags.drop(columns=_NO_RULE).iloc[first])]
    rules = sorted({rule for rule in way_rows if rule})
    position = {rule: i for i, rule in enumerate(rules)}
    rule_of_kind = np.array([position[rule] if rule else -1 for rule in way_rows], np.int64)
    way_rules = rule_of_kind[kind_of] if len(kinds) else np.empty(0, np.int64)
    way_names, names = pd.factorize(tags["name"].astype("object"), sort=True)
    group = (way_rules + 1) * (len(names) + 1) + way_names + 1
    return rules, group, way_rules, np.asarray(names, dtype=str), way_names


def off_ground(elements: OsmElements) -> Array:
    """Return bool[ways]: bridges and tunnels."""
    tags = elements.way_tags[["bridge", "tunnel"]].astype("object")
    return np.asarray((tags.notna() & (tags != "no")).any(axis=1))


def rules_at_nodes(
    at_nodes: list[tuple[int, Tags]], nodes: int, settings: StreetSettings
) -> tuple[Array, Array, Array]:
    """Return by OSM node: access of each mode, a car's delay along and against the way, and elevators."""
    access = np.ones((nodes, len(STREET_MODES)), np.int8)
    delay = np.zeros((nodes, 2))
    lift = np.zeros(nodes, np.bool_)
    for node, tags in at_nodes:
        access[node] = node_access(tags)
        delay[node] = node_delay(tags, settings)
        lift[node] = tags.get("highway") == "elevator"
    return access, delay, lift


def usable_segments(
    elements: OsmElements, node_id: Array, rules: list[WayRule], way_rules: Array, way_group: Array
) -> Segments:
    """Return the usable segments, by way id and position; ways are cut at nodes the extract lacks."""
    lengths = np.diff(elements.way_offset)
    way = np.repeat(np.arange(len(lengths), dtype=np.int32), lengths)
    node = positions(node_id, elements.way_nodes).astype(np.int32)
    if not (elements.ways[1:] >= elements.ways[:-1]).all():
        order = np.argsort(elements.ways[way], kind="stable")
        way, node = way[order], node[order]
    start, end = node[:-1], node[1:]
    good = (way[:-1] == way[1:]) & (start >= 0) & (end >= 0) & (start != end) & (way_rules[way[:-1]] >= 0)
    way = way[:-1][good]
    rule = way_rules[way]
    two_way = np.array(
        [
            (r.walk, r.bike, r.push, r.drive, r.drive_kph)
            == (r.walk_back, r.bike_back, r.push_back, r.drive_back, r.drive_kph_back)
            for r in rules
        ],
        np.bool_,
    )
    ferry = np.array([r.street_class == _FERRY for r in rules], np.bool_)[rule] if rules else np.empty(0, bool)
    group = np.where(ferry, -1 - way, way_group[way])
    return Segments(start[good], end[good], way, group, two_way[rule] if rules else np.empty(0, bool))


def lay_topology(
    elements: OsmElements,
    segments: Segments,
    forced: Array,
    degrees: tuple[Array, Array],
    meters: tuple[Array, Array],
    way_rules: Array,
    way_names: Array,
    settings: StreetSettings,
) -> Topology:
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
    osm_node = ends[np.lexsort((ends, _morton(meters[0][ends], meters[1][ends])))]
    number = np.full(len(lon), -1, np.int32)
    number[osm_node] = np.arange(len(osm_node))
    order = np.lexsort((np.arange(len(first)), number[step_to[last]], number[step_from[first]]))
    counts = np.diff(chains.offset)[order]
    offset = np.concatenate([[0], np.cumsum(counts)])
    steps = np.repeat((first[order] - offset[:-1]).astype(np.int32), counts) + np.arange(offset[-1], dtype=np.int32)
    link_meters = np.add.reduceat(lengths[chains.segment[steps]], offset[:-1])
    way = segments.way[chains.segment]
    ferry = segments.group[chains.segment[first[order]]] < 0
    fixed = np.full(len(order), np.nan)
    fixed[ferry] = _ferries(elements, segments, lengths, way[first[order]][ferry], link_meters[ferry], settings)
    point_offset = offset + np.arange(len(offset))
    points = np.empty(point_offset[-1], np.int32)
    points[point_offset[1:] - 1] = step_to[last[order]]
    points[np.arange(len(steps)) + np.repeat(np.arange(len(order)), counts)] = step_from[steps]
    return Topology(
        osm_node=osm_node,
        link_from=number[step_from[first[order]]],
        link_to=number[step_to[last[order]]],
        points=points,
        point_offset=point_offset,
        way_of_step=way[steps],
        step_meters=lengths[chains.segment[steps]],
        meters=link_meters,
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
    elements: OsmElements, segments: Segments, lengths: Array, way: Array, meters: Array, settings: StreetSettings
) -> Array:
    """Return the seconds of ferry links: their share of the way's duration."""
    way_meters = np.bincount(segments.way, weights=lengths, minlength=len(elements.ways))
    durations = elements.way_tags["duration"]
    seconds = [ferry_seconds(str(durations.iloc[i])) if pd.notna(durations.iloc[i]) else None for i in way]
    per_meter = [
        3.6 / settings.ferry_kph if s is None else s / way_meters[i] for s, i in zip(seconds, way, strict=True)
    ]
    return np.asarray(per_meter) * meters


def _morton(x: Array, y: Array) -> Array:
    """Return positions on a Z-order curve over squares of 64 m."""
    code = np.zeros(len(x), np.int64)
    column = ((x - x.min(initial=0)) // 64).astype(np.int64)
    row = ((y - y.min(initial=0)) // 64).astype(np.int64)
    for bit in range(24):
        code |= ((column >> bit) & 1) << (2 * bit) | ((row >> bit) & 1) << (2 * bit + 1)
    return code
