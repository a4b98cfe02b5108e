"""The compiled loops that make a graph ready for searching, see `geo.streets.contraction`."""

from typing import Any

import numpy as np
import numpy.typing as npt

from geo.compiled import compiled

Array = npt.NDArray[Any]

_WIDEST = 64
_STATE_COST = 30
"""What a search spends on a state of the core beside its arcs, in arcs."""


@compiled
def neighbors(indptr: Array, to: Array, seconds: Array) -> Any:
    """Return CSR (pointer, there, out, back) of states that arcs join, each pair both ways round.

    `out`, `back`: float32 seconds to the neighbor, and from it; infinite = no arc.
    """
    states = len(indptr) - 1
    behind = np.zeros(states + 1, np.int64)
    for a in range(len(to)):
        behind[to[a] + 1] += 1
    behind = np.cumsum(behind)
    free, source, arc = behind[:-1].copy(), np.empty(len(to), np.int32), np.empty(len(to), np.int32)
    for v in range(states):
        for a in range(indptr[v], indptr[v + 1]):
            source[free[to[a]]], arc[free[to[a]]] = v, a
            free[to[a]] += 1
    pointer, entry_of = np.zeros(states + 1, np.int64), np.full(states, -1, np.int64)
    there = np.empty(2 * len(to), np.int32)
    out, back = np.empty(2 * len(to), np.float32), np.empty(2 * len(to), np.float32)
    filled = 0
    for v in range(states):
        for a in range(indptr[v], indptr[v + 1]):
            if to[a] != v:
                filled = _joined(to[a], seconds[a], pointer[v], filled, entry_of, there, out, back)
        for b in range(behind[v], behind[v + 1]):
            if source[b] != v:
                filled = _joined(source[b], seconds[arc[b]], pointer[v], filled, entry_of, there, back, out)
        pointer[v + 1] = filled
    return pointer, there[:filled], out[:filled], back[:filled]


@compiled
def _joined(
    other: int, cost: float, first: int, filled: int, entry_of: Array, there: Array, own: Array, opposite: Array
) -> Any:
    """Keep a neighbor's seconds one way in the list from `first` on; return where the list ends now."""
    e = entry_of[other]
    if e < first:
        e = entry_of[other] = filled
        there[e], own[e], opposite[e] = other, np.inf, np.inf
    own[e] = min(own[e], np.float32(cost))
    return max(filled, e + 1)


@compiled
def eliminate(pointer: Array, there: Array, out: Array, back: Array) -> Any:
    """Take states out of a graph one after the other, those with few neighbors first.

    Each one's neighbors become neighbors of each other, with the seconds by way of it. It ends when what is left,
    the core, would no longer get cheaper to search.

    Parameters
    ----------
    pointer, there, out, back
        From `neighbors`; spoilt.

    Returns
    -------
    order
        int32: the states taken out, first to last.
    place, count, there, out, back
        The neighbors of a state are `count` entries from `place` on: of one taken out, its neighbors then; of one in
        the core, those in the core.
    """
    states = len(pointer) - 1
    place, count = pointer[:-1].copy(), np.diff(pointer).astype(np.int32)
    room, filled = count.copy(), len(there)  # lists that outgrow their room move to the end
    order, removed = np.empty(states, np.int32), 0
    gone, waiting = np.zeros(states, np.bool_), np.zeros(states, np.bool_)
    round_of = np.full(states, -1, np.int32)  # in which a neighbor went last: two neighbors never go in one round
    entry_of = np.zeros(states, np.int64)
    queue, later = np.empty(states, np.int32), np.empty(states, np.int32)
    turn, width, cost = 0, 2, np.inf
    while width <= _WIDEST:
        queued = 0
        for state in range(states):
            waiting[state] = not gone[state] and count[state] <= width
            if waiting[state]:
                queue[queued] = state
                queued += 1
        while queued:
            put_off = 0
            for q in range(queued):
                v = queue[q]
                if round_of[v] == turn:
                    later[put_off] = v
                    put_off += 1
                    continue
                waiting[v] = False
                if count[v] > width:
                    continue
                gone[v] = True
                order[removed] = v
                removed += 1
                own = range(place[v], place[v] + count[v])
                for k in own:
                    a = there[k]
                    round_of[a] = turn
                    first, last = place[a], place[a] + count[a] - 1
                    e = first
                    while there[e] != v:
                        e += 1
                    there[e], out[e], back[e] = there[last], out[last], back[last]
                    for e in range(first, last):
                        entry_of[there[e]] = e
                    for j in own:
                        b = there[j]
                        if b == a:
                            continue
                        e = entry_of[b]
                        if first <= e < last and there[e] == b:
                            out[e], back[e] = min(out[e], back[k] + out[j]), min(back[e], back[j] + out[k])
                            continue
                        if last - first == room[a]:
                            room[a] = 2 * room[a] + 2
                            if filled + room[a] > len(there):
                                there = np.append(there, np.empty(len(there) // 2 + room[a], there.dtype))
                                out = np.append(out, np.empty(len(there) - len(out), out.dtype))
                                back = np.append(back, np.empty(len(there) - len(back), back.dtype))
                            for x in range(first, last):
                                e = filled + x - first
                                there[e], out[e], back[e] = there[x], out[x], back[x]
                                entry_of[there[e]] = e
                            first, last = filled, filled + last - first
                            place[a] = first
                            filled += room[a]
                        there[last], out[last], back[last] = b, back[k] + out[j], back[j] + out[k]
                        last += 1
                    count[a] = last - first
                    if count[a] <= width and not waiting[a]:
                        waiting[a] = True
                        later[put_off] = a
                        put_off += 1
            queue, later, queued = later, queue, put_off
            turn += 1
        before, cost = cost, 0.0
        for state in range(states):
            cost += 0 if gone[state] else _STATE_COST + count[state]
        if cost == 0.0 or cost > 0.95 * before:
            break
        width += max(1, width // 2)
    return order[:removed].copy(), place, count, there, out, back


@compiled
def grow_trees(order: Array, place: Array, count: Array, there: Array) -> Any:
    """Hang each state taken out on that of its neighbors which went next after it, and number all anew.

    Returns
    -------
    position
        int32: the core first, then tree by tree, each state right before what hangs on it.
    parent
        int32, by state: -1 in the core, and where a state's neighbors are all of the core.
    size
        int32, by state: how many states it and what hangs on it are.
    """
    states = len(place)
    turn = np.full(states, len(order), np.int32)  # the core stays to the end
    turn[order] = np.arange(len(order), dtype=np.int32)
    parent, size = np.full(states, -1, np.int32), np.ones(states, np.int32)
    for v in order:
        next_turn = len(order)
        for e in range(place[v], place[v] + count[v]):
            if turn[there[e]] < next_turn:
                next_turn = turn[there[e]]
                parent[v] = there[e]
        if parent[v] >= 0:
            size[parent[v]] += size[v]
    position, free = np.empty(states, np.int32), np.empty(states, np.int32)
    core, top = 0, states - len(order)
    for v in range(states):
        if turn[v] == len(order):
            position[v] = core
            core += 1
        elif parent[v] < 0:
            position[v], free[v] = top, top + 1
            top = top + int(size[v])
    for v in order[::-1]:
        if parent[v] >= 0:
            position[v], free[v] = free[parent[v]], free[parent[v]] + 1
            free[parent[v]] += size[v]
    return position, parent, size


@compiled
def in_position(position: Array, place: Array, count: Array, there: Array, out: Array, back: Array) -> Any:
    """Return the neighbors of all states by position: state, indptr, to, toward, away."""
    states = len(position)
    state, indptr = np.empty(states, np.int32), np.zeros(states + 1, np.uint32)
    for v in range(states):
        state[position[v]] = v
    for p in range(states):
        indptr[p + 1] = indptr[p] + count[state[p]]
    to = np.empty(indptr[states], np.uint32)
    toward, away = np.empty(len(to), np.float32), np.empty(len(to), np.float32)
    filled = 0
    for k in range(states):
        v = state[k]
        for e in range(place[v], place[v] + count[v]):
            to[filled], toward[filled], away[filled] = position[there[e]], out[e], back[e]
            filled += 1
    return state, indptr, to, toward, away


@compiled
def worthwhile(core: int, indptr: Array, to: Array, seconds: Array, slack: float) -> Any:
    """Return CSR (indptr, to, seconds) of all ways, without those within the core that others beat in every band.

    A way of two arcs within the core beats one when it is shorter by more than twice the slack. Its own arcs may be
    beaten in turn, each by a way that is shorter yet; whoever follows them ends with arcs that are kept, and has gained
    more than the slack with each of them.

    Parameters
    ----------
    core
        How many positions, the first ones, are of the core; their arcs lead nowhere else.
    indptr, to, seconds
        Arcs by position, seconds[arcs, bands]; infinite = no way, in every band.
    """
    states, bands = len(indptr) - 1, seconds.shape[1]
    kept, there, arc = np.zeros(states + 1, np.uint32), np.empty(len(to), np.uint32), np.empty(len(to), np.int64)
    filled = 0
    for v in range(states):
        for e in range(indptr[v], indptr[v + 1]):
            if seconds[e, 0] < np.inf:
                there[filled], arc[filled] = to[e], e
                filled += 1
        kept[v + 1] = filled
    beaten = np.zeros(filled, np.bool_)
    beaten[: kept[core]] = True
    shorter = np.full(core, -np.inf)  # of a neighbor: what a way must be shorter than to beat the arc to it
    for band in range(bands):
        for v in range(core):
            for e in range(kept[v], kept[v + 1]):
                shorter[there[e]] = seconds[arc[e], band] - 2.0 * slack
            for e in range(kept[v], kept[v + 1]):
                first = np.float64(seconds[arc[e], band])
                for f in range(kept[there[e]], kept[there[e] + 1]):
                    if first + seconds[arc[f], band] < shorter[there[f]]:
                        shorter[there[f]] = -np.inf
            for e in range(kept[v], kept[v + 1]):
                beaten[e] &= shorter[there[e]] == -np.inf
                shorter[there[e]] = -np.inf
    dropped = np.zeros(filled + 1, np.uint32)
    dropped[1:] = np.cumsum(beaten)
    chosen = arc[:filled][~beaten]
    return kept - dropped[kept], to[chosen], seconds[chosen]


@compiled
def above(core: int, indptr: Array, to: Array, positions: Array) -> Array:
    """Return bool[s]: which positions are among these, or above any of them; `indptr` and `to` are neighbors above."""
    needed = np.zeros(len(indptr) - 1, np.bool_)
    needed[positions] = True
    for p in range(len(needed) - 1, core - 1, -1):
        if needed[p]:
            for e in range(indptr[p], indptr[p + 1]):
                needed[to[e]] = True
    return needed
