"""A mode graph made ready for searching: its side streets are taken out first and filled in last.

States with at most two neighbours (dead ends, bends, and what becomes one as these go) are taken out one after the
other; their neighbours keep an arc that is as long as the way through them. A search runs on the core that is left,
less than half of a street network, and then fills the rest in, level by level: the same seconds, sooner.
A contraction hierarchy that stops early: Geisberger, Sanders, Schultes and Vetter, "Exact Routing in Large Road
Networks Using Contraction Hierarchies", Transportation Science 46 (2012); the filling in is PHAST's: Delling,
Goldberg, Nowatzyk and Werneck, Journal of Parallel and Distributed Computing 73 (2013).
"""

from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import numpy.typing as npt

from geo.kernels_core import eliminate
from geo.mode_graphs import ModeGraph

Array = npt.NDArray[Any]


@dataclass(frozen=True)
class SearchArcs:
    """The arcs of one direction of searching.

    Attributes
    ----------
    indptr, to, seconds
        uint32[s+1], uint32, float32: arcs within the core, and from states outside it towards it. Unsigned, so that
        compiled loops need not look for places counted from the end.
    own
        int32: position in the mode graph of an arc whose seconds don't change as the mode's speed does (a ferry, an
        elevator, a bicycle pushed); -1 of all others.
    down_indptr, down_to, down_seconds
        The arcs away from the core.
    """

    indptr: Array
    to: Array
    seconds: Array
    own: Array
    down_indptr: Array
    down_to: Array
    down_seconds: Array


@dataclass(frozen=True)
class SearchCore:
    """Both directions of a mode graph, made ready.

    Attributes
    ----------
    level
        int32[s]: 0 in the core; elsewhere one more than the highest level of the neighbours towards it.
    forward, backward
        Along the arcs, and against them.
    """

    level: Array
    forward: SearchArcs
    backward: SearchArcs


def search_core(graph: ModeGraph) -> SearchCore:
    """Return a mode graph made ready for searching, at the speeds it was built for."""
    pushed = graph.link_pushed[graph.arc_link] & (graph.arc_link >= 0)
    return core_of(graph.indptr, graph.to, graph.seconds, pushed | (graph.fixed > 0))


def core_of(indptr: Array, to: Array, seconds: Array, apart: Array) -> SearchCore:
    """Return a graph of states and arcs made ready for searching.

    Parameters
    ----------
    indptr, to, seconds
        Of the arcs.
    apart
        bool[a]: arcs that stay as they are, for their seconds change otherwise than those of the rest.
    """
    states = len(indptr) - 1
    source = np.repeat(np.arange(states, dtype=np.int32), np.diff(indptr))
    own = np.flatnonzero(apart)
    kept = np.zeros(states, np.bool_)
    kept[source[own]] = kept[to[own]] = True
    plain = ~apart & (source != to)
    tail, head, cost = source[plain], to[plain], seconds[plain].astype(np.float64)
    # each pair of neighbours both ways round: the seconds there, and back
    here, there = np.concatenate([tail, head]), np.concatenate([head, tail])
    never = np.full(len(cost), np.inf)
    out, back = np.concatenate([cost, never]), np.concatenate([never, cost])
    order = np.lexsort((there, here))
    here, there, out, back = here[order], there[order], out[order], back[order]
    if len(here):
        first = np.flatnonzero(np.append(True, (np.diff(here) != 0) | (np.diff(there) != 0)))
        here, there = here[first], there[first]
        out, back = np.minimum.reduceat(out, first), np.minimum.reduceat(back, first)
    pointer = np.concatenate([[0], np.cumsum(np.bincount(here, minlength=states))]).astype(np.int32)
    count, there, out, back, level = eliminate(pointer, there.astype(np.int32), out, back, kept)
    here = np.repeat(np.arange(states, dtype=np.int32), count)
    entry = np.repeat(pointer[:-1], count) + np.arange(len(here)) - np.repeat(np.cumsum(count) - count, count)
    there, out, back = there[entry], out[entry], back[entry]
    tail, head, cost = source[own], to[own], seconds[own]
    return SearchCore(
        level,
        _arcs(level, (here, there, out, back), (tail, head, cost, own)),
        _arcs(level, (here, there, back, out), (head, tail, cost, own)),
    )


def at_pace(core: SearchCore, scale: float, seconds: Array) -> SearchCore:
    """Return the core with every arc taking `scale` times as long; those apart, as in float32[a] `seconds`."""
    if scale == 1.0 and not (core.forward.own >= 0).any():
        return core

    def changed(arcs: SearchArcs) -> SearchArcs:
        cost = np.where(arcs.own >= 0, seconds[arcs.own], arcs.seconds * np.float32(scale))
        return replace(arcs, seconds=cost, down_seconds=arcs.down_seconds * np.float32(scale))

    return SearchCore(core.level, changed(core.forward), changed(core.backward))


def _arcs(
    level: Array, pairs: tuple[Array, Array, Array, Array], apart: tuple[Array, Array, Array, Array]
) -> SearchArcs:
    """Return the arcs of a direction from neighbours (state, neighbour, seconds there, back) and the arcs apart."""
    states = len(level)
    here, there, out, back = pairs
    onward, away = np.isfinite(out), np.isfinite(back) & (level[here] > 0)
    source = np.concatenate([here[onward], apart[0]])
    order = np.argsort(source, kind="stable")
    downward = np.argsort(there[away], kind="stable")

    def indptr(ends: Array) -> Array:
        return np.concatenate([[0], np.cumsum(np.bincount(ends, minlength=states))]).astype(np.uint32)

    return SearchArcs(
        indptr(source),
        np.concatenate([there[onward], apart[1]])[order].astype(np.uint32),
        np.concatenate([out[onward], apart[2]])[order].astype(np.float32),
        np.concatenate([np.full(onward.sum(), -1), apart[3]])[order].astype(np.int32),
        indptr(there[away]),
        here[away][downward].astype(np.uint32),
        back[away][downward].astype(np.float32),
    )
