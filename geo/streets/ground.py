"""OpenStreetMap elements → junctions and links, before a graph is made of them for each mode."""

from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from geo.crs import to_meters
from geo.errors import InputError
from geo.streets.elements import OsmElements
from geo.streets.tags import StreetSettings, WayRule
from geo.streets.topology import (
    Labels,
    Topology,
    distinct_rules,
    lay_topology,
    positions,
    rules_at_nodes,
    tag_records,
    usable_segments,
    way_labels,
)
from geo.streets.turn_restrictions import via_way_ends

Array = npt.NDArray[Any]


class Ground(NamedTuple):
    """Junctions and links, before a graph is made of them for each mode.

    Attributes
    ----------
    topology
        Links as chains of OSM segments.
    rules
        float64[r, fields of `WayRule`]; `Topology.rule` is a position in it.
    labels
        Names and numbers; `Topology.name` and `Topology.ref` are positions in them.
    way_rules, is_street
        int64[w], bool[w]: each way's rule (-1 none), and whether a link runs along it.
    node_id, lon, lat
        OSM nodes, ascending; `Topology.osm_node` and `Topology.points` are positions in them.
    at_junctions
        Access of each mode, a car's delay along and against the way (seconds), elevators, signals.
    node_x, node_y, geometry_x, geometry_y
        Local meters of junctions and of the points of links.
    """

    topology: Topology
    rules: Array
    labels: Labels
    way_rules: Array
    is_street: Array
    node_id: Array
    lon: Array
    lat: Array
    at_junctions: tuple[Array, Array, Array, Array]
    node_x: Array
    node_y: Array
    geometry_x: Array
    geometry_y: Array


def lay_ground(elements: OsmElements, crs: str, settings: StreetSettings) -> Ground:
    """Return what the graphs of all modes stand on; what is as long as the extract, and needed no more, is gone.

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
    labels = way_labels(elements)
    rules, way_group, way_rules = distinct_rules(elements, labels, settings)
    node_tags = tag_records(elements.node_tags)
    tagged = np.searchsorted(node_id, elements.tagged_nodes).clip(max=len(node_id) - 1)
    known = node_id[tagged] == elements.tagged_nodes
    at_nodes = [(node, tags) for node, tags, ok in zip(tagged, node_tags, known, strict=True) if ok]
    access, delay, lift, signals = rules_at_nodes(at_nodes, len(node_id), settings)
    via = positions(node_id, elements.restrictions.query("role == 'via' and member == 'n'")["ref"].to_numpy())
    forced = (access != 1).any(axis=1) | (delay > 0).any(axis=1) | lift
    via = np.concatenate([via, positions(node_id, via_way_ends(elements))])
    forced[via[via >= 0]] = True

    segments = usable_segments(elements, node_id, rules, way_rules, way_group)
    if not len(segments.start):
        raise InputError("Expected streets that someone may use, but found none; try another extract.")
    topology = lay_topology(elements, segments, forced, (lon, lat), (x, y), way_rules, labels, settings)
    is_street = np.zeros(len(elements.ways), np.bool_)
    is_street[segments.way] = True
    at = topology.osm_node
    return Ground(
        topology=topology,
        rules=np.array(rules, np.float64).reshape(-1, len(WayRule._fields)),
        labels=labels,
        way_rules=way_rules,
        is_street=is_street,
        node_id=node_id,
        lon=lon,
        lat=lat,
        at_junctions=(access[at], delay[at], lift[at], signals[at]),
        node_x=x[at],
        node_y=y[at],
        geometry_x=x[topology.points],
        geometry_y=y[topology.points],
    )
