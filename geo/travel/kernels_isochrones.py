"""The compiled loops of isochrones: reached pieces of street, and the field of times around them."""

from typing import Any

import numpy as np
import numpy.typing as npt

from geo.compiled import compiled

Array = npt.NDArray[Any]

BESIDE = 0.7072
"""Every place on a line has a grid point this close, in squares."""


@compiled
def reached_pieces(
    time: Array,
    leg: Array,
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
        float32[2m]: when one is at the start of each directed link to go along it (infinite = never), and how much of
        the last leg is gone by then.
    link_seconds
        float32[2m]: along each, infinite = not.
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
    capacity = 2 * (links + len(seed_link))  # the system gives memory as it is filled
    link, start, end = np.empty(capacity, np.int32), np.empty(capacity), np.empty(capacity)
    start_time, end_time = np.empty(capacity), np.empty(capacity)
    n = 0
    for i in range(links):
        along, against = link_seconds[2 * i], link_seconds[2 * i + 1]
        a, b = 0.0, 1.0  # reached from the start up to a, and from the end back to b
        from_start = from_end = np.inf
        if along < np.inf and time[2 * i] <= limit:
            from_start = time[2 * i]
            left = max(min(limit - from_start, leg_limit - leg[2 * i]), 0.0)
            a = 1.0 if along <= left else left / along
        if against < np.inf and time[2 * i + 1] <= limit:
            from_end = time[2 * i + 1]
            left = max(min(limit - from_end, leg_limit - leg[2 * i + 1]), 0.0)
            b = 0.0 if against <= left else 1.0 - left / against
        if from_start < np.inf and from_end < np.inf and a > b:
            # both sides meet: each street meter belongs to the side that is there first
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


@compiled
def _beside(x0: float, y0: float, x1: float, y1: float, row: int, column: int) -> Any:
    """Return where along a line (0 … 1) it is nearest to a grid point, and the square of how far (in squares)."""
    dx, dy = x1 - x0, y1 - y0
    ex, ey = column - x0, row - y0
    square = dx * dx + dy * dy
    t = min(max((ex * dx + ey * dy) / square, 0.0), 1.0) if square > 0.0 else 0.0
    return t, (ex - t * dx) ** 2 + (ey - t * dy) ** 2


@compiled
def grid_marks(offset: Array, x: Array, y: Array, measure: Array, cell: float) -> Any:
    """Return the grid points beside each link, and where along the link they are.

    Parameters
    ----------
    offset, x, y, measure
        Each link's line, and meters along all lines laid end to end.
    cell
        Meters; grid point (row, column) is at x = column · cell, y = row · cell.

    Returns
    -------
    offset, row, column, fraction
        int32[links+1]; int32, int32, float32: those of link i are ``offset[i]:offset[i+1]``.
    box
        int32[links, 4]: first row, first column, last row, last column.
    """
    capacity = 1024
    row_of, column_of = np.empty(capacity, np.int32), np.empty(capacity, np.int32)
    fraction, off = np.empty(capacity, np.float32), np.empty(capacity)
    begin, box = np.zeros(len(offset), np.int32), np.empty((len(offset) - 1, 4), np.int32)
    box[:, :2], box[:, 2:] = 2**31 - 1, -(2**31)
    n = 0
    for i in range(len(offset) - 1):
        first, last = offset[i], offset[i + 1] - 1
        length = measure[last] - measure[first]
        for p in range(first, last):
            x0, y0, x1, y1 = x[p] / cell, y[p] / cell, x[p + 1] / cell, y[p + 1] / cell
            for row in range(int(np.ceil(min(y0, y1) - BESIDE)), int(max(y0, y1) + BESIDE) + 1):
                for column in range(int(np.ceil(min(x0, x1) - BESIDE)), int(max(x0, x1) + BESIDE) + 1):
                    t, square = _beside(x0, y0, x1, y1, row, column)
                    if square > BESIDE * BESIDE:
                        continue
                    along = measure[p] + t * (measure[p + 1] - measure[p]) - measure[first]
                    part = along / length if length > 0.0 else 0.0
                    k = n  # the same grid point a bend before: its nearest place counts
                    for back in range(n - 1, max(begin[i], n - 32) - 1, -1):
                        same = row_of[back] == row and column_of[back] == column
                        if same and (part - fraction[back]) * length <= 2.0 * cell:
                            k = back
                            break
                    if k < n and off[k] <= square:
                        continue
                    if n == capacity:
                        capacity *= 2
                        row_of, column_of = np.append(row_of, row_of), np.append(column_of, column_of)
                        fraction, off = np.append(fraction, fraction), np.append(off, off)
                    row_of[k], column_of[k], fraction[k], off[k] = row, column, part, square
                    n += k == n
        begin[i + 1] = n
        if n > begin[i]:
            rows, columns = row_of[begin[i] : n], column_of[begin[i] : n]
            box[i] = rows.min(), columns.min(), rows.max(), columns.max()
    return begin, row_of[:n].copy(), column_of[:n].copy(), fraction[:n].copy(), box


@compiled
def extent(pieces: Any, marks: Any, ways: Array, cell: float) -> Any:
    """Return the first and last row and column of the grid points beside reached links and ways."""
    link, starts, ends, _, _ = pieces
    offset, row_of, column_of, fraction, box = marks
    south, west, north, east = 2**31 - 1, 2**31 - 1, -(2**31), -(2**31)
    for i in range(len(link)):
        reached = box[link[i]]
        if reached[2] - reached[0] < 16 and reached[3] - reached[1] < 16:  # its other part isn't far either
            south, north = min(south, reached[0]), max(north, reached[2])
            west, east = min(west, reached[1]), max(east, reached[3])
            continue
        for k in range(offset[link[i]], offset[link[i] + 1]):
            if starts[i] <= fraction[k] <= ends[i]:
                south, north = min(south, row_of[k]), max(north, row_of[k])
                west, east = min(west, column_of[k]), max(east, column_of[k])
    for i in range(len(ways)):
        for at in (0, 3):
            column, row = int(np.round(ways[i, at] / cell)), int(np.round(ways[i, at + 1] / cell))
            south, north = min(south, row), max(north, row)
            west, east = min(west, column), max(east, column)
    return south, west, north, east


@compiled
def time_field(
    pieces: Any, length: Array, marks: Any, ways: Array, cell: float, frame: Any, radius: float, per_meter: float
) -> Any:
    """Return float32[rows, columns]: earliest time at each grid point by a walk of up to `radius` off a street.

    First the grid points next to streets get their street's time; then each spreads over a disc.

    Parameters
    ----------
    pieces, length
        From `reached_pieces`; meters of each link.
    marks
        From `grid_marks`.
    ways
        float64[k, 6]: x0, y0, time0, x1, y1, time1: straight lines that are walked besides.
    frame
        First row, first column, rows, columns; columns are a multiple of 64, which fills the processor's vectors.
    """
    link, starts, ends, first_time, last_time = pieces
    offset, row_of, column_of, fraction, _ = marks
    south, west, rows, columns = frame
    near = np.full((rows, columns), np.float32(np.inf), np.float32)
    flat = near.ravel()
    for i in range(len(link)):
        start, end, time = starts[i], ends[i], first_time[i]
        least = min(time, last_time[i])
        rate = (last_time[i] - time) / (end - start) if end > start else 0.0
        # grid points just beyond the end of a piece stay: where time runs out is known between grid points
        more = BESIDE * cell / length[link[i]] if length[link[i]] > 0.0 else 1.0
        low, high = np.float32(start - more), np.float32(end + more)
        for k in range(offset[link[i]], offset[link[i] + 1]):
            if low <= fraction[k] <= high:
                value = np.float32(max(time + (fraction[k] - start) * rate, least))
                at = (row_of[k] - south) * columns + column_of[k] - west
                flat[at] = min(flat[at], value)
    for i in range(len(ways)):
        x0, y0, x1, y1 = ways[i, 0] / cell, ways[i, 1] / cell, ways[i, 3] / cell, ways[i, 4] / cell
        for row in range(int(np.ceil(min(y0, y1) - BESIDE)), int(max(y0, y1) + BESIDE) + 1):
            for column in range(int(np.ceil(min(x0, x1) - BESIDE)), int(max(x0, x1) + BESIDE) + 1):
                t, square = _beside(x0, y0, x1, y1, row, column)
                if square <= BESIDE * BESIDE:
                    value = np.float32(ways[i, 2] + t * (ways[i, 5] - ways[i, 2]))
                    near[row - south, column - west] = min(near[row - south, column - west], value)
    return _spread(near, int(radius / cell), radius / cell, cell * per_meter)


@compiled
def _spread(near: Array, reach: int, radius: float, step: float) -> Any:
    """Return the earliest time at each grid point from those within a radius (in squares), `step` seconds a square."""
    rows, columns = near.shape
    field = np.full((rows, columns), np.float32(np.inf), np.float32)
    flat = near.ravel()  # the margins are wider than the reach, so that a row may look into the next
    sides, up_by = np.empty(columns, np.float32), np.empty((reach + 1, columns), np.float32)
    for row in range(reach, rows - reach):
        column = 0
        while column < columns and near[row, column] == np.inf:
            column += 1
        if column == columns:
            continue
        for right in range(reach + 1):
            at = row * columns
            left_of, right_of = flat[at - right : at - right + columns], flat[at + right : at + right + columns]
            for k in range(columns):
                sides[k] = left_of[k] if left_of[k] < right_of[k] else right_of[k]
            for up in range(int(np.sqrt(radius * radius - right * right)) + 1):
                walk, line = np.float32(np.hypot(up, right) * step), up_by[up]
                if right == 0:
                    for k in range(columns):
                        line[k] = sides[k] + walk
                else:
                    for k in range(columns):
                        line[k] = min(line[k], sides[k] + walk)
        for up in range(-reach, reach + 1):
            line, here = field[row + up], up_by[abs(up)]
            for k in range(columns):
                line[k] = min(line[k], here[k])
    return field
