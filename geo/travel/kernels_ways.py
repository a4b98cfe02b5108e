"""The compiled loop that finds every way worth choosing from: soonest there, fewest rides, least walking.

McRAPTOR (Delling, Pajor and Werneck 2015, "Round-based public transit routing", section 5.2): RAPTOR whose stops hold,
for each number of rides, every label that none other beats in both time and walking. For one departure and a narrow
bound on the arrival these are few. As in `geo.travel.kernels_raptor`, having alighted and being ready are told apart.
"""

import numpy as np

from geo.compiled import compiled


@compiled
def _grown(pool):  # type: ignore[no-untyped-def]
    wider = np.empty((2 * pool.shape[0], pool.shape[1]), np.int32)
    wider[: pool.shape[0]] = pool
    return wider


@compiled
def _put(pool, size, time, walk, stop, origin, pattern, trip, board, alight, following):  # type: ignore[no-untyped-def]
    """Return the pool with one more label."""
    if size == len(pool):
        pool = _grown(pool)
    pool[size, 0], pool[size, 1], pool[size, 2], pool[size, 3], pool[size, 4] = time, walk, stop, origin, pattern
    pool[size, 5], pool[size, 6], pool[size, 7], pool[size, 8] = trip, board, alight, following
    return pool


@compiled
def _beaten(pool, head, rides, stop, time, walk):  # type: ignore[no-untyped-def]
    """Return whether a label of a stop with as few rides is no later and walks no farther."""
    for ride in range(rides + 1):
        k = head[ride, stop]
        while k >= 0:
            if pool[k, 0] <= time and pool[k, 1] <= walk:
                return True
            k = pool[k, 8]
    return False


@compiled
def ways(lines, transfers, change, access_stop, access_seconds, departure, rules, latest):  # type: ignore[no-untyped-def]
    """Return labels int32[k, 9] and the first of those alighted at each stop, int32[rides + 1, stops].

    Columns: time, seconds walked, stop, label it comes from (-1 = the start), pattern, trip, positions boarded and
    alighted at, the next label of the same stop and rides. A label that another beats may be among them.

    Parameters
    ----------
    lines, transfers, change, access_stop, access_seconds, rules
        As `geo.travel.kernels_raptor.sweep`; not mirrored.
    latest
        Nothing later than this second is looked at.
    """
    stops, patterns = len(lines.stop_offset) - 1, len(lines.pattern_offset) - 1
    alighted = np.full((rules.rides + 1, stops), -1, np.int32)
    ready = np.full((rules.rides + 1, stops), -1, np.int32)
    pool = np.empty((1024, 9), np.int32)
    size = 0
    for a in range(len(access_stop)):
        stop, walk = access_stop[a], access_seconds[a]
        time = np.int32(departure + walk)
        if time <= latest and not _beaten(pool, ready, 0, stop, time, walk):
            pool = _put(pool, size, time, walk, stop, -1, -1, -1, -1, -1, ready[0, stop])
            ready[0, stop] = size
            size += 1
    aboard = np.empty((64, 4), np.int32)  # trip, walk, label, position boarded at
    for ride in range(1, rules.rides + 1):
        first_new = size
        for p in range(patterns):
            begin, length = lines.pattern_offset[p], lines.pattern_offset[p + 1] - lines.pattern_offset[p]
            times, trips = lines.time_offset[p], lines.trip_offset[p + 1] - lines.trip_offset[p]
            riding = 0
            for i in range(length):
                stop = lines.pattern_stop[begin + i]
                if riding > 0 and lines.can_alight[begin + i]:
                    for r in range(riding):
                        time = lines.arrival[times + aboard[r, 0] * length + i]
                        walk = aboard[r, 1]
                        if time <= latest and not _beaten(pool, alighted, ride, stop, time, walk):
                            before, trip, board = aboard[r, 2], aboard[r, 0], aboard[r, 3]
                            pool = _put(pool, size, time, walk, stop, before, p, trip, board, i, alighted[ride, stop])
                            alighted[ride, stop] = size
                            size += 1
                if lines.boarding[begin + i] < 0:
                    continue
                k = ready[ride - 1, stop]
                while k >= 0:
                    due = pool[k, 0] + rules.board_seconds
                    low, high = 0, trips
                    while low < high:
                        middle = (low + high) >> 1
                        if lines.departure[times + middle * length + i] >= due:
                            high = middle
                        else:
                            low = middle + 1
                    walk = pool[k, 1]
                    worth = low < trips
                    for r in range(riding):
                        if aboard[r, 0] <= low and aboard[r, 1] <= walk:
                            worth = False
                    if worth:
                        left = 0
                        for r in range(riding):
                            if not (low <= aboard[r, 0] and walk <= aboard[r, 1]):
                                aboard[left] = aboard[r]
                                left += 1
                        riding = left
                        if riding == len(aboard):
                            aboard = _grown(aboard)
                        aboard[riding, 0], aboard[riding, 1], aboard[riding, 2], aboard[riding, 3] = low, walk, k, i
                        riding += 1
                    k = pool[k, 8]
        if ride == rules.rides:
            break
        for k in range(first_new, size):
            stop, time, walk = pool[k, 2], pool[k, 0], pool[k, 1]
            for w in range(transfers.offset[stop] - 1, transfers.offset[stop + 1]):
                here = w < transfers.offset[stop]  # a change at the stop itself
                if here and change[stop] < 0:
                    continue
                there = stop if here else transfers.target[w]
                later = time + (change[stop] if here else transfers.seconds[w])
                farther = walk + (np.int32(0) if here else transfers.seconds[w])
                if later > latest or _beaten(pool, ready, ride, there, later, farther):
                    continue
                pool = _put(pool, size, later, farther, there, k, -1, -1, -1, -1, ready[ride, there])
                ready[ride, there] = size
                size += 1
    return pool[:size], alighted
