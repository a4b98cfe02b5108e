"""A mode graph made ready for searching: states taken out one by one, and filled in again after the search.

A state with few neighbors can be taken out of a graph when its neighbors become neighbors of each other, with
the seconds by way of it: all distances between the others stay as they are. Of a region's streets nearly all can go, at
little cost, for roads have few crossings that all must pass; what is left is the *core*. Each state taken out hangs
on that of its neighbors which went next after it, so its neighbors that went later are all above it in its tree or
in the core. A search climbs from its start, crosses the core, and then comes down the trees, where a state's seconds
follow from those above; where neither a state nor any of its neighbors above was reached, nothing below it can be.
A contraction hierarchy that holds for any seconds: Dibbelt, Strasser and Wagner, "Customizable Contraction
Hierarchies", Journal of Experimental Algorithmics 21 (2016); coming down in order is PHAST's: Delling, Goldberg,
Nowatzyk and Werneck, Journal of Parallel and Distributed Computing 73 (2013).
"""

from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from geo.streets.kernels_contraction import eliminate, grow_trees, in_position, neighbors

Array = npt.NDArray[Any]
NO_WAY = np.float32(1e30)


class SearchCore(NamedTuple):
    """A graph of s states made ready for searching; all but `position` by position, which tells states apart here.

    Attributes
    ----------
    core
        How many states stay in the core, at positions 0 to core - 1. Trees follow, each state right before what
        hangs on it.
    position, state
        int32[s]: position of each state, state of each position.
    indptr, to, toward, away
        uint32[s+1], uint32, float32, float32: neighbors above (of the core: within it), the seconds to each and from
        it; `NO_WAY` = no way, finite so that a search sees by a state's seconds whether any neighbor was reached.
        Unsigned, so that compiled loops need not look for places counted from the end.
    parent
        int32[s]: what a state hangs on; -1 in the core and at the top of a tree.
    after
        int32[s]: the first position that doesn't hang on this one.
    tree_indptr, tree
        uint32[core+1], uint32: tops of trees that are neighbors of each state of the core.
    """

    core: int
    position: Array
    state: Array
    indptr: Array
    to: Array
    toward: Array
    away: Array
    parent: Array
    after: Array
    tree_indptr: Array
    tree: Array


def search_core(indptr: Array, to: Array, seconds: Array) -> SearchCore:
    """Return a graph of states and arcs made ready for searching; infinite seconds = no arc."""
    states = len(indptr) - 1
    removed, *lists = eliminate(*neighbors(indptr, to, seconds))
    position, parent, size = grow_trees(removed, *lists[:3])
    state, pointer, neighbor, toward, away = in_position(position, *lists)
    core = states - len(removed)
    above = np.where(parent >= 0, position[parent], -1)[state].astype(np.int32)
    top = core + np.flatnonzero(above[core:] < 0)
    fan = np.diff(pointer.astype(np.int64))[top]
    entry = np.repeat(pointer[top].astype(np.int64) - np.cumsum(fan) + fan, fan) + np.arange(fan.sum())
    by_core = np.argsort(neighbor[entry], kind="stable")
    return SearchCore(
        core, position, state, pointer, neighbor, np.minimum(toward, NO_WAY), np.minimum(away, NO_WAY), above,
        np.arange(states, dtype=np.int32) + size[state],
        _pointer(neighbor[entry], core, np.uint32),
        np.repeat(top, fan)[by_core].astype(np.uint32),
    )  # fmt: skip


def turned(core: SearchCore) -> SearchCore:
    """Return the core with every arc the other way round."""
    return core._replace(toward=core.away, away=core.toward)


def _pointer(row: Array, rows: int, dtype: npt.DTypeLike) -> Array:
    return np.concatenate([[0], np.cumsum(np.bincount(row, minlength=rows))]).astype(dtype)
