"""The compiled loops of bounded shortest paths over a `geo.search_core.SearchCore`.

The core is searched with labels corrected in buckets (Dial's, of a given width): as exact as Dijkstra's, without a
heap. Everything is cleared by the list of what was touched, so a search costs what it reaches and not what exists.
Kernels release the GIL; callers run them in threads (numba's own parallel loops must not be entered from two
threads at once, as the app does).
"""

from typing import Any, NamedTuple

import numba as nb
import numpy as np
import numpy.typing as npt

Array = npt.NDArray[Any]

_MOST_OF_CORE = 8


class Way(NamedTuple):
    """A `SearchCore` in one direction: arrays of the same names, `toward` and `away` swapped against the arcs."""

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


class Space(NamedTuple):
    """What a search works on, clear before and after.

    `label`: float32[s], infinite. `touched`: int32[s+1], the positions reached. `marked`, `marks`: bool[s], int32[s],
    positions that must be looked at, and the list of them. `bucket`, `ahead`, `behind`: int32[buckets], int32[core]
    twice: the states of the core that wait, as linked lists; -1 = the end, and -2 in `behind` = doesn't wait.
    """

    label: Array
    touched: Array
    marked: Array
    marks: Array
    bucket: Array
    ahead: Array
    behind: Array


class Targets(NamedTuple):
    """Places looked for: they hang on states by position (CSR), and on links for those who start on the same one.

    `indptr`, `place`, `seconds`: from each position. `link_indptr`, `link_place`: on each link, `fraction` along it and
    `off` seconds from it, which takes `along` or `against` seconds as a whole.
    """

    indptr: Array
    place: Array
    seconds: Array
    link_indptr: Array
    link_place: Array
    fraction: Array
    off: Array
    along: Array
    against: Array


class Starts(NamedTuple):
    """Where searches start: states and seconds (CSR), and for `Targets` the link, place on it and seconds off it."""

    indptr: Array
    state: Array
    seconds: Array
    link: Array
    fraction: Array
    off: Array


@nb.njit(cache=True, nogil=True)
def _space(way: Any, buckets: int) -> Any:
    states = len(way.state)
    return Space(
        np.full(states, np.float32(np.inf), np.float32),
        np.empty(states + 1, np.int32),
        np.zeros(states, np.bool_),
        np.empty(states, np.int32),
        np.full(buckets, -1, np.int32),
        np.empty(way.core, np.int32),
        np.full(way.core, -2, np.int32),
    )


@nb.njit(cache=True, nogil=True)
def _wait(space: Any, state: Any, b: int) -> None:
    """Put a state of the core into a bucket, out of the one it waits in."""
    before, after = space.behind[state], space.ahead[state]
    if before >= 0:
        space.ahead[before] = after
    elif before < -2:
        space.bucket[-3 - before] = after
    if before != -2 and after >= 0:
        space.behind[after] = before
    first = space.bucket[b]
    space.ahead[state], space.behind[state] = first, -3 - b
    if first >= 0:
        space.behind[first] = state
    space.bucket[b] = state


@nb.njit(cache=True, nogil=True)
def _search(way: Any, space: Any, states: Array, starts: Array, limit: Any, per_bucket: Any) -> int:
    """Label every position reached within the limit; list them in `touched`, and return how many they are."""
    label, touched, marked, marks = space.label, space.touched, space.marked, space.marks
    indptr, to, toward, away, parent, after = way.indptr, way.to, way.toward, way.away, way.parent, way.after
    core, last = way.core, len(space.bucket) - 1
    never = np.float32(np.inf)
    reached = listed = highest = 0
    for k in range(len(states)):
        p = way.position[states[k]]
        if not starts[k] < label[p] or starts[k] > limit:
            continue
        if p < core:
            if label[p] == never:
                touched[reached] = p
                reached += 1
            b = min(int(starts[k] * per_bucket), last)
            _wait(space, p, b)
            highest = max(highest, b)
        label[p] = starts[k]
        if p < core:
            continue
        first = listed
        while p >= 0 and not marked[p]:
            marked[p] = True
            marks[listed] = p
            listed += 1
            p = parent[p]
        marks[first:listed] = marks[first:listed][::-1].copy()  # from above: what hangs on another comes after it
    for k in range(listed - 1, -1, -1):
        p = marks[k]
        here = label[p]
        if here == never:
            continue
        for e in range(indptr[p], indptr[p + 1]):
            there = here + toward[e]
            target = to[e]
            known = label[target]
            if there < known and there <= limit:
                label[target] = there
                if target < core:
                    if known == never:
                        touched[reached] = target
                        reached += 1
                    b = min(int(there * per_bucket), last)
                    _wait(space, target, b)
                    highest = max(highest, b)
    b = 0
    while b <= highest:
        p = space.bucket[b]
        if p < 0:
            b += 1
            continue
        space.bucket[b] = space.ahead[p]
        if space.ahead[p] >= 0:
            space.behind[space.ahead[p]] = -3 - b
        space.behind[p] = -2
        here = label[p]
        for e in range(indptr[p], indptr[p + 1]):
            there = here + toward[e]
            target = to[e]
            known = label[target]
            if there < known and there <= limit:
                label[target] = there
                if known == never:
                    touched[reached] = target
                    reached += 1
                c = min(int(there * per_bucket), last)
                _wait(space, target, c)
                highest = max(highest, c)
    everywhere = _MOST_OF_CORE * reached > core  # then all trees in turn, for they lie next to each other
    if not everywhere:
        for k in range(reached):
            for e in range(way.tree_indptr[touched[k]], way.tree_indptr[touched[k] + 1]):
                top = way.tree[e]
                if not marked[top]:
                    marked[top] = True
                    marks[listed] = top
                    listed += 1
    for k in range(1 if everywhere else listed):
        p = core if everywhere else marks[k]
        if not everywhere and parent[p] >= 0:
            continue
        end = len(label) if everywhere else after[p]
        while p < end:
            best = label[p]
            nearest = never
            for e in range(indptr[p], indptr[p + 1]):
                here = label[to[e]]
                nearest = min(nearest, here)
                best = min(best, here + away[e])
            near = best <= limit
            label[p] = best if near else never
            touched[reached] = p
            reached += near
            p = p + 1 if nearest < never or marked[p] else after[p]
    for k in range(listed):
        marked[marks[k]] = False
    return reached


@nb.njit(cache=True, nogil=True)
def reached_states(way: Any, starts: Any, limit: float, per_bucket: float, first: int, last: int) -> Any:
    """Return CSR (indptr, state, seconds) of the states reached from starts first … last - 1."""
    space = _space(way, int(limit * per_bucket) + 1)
    label, touched = space.label, space.touched
    indptr = np.zeros(last - first + 1, np.int64)
    state, seconds = np.empty(0, np.int32), np.empty(0, np.float32)
    filled = 0
    for i in range(first, last):
        own = slice(starts.indptr[i], starts.indptr[i + 1])
        reached = _search(way, space, starts.state[own], starts.seconds[own], np.float32(limit), np.float32(per_bucket))
        if filled + reached > len(state):
            state, seconds = _longer(state, filled, reached), _longer(seconds, filled, reached)
        for k in range(reached):
            p = touched[k]
            state[filled + k], seconds[filled + k] = way.state[p], label[p]
            label[p] = np.inf
        filled += reached
        indptr[i - first + 1] = filled
    return indptr, state[:filled], seconds[:filled]


@nb.njit(cache=True, nogil=True)
def reached_targets(way: Any, starts: Any, targets: Any, limit: float, per_bucket: float, first: int, last: int) -> Any:
    """Return CSR (indptr, place, seconds) of the targets reached from starts first … last - 1, places ascending."""
    space = _space(way, int(limit * per_bucket) + 1)
    places = len(targets.fraction)
    best = np.full(places, np.inf)
    hits = np.empty(places, np.int32)
    indptr = np.zeros(last - first + 1, np.int64)
    place, seconds = np.empty(0, np.int32), np.empty(0, np.float32)
    filled = 0
    for i in range(first, last):
        own = slice(starts.indptr[i], starts.indptr[i + 1])
        reached = _search(way, space, starts.state[own], starts.seconds[own], np.float32(limit), np.float32(per_bucket))
        hit = _collect(space, reached, targets, limit, best, hits)
        hit = _along_own_link(starts, i, targets, limit, best, hits, hit)
        if filled + hit > len(place):
            place, seconds = _longer(place, filled, hit), _longer(seconds, filled, hit)
        if hit * 16 > places:
            for t in range(places):
                if best[t] < np.inf:
                    place[filled], seconds[filled] = t, best[t]
                    best[t] = np.inf
                    filled += 1
        else:
            for t in np.sort(hits[:hit]):
                place[filled], seconds[filled] = t, best[t]
                best[t] = np.inf
                filled += 1
        indptr[i - first + 1] = filled
    return indptr, place[:filled], seconds[:filled]


@nb.njit(cache=True, nogil=True)
def _collect(space: Any, reached: int, targets: Any, limit: float, best: Array, hits: Array) -> int:
    """Clear the labels, and keep each target's best time over the states reached; return how many targets."""
    label, hit = space.label, 0
    for k in range(reached):
        p = space.touched[k]
        here = label[p]
        label[p] = np.inf
        for e in range(targets.indptr[p], targets.indptr[p + 1]):
            there = here + targets.seconds[e]
            t = targets.place[e]
            if there < best[t] and there <= limit:
                if best[t] == np.inf:
                    hits[hit] = t
                    hit += 1
                best[t] = there
    return hit


@nb.njit(cache=True, nogil=True)
def _along_own_link(starts: Any, i: int, targets: Any, limit: float, best: Array, hits: Array, hit: int) -> int:
    """Keep the times straight along the start's own link; return how many targets there are now."""
    link = starts.link[i]
    if link < 0:
        return hit
    for e in range(targets.link_indptr[link], targets.link_indptr[link + 1]):
        t = targets.link_place[e]
        part = targets.fraction[t] - starts.fraction[i]
        straight = 0.0
        if part != 0.0:
            straight = part * targets.along[link] if part > 0.0 else -part * targets.against[link]
        there = straight + starts.off[i] + targets.off[t]
        if there < best[t] and there <= limit:
            if best[t] == np.inf:
                hits[hit] = t
                hit += 1
            best[t] = there
    return hit


@nb.njit(cache=True, nogil=True)
def _longer(values: Array, filled: int, more: int) -> Array:
    """Return an array with room for more, the filled part kept."""
    longer = np.empty(max(2 * filled, 1 << 16) + more, values.dtype)
    longer[:filled] = values[:filled]
    return longer
