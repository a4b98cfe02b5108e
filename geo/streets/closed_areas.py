"""Streets without the ground that somebody must keep out of: links are cut at its border, and nothing enters it.

A link that enters closed ground is closed from end to end, and what of it lies before the border and behind it is a
link of its own, a dead end: places along it are still reached from its open end. Links keep their numbers, and the
pieces follow them, so that what is attached elsewhere stays where it is.
"""

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

from geo.streets.build import Streets, lay_grid
from geo.streets.kernels_nearest import grid_segments
from geo.streets.mode_graph import ModeGraph
from geo.streets.uncrossable import Uncrossable

if TYPE_CHECKING:
    import shapely

Array = npt.NDArray[Any]
_MARGIN_METERS = 0.1
"""Pieces end so far before the border: what is rounded on the way to a map still lies outside."""
_SHORTEST_METERS = 1.0


@dataclass(frozen=True)
class _Pieces:
    """What is left of cut links, one row a piece: `link`, whether it is the link's `first` part, and its `meters`.

    `share` is the piece's part of the link's length.
    """

    link: Array
    first: Array
    meters: Array
    share: Array


def without_closed_ground(streets: Streets, closed: "shapely.Geometry") -> Streets:
    """Return the streets of one who keeps out of `closed` ground (local meters), its edge included."""
    cut, pieces = _cut(streets, closed)
    graphs = {mode: _cut_graph(graph, cut, pieces) for mode, graph in streets.modes.items()}
    offset, x, y = _lines(streets, pieces)
    nodes = len(streets.node_x) + np.arange(len(pieces.link), dtype=np.int32)
    begin, end = offset[len(streets.link_from) : -1], offset[len(streets.link_from) + 1 :]
    tips = np.where(pieces.first, end - 1, begin)
    same: dict[str, Any] = {
        name: _and(getattr(streets, name), getattr(streets, name)[pieces.link]) for name in _OF_LINKS
    }
    return replace(
        streets,
        node_x=_and(streets.node_x, x[tips]),
        node_y=_and(streets.node_y, y[tips]),
        link_from=_and(streets.link_from, np.where(pieces.first, streets.link_from[pieces.link], nodes)),
        link_to=_and(streets.link_to, np.where(pieces.first, nodes, streets.link_to[pieces.link])),
        link_meters=_and(streets.link_meters, streets.link_meters[pieces.link] * pieces.share),
        **same,
        geometry_offset=offset,
        geometry_x=x,
        geometry_y=y,
        modes=graphs,
        grid=lay_grid(x, y, offset),
        uncrossable=_with_border(streets.uncrossable, closed),
        memo={},
        closed=closed,
    )


_OF_LINKS = ("link_name", "link_ref", "link_class", "link_covered")


def _and(known: Array, more: Array) -> Array:
    """Return an array with more behind it, of its own type."""
    return np.concatenate([known, np.asarray(more).astype(known.dtype)])


def _cut(streets: Streets, closed: "shapely.Geometry") -> tuple[Array, _Pieces]:
    """Return bool[m], which links enter closed ground, and the pieces before the border and behind it."""
    import shapely

    x, y, link, measure = streets.geometry_x, streets.geometry_y, streets.grid.point_link, streets.grid.measure
    cut = np.zeros(len(streets.link_from), np.bool_)
    west, south, east, north = closed.bounds
    near = (np.maximum(x[:-1], x[1:]) >= west) & (np.minimum(x[:-1], x[1:]) <= east)
    near &= (np.maximum(y[:-1], y[1:]) >= south) & (np.minimum(y[:-1], y[1:]) <= north) & (link[:-1] == link[1:])
    segment = np.flatnonzero(near)
    points = np.column_stack([x, y])
    lines = shapely.linestrings(np.stack([points[segment], points[segment + 1]], axis=1))
    shapely.prepare(closed)
    hit = shapely.intersects(closed, lines)
    segment, inside = segment[hit], shapely.intersection(lines[hit], closed)
    links, first = np.unique(link[segment], return_index=True)
    last = np.append(first[1:], len(segment))[: len(links)] - 1
    cut[links] = True

    def off(rows: Array, end: Array) -> Array:
        """Return the meters from a segment's end to where closed ground begins on it."""
        return np.asarray(shapely.distance(shapely.points(points[end]), inside[rows]))

    start, stop = measure[streets.geometry_offset[links]], measure[streets.geometry_offset[links + 1] - 1]
    before = measure[segment[first]] - start + off(first, segment[first]) - _MARGIN_METERS
    behind = stop - measure[segment[last] + 1] + off(last, segment[last] + 1) - _MARGIN_METERS
    meters = np.stack([before, behind], axis=1).reshape(-1)
    keep = meters >= _SHORTEST_METERS
    share = meters / np.repeat(np.maximum(stop - start, _SHORTEST_METERS), 2)
    is_first = np.tile([True, False], len(links))
    return cut, _Pieces(np.repeat(links, 2)[keep], is_first[keep], meters[keep], share[keep])


def _lines(streets: Streets, pieces: _Pieces) -> tuple[Array, Array, Array]:
    """Return offset, x and y of all links' lines, the pieces' behind the others."""
    offset, measure = streets.geometry_offset, streets.grid.measure
    parts = []
    for link, first, meters in zip(pieces.link, pieces.first, pieces.meters, strict=True):
        own = slice(offset[link], offset[link + 1])
        along, points = measure[own], np.column_stack([streets.geometry_x[own], streets.geometry_y[own]])
        at = along[0] + meters if first else along[-1] - meters
        end = [[np.interp(at, along, points[:, axis]) for axis in (0, 1)]]
        parts.append(np.concatenate([points[along < at], end] if first else [end, points[along > at]]))
    counts = np.array([len(part) for part in parts], np.int64)
    more = np.concatenate(parts) if parts else np.empty((0, 2))
    return (
        _and(offset, offset[-1] + np.cumsum(counts)),
        _and(streets.geometry_x, more[:, 0]),
        _and(streets.geometry_y, more[:, 1]),
    )


def _cut_graph(graph: ModeGraph, cut: Array, pieces: _Pieces) -> ModeGraph:
    """Return a mode's graph without the cut links, and with a state for who starts on each piece.

    Nobody comes to such a state: it is left for the open end of the piece, by the turns of the whole link.
    """
    states, links = len(graph.indptr) - 1, len(cut)
    count = len(pieces.link)
    old = 2 * pieces.link + pieces.first  # the directed link by which one leaves the piece at its open end
    new = 2 * (links + np.arange(count)) + pieces.first
    source = np.repeat(np.arange(states), np.diff(graph.indptr))
    directed = graph.arc_link
    is_cut = (directed >= 0) & np.repeat(cut, 2)[directed]
    piece_of = np.full(2 * links, -1)
    piece_of[old] = np.arange(count)
    leaves = np.flatnonzero(is_cut & (piece_of[directed] >= 0) & (source == graph.leave_state[directed]))
    piece = piece_of[directed[leaves]]
    kept = np.flatnonzero(~is_cut)

    def shortened(whole: Array, of_link: Array) -> Array:
        """Return the arcs' seconds, of those that leave a piece without the rest of its link."""
        rest = (1.0 - pieces.share[piece]) * of_link[directed[leaves]]
        return _and(whole[kept], np.maximum(whole[leaves] - rest, 0.0))

    tail = _and(source[kept], states + piece)
    to, link = _and(graph.to[kept], graph.to[leaves]), _and(directed[kept], new[piece])
    seconds, fixed = shortened(graph.seconds, graph.link_seconds), shortened(graph.fixed, graph.link_fixed)
    order = np.lexsort((link, to, tail))
    tail, to, link = tail[order], to[order], link[order]
    back = np.argsort(to, kind="stable").astype(np.int32)
    total = states + count
    pointer = [np.concatenate([[0], np.cumsum(np.bincount(one, minlength=total))]) for one in (tail, to)]
    both = 2 * np.repeat(pieces.link, 2) + np.tile([0, 1], count)
    share, closed = np.repeat(pieces.share, 2), np.repeat(cut, 2)
    own = np.repeat(np.arange(states, total), 2)
    out = both == np.repeat(old, 2)
    return ModeGraph(
        indptr=pointer[0].astype(np.int32),
        to=to,
        seconds=seconds[order],
        fixed=fixed[order],
        arc_link=link,
        back_indptr=pointer[1].astype(np.int32),
        back_to=tail[back].astype(np.int32),
        back_arc=back,
        link_seconds=_and(np.where(closed, np.inf, graph.link_seconds), graph.link_seconds[both] * share),
        link_fixed=_and(graph.link_fixed, graph.link_fixed[both] * share),
        leave_state=_and(graph.leave_state, own),
        enter_state=_and(graph.enter_state, np.where(out, own, graph.enter_state[both])),
        attachable=_and(graph.attachable & ~cut, graph.attachable[pieces.link]),
        passed_over=_and(graph.passed_over & ~cut, graph.passed_over[pieces.link]),
        link_pushed=_and(graph.link_pushed, graph.link_pushed[both]),
    )


def _with_border(lines: Uncrossable, closed: "shapely.Geometry") -> Uncrossable:
    """Return what nobody walks across, with the border of closed ground."""
    import shapely

    rings = shapely.get_parts(shapely.boundary(closed))
    border, ring = shapely.get_coordinates(rings, return_index=True)
    whole = np.zeros(len(lines.x), np.bool_)
    whole[lines.segment] = True  # a line goes on from each of its points but the last
    line = np.concatenate([[0], np.cumsum(~whole)[:-1]]) if len(whole) else np.empty(0)
    number = _and(line, line.max(initial=-1) + 1 + ring).astype(np.int32)
    x, y = _and(lines.x, border[:, 0]), _and(lines.y, border[:, 1])
    offset, segment = grid_segments(x, y, number, lines.frame)
    return Uncrossable(x, y, _and(lines.weight, np.ones(len(border))), lines.frame, offset, segment)
