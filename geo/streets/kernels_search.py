"""The compiled loops of bounded shortest paths over a `geo.streets.contraction.SearchCore`.

Several starts are searched side by side, a *lane* of the labels each: of starts near each other most of what is reached
is the same, and is looked up once. The core is searched lane by lane with labels corrected in buckets (Dial's, of a
given width): as exact as Dijkstra's, without a heap. Everything is cleared by the list of what was touched, so a search
costs what it reaches and not what exists. Kernels release the GIL; callers run them in threads (numba's own parallel
loops must not be entered from two threads at once, as the app does).
"""

from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from geo.compiled import compiled

Array = npt.NDArray[Any]

_MOST_OF_CORE = 8


class Space(NamedTuple):
    """What a search works on, clear before and after.

    `lanes`: as many as there are lanes (a tuple, for its length is known when loops over lanes are compiled).
    `label`: float32[s, lanes], infinite. `touched`: uint32[s+1], the positions that any lane reached. `marked`,
    `marks`: bool[s], int32[s], positions that must be looked at, and the list of them (of the core, `touched` is it).
    `bucket`, `ahead`, `behind`: int32[buckets], int32[core] twice: the states of the core that wait, as linked lists;
    -1 = the end, and -2 in `behind` = doesn't wait.
    """

    lanes: tuple[int, ...]
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


@compiled
def _space(core: Any, lanes: Any, buckets: int) -> Any:
    states = len(core.state)
    return Space(
        lanes,
        np.full((states, len(lanes)), np.float32(np.inf), np.float32),
        np.empty(states + 1, np.uint32),
        np.zeros(states, np.bool_),
        np.empty(states, np.int32),
        np.full(buckets, -1, np.int32),
        np.empty(core.core, np.int32),
        np.full(core.core, -2, np.int32),
    )


@compiled
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


@compiled
def _search(core: Any, space: Any, starts: Any, rows: Array, limit: Any, per_bucket: Any) -> int:
    """Label every position reached within the limit from rows of starts, a lane each, infinite where a lane doesn't.

    List in `touched` what any lane reached (of the core: may have reached), and return how many they are.
    """
    lanes, label, touched, marked, marks = len(space.lanes), space.label, space.touched, space.marked, space.marks
    indptr, to, toward, away, parent = core.indptr, core.to, core.toward, core.away, core.parent
    never = np.float32(np.inf)
    reached = listed = 0
    for lane in range(len(rows)):
        for k in range(starts.indptr[rows[lane]], starts.indptr[rows[lane] + 1]):
            p = core.position[starts.state[k]]
            label[p, lane] = min(label[p, lane], starts.seconds[k])
            if p < core.core:
                reached = _touch(space, p, reached)
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
        for e in range(indptr[p], indptr[p + 1]):
            above, seconds = to[e], toward[e]
            for lane in range(lanes):
                label[above, lane] = min(label[above, lane], label[p, lane] + seconds)
            if above < core.core:
                reached = _touch(space, above, reached)
    for lane in range(len(rows)):
        reached = _cross(core, space, lane, reached, limit, per_bucket)
    for k in range(reached):
        marked[touched[k]] = False
    everywhere = _MOST_OF_CORE * reached > core.core  # then all trees in turn, for they lie next to each other
    if not everywhere:
        for k in range(reached):
            for e in range(core.tree_indptr[touched[k]], core.tree_indptr[touched[k] + 1]):
                top = core.tree[e]
                if not marked[top]:
                    marked[top] = True
                    marks[listed] = top
                    listed += 1
    for k in range(1 if everywhere else listed):
        p = core.core if everywhere else marks[k]
        if not everywhere and parent[p] >= 0:
            continue
        end = len(label) if everywhere else core.after[p]
        while p < end:
            for e in range(indptr[p], indptr[p + 1]):
                above, seconds = to[e], away[e]
                for lane in range(lanes):
                    label[p, lane] = min(label[p, lane], label[above, lane] + seconds)
            within, near = False, marked[p]
            for lane in range(lanes):
                here = label[p, lane]
                within |= here <= limit
                near |= here < never
                label[p, lane] = here if here <= limit else never
            touched[reached] = p
            reached += within
            p = p + 1 if near else core.after[p]
    for k in range(listed):
        marked[marks[k]] = False
    return reached


@compiled
def _touch(space: Any, p: Any, reached: int) -> int:
    """List a position of the core, if it isn't yet; return how many are."""
    if space.marked[p]:
        return reached
    space.marked[p] = True
    space.touched[reached] = p
    return reached + 1


@compiled
def _cross(core: Any, space: Any, lane: int, reached: int, limit: Any, per_bucket: Any) -> int:
    """Search the core in a lane from what is labeled there; return how many positions are touched now."""
    label, touched, last = space.label, space.touched, len(space.bucket) - 1
    highest = 0
    for k in range(reached):
        p = touched[k]
        if label[p, lane] <= limit:
            b = min(int(label[p, lane] * per_bucket), last)
            _wait(space, p, b)
            highest = max(highest, b)
        else:
            label[p, lane] = np.inf
    b = 0
    while b <= highest:
        state = space.bucket[b]
        if state < 0:
            b += 1
            continue
        space.bucket[b] = space.ahead[state]
        if space.ahead[state] >= 0:
            space.behind[space.ahead[state]] = -3 - b
        space.behind[state] = -2
        here = label[state, lane]
        for e in range(core.indptr[state], core.indptr[state + 1]):
            there = here + core.toward[e]
            target = core.to[e]
            if there < label[target, lane] and there <= limit:
                label[target, lane] = there
                reached = _touch(space, target, reached)
                c = min(int(there * per_bucket), last)
                _wait(space, target, c)
                highest = max(highest, c)
    return reached


@compiled
def reached_states(core: Any, starts: Any, rows: Array, lanes: Any, limit: float, per_bucket: float) -> Any:
    """Return CSR (indptr, state, seconds) of the states reached from rows of starts, as many at a time as lanes."""
    space = _space(core, lanes, int(limit * per_bucket) + 1)
    label, touched, never = space.label, space.touched, np.float32(np.inf)
    indptr = np.zeros(len(rows) + 1, np.int64)
    state, seconds = np.empty(0, np.int32), np.empty(0, np.float32)
    filled = np.int64(0)
    for i in range(len(rows)):
        lane = i % len(lanes)
        if lane == 0:
            reached = _search(core, space, starts, rows[i : i + len(lanes)], np.float32(limit), np.float32(per_bucket))
        if filled + reached >= len(state):
            state, seconds = _longer(state, filled, reached), _longer(seconds, filled, reached)
        own_state, own_seconds, own = state[filled:], seconds[filled:], np.uint64(0)
        for k in range(reached):
            p = touched[k]
            own_state[own], own_seconds[own] = core.state[p], label[p, lane]
            own += np.uint64(label[p, lane] < never)  # no branch: whether a lane was there can't be foreseen
            label[p, lane] = never
        filled += np.int64(own)
        indptr[i + 1] = filled
    return indptr, state[:filled], seconds[:filled]


@compiled
def reached_targets(
    core: Any, starts: Any, rows: Array, lanes: Any, targets: Any, limit: float, per_bucket: float
) -> Any:
    """Return CSR (indptr, place, seconds) of the targets reached from rows of starts, places ascending."""
    space = _space(core, lanes, int(limit * per_bucket) + 1)
    places = len(targets.fraction)
    best = np.full(places, np.inf)
    hits = np.empty(places, np.int32)
    indptr = np.zeros(len(rows) + 1, np.int64)
    place, seconds = np.empty(0, np.int32), np.empty(0, np.float32)
    filled = 0
    for i in range(len(rows)):
        lane = i % len(lanes)
        if lane == 0:
            reached = _search(core, space, starts, rows[i : i + len(lanes)], np.float32(limit), np.float32(per_bucket))
        hit = _collect(space, lane, reached, targets, limit, best, hits)
        hit = _along_own_link(starts, rows[i], targets, limit, best, hits, hit)
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
        indptr[i + 1] = filled
    return indptr, place[:filled], seconds[:filled]


@compiled
def _collect(space: Any, lane: int, reached: int, targets: Any, limit: float, best: Array, hits: Array) -> int:
    """Clear the labels of a lane, and keep each target's best time over what it reached; return how many targets."""
    label, hit = space.label, 0
    for k in range(reached):
        p = space.touched[k]
        here = label[p, lane]
        if here == np.inf:
            continue
        label[p, lane] = np.inf
        for e in range(targets.indptr[p], targets.indptr[p + 1]):
            there = here + targets.seconds[e]
            t = targets.place[e]
            if there < best[t] and there <= limit:
                if best[t] == np.inf:
                    hits[hit] = t
                    hit += 1
                best[t] = there
    return hit


@compiled
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


@compiled
def _longer(values: Array, filled: Any, more: int) -> Array:
    """Return an array with room for more, the filled part kept."""
    longer = np.empty(max(2 * filled, 1 << 16) + more, values.dtype)
    longer[:filled] = values[:filled]
    return longer


@compiled
def put_rows(rows: Array, part: Any, whole: Any) -> None:
    """Copy a part's CSR (indptr, index, seconds) to where its rows are in the whole."""
    for i in range(len(rows)):
        own = slice(part[0][i], part[0][i + 1])
        there = slice(whole[0][rows[i]], whole[0][rows[i] + 1])
        whole[1][there], whole[2][there] = part[1][own], part[2][own]
