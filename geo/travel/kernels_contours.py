"""The compiled loops of contours: rings around a level of a field, and polynomials at their corners."""

from typing import Any

import numpy as np
import numpy.typing as npt

from geo.compiled import compiled

Array = npt.NDArray[Any]

_ENTERED = np.array([0, 0, 3, 3, 2, 0, 2, 2, 1, 0, 3, 3, 1, 0, 1])
_LEFT_BY = np.array([0, 1, 0, 1, 3, 1, 0, 1, 2, 2, 0, 2, 3, 3, 0])
"""Which corners of a square are inside (1, 2, 4, 8: from the near left counterclockwise) → the sides, below, left,
above and right, by which a ring comes in and goes out; two corners opposite each other have a second ring."""
_ALL_INSIDE = np.uint64(0x0101010101010101)


@compiled
def contour_rings(field: Array, levels: Array, inner: float, outer: Array) -> Any:
    """Return the rings around where the field is at most each level (marching squares, ambiguous squares apart).

    The field must be above the levels all along its border. Differences to the level count up to `inner` below and
    its `outer` above it, so that a ring runs between grid points also where the field ends.

    Returns
    -------
    points
        float64[p, 2]: column, row of the rings' corners; inside is on the left; rings not closed.
    offset
        int64[rings+1].
    parent
        int64[rings]: -1 for an outer ring; the outer ring of a hole.
    level
        int64[rings]: position of the level.
    size
        float64[rings]: the area within, in squares.
    """
    rows, columns = field.shape
    # corners as they are found, row by row: where, which comes next on its ring, and of which ring it is
    room = 4096 + 2 * columns
    place, onward, ring_of = np.empty((room, 2)), np.empty(room, np.int32), np.empty(room, np.int32)
    # of corners between two columns: the row, and whether one further column is inside
    row_of, entering = np.empty(room, np.int32), np.empty(room, np.bool_)
    under = np.empty(columns, np.int32)  # corners at the near sides of a row of squares
    side = np.empty(4, np.int32)
    # whether grid points of a row are inside; eight at a time where all are alike
    below, above = np.zeros(columns // 8 * 8 + 8, np.uint8), np.zeros(columns // 8 * 8 + 8, np.uint8)
    points, filled = np.empty((room, 2)), 0
    offset, parent, level_of, size = [0], [0 for _ in range(0)], [0 for _ in range(0)], [0.0 for _ in range(0)]
    for order in range(len(levels)):
        level, most, corners = levels[order], outer[order], 0
        below[:] = 0
        above[:] = 0
        for row in range(rows - 1):
            below, above = above, below
            here, there = field[row], field[row + 1]
            for column in range(columns):
                above[column] = there[column] <= level
            if corners + 2 * columns > len(place):
                place, onward = np.concatenate((place, place)), np.append(onward, onward)
                ring_of, row_of = np.append(ring_of, ring_of), np.append(row_of, row_of)
                entering = np.append(entering, entering)
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
                side[0], side[1] = under[column], side[3]
                if c != d:
                    part = _crossing(there[column] - level, there[column + 1] - level, inner, most)
                    place[corners, 0], place[corners, 1] = column + part, row + 1
                    row_of[corners], entering[corners], ring_of[corners] = row + 1, c, -1
                    under[column] = side[2] = corners
                    corners += 1
                if b != c:
                    part = _crossing(here[column + 1] - level, there[column + 1] - level, inner, most)
                    place[corners, 0], place[corners, 1] = column + 1, row + part
                    row_of[corners] = -1
                    side[3] = corners
                    corners += 1
                onward[side[_ENTERED[case]]] = side[_LEFT_BY[case]]
                if case == 5:
                    onward[side[2]] = side[3]
                elif case == 10:
                    onward[side[1]] = side[2]
        last_row = behind = -1  # the ring last crossed in this row
        for corner in range(corners):
            if row_of[corner] < 0:
                continue
            if row_of[corner] != last_row:
                last_row, behind = row_of[corner], -1
            if ring_of[corner] < 0:
                ring = len(offset) - 1
                parent.append(-1 if entering[corner] else (behind if parent[behind] < 0 else parent[behind]))
                if filled + corners > len(points):
                    points = np.concatenate((points, np.empty((len(points) + corners, 2))))
                begin, at, twice = filled, corner, 0.0
                while True:
                    ring_of[at] = ring
                    px, py = place[at]
                    if filled - begin >= 2:  # leave out a corner on the straight line between its neighbors
                        ax = points[filled - 1, 0] - points[filled - 2, 0]
                        ay = points[filled - 1, 1] - points[filled - 2, 1]
                        bx, by = px - points[filled - 1, 0], py - points[filled - 1, 1]
                        if abs(ax * by - ay * bx) < 1e-9 and ax * bx + ay * by > 0.0:
                            filled -= 1
                    points[filled, 0], points[filled, 1] = px, py
                    filled += 1
                    after = onward[at]
                    twice += px * place[after, 1] - place[after, 0] * py
                    at = after
                    if at == corner:
                        break
                offset.append(filled)
                level_of.append(order)
                size.append(abs(twice) / 2.0)
            behind = ring_of[corner]
    return points[:filled].copy(), np.array(offset), np.array(parent), np.array(level_of), np.array(size)


@compiled
def _crossing(one: float, other: float, inner: float, outer: float) -> float:
    """Return where between two grid points (0 … 1) the level lies, of which these are the differences."""
    one, other = min(max(one, -inner), outer), min(max(other, -inner), outer)
    return min(max(one / (one - other), 0.001), 0.999)


@compiled
def polynomials(points: Array, shift: Any, scale: float, weights: Array, constant: Array) -> Array:
    """Return float64[k, 2]: two polynomials of both coordinates, once these are shifted and scaled.

    Terms u^i v^j, j changing fastest, weigh float64[terms, 2].
    """
    values = np.empty((len(points), 2))
    degree = int((np.sqrt(8 * len(weights) + 1) - 3) / 2)
    u, v = np.empty(len(points)), np.empty(len(points))
    for n in range(len(points)):
        u[n], v[n] = (points[n, 0] + shift[0]) * scale, (points[n, 1] + shift[1]) * scale
    for which in range(2):
        term, total, inner = len(weights), np.zeros(len(points)), np.empty(len(points))
        for i in range(degree, -1, -1):  # Horner's scheme, for all points at once
            inner[:] = 0.0
            for _ in range(degree + 1 - i):
                term -= 1
                weight = weights[term, which]
                for n in range(len(points)):
                    inner[n] = inner[n] * v[n] + weight
            for n in range(len(points)):
                total[n] = total[n] * u[n] + inner[n]
        values[:, which] = total + constant[which]
    return values
