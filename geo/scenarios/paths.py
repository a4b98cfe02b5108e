"""Footpaths and bridges written into what OpenStreetMap says of a region, as its mappers would."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from geo.crs import line_meters, to_degrees, to_meters
from geo.errors import InputError
from geo.phrases import Phrase
from geo.scenarios.changes import PathAdded
from geo.streets.build import Streets, build_streets
from geo.streets.elements import OsmElements
from geo.streets.snapping import attach, place, segments, too_far
from geo.streets.tags import StreetSettings

LONGEST_METERS = 5000.0
TO_STREET_METERS = 100.0
"""A path whose end is farther from any street leads nowhere, or its coordinates have a slip."""
_SAME_METERS = 0.5

Array = npt.NDArray[Any]


@dataclass(frozen=True)
class StreetSource:
    """What a region's streets were built from, so that they can be built again with a path more."""

    elements: OsmElements
    settings: StreetSettings


def lay_path(streets: Streets, source: StreetSource, change: PathAdded) -> tuple[Streets, StreetSource, str]:
    """Return the streets with a path more, what they are built from now, and what it does in a sentence.

    Raises
    ------
    OutsideRegionError
        An end is too far from any street where one may walk.
    InputError
        It is too long, or begins and ends at one place.
    """
    name = change.name or Phrase("The new path")
    lon, lat = (np.array(axis, np.float64) for axis in zip(*change.points, strict=True))
    first, last = (_end(streets, source.elements, float(lon[end]), float(lat[end]), name) for end in (0, -1))
    if np.hypot(first.x - last.x, first.y - last.y) <= _SAME_METERS or first.node == last.node >= 0:
        raise InputError("{path} begins and ends at one place of the streets; check its points.", path=name)
    elements, nodes = _with_ends(source.elements, (first, last), streets.crs)
    inner = range(int(elements.node_id.max()) + 1, int(elements.node_id.max()) + len(lon) - 1)
    elements = _with_nodes(elements, inner, lon[1:-1], lat[1:-1])
    elements = _with_way(elements, [nodes[0], *inner, nodes[1]], change.name)
    meters = line_meters(*_degrees_of(elements, [nodes[0], *inner, nodes[1]]), streets.crs)
    if meters > LONGEST_METERS:
        raise InputError(
            "{path} is {meters:,.0f} m long, and {most:,.0f} m are the most; check its points.",
            path=name, meters=meters, most=LONGEST_METERS,
        )  # fmt: skip
    changed = replace(source, elements=elements)
    return build_streets(elements, streets.crs, source.settings), changed, f"{name} opens: {meters:,.0f} m on foot."


@dataclass(frozen=True)
class _End:
    """Where a path meets a street, in local meters: at a node that is there, or (-1) on a segment of a way.

    `position`: of the segment in `way_nodes`; `along`: meters from its beginning.
    """

    node: int
    position: int
    along: float
    x: float
    y: float


def _end(streets: Streets, elements: OsmElements, lon: float, lat: float, name: str | Phrase) -> _End:
    """Return where on the nearest street where one may walk a path ends."""
    on = attach(streets, [lon], [lat], "walk", TO_STREET_METERS)
    if on.link[0] < 0:
        raise too_far(streets, lon, lat, Phrase("{path}: its end", path=name), "walk", TO_STREET_METERS)
    x, y = (float(axis[0]) for axis in place(streets, on))
    at = int(segments(streets, on)[0][0])
    ends = np.stack([streets.geometry_x[at : at + 2], streets.geometry_y[at : at + 2]], axis=1)
    position, both = _segment(elements, ends, streets.crs)
    end_x, end_y = to_meters(*_degrees_of(elements, both), streets.crs)
    meters = np.hypot(end_x - x, end_y - y).tolist()
    near = int(np.argmin(meters))
    return _End(both[near] if meters[near] <= _SAME_METERS else -1, position, meters[0], x, y)


def _with_ends(elements: OsmElements, ends: tuple[_End, _End], crs: str) -> tuple[OsmElements, list[int]]:
    """Return elements with a node at each end, in their order along the way, and the nodes' ids."""
    new = sorted((end for end in ends if end.node < 0), key=lambda end: (end.position, end.along))
    if not new:
        return elements, [end.node for end in ends]
    ids = [int(elements.node_id.max()) + 1 + number for number in range(len(new))]
    lon, lat = to_degrees([end.x for end in new], [end.y for end in new], crs)
    offset = elements.way_offset.copy()
    for end in new:
        way = np.searchsorted(elements.way_offset, end.position, side="right") - 1
        offset[way + 1 :] += 1
    way_nodes = np.insert(elements.way_nodes, [end.position + 1 for end in new], ids)
    grown = replace(_with_nodes(elements, ids, lon, lat), way_offset=offset, way_nodes=way_nodes)
    return grown, [end.node if end.node >= 0 else ids[new.index(end)] for end in ends]


def _segment(elements: OsmElements, ends: Array, crs: str) -> tuple[int, tuple[int, int]]:
    """Return where in `way_nodes` the segment between two places (local meters) begins, and its nodes."""
    order = np.argsort(elements.node_id)
    known = elements.node_id[order]
    x, y = to_meters(elements.node_lon, elements.node_lat, crs)
    at = np.searchsorted(known, elements.way_nodes).clip(max=len(known) - 1)
    there = known[at] == elements.way_nodes
    points = np.stack([x, y], axis=1)[order][at]
    points[~there] = np.inf
    follows = np.ones(len(at), bool)
    follows[elements.way_offset[1:] - 1] = False
    first = np.flatnonzero(follows[:-1])
    apart = [
        np.hypot(*(points[first] - ends[one]).T) + np.hypot(*(points[first + 1] - ends[1 - one]).T) for one in (0, 1)
    ]
    best = int(first[np.argmin(np.minimum(*apart))])
    return best, (int(elements.way_nodes[best]), int(elements.way_nodes[best + 1]))


def _degrees_of(elements: OsmElements, nodes: Sequence[int]) -> tuple[Array, Array]:
    rows = pd.Index(elements.node_id).get_indexer(pd.Index(nodes))
    return elements.node_lon[rows], elements.node_lat[rows]


def _with_nodes(elements: OsmElements, ids: Any, lon: Array, lat: Array) -> OsmElements:
    return replace(
        elements,
        node_id=np.concatenate([elements.node_id, np.array(list(ids), elements.node_id.dtype)]),
        node_lon=np.concatenate([elements.node_lon, lon]),
        node_lat=np.concatenate([elements.node_lat, lat]),
    )


def _with_way(elements: OsmElements, nodes: list[int], name: str) -> OsmElements:
    """Return elements with a way for people on foot more; it is a bridge, so that no shore is in its way."""
    tags = {"highway": "footway", "bridge": "yes", **({"name": name} if name else {})}
    row = pd.DataFrame([{key: tags.get(str(key)) for key in elements.way_tags}]).astype(elements.way_tags.dtypes)
    return replace(
        elements,
        ways=np.append(elements.ways, elements.ways.max() + 1),
        way_tags=pd.concat([elements.way_tags, row], ignore_index=True),
        way_offset=np.append(elements.way_offset, elements.way_offset[-1] + len(nodes)),
        way_nodes=np.concatenate([elements.way_nodes, np.array(nodes, elements.way_nodes.dtype)]),
    )
