"""The compiled loops of isochrones: reached pieces of street, the field of times around them, and its contours."""

from typing import Any

import numba as nb
import numpy as np
import numpy.typing as npt

Array = npt.NDArray[Any]

_ALL_INSIDE = np.uint64(0x0101010101010101)


@nb.njit(cache=True, nogil=True)
def reached_pieces(
    time: Array,
    leg: Array,
    enter_state: Array,
    link_seconds: Array,
    limit: float,
    leg_limit: float,
    seed_link: Array,
    seed_fraction: Array,
    seed_time: Array,
    seed_leg: Array,
) -> Any:
    """Return the reached pieces of links, each part of a link once, with the time at both of their ends.

    Parameters
    ----------
    time, leg
        float32[states]: when each is reached (infinite = never), and how much of the last leg is gone by then.
    limit, leg_limit
        On the time, and on the leg.
    seed_link, seed_fraction, seed_time, seed_leg
        Places within links from which one goes on in both directions.

    Returns
    -------
    link, start, end, start_time, end_time
        `start` < `end` are fractions of the link; times run linearly between them.
    """
    links = len(link_seconds) // 2
    capacity = 2 * len(seed_link)  # room for what is reached: fresh memory is what costs here
    for i in range(2 * links):
        if link_seconds[i] < np.inf and time[enter_state[i]] <= limit:
            capacity += 1
    link, start, end = np.empty(capacity, np.int32), np.empty(capacity), np.empty(capacity)
    start_time, end_time = np.empty(capacity), np.empty(capacity)
    n = 0
    for i in range(links):
        along, against = link_seconds[2 * i], link_seconds[2 * i + 1]
        a, b = 0.0, 1.0  # reached from the start up to a, and from the end back to b
        from_start = from_end = np.inf
        if along < np.inf and time[enter_state[2 * i]] <= limit:
            from_start = time[enter_state[2 * i]]
            left = max(min(limit - from_start, leg_limit - leg[enter_state[2 * i]]), 0.0)
            a = 1.0 if along <= left else left / along
        if against < np.inf and time[enter_state[2 * i + 1]] <= limit:
            from_end = time[enter_state[2 * i + 1]]
            left = max(min(limit - from_end, leg_limit - leg[enter_state[2 * i + 1]]), 0.0)
            b = 0.0 if against <= left else 1.0 - left / against
        if from_start < np.inf and from_end < np.inf and a > b:
            # both sides meet: each street metre belongs to the side that is there first
            total = along + against
            middle = (from_end - from_start + against) / total if total > 0.0 else 0.5
            a = b = min(max(middle, b), a)
        if from_start < np.inf and a > 0.0:
            link[n], start[n], end[n] = i, 0.0, a
            start_time[n], end_time[n] = from_start, from_start + a * along
            n += 1
        if from_end < np.inf and b < 1.0:
            link[n], start[n], end[n] = i, b, 1.0
            start_time[n], end_time[n] = from_end + (1.0 - b) * against, from_end
            n += 1
    for k in range(len(seed_link)):
        if seed_link[k] < 0:
            continue
        left = min(limit - seed_time[k], leg_limit - seed_leg[k])
        if left < 0.0:
            continue
        for sense in range(2):
            whole = link_seconds[2 * seed_link[k] + sense]
            rest = 1.0 - seed_fraction[k] if sense == 0 else seed_fraction[k]
            if not whole < np.inf:
                continue
            part = rest if whole * rest <= left else left / whole
            link[n] = seed_link[k]
            if sense == 0:
                start[n], end[n] = seed_fraction[k], seed_fraction[k] + part
                start_time[n], end_time[n] = seed_time[k], seed_time[k] + part * whole
            else:
                start[n], end[n] = seed_fraction[k] - part, seed_fraction[k]
                start_time[n], end_time[n] = seed_time[k] + part * whole, seed_time[k]
            n += 1
    return link[:n], start[:n], end[:n], start_time[:n], end_time[:n]


@nb.njit(cache=True, nogil=True)
def straight_pieces(
    link: Array,
    start: Array,
    end: Array,
    start_time: Array,
    end_time: Array,
    offset: Array,
    x: Array,
    y: Array,
    measure: Array,
) -> Any:
    """Return the pieces as straight lines: x0, y0, time0, x1, y1, time1 (float64[k, 6])."""
    count = 0
    for i in range(len(link)):
        count += offset[link[i] + 1] - offset[link[i]] - 1
    lines = np.empty((count, 6))
    n = 0
    for i in range(len(link)):
        first, last = offset[link[i]], offset[link[i] + 1] - 1
        length = measure[last] - measure[first]
        low, high = measure[first] + start[i] * length, measure[first] + end[i] * length
        rate = (end_time[i] - start_time[i]) / (high - low) if high > low else 0.0
        for p in range(first, last):
            step = measure[p + 1] - measure[p]
            if measure[p + 1] < low or measure[p] > high or step <= 0.0:
                continue
            s, e = max(low, measure[p]), min(high, measure[p + 1])
            u, v = (s - measure[p]) / step, (e - measure[p]) / step
            lines[n, 0], lines[n, 1] = x[p] + u * (x[p + 1] - x[p]), y[p] + u * (y[p + 1] - y[p])
            lines[n, 2] = start_time[i] + (s - low) * rate
            lines[n, 3], lines[n, 4] = x[p] + v * (x[p + 1] - x[p]), y[p] + v * (y[p + 1] - y[p])
            lines[n, 5] = start_time[i] + (e - low) * rate
            n += 1
    return lines[:n]


@nb.njit(cache=True, nogil=True)
def time_field(
    lines: Array, west: float, south: float, cell: float, columns: int, rows: int, radius: float, per_metre: float
) -> Any:
    """Return float32[rows, columns]: earliest time at each grid point by a walk of up to `radius` off a line.

    First the grid points next to lines get their line's time; then each spreads over a disc.
    """
    near = np.full((rows, columns), np.float32(np.inf), np.float32)
    r = 0.7072  # every place on a line has a grid point this close, in squares
    for i in range(len(lines)):
        x0, y0, t0 = (lines[i, 0] - west) / cell, (lines[i, 1] - south) / cell, lines[i, 2]
        x1, y1, t1 = (lines[i, 3] - west) / cell, (lines[i, 4] - south) / cell, lines[i, 5]
        dx, dy = x1 - x0, y1 - y0
        square = dx * dx + dy * dy
        scale = 1.0 / square if square > 0.0 else 0.0
        for row in range(int(np.ceil(min(y0, y1) - r)), int(max(y0, y1) + r) + 1):
            for column in range(int(np.ceil(min(x0, x1) - r)), int(max(x0, x1) + r) + 1):
                ex, ey = column - x0, row - y0
                t = min(max((ex * dx + ey * dy) * scale, 0.0), 1.0)
                ex -= t * dx
                ey -= t * dy
                off = ex * ex + ey * ey
                if off <= r * r:
                    near[row, column] = min(near[row, column], np.float32(t0 + t * (t1 - t0)))
    reach = int(radius / cell)
    field = np.full((rows, columns), np.float32(np.inf), np.float32)
    for row in range(reach, rows - reach):
        first, last = reach, columns - reach
        while first < last and near[row, first] == np.inf:
            first += 1
        while first < last and near[row, last - 1] == np.inf:
            last -= 1
        start = near[row, first:last]
        for up in range(-reach, reach + 1):
            half = int(np.sqrt((radius / cell) ** 2 - up * up))
            for right in range(-half, half + 1):
                walk = np.float32(np.hypot(up, right) * cell * per_metre)
                line = field[row + up, first + right : last + right]
                for k in range(len(start)):
                    line[k] = min(line[k], start[k] + walk)
    return field


@nb.njit(cache=True, nogil=True)
def contour_rings(field: Array, level: float, inner: float, outer: float) -> Any:
    """Return the rings around where the field is at most the level (marching squares, ambiguous squares apart).

    The field must be above the level all along its border. Differences to the level count up to `inner` below and
    `outer` above it, so that a ring runs between grid points also where the field ends.

    Returns
    -------
    points
        float64[p, 2]: column, row of the rings' corners; inside is on the left; rings not closed.
    offset
        int64[rings+1].
    parent
        int64[rings]: -1 for an outer ring; the outer ring of a hole.
    """
    rows, columns = field.shape
    # edge 2k runs from grid point k to the next column, edge 2k + 1 to the next row; a ring enters each at most once
    onward, ring_of = np.empty(2 * rows * columns, np.int32), np.empty(rows * columns, np.int32)
    crossed, crossings = np.empty(rows * columns, np.int32), 0  # grid points k whose edge 2k a ring enters
    # whether grid points of a row are inside; eight at a time where all are alike
    below, above = np.zeros(columns // 8 * 8 + 8, np.uint8), np.zeros(columns // 8 * 8 + 8, np.uint8)
    for row in range(rows - 1):
        below, above = above, below
        for column in range(columns):
            above[column] = field[row + 1, column] <= level
        eight_below, eight_above = below.view(np.uint64), above.view(np.uint64)
        column = -1
        while column < columns - 2:
            column += 1
            if column % 8 == 0 and column + 8 < columns:
                eight = eight_below[column // 8]
                alike = eight == eight_above[column // 8] and not 0 < eight < _ALL_INSIDE
                if alike and below[column] == below[column + 8] and below[column] == above[column + 8]:
                    column += 7
                    continue
            a, b, c, d = below[column], below[column + 1], above[column + 1], above[column]
            case = a + 2 * b + 4 * c + 8 * d
            if case % 15 == 0:  # all inside, or none
                continue
            k = row * columns + column
            bottom, left, top, right = 2 * k, 2 * k + 1, 2 * (k + columns), 2 * k + 3
            if a != b:
                crossed[crossings] = k
                crossings += 1
                ring_of[k] = -1
            if case == 1:
                onward[bottom] = left
            elif case == 2:
                onward[right] = bottom
            elif case == 3:
                onward[right] = left
            elif case == 4:
                onward[top] = right
            elif case == 5:
                onward[bottom] = left
                onward[top] = right
            elif case == 6:
                onward[top] = bottom
            elif case == 7:
                onward[top] = left
            elif case == 8:
                onward[left] = top
            elif case == 9:
                onward[bottom] = top
            elif case == 10:
                onward[right] = bottom
                onward[left] = top
            elif case == 11:
                onward[right] = top
            elif case == 12:
                onward[left] = right
            elif case == 13:
                onward[bottom] = right
            else:
                onward[left] = bottom
    capacity = 4096
    points = np.empty((capacity, 2))
    offset = [0]
    parent = [0]
    parent.pop()
    filled = 0
    last_row = behind = -1  # the ring last crossed in this row
    for crossing in range(crossings):
        k = crossed[crossing]
        row, column = k // columns, k % columns
        if row != last_row:
            last_row, behind = row, -1
        if ring_of[k] < 0:
            ring = len(offset) - 1
            entering = field[row, column + 1] <= level
            parent.append(-1 if entering else (behind if parent[behind] < 0 else parent[behind]))
            edge = 2 * k
            begin = filled
            while True:
                at = edge // 2
                i, j = at // columns, at % columns
                here = field[i, j]
                there = field[i, j + 1] if edge % 2 == 0 else field[i + 1, j]
                inside = min(max(here - level, -inner), outer)
                outside = min(max(there - level, -inner), outer)
                part = min(max(inside / (inside - outside), 0.001), 0.999)
                if edge % 2 == 0:
                    ring_of[at] = ring
                    px, py = j + part, float(i)
                else:
                    px, py = float(j), i + part
                if filled - begin >= 2:  # leave out a corner on the straight line between its neighbours
                    ax = points[filled - 1, 0] - points[filled - 2, 0]
                    ay = points[filled - 1, 1] - points[filled - 2, 1]
                    bx, by = px - points[filled - 1, 0], py - points[filled - 1, 1]
                    if abs(ax * by - ay * bx) < 1e-9 and ax * bx + ay * by > 0.0:
                        filled -= 1
                if filled == capacity:
                    capacity *= 2
                    points = np.concatenate((points, np.empty_like(points)))
                points[filled, 0], points[filled, 1] = px, py
                filled += 1
                edge = onward[edge]
                if edge == 2 * k:
                    break
            offset.append(filled)
        behind = ring_of[k]
    return points[:filled].copy(), np.array(offset), np.array(parent, np.int64)


@nb.njit(cache=True, nogil=True)
def polynomials(points: Array, weights: Array) -> Array:
    """Return float64[k, 2]: two polynomials at u, v; terms u^i v^j, j changing fastest, weigh float64[terms, 2]."""
    values = np.empty((len(points), 2))
    degree = int((np.sqrt(8 * len(weights) + 1) - 3) / 2)
    for n in range(len(points)):
        u, v = points[n]
        first = second = 0.0
        term, power_u = 0, 1.0
        for i in range(degree + 1):
            power = power_u
            for _ in range(degree + 1 - i):
                first += power * weights[term, 0]
                second += power * weights[term, 1]
                power *= v
                term += 1
            power_u *= u
        values[n, 0], values[n, 1] = first, second
    return values
