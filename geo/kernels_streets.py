"""The compiled loops of streets: nearest segments, and bounded shortest paths.

The search of a core (see `geo.search_core`) is label-correcting with buckets (Dial's, of a given width): as exact as
Dijkstra's, without a heap.
Its workspace is cleared by the list of states it touched, so a search costs what it reaches and not what exists.
Kernels release the GIL; callers run them in threads (numba's own parallel loops must not be entered from two
threads at once, as the app does).
"""

from typing import Any

import numba as nb
import numpy as np
import numpy.typing as npt

Array = npt.NDArray[Any]


@nb.njit(cache=True, nogil=True)
def grid_segments(x: Array, y: Array, point_link: Array, frame: Array) -> Any:
    """Return CSR (offset, segment) of the segments whose bounding box, cut along the line, meets each square."""
    west, south, side = frame[0], frame[1], frame[2]
    columns, rows = int(frame[3]), int(frame[4])
    offset = np.zeros(columns * rows + 1, np.int32)
    segment = np.empty(0, np.int32)
    for filling in range(2):
        for p in range(len(x) - 1):
            if point_link[p] != point_link[p + 1]:
                continue
            low_row = int((min(y[p], y[p + 1]) - south) / side)
            high_row = int((max(y[p], y[p + 1]) - south) / side)
            for row in range(low_row, high_row + 1):
                a, b = x[p], x[p + 1]
                if low_row != high_row:  # only the part of the segment inside this row of squares
                    slope = (x[p + 1] - x[p]) / (y[p + 1] - y[p])
                    bottom = max(south + row * side, min(y[p], y[p + 1]))
                    top = min(south + (row + 1) * side, max(y[p], y[p + 1]))
                    a, b = x[p] + (bottom - y[p]) * slope, x[p] + (top - y[p]) * slope
                low = max(int((min(a, b) - west) / side), 0)
                high = min(int((max(a, b) - west) / side), columns - 1)
                for column in range(low, high + 1):
                    cell = row * columns + column
                    if filling:
                        segment[offset[cell]] = p
                    offset[cell if filling else cell + 1] += 1
        if filling == 0:
            offset = np.cumsum(offset).astype(np.int32)
            segment = np.empty(offset[-1], np.int32)
    offset[1:] = offset[:-1].copy()
    offset[0] = 0
    return offset, segment


@nb.njit(cache=True, nogil=True)
def nearest(
    px: Array,
    py: Array,
    x: Array,
    y: Array,
    frame: Array,
    offset: Array,
    segment: Array,
    point_link: Array,
    usable: Array,
    limit: float,
) -> Any:
    """Return for each point the nearest usable segment within the limit (-1: none), place along it, distance."""
    west, south, side = frame[0], frame[1], frame[2]
    columns, rows = int(frame[3]), int(frame[4])
    found = np.full(len(px), -1, np.int32)
    along = np.zeros(len(px))
    distance = np.full(len(px), np.inf)
    for i in range(len(px)):
        if not (abs(px[i]) < 1e8 and abs(py[i]) < 1e8):
            continue
        column = int(np.floor((px[i] - west) / side))
        row = int(np.floor((py[i] - south) / side))
        best = limit * limit
        ring = 0
        while (ring - 1) * side <= np.sqrt(best):
            for r in range(max(row - ring, 0), min(row + ring, rows - 1) + 1):
                step = 1 if abs(r - row) == ring or ring == 0 else 2 * ring
                for c in range(column - ring, column + ring + 1, step):
                    if c < 0 or c >= columns:
                        continue
                    cell = r * columns + c
                    for k in range(offset[cell], offset[cell + 1]):
                        p = segment[k]
                        if not usable[point_link[p]]:
                            continue
                        dx, dy = x[p + 1] - x[p], y[p + 1] - y[p]
                        length = dx * dx + dy * dy
                        t = 0.0
                        if length > 0.0:
                            t = ((px[i] - x[p]) * dx + (py[i] - y[p]) * dy) / length
                            t = min(max(t, 0.0), 1.0)
                        ex, ey = x[p] + t * dx - px[i], y[p] + t * dy - py[i]
                        square = ex * ex + ey * ey
                        if square < best or (square == best and (found[i] < 0 or p < found[i])):
                            best = square
                            found[i], along[i], distance[i] = p, t, np.sqrt(square)
            ring += 1
    return found, along, distance


@nb.njit(cache=True, nogil=True)
def _search(
    level: Array,
    indptr: Array,
    to: Array,
    seconds: Array,
    down_indptr: Array,
    down_to: Array,
    down_seconds: Array,
    states: Array,
    starts: Array,
    limit: Any,
    per_bucket: Any,
    label: Array,
    touched: Array,
    on_level: Array,
    next_on_level: Array,
    bucket: Array,
    entry_state: Array,
    entry_label: Array,
    entry_next: Array,
) -> int:
    """Label every state reached within the limit; return how many, or -1 - how many if the entries ran out.

    From the starts up to the core, through the core, and down again, level by level. Nothing is allocated here: the
    arrays' addresses stay in registers, which doubles the speed.
    """
    capacity = len(entry_state)
    last = len(bucket) - 1
    reached = entries = highest = deepest = 0
    for k in range(len(states)):
        state, start = states[k], starts[k]
        if start <= limit and start < label[state]:
            if label[state] == np.inf:
                own = level[state]
                next_on_level[state] = on_level[own]
                on_level[own] = state
                deepest = max(deepest, own)
            label[state] = start
    for own in range(deepest, 0, -1):
        state = on_level[own]
        while state >= 0:
            here = label[state]
            for a in range(indptr[state], indptr[state + 1]):
                there = here + seconds[a]
                target = to[a]
                known = label[target]
                if there < known and there <= limit:
                    if known == np.inf:
                        next_on_level[target] = on_level[level[target]]
                        on_level[level[target]] = target
                    label[target] = there
            state = next_on_level[state]
    state = on_level[0]
    on_level[0] = -1
    while state >= 0:
        touched[reached] = state
        reached += 1
        here = label[state]
        b = min(int(here * per_bucket), last)
        entry_state[entries], entry_label[entries], entry_next[entries] = state, here, bucket[b]
        bucket[b] = entries
        entries += 1
        highest = max(highest, b)
        state = next_on_level[state]
    b = 0
    while b <= highest:
        entry = bucket[b]
        if entry < 0:
            b += 1
            continue
        bucket[b] = entry_next[entry]
        state = entry_state[entry]
        here = entry_label[entry]
        if here > label[state]:
            continue
        for a in range(indptr[state], indptr[state + 1]):
            there = here + seconds[a]
            target = to[a]
            known = label[target]
            if there < known and there <= limit:
                if entries == capacity:
                    return -1 - _unlist(on_level, next_on_level, touched, reached)
                if known == np.inf:
                    touched[reached] = target
                    reached += 1
                label[target] = there
                c = min(int(there * per_bucket), last)
                entry_state[entries], entry_label[entries], entry_next[entries] = target, there, bucket[c]
                bucket[c] = entries
                entries += 1
                highest = max(highest, c)
    done = 0
    own = 0
    while True:
        while done < reached:
            state = touched[done]
            done += 1
            here = label[state]
            for a in range(down_indptr[state], down_indptr[state + 1]):
                there = here + down_seconds[a]
                target = down_to[a]
                known = label[target]
                if there < known and there <= limit:
                    if known == np.inf:
                        next_on_level[target] = on_level[level[target]]
                        on_level[level[target]] = target
                        deepest = max(deepest, level[target])
                    label[target] = there
        own += 1
        if own > deepest:
            return reached
        state = on_level[own]
        on_level[own] = -1
        while state >= 0:
            touched[reached] = state
            reached += 1
            state = next_on_level[state]


@nb.njit(cache=True, nogil=True)
def _unlist(on_level: Array, next_on_level: Array, touched: Array, reached: int) -> int:
    """Empty the lists of all levels into the list of states reached; return its length."""
    for own in range(len(on_level)):
        state = on_level[own]
        on_level[own] = -1
        while state >= 0:
            touched[reached] = state
            reached += 1
            state = next_on_level[state]
    return reached


@nb.njit(cache=True, nogil=True)
def reached_states(
    level: Array,
    indptr: Array,
    to: Array,
    seconds: Array,
    down_indptr: Array,
    down_to: Array,
    down_seconds: Array,
    start_ptr: Array,
    start_state: Array,
    start_seconds: Array,
    limit: float,
    per_bucket: float,
    first: int,
    last: int,
) -> Any:
    """Return CSR (indptr, state, seconds) of the states reached from starts first … last - 1."""
    label = np.full(len(indptr) - 1, np.float32(np.inf), np.float32)
    touched, next_on_level = np.empty(len(indptr) - 1, np.int32), np.empty(len(indptr) - 1, np.int32)
    on_level = np.full(level.max() + 1 if len(level) else 1, -1, np.int32)
    bucket = np.full(int(limit * per_bucket) + 1, -1, np.int32)
    capacity = max(1 << 16, len(label), len(start_state))
    e1, e2, e3 = np.empty(capacity, np.int32), np.empty(capacity, np.float32), np.empty(capacity, np.int32)
    out_ptr = np.zeros(last - first + 1, np.int64)
    out_state, out_seconds = np.empty(capacity, np.int32), np.empty(capacity, np.float32)
    filled = 0
    i = first
    while i < last:
        seeds = slice(start_ptr[i], start_ptr[i + 1])
        reached = _search(
            level,
            indptr,
            to,
            seconds,
            down_indptr,
            down_to,
            down_seconds,
            start_state[seeds],
            start_seconds[seeds],
            np.float32(limit),
            np.float32(per_bucket),
            label,
            touched,
            on_level,
            next_on_level,
            bucket,
            e1,
            e2,
            e3,
        )
        if reached < 0:
            label[touched[: -1 - reached]] = np.inf
            bucket[:] = -1
            capacity *= 2
            e1, e2, e3 = np.empty(capacity, np.int32), np.empty(capacity, np.float32), np.empty(capacity, np.int32)
            continue
        while filled + reached > len(out_state):
            out_state = np.append(out_state, np.empty_like(out_state))
            out_seconds = np.append(out_seconds, np.empty_like(out_seconds))
        for k in range(reached):
            state = touched[k]
            out_state[filled], out_seconds[filled] = state, label[state]
            label[state] = np.inf
            filled += 1
        out_ptr[i - first + 1] = filled
        i += 1
    return out_ptr, out_state[:filled].copy(), out_seconds[:filled].copy()


@nb.njit(cache=True, nogil=True)
def _collect(
    label: Array,
    touched: Array,
    reached: int,
    target_ptr: Array,
    target: Array,
    target_seconds: Array,
    limit: float,
    best: Array,
    hits: Array,
) -> int:
    """Clear the labels, and keep each target's best time over the states reached; return how many targets."""
    hit = 0
    for k in range(reached):
        state = touched[k]
        here = label[state]
        label[state] = np.inf
        for e in range(target_ptr[state], target_ptr[state + 1]):
            there = here + target_seconds[e]
            t = target[e]
            if there < best[t] and there <= limit:
                if best[t] == np.inf:
                    hits[hit] = t
                    hit += 1
                best[t] = there
    return hit


@nb.njit(cache=True, nogil=True)
def reached_targets(
    level: Array,
    indptr: Array,
    to: Array,
    seconds: Array,
    down_indptr: Array,
    down_to: Array,
    down_seconds: Array,
    start_ptr: Array,
    start_state: Array,
    start_seconds: Array,
    target_ptr: Array,
    target: Array,
    target_seconds: Array,
    start_link: Array,
    start_fraction: Array,
    start_off: Array,
    link_ptr: Array,
    link_target: Array,
    target_fraction: Array,
    target_off: Array,
    along: Array,
    against: Array,
    limit: float,
    per_bucket: float,
    first: int,
    last: int,
) -> Any:
    """Return CSR (indptr, target, seconds) of the targets reached from starts first … last - 1, targets ascending.

    Targets hang on states (``target_ptr``); those on the start's own link (``link_ptr``) are also reached straight
    along it, in ``along`` or ``against`` seconds for the whole of each link.
    """
    targets = len(target_fraction)
    label = np.full(len(indptr) - 1, np.float32(np.inf), np.float32)
    touched, next_on_level = np.empty(len(indptr) - 1, np.int32), np.empty(len(indptr) - 1, np.int32)
    on_level = np.full(level.max() + 1 if len(level) else 1, -1, np.int32)
    bucket = np.full(int(limit * per_bucket) + 1, -1, np.int32)
    capacity = max(1 << 16, len(label), len(start_state))
    e1, e2, e3 = np.empty(capacity, np.int32), np.empty(capacity, np.float32), np.empty(capacity, np.int32)
    best = np.full(targets, np.inf)
    hits = np.empty(targets, np.int32)
    out_ptr = np.zeros(last - first + 1, np.int64)
    out_index, out_seconds = np.empty(capacity, np.int32), np.empty(capacity, np.float32)
    filled = 0
    i = first
    while i < last:
        seeds = slice(start_ptr[i], start_ptr[i + 1])
        reached = _search(
            level,
            indptr,
            to,
            seconds,
            down_indptr,
            down_to,
            down_seconds,
            start_state[seeds],
            start_seconds[seeds],
            np.float32(limit),
            np.float32(per_bucket),
            label,
            touched,
            on_level,
            next_on_level,
            bucket,
            e1,
            e2,
            e3,
        )
        if reached < 0:
            label[touched[: -1 - reached]] = np.inf
            bucket[:] = -1
            capacity *= 2
            e1, e2, e3 = np.empty(capacity, np.int32), np.empty(capacity, np.float32), np.empty(capacity, np.int32)
            continue
        hit = _collect(label, touched, reached, target_ptr, target, target_seconds, limit, best, hits)
        link = start_link[i]
        if link >= 0:
            for e in range(link_ptr[link], link_ptr[link + 1]):
                t = link_target[e]
                part = target_fraction[t] - start_fraction[i]
                straight = 0.0
                if part != 0.0:
                    straight = part * along[link] if part > 0.0 else -part * against[link]
                there = straight + start_off[i] + target_off[t]
                if there < best[t] and there <= limit:
                    if best[t] == np.inf:
                        hits[hit] = t
                        hit += 1
                    best[t] = there
        while filled + hit > len(out_index):
            out_index = np.append(out_index, np.empty_like(out_index))
            out_seconds = np.append(out_seconds, np.empty_like(out_seconds))
        if hit * 16 > targets:
            for t in range(targets):
                if best[t] < np.inf:
                    out_index[filled], out_seconds[filled] = t, best[t]
                    best[t] = np.inf
                    filled += 1
        else:
            for t in np.sort(hits[:hit]):
                out_index[filled], out_seconds[filled] = t, best[t]
                best[t] = np.inf
                filled += 1
        out_ptr[i - first + 1] = filled
        i += 1
    return out_ptr, out_index[:filled].copy(), out_seconds[:filled].copy()
