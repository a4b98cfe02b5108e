"""The compiled loop that takes side streets out of a graph, see `geo.search_core`."""

from typing import Any

import numba as nb
import numpy as np
import numpy.typing as npt

Array = npt.NDArray[Any]


@nb.njit(cache=True, nogil=True)
def eliminate(pointer: Array, there: Array, out: Array, back: Array, kept: Array) -> Any:
    """Take states with at most two neighbours out of a graph, one after the other.

    Parameters
    ----------
    pointer, there, out, back
        CSR of neighbours, each pair both ways round: seconds to the neighbour, and from it (infinite = no arc).
    kept
        bool[s]: states that stay in the core.

    Returns
    -------
    count, there, out, back
        The first `count` entries of each state: of one taken out, its neighbours then; of one in the core, those in
        the core.
    level
        int32: 0 in the core; otherwise one more than the highest level among those neighbours.
    """
    states = len(pointer) - 1
    there, out, back = there.copy(), out.copy(), back.copy()
    count = np.diff(pointer).astype(np.int32)
    waiting = np.zeros(states, np.bool_)
    round_of = np.full(states, -1, np.int32)  # in which a neighbour went last: two neighbours never go in one round
    order = np.empty(states, np.int32)
    queue, later = np.empty(states, np.int32), np.empty(states, np.int32)
    removed = queued = turn = 0
    for state in range(states):
        if count[state] <= 2 and not kept[state]:
            waiting[state] = True
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
            order[removed] = v
            removed += 1
            for k in range(pointer[v], pointer[v] + count[v]):
                a = there[k]
                round_of[a] = turn
                last = pointer[a] + count[a] - 1
                own = pointer[a]
                while there[own] != v:
                    own += 1
                keeps = False  # the entry of v becomes one of v's other neighbour
                if count[v] == 2:
                    j = 2 * pointer[v] + 1 - k
                    b, there_cost, back_cost = there[j], back[k] + out[j], back[j] + out[k]
                    keeps = True
                    for e in range(pointer[a], last + 1):
                        if there[e] == b:
                            out[e], back[e] = min(out[e], there_cost), min(back[e], back_cost)
                            keeps = False
                    if keeps:
                        there[own], out[own], back[own] = b, there_cost, back_cost
                if not keeps:
                    there[own], out[own], back[own] = there[last], out[last], back[last]
                    count[a] -= 1
                if count[a] <= 2 and not waiting[a] and not kept[a]:
                    waiting[a] = True
                    later[put_off] = a
                    put_off += 1
        queue, later, queued = later, queue, put_off
        turn += 1
    level = np.zeros(states, np.int32)
    for r in range(removed - 1, -1, -1):
        v = order[r]
        for k in range(pointer[v], pointer[v] + count[v]):
            level[v] = max(level[v], level[there[k]] + 1)
    return count, there, out, back, level
