"""The compiled loop that finds which walks are worth taking from where one alights, and nothing else.

Who rides on may get off nearer to where they walk, and who came by could have got off before. A walk to a place from a
call of a line is left out where

- a later call of the line is as good whatever the trip: the ride there takes no longer than the walk becomes shorter;
- or, for those who were on board by then, one before it is better whatever the trip.

Nobody arrives later for it, see docs/travel-times.md. It is the static part of what reduces transfers in trip-based
routing (Witt 2015) and in ULTRA (Baum, Buchhold, Sauer, Wagner and Zündorf 2019): it holds for every trip of a day.
"""

import numpy as np

from geo.compiled import compiled
from geo.travel.kernels_raptor import packed


@compiled
def worth_taking(lines, links, change, targets, begin, end):  # type: ignore[no-untyped-def]
    """Return how many walks each call of the patterns begin … end − 1 has, and the walks, packed and ascending.

    Parameters
    ----------
    lines : Lines; links : Links from stops, `targets` of them
    change : extra seconds of a change at one stop, one a stop, -1 = not possible; empty where one doesn't change
    """
    first_call, calls = lines.pattern_offset[begin], lines.pattern_offset[end] - lines.pattern_offset[begin]
    counts = np.zeros(calls, np.int64)
    size = 0
    walks = np.empty(1 << 12, np.int64)
    latest = np.full(targets, -1, np.int64)  # the last walk to each target so far
    best = np.full(targets, np.int64(2**62))
    for p in range(begin, end):
        here = lines.pattern_offset[p]
        length = lines.pattern_offset[p + 1] - here
        soonest, longest = np.zeros(length, np.int64), np.zeros(length, np.int64)  # seconds of riding there
        for i in range(1, length):
            low, high = np.int64(2**62), np.int64(1)  # a second at least, so that no two calls leave each other out
            for at in range(lines.pace_offset[p] + i, lines.pace_offset[p + 1], length):
                hop = np.int64(lines.pace_arrival[at] - lines.pace_arrival[at - 1])
                low, high = min(low, hop), max(high, hop)
            soonest[i], longest[i] = soonest[i - 1] + low, longest[i - 1] + high
        count = np.zeros(length + 1, np.int64)
        for i in range(1, length):
            s = lines.pattern_stop[here + i]
            number = links.offset[s + 1] - links.offset[s] + (len(change) > 0 and change[s] >= 0)
            count[i + 1] = count[i] + (number if lines.can_alight[here + i] else 0)
        target, seconds = np.empty(count[length], np.int32), np.empty(count[length], np.int32)
        there, before = np.empty(count[length], np.int64), np.empty(count[length], np.int64)
        position = np.empty(count[length], np.int32)
        for i in range(1, length):
            e = count[i]
            if e == count[i + 1]:
                continue
            s = lines.pattern_stop[here + i]
            if len(change) > 0 and change[s] >= 0:
                target[e], seconds[e] = s, change[s]
                e += 1
            for k in range(links.offset[s], links.offset[s + 1]):
                target[e], seconds[e] = links.target[k], links.seconds[k]
                e += 1
            for e in range(count[i], count[i + 1]):
                n = target[e]
                position[e], there[e] = i, soonest[i] + seconds[e]
                one = latest[n]
                while one >= 0 and there[one] >= there[e]:
                    one = before[one]
                before[e], latest[n] = one, e
        kept = np.zeros(count[length], np.bool_)
        for e in range(count[length] - 1, -1, -1):
            arrives = longest[position[e]] + seconds[e]
            if arrives < best[target[e]]:
                best[target[e]], kept[e] = arrives, True
        for i in range(length):
            first = size
            if size + count[i + 1] - count[i] > len(walks):
                walks = np.concatenate((walks, np.empty(len(walks) + count[i + 1] - count[i], np.int64)))
            for e in range(count[i], count[i + 1]):
                latest[target[e]], best[target[e]] = -1, np.int64(2**62)
                if kept[e]:
                    since = position[before[e]] if before[e] >= 0 else -1
                    walks[size] = packed(target[e], seconds[e], since)
                    size += 1
            walks[first:size] = np.sort(walks[first:size])
            counts[here + i - first_call] = size - first
    return counts, walks[:size].copy()
