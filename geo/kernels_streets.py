"""The compiled loops that find the nearest street."""

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
