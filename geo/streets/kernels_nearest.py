"""The compiled loops that find the nearest street."""

from typing import Any

import numpy as np
import numpy.typing as npt

from geo.compiled import compiled

Array = npt.NDArray[Any]


@compiled
def in_order(keys: Array, count: int) -> Any:
    """Return int32 (offset, position) of the keys below `count` by rising key, equal ones as they came.

    Key k is found at ``position[offset[k]:offset[k+1]]``. Counting takes less time and memory than sorting.
    """
    offset = np.zeros(count + 1, np.int32)
    for key in keys:
        offset[key + 1] += 1
    offset = np.cumsum(offset).astype(np.int32)
    position = np.empty(len(keys), np.int32)
    filled = offset[:-1].copy()
    for i in range(len(keys)):
        position[filled[keys[i]]] = i
        filled[keys[i]] += 1
    return offset, position


@compiled
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
            low_row = int(np.floor((min(y[p], y[p + 1]) - south) / side))
            high_row = int(np.floor((max(y[p], y[p + 1]) - south) / side))
            for row in range(max(low_row, 0), min(high_row, rows - 1) + 1):
                a, b = x[p], x[p + 1]
                if low_row != high_row:  # only the part of the segment inside this row of squares
                    slope = (x[p + 1] - x[p]) / (y[p + 1] - y[p])
                    bottom = max(south + row * side, min(y[p], y[p + 1]))
                    top = min(south + (row + 1) * side, max(y[p], y[p + 1]))
                    a, b = x[p] + (bottom - y[p]) * slope, x[p] + (top - y[p]) * slope
                low = max(int(np.floor((min(a, b) - west) / side)), 0)
                high = min(int(np.floor((max(a, b) - west) / side)), columns - 1)
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


@compiled
def blocked(ax: float, ay: float, bx: float, by: float, uncrossable: Any) -> bool:
    """Return whether uncrossable lines between two places, whose weights the walk adds up, reach 1.

    The last half meter is not looked at: a street may run along the shore itself. ``uncrossable`` are x, y, weight,
    frame, offset and segment of `geo.streets.uncrossable.Uncrossable`.
    """
    x, y, weight, frame, offset, segment = uncrossable
    length = np.hypot(bx - ax, by - ay)
    if len(segment) == 0 or length <= 0.5:
        return False
    bx, by = bx - (bx - ax) * 0.5 / length, by - (by - ay) * 0.5 / length
    west, south, side = frame[0], frame[1], frame[2]
    columns, rows = int(frame[3]), int(frame[4])
    low_row, high_row = int(np.floor((min(ay, by) - south) / side)), int(np.floor((max(ay, by) - south) / side))
    total = 0.0
    for row in range(max(low_row, 0), min(high_row, rows - 1) + 1):
        a, b = ax, bx
        if low_row != high_row:
            slope = (bx - ax) / (by - ay)
            bottom = max(south + row * side, min(ay, by))
            top = min(south + (row + 1) * side, max(ay, by))
            a, b = ax + (bottom - ay) * slope, ax + (top - ay) * slope
        low = max(int(np.floor((min(a, b) - west) / side)), 0)
        high = min(int(np.floor((max(a, b) - west) / side)), columns - 1)
        for column in range(low, high + 1):
            cell = row * columns + column
            for k in range(offset[cell], offset[cell + 1]):
                p = segment[k]
                start = (bx - ax) * (y[p] - ay) - (by - ay) * (x[p] - ax)
                end = (bx - ax) * (y[p + 1] - ay) - (by - ay) * (x[p + 1] - ax)
                if (start > 0.0) == (end > 0.0):
                    continue
                t = start / (start - end)
                cx, cy = x[p] + t * (x[p + 1] - x[p]), y[p] + t * (y[p + 1] - y[p])
                if (cx - ax) * (cx - bx) + (cy - ay) * (cy - by) > 0.0:
                    continue
                # a segment lies in several squares: it counts in the one where it is crossed
                here = np.floor((cx - west) / side) == column and np.floor((cy - south) / side) == row
                total += weight[p] if here or weight[p] >= 1.0 else 0.0
                if total >= 0.999:
                    return True
    return False


@compiled
def nearest(
    px: Array,
    py: Array,
    x: Array,
    y: Array,
    frame: Array,
    offset: Array,
    segment: Array,
    point_link: Array,
    line: Array,
    measure: Array,
    usable: Array,
    limit: float,
    uncrossable: Any,
) -> Any:
    """Return for each point the nearest usable link within the limit (-1: none), the place along it, the distance.

    A place on a link is passed over where something uncrossable lies before it, unless there is none without.
    ``line`` is where each link's points start, ``measure`` how far along all lines each point is, ``uncrossable`` as of
    `blocked`.
    """
    link, fraction = np.full(len(px), -1, np.int32), np.zeros(len(px))
    distance = np.full(len(px), np.inf)
    for i in range(len(px)):
        if not (abs(px[i]) < 1e8 and abs(py[i]) < 1e8):
            continue
        on_grid = (x, y, frame, offset, segment, point_link)
        nearest_link, along, off = _nearest_one(px[i], py[i], on_grid, usable, limit, uncrossable, False)
        if nearest_link >= 0:
            cx, cy = (
                x[nearest_link] + along * (x[nearest_link + 1] - x[nearest_link]),
                y[nearest_link] + along * (y[nearest_link + 1] - y[nearest_link]),
            )
            if blocked(px[i], py[i], cx, cy, uncrossable):
                free, part, farther = _nearest_one(px[i], py[i], on_grid, usable, limit, uncrossable, True)
                if free >= 0:
                    nearest_link, along, off = free, part, farther
            own = point_link[nearest_link]
            start = measure[line[own]]
            meters = measure[line[own + 1] - 1] - start
            at = (1 - along) * measure[nearest_link] + along * measure[nearest_link + 1]
            link[i], distance[i] = own, off
            fraction[i] = min(max((at - start) / meters, 0.0), 1.0) if meters > 0.0 else 0.0
    return link, fraction, distance


@compiled
def _nearest_one(
    px: float, py: float, on_grid: Any, usable: Array, limit: float, uncrossable: Any, around: bool
) -> Any:
    """Return the nearest usable segment (-1: none), the place along it, the distance; `around` what is uncrossable."""
    x, y, frame, offset, segment, point_link = on_grid
    west, south, side = frame[0], frame[1], frame[2]
    columns, rows = int(frame[3]), int(frame[4])
    column = int(np.floor((px - west) / side))
    row = int(np.floor((py - south) / side))
    best, nearest, along = limit * limit, -1, 0.0
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
                        t = ((px - x[p]) * dx + (py - y[p]) * dy) / length
                        t = min(max(t, 0.0), 1.0)
                    ex, ey = x[p] + t * dx - px, y[p] + t * dy - py
                    square = ex * ex + ey * ey
                    if square < best or (square == best and (nearest < 0 or p < nearest)):
                        if around and blocked(px, py, px + ex, py + ey, uncrossable):
                            square, t = _beside(px, py, x[p], y[p], dx, dy, t, best, uncrossable)
                            if t < 0.0:
                                continue
                        best, nearest, along = square, p, t
        ring += 1
    return nearest, along, np.sqrt(best)


@compiled
def _beside(
    px: float, py: float, x: float, y: float, dx: float, dy: float, nearest_t: float, best: float, uncrossable: Any
) -> Any:
    """Return the squared distance to the nearest place on a segment that can be walked to, and the place (-1: none).

    Places are tried every 20 m on both sides of the nearest one.
    """
    step = 20.0 / max(np.sqrt(dx * dx + dy * dy), 1e-9)
    low, high = nearest_t, nearest_t
    while low > 0.0 or high < 1.0:
        for side in range(2):
            if (side == 0 and low <= 0.0) or (side == 1 and high >= 1.0):
                continue
            if side == 0:
                low = max(low - step, 0.0)
            else:
                high = min(high + step, 1.0)
            t = low if side == 0 else high
            ex, ey = x + t * dx - px, y + t * dy - py
            square = ex * ex + ey * ey
            if square >= best:
                if side == 0:
                    low = 0.0
                else:
                    high = 1.0
            elif not blocked(px, py, px + ex, py + ey, uncrossable):
                return square, t
    return best, -1.0


@compiled
def leaving(
    link: Array,
    fraction: Array,
    off: Array,
    link_seconds: Array,
    leave_state: Array,
    indptr: Array,
    to: Array,
    arc_link: Array,
    arc_seconds: Array,
) -> Any:
    """Return CSR (indptr, state, seconds): the states one gets to from places on links, either way along them.

    ``off`` are seconds to the link; directed link 2i runs along link i, 2i + 1 against it.
    """
    pointer = np.zeros(len(link) + 1, np.int64)
    state, seconds = np.empty(0, np.int32), np.empty(0, np.float32)
    for filling in range(2):
        n = 0
        for i in range(len(link)):
            for sense in range(2 if link[i] >= 0 else 0):
                directed = 2 * link[i] + sense
                if not link_seconds[directed] < np.inf:
                    continue
                gone = (fraction[i] if sense == 0 else 1.0 - fraction[i]) * link_seconds[directed]
                for a in range(indptr[leave_state[directed]], indptr[leave_state[directed] + 1]):
                    if arc_link[a] == directed:
                        if filling:
                            state[n], seconds[n] = to[a], max(arc_seconds[a] - gone, 0.0) + off[i]
                        n += 1
            pointer[i + 1] = n
        if not filling:
            state, seconds = np.empty(n, np.int32), np.empty(n, np.float32)
    return pointer, state, seconds


@compiled
def coming(link: Array, fraction: Array, off: Array, link_seconds: Array, enter_state: Array) -> Any:
    """Return CSR (indptr, state, seconds): the states from which one gets to places on links, see `leaving`."""
    pointer = np.zeros(len(link) + 1, np.int64)
    state, seconds = np.empty(2 * len(link), np.int32), np.empty(2 * len(link), np.float32)
    n = 0
    for i in range(len(link)):
        for sense in range(2 if link[i] >= 0 else 0):
            directed = 2 * link[i] + sense
            if link_seconds[directed] < np.inf:
                part = fraction[i] if sense == 0 else 1.0 - fraction[i]
                state[n], seconds[n] = enter_state[directed], part * link_seconds[directed] + off[i]
                n += 1
        pointer[i + 1] = n
    return pointer, state[:n], seconds[:n]
