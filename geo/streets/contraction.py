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

from geo.streets.kernels_contraction import above, eliminate, grow_trees, in_position, neighbors, worthwhile

Array = npt.NDArray[Any]
Arcs = tuple[Array, Array, Array]
_ROUNDING_SECONDS = 0.01
"""More than float32 rounds by up to a day and a half, so that leaving out what is beaten by it changes no digit."""


class Below(NamedTuple):
    """The positions below the core that a search comes down to, ascending: each after all that it hangs on.

    Attributes
    ----------
    position, after
        uint32[k], int32[k]: positions, and the number (0 to k) of the first that doesn't hang on each.
    number
        int32[s]: the number of each position, -1 = isn't one of these.
    """

    position: Array
    after: Array
    number: Array


class SearchCore(NamedTuple):
    """A graph of s states made ready for searching; all but `position` by position, which tells states apart here.

    Attributes
    ----------
    core
        How many states stay in the core, at positions 0 to core - 1. Trees follow, each state right before what
        hangs on it.
    position, state
        int32[s]: position of each state, state of each position.
    indptr, to
        uint32[s+1], uint32: neighbors above (of the core: within it), whether or not there is a way. Unsigned, so that
        compiled loops need not look for places counted from the end.
    toward, away
        (uint32[s+1], uint32, float32[…, bands]): those neighbors to which there is a way, and those from which there is
        one, and its seconds; within the core, without ways that others beat.
    parent
        int32[s]: what a state hangs on; -1 in the core and at the top of a tree.
    below
        All positions below the core.
    tree_indptr, tree
        uint32[core+1], uint32: tops of trees that are neighbors of each state of the core.
    """

    core: int
    position: Array
    state: Array
    indptr: Array
    to: Array
    toward: Arcs
    away: Arcs
    parent: Array
    below: Below
    tree_indptr: Array
    tree: Array


def search_core(indptr: Array, to: Array, seconds: Array) -> SearchCore:
    """Return a graph of states and arcs made ready for searching.

    Parameters
    ----------
    indptr, to
        Arcs out of each state, and the state each leads to.
    seconds
        float32[arcs], or [arcs, bands]; infinite = no arc, in every band.
    """
    ways: list[list[Array]] = []
    for band in [seconds] if seconds.ndim == 1 else seconds.T:
        removed, *lists = eliminate(*neighbors(indptr, to, np.ascontiguousarray(band)))
        if not ways:
            position, parent, size = grow_trees(removed, *lists[:3])
        state, pointer, neighbor, *both = in_position(position, *lists)  # alike but for the seconds
        ways.append(both)
    states = len(indptr) - 1
    core = states - len(removed)
    toward, away = (
        worthwhile(core, pointer, neighbor, np.stack(each, axis=1), _ROUNDING_SECONDS)
        for each in zip(*ways, strict=True)
    )
    hangs_on = np.where(parent >= 0, position[parent], -1)[state].astype(np.int32)
    top = core + np.flatnonzero(hangs_on[core:] < 0)
    fan = np.diff(pointer.astype(np.int64))[top]
    entry = np.repeat(pointer[top].astype(np.int64) - np.cumsum(fan) + fan, fan) + np.arange(fan.sum())
    by_core = np.argsort(neighbor[entry], kind="stable")
    below = np.arange(states - core, dtype=np.int32)
    return SearchCore(
        core, position, state, pointer, neighbor, toward, away, hangs_on,
        _below(core, below + size[state][core:], below),
        _pointer(neighbor[entry], core, np.uint32),
        np.repeat(top, fan)[by_core].astype(np.uint32),
    )  # fmt: skip


def turned(core: SearchCore) -> SearchCore:
    """Return the core with every arc the other way round."""
    return core._replace(toward=core.away, away=core.toward)


def leading_to(core: SearchCore, positions: Array) -> Below:
    """Return what a search must come down to that looks for these positions alone: they, and all above them."""
    needed = above(core.core, core.indptr, core.to, positions)[core.core :]
    return _below(core.core, core.below.after, np.flatnonzero(needed))


def _below(core: int, after: Array, chosen: Array) -> Below:
    """Return some of the positions below the core, all counted from there on.

    `after` says of each of all which is the first that doesn't hang on it.
    """
    number = np.full(core + len(after), -1, np.int32)
    number[core + chosen] = np.arange(len(chosen))
    return Below((core + chosen).astype(np.uint32), np.searchsorted(chosen, after[chosen]).astype(np.int32), number)


def _pointer(row: Array, rows: int, dtype: npt.DTypeLike) -> Array:
    return np.concatenate([[0], np.cumsum(np.bincount(row, minlength=rows))]).astype(dtype)
