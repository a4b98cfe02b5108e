"""The compiled loops of bounded shortest paths over a `geo.streets.contraction.SearchCore`.

Several starts are searched side by side, a *lane* of the labels each: of starts near each other most of what is reached
is the same, and is looked up once; so with several *bands* of traffic. The core is searched with labels
corrected in buckets (Dial's, of a given width): as exact as Dijkstra's, without a heap. Everything is cleared by the
list of what was touched, so a search costs what it reaches and not what exists. Kernels release the GIL; callers run
them in threads (numba's own parallel loops must not be entered from two threads at once, as the app does).
"""

from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from geo.compiled import compiled

Array = npt.NDArray[Any]

_MOST_OF_CORE = 8


class Space(NamedTuple):
    """What a search works on, clear before and after.

    `lanes`, `bands`: as many as there are starts side by side, and bands of traffic (tuples, for their length is known
    when loops over them are compiled). `label`: float32[s, bands · lanes], infinite; those of a band lie side by side.
    `touched`: uint32[s+1], the positions that any lane reached. `marked`, `marks`: bool[s], int32[s], positions that
    must be looked at, and the list of them (of the core, `touched` is it). `bucket`, `ahead`, `behind`: int32[buckets],
    int32[core] twice: the states of the core that wait, as linked lists; -1 = none. `waits`: int32[core], in which
    bucket; -1 = doesn't wait.
    """

    lanes: tuple[int, ...]
    bands: tuple[int, ...]
    label: Array
    touched: Array
    marked: Array
    marks: Array
    bucket: Array
    ahead: Array
    behind: Array
    waits: Array


class Targets(NamedTuple):
    """Places looked for: they hang on states by position (CSR), and on links for those who start on the same one.

    `indptr`, `place`, `seconds`: from each position. `link_indptr`, `link_place`: on each link, `fraction` along it and
    `off` seconds from it, which takes `along` or `against` seconds as a whole. `seconds`, `along` and `against` have a
    column for each band.
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
    """Where searches start: states and seconds (CSR), and for `Targets` the link, place on it and seconds off it.

    `seconds` have a column for each band.
    """

    indptr: Array
    state: Array
    seconds: Array
    link: Array
    fraction: Array
    off: Array


@compiled
def _space(core: Any, lanes: Any, bands: Any, buckets: int) -> Any:
    states = len(core.state)
    return Space(
        lanes,
        bands,
        np.full((states, len(bands) * len(lanes)), np.float32(np.inf), np.float32),
        np.empty(states + 1, np.uint32),
        np.zeros(states, np.bool_),
        np.empty(states, np.int32),
        np.full(buckets, -1, np.int32),
        np.empty(core.core, np.int32),
        np.empty(core.core, np.int32),
        np.full(core.core, -1, np.int32),
    )


@compiled
def _search(core: Any, below: Any, space: Any, starts: Any, rows: Array, limit: Any, per_bucket: Any) -> Any:
    """Label the positions of the core and `below` that rows of starts, a lane each, reach within the limit in any band.

    Labels are infinite where a lane isn't there in a band. List in `touched` what any lane reached (of the core: may
    have reached), and return how many they are.
    """
    lanes, label, touched, marked, marks = space.lanes, space.label, space.touched, space.marked, space.marks
    indptr, to, toward = core.toward
    parent, bands, never = core.parent, len(space.bands), np.float32(np.inf)
    reached = listed = 0
    for lane in range(len(rows)):
        for k in range(starts.indptr[rows[lane]], starts.indptr[rows[lane] + 1]):
            p = core.position[starts.state[k]]
            for band in range(bands):
                at = band * len(lanes) + lane
                label[p, at] = min(label[p, at], starts.seconds[k, band])
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
            above = to[e]
            for band in range(bands):
                for lane in range(len(lanes)):
                    at = band * len(lanes) + lane
                    label[above, at] = min(label[above, at], label[p, at] + toward[e, band])
            if above < core.core:
                reached = _touch(space, above, reached)
    reached = _cross(core, space, reached, limit, per_bucket)
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
    indptr, to, away = core.away
    for k in range(1 if everywhere else listed):
        i = 0 if everywhere else below.number[marks[k]]
        if not everywhere and (i < 0 or parent[marks[k]] >= 0):
            continue
        end = len(below.position) if everywhere else below.after[i]
        while i < end:
            p = below.position[i]
            for e in range(indptr[p], indptr[p + 1]):
                above = to[e]
                for band in range(bands):
                    for lane in range(len(lanes)):
                        at = band * len(lanes) + lane
                        label[p, at] = min(label[p, at], label[above, at] + away[e, band])
            within, near = False, marked[p]
            for at in range(bands * len(lanes)):
                here = label[p, at]
                within |= here <= limit
                near |= here < never
                label[p, at] = here if here <= limit else never
            touched[reached] = p
            reached += within
            if not near:  # what hangs on it may be reached by what is above both
                for e in range(core.indptr[p], core.indptr[p + 1]):
                    for at in range(bands * len(lanes)):
                        near |= label[core.to[e], at] < never
            i = i + 1 if near else below.after[i]
    for k in range(listed):
        marked[marks[k]] = False
        if below.number[marks[k]] < 0:
            label[marks[k]] = never
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
def _cross(core: Any, space: Any, reached: int, limit: Any, per_bucket: Any) -> int:
    """Search the core in all lanes from what is labeled there; return how many positions are touched now.

    The earliest lane says when a state has its turn. Others are mostly there by then: which of two states comes first
    is nearly always the same for neighbors and at all hours. A lane that gets better later gives the state another
    turn. Nothing is called here: to hand over arrays takes longer than what is done with them.
    """
    lanes, label, touched, marked = space.lanes, space.label, space.touched, space.marked
    bucket, ahead, behind, waits = space.bucket, space.ahead, space.behind, space.waits
    indptr, to, seconds = core.toward
    bands, last, never = len(space.bands), len(bucket) - 1, np.float32(np.inf)
    here, highest = np.empty(bands * len(lanes), np.float32), 0
    for k in range(reached):
        p, soonest = touched[k], never
        for at in range(bands * len(lanes)):
            label[p, at] = label[p, at] if label[p, at] <= limit else never
            soonest = min(soonest, label[p, at])
        if soonest < never:
            b = min(int(soonest * per_bucket), last)
            after = bucket[b]
            bucket[b], ahead[p], behind[p], waits[p] = p, after, -1, b
            if after >= 0:
                behind[after] = p
            highest = max(highest, b)
    b = 0
    while b <= highest:
        state = bucket[b]
        if state < 0:
            b += 1
            continue
        after = ahead[state]
        bucket[b], waits[state] = after, -1
        if after >= 0:
            behind[after] = -1
        for at in range(bands * len(lanes)):
            here[at] = label[state, at]
        for e in range(indptr[state], indptr[state + 1]):
            target, is_better = to[e], False
            for band in range(bands):
                for lane in range(len(lanes)):
                    at = band * len(lanes) + lane
                    is_better |= here[at] + seconds[e, band] < label[target, at]
            if not is_better:
                continue
            soonest = never
            for band in range(bands):
                for lane in range(len(lanes)):
                    at = band * len(lanes) + lane
                    there = here[at] + seconds[e, band]
                    if there < label[target, at] and there <= limit:
                        label[target, at] = there
                        soonest = min(soonest, there)
            if soonest == never:
                continue
            if not marked[target]:
                marked[target], touched[reached] = True, target
                reached += 1
            c, waiting = max(min(int(soonest * per_bucket), last), b), waits[target]
            if 0 <= waiting <= c:
                continue
            if waiting >= 0:  # out of the bucket it is in
                before, after = behind[target], ahead[target]
                if before >= 0:
                    ahead[before] = after
                else:
                    bucket[waiting] = after
                if after >= 0:
                    behind[after] = before
            after = bucket[c]
            bucket[c], ahead[target], behind[target], waits[target] = target, after, -1, c
            if after >= 0:
                behind[after] = target
            highest = max(highest, c)
    return reached


@compiled
def reached_states(core: Any, starts: Any, rows: Array, lanes: Any, limit: float, per_bucket: float) -> Any:
    """Return CSR (indptr, state, seconds) of the states reached from rows of starts, as many at a time as lanes.

    The core has one band.
    """
    space = _space(core, lanes, (0,), int(limit * per_bucket) + 1)
    label, touched, never = space.label, space.touched, np.float32(np.inf)
    indptr = np.zeros(len(rows) + 1, np.int64)
    state, seconds = np.empty(0, np.int32), np.empty(0, np.float32)
    filled = np.int64(0)
    for i in range(len(rows)):
        lane = i % len(lanes)
        if lane == 0:
            some = rows[i : i + len(lanes)]
            reached = _search(core, core.below, space, starts, some, np.float32(limit), np.float32(per_bucket))
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
    core: Any,
    below: Any,
    starts: Any,
    rows: Array,
    lanes: Any,
    bands: Any,
    targets: Any,
    limit: float,
    per_bucket: float,
) -> Any:
    """Return CSR (indptr, place, seconds) of the targets reached from rows of starts in any band, places ascending.

    `below` leads to the targets. `seconds` have a column for each band, infinite where the target isn't reached in it.
    """
    space = _space(core, lanes, bands, int(limit * per_bucket) + 1)
    places, never = len(targets.fraction), np.float32(np.inf)
    best = np.full((places, len(bands)), np.inf)
    hits, is_hit = np.empty(places, np.int32), np.zeros(places, np.bool_)
    indptr = np.zeros(len(rows) + 1, np.int64)
    place, seconds = np.empty(0, np.int32), np.empty((0, len(bands)), np.float32)
    filled = 0
    for first in range(0, len(rows), len(lanes)):
        some = rows[first : first + len(lanes)]
        reached = _search(core, below, space, starts, some, np.float32(limit), np.float32(per_bucket))
        with_targets = space.marks[:reached]
        listed = 0
        for k in range(reached):
            p = space.touched[k]
            with_targets[listed] = p
            listed += targets.indptr[p] < targets.indptr[p + 1]
        for lane in range(len(some)):
            hit = _collect(space, lane, with_targets[:listed], targets, limit, best, hits, is_hit)
            hit = _along_own_link(starts, some[lane], targets, limit, best, hits, is_hit, hit)
            if filled + hit > len(place):
                place, seconds = _longer(place, filled, hit), _longer(seconds, filled, hit)
            chosen = np.flatnonzero(is_hit).astype(np.int32) if hit * 16 > places else np.sort(hits[:hit])
            for t in chosen:
                place[filled], is_hit[t] = t, False
                for band in range(len(bands)):
                    seconds[filled, band], best[t, band] = best[t, band], np.inf
                filled += 1
            indptr[first + lane + 1] = filled
        for k in range(reached):
            space.label[space.touched[k]] = never
    return indptr, place[:filled], seconds[:filled]


@compiled
def _collect(
    space: Any, lane: int, positions: Array, targets: Any, limit: float, best: Array, hits: Array, is_hit: Array
) -> int:
    """Keep each target's best times in a lane, over the positions that have any; return how many targets."""
    hit = 0
    for p in positions:
        for band in range(best.shape[1]):
            here = space.label[p, band * len(space.lanes) + lane]
            if here == np.inf:
                continue
            for e in range(targets.indptr[p], targets.indptr[p + 1]):
                there = here + targets.seconds[e, band]
                t = targets.place[e]
                if there < best[t, band] and there <= limit:
                    if not is_hit[t]:
                        is_hit[t], hits[hit] = True, t
                        hit += 1
                    best[t, band] = there
    return hit


@compiled
def _along_own_link(
    starts: Any, i: int, targets: Any, limit: float, best: Array, hits: Array, is_hit: Array, hit: int
) -> int:
    """Keep the times straight along the start's own link; return how many targets there are now."""
    link = starts.link[i]
    if link < 0:
        return hit
    for e in range(targets.link_indptr[link], targets.link_indptr[link + 1]):
        t = targets.link_place[e]
        part = targets.fraction[t] - starts.fraction[i]
        for band in range(best.shape[1]):
            straight = 0.0
            if part != 0.0:
                straight = part * targets.along[link, band] if part > 0.0 else -part * targets.against[link, band]
            there = straight + starts.off[i] + targets.off[t]
            if there < best[t, band] and there <= limit:
                if not is_hit[t]:
                    is_hit[t], hits[hit] = True, t
                    hit += 1
                best[t, band] = there
    return hit


@compiled
def _longer(values: Array, filled: Any, more: int) -> Array:
    """Return an array with room for more rows, the filled part kept."""
    longer = np.empty((max(2 * filled, 1 << 16) + more, *values.shape[1:]), values.dtype)
    longer[:filled] = values[:filled]
    return longer


@compiled
def put_rows(rows: Array, part: Any, whole: Any) -> None:
    """Copy a part's CSR (indptr, index, seconds) to where its rows are in the whole."""
    for i in range(len(rows)):
        own = slice(part[0][i], part[0][i + 1])
        there = slice(whole[0][rows[i]], whole[0][rows[i] + 1])
        whole[1][there], whole[2][there] = part[1][own], part[2][own]
