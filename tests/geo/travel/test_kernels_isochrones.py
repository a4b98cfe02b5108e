"""Reached pieces of street by hand, and the field of times around them against every pair of points."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from geo.travel.kernels_isochrones import BESIDE, _spread, extent, grid_marks, reached_pieces, time_field

NEVER = np.inf


def pieces(time, along, limit=100.0, leg=None, leg_limit=NEVER, seeds=()):
    """Return the pieces of links: (link, start, end, time at the start, time at the end)."""
    leg = [0.0] * len(time) if leg is None else leg
    seed = [np.array([one[k] for one in seeds], kind) for k, kind in enumerate((np.int32, float, float, float))]
    reached = reached_pieces(
        np.array(time, np.float32), np.array(leg, np.float32), np.array(along, np.float32), limit, leg_limit, *seed
    )
    return [tuple(round(float(value), 5) for value in row) for row in zip(*reached, strict=True)]


def test_a_street_is_reached_as_far_as_time_lasts():
    assert pieces([10, NEVER], [200, 200]) == [(0, 0, 0.45, 10, 100)]
    assert pieces([NEVER, 10], [200, 200]) == [(0, 0.55, 1, 100, 10)]
    assert pieces([10, NEVER], [90, 90]) == [(0, 0, 1, 10, 100)]
    assert pieces([101, NEVER], [90, 90]) == []
    assert pieces([100, NEVER], [90, 90]) == []
    assert pieces([NEVER, NEVER], [90, 90]) == []


def test_a_one_way_street_is_reached_along_it_alone():
    assert pieces([0, 0], [200, NEVER]) == [(0, 0, 0.5, 0, 100)]
    assert pieces([0, 0], [NEVER, 200]) == [(0, 0.5, 1, 100, 0)]


def test_where_both_sides_meet_each_meter_is_of_the_side_that_is_there_first():
    # 100 s long, entered at 0 and at 20 s: they meet after 60 s
    assert pieces([0, 20], [100, 100]) == [(0, 0, 0.6, 0, 60), (0, 0.6, 1, 60, 20)]
    # twice as slow the other way: 2 · 100 · b = 100 · (1 − b) from the start
    (first, second) = pieces([0, 0], [100, 200], limit=300)
    assert first == pytest.approx((0, 0, 2 / 3, 0, 200 / 3), abs=1e-4)
    assert second == pytest.approx((0, 2 / 3, 1, 200 / 3, 0), abs=1e-4)
    # neither gets so far as to meet
    assert pieces([0, 0], [400, 400]) == [(0, 0, 0.25, 0, 100), (0, 0.75, 1, 100, 0)]
    # one side is reached by way of the other: its piece is all there is
    assert pieces([0, 50], [50, 50]) == [(0, 0, 1, 0, 50)]
    assert pieces([0, 0], [0, 0]) == [(0, 0, 0.5, 0, 0), (0, 0.5, 1, 0, 0)]


def test_a_leg_may_last_no_longer_than_its_own_limit():
    assert pieces([10, NEVER], [200, 200], leg=[0, 0], leg_limit=40) == [(0, 0, 0.2, 10, 50)]
    assert pieces([10, NEVER], [200, 200], leg=[30, 0], leg_limit=40) == [(0, 0, 0.05, 10, 20)]
    assert pieces([NEVER, 10], [200, 200], leg=[0, 30], leg_limit=40) == [(0, 0.95, 1, 20, 10)]
    assert pieces([10, NEVER], [200, 200], leg=[50, 0], leg_limit=40) == []


def test_from_a_place_on_a_street_one_goes_both_ways():
    never = [NEVER] * 4
    seed = (1, 0.5, 10.0, 0.0)
    assert pieces(never, [9, 9, 300, 300], seeds=[seed]) == [(1, 0.5, 0.8, 10, 100), (1, 0.2, 0.5, 100, 10)]
    assert pieces(never, [9, 9, 100, NEVER], seeds=[seed]) == [(1, 0.5, 1, 10, 60)]
    assert pieces(never, [9, 9, 300, 150], seeds=[(1, 0.25, 70.0, 0.0)]) == [
        (1, 0.25, 0.35, 70, 100), (1, 0.05, 0.25, 100, 70),
    ]  # fmt: skip
    assert pieces(never, [9, 9, 300, 300], seeds=[(1, 0.5, 10.0, 20.0)], leg_limit=50) == [
        (1, 0.5, 0.6, 10, 40), (1, 0.4, 0.5, 40, 10),
    ]  # fmt: skip
    assert pieces(never, [9, 9, 300, 300], seeds=[(-1, 0.5, 10.0, 0.0), (1, 0.5, 101.0, 0.0)]) == []


def lines(seed, links=3):
    """Return crooked links in meters, as `grid_marks` takes them: offset, x, y, measure."""
    random = np.random.default_rng(seed)
    counts = random.integers(2, 5, links)
    offset = np.concatenate([[0], np.cumsum(counts)])
    x, y = random.uniform(0, 200, (2, offset[-1]))
    steps = np.hypot(np.diff(x, prepend=x[0]), np.diff(y, prepend=y[0]))
    steps[offset[:-1]] = 0
    return offset, x, y, np.cumsum(steps)


def nearest(px, py, x, y, measure):
    """Return the squares' distance to a line, and where along it (0 … 1) its nearest place is."""
    best = (np.inf, 0.0)
    for k in range(len(x) - 1):
        dx, dy = x[k + 1] - x[k], y[k + 1] - y[k]
        t = min(max(((px - x[k]) * dx + (py - y[k]) * dy) / (dx * dx + dy * dy), 0), 1)
        away = np.hypot(px - x[k] - t * dx, py - y[k] - t * dy)
        best = min(
            best, (away, (measure[k] + t * (measure[k + 1] - measure[k]) - measure[0]) / (measure[-1] - measure[0]))
        )
    return best


@settings(max_examples=25)
@given(st.integers(0, 10_000))
def test_every_grid_point_beside_a_street_is_marked_with_its_nearest_place(seed):
    cell = 14.0
    offset, x, y, measure = lines(seed)
    begin, row, column, fraction, box = grid_marks(offset, x, y, measure, cell)
    for i in range(3):
        own = slice(offset[i], offset[i + 1])
        here = slice(begin[i], begin[i + 1])
        marked = set(zip(row[here].tolist(), column[here].tolist(), strict=True))
        expected = {
            (r, c) for r in range(-2, 18) for c in range(-2, 18)
            if nearest(c * cell, r * cell, x[own], y[own], measure[own])[0] <= BESIDE * cell
        }  # fmt: skip
        assert marked == expected
        assert box[i].tolist() == [row[here].min(), column[here].min(), row[here].max(), column[here].max()]
        for r, c in marked:
            parts = [fraction[k] for k in range(begin[i], begin[i + 1]) if (row[k], column[k]) == (r, c)]
            _, part = nearest(c * cell, r * cell, x[own], y[own], measure[own])
            assert min(abs(one - part) for one in parts) < 1e-5


def test_the_extent_holds_what_is_reached_and_no_more_of_a_long_street():
    offset, x, y = np.array([0, 2, 4]), np.array([0.0, 500.0, 30.0, 30.0]), np.array([0.0, 0.0, 0.0, 50.0])
    marks = grid_marks(offset, x, y, np.array([0.0, 500.0, 500.0, 550.0]), 10.0)
    none = np.empty((0, 6))
    half = tuple(np.array([value]) for value in (0, 0.0, 0.5, 0.0, 1.0))
    assert extent(half, marks, none, 10.0) == (0, 0, 0, 25)
    short = tuple(np.array([value]) for value in (1, 0.0, 0.1, 0.0, 1.0))
    assert extent(short, marks, none, 10.0) == (0, 3, 5, 3)
    way = np.array([[-20.0, 70.0, 0.0, 104.0, -10.0, 5.0]])
    assert extent(short, marks, way, 10.0) == (-1, -2, 7, 10)
    nowhere = tuple(np.empty(0, kind) for kind in (np.int32, float, float, float, float))
    assert extent(nowhere, marks, way - 1000, 10.0) == (-101, -102, -93, -90)


def test_beside_a_bend_each_grid_point_is_marked_once_by_where_it_is_nearest():
    """Along row 0 to column 5.2, and from there up: what is near both parts is of the nearer."""
    x, y, measure = np.array([0.0, 52.0, 52.0]), np.array([0.0, 0.0, 50.0]), np.array([0.0, 52.0, 102.0])
    _, row, column, fraction, _ = grid_marks(np.array([0, 3]), x, y, measure, 10.0)
    marked = dict(zip(zip(row.tolist(), column.tolist(), strict=True), fraction.tolist(), strict=True))
    assert len(marked) == len(row)
    assert marked == pytest.approx(
        {(0, k): 10 * k / 102 for k in range(6)}
        | {(0, 5): 50 / 102}
        | {(k, 5): (52 + 10 * k) / 102 for k in range(1, 6)}
    )


@settings(max_examples=25)
@given(st.integers(0, 10_000), st.floats(1.0, 4.0))
def test_times_spread_from_every_point_over_a_disc(seed, radius):
    random = np.random.default_rng(seed)
    reach = int(radius)
    near = np.full((18, 64), np.inf, np.float32)
    for _ in range(5):
        near[random.integers(reach, 18 - reach), random.integers(reach, 64 - reach)] = random.uniform(0, 100)
    field = _spread(near, reach, radius, 7.0)
    sources = np.argwhere(np.isfinite(near))
    for row in range(18):
        for column in range(64):
            times = [near[r, c] + 7.0 * np.hypot(r - row, c - column) for r, c in sources
                     if np.hypot(r - row, c - column) <= radius + 1e-9]  # fmt: skip
            assert field[row, column] == pytest.approx(min(times, default=np.inf), rel=1e-5)


def test_the_field_is_the_street_s_time_beside_it_and_the_walk_from_there():
    # a street along row 5 from column 5 to 25, reached up to the middle: 0 s at its start, 100 s there
    offset, x, y = np.array([0, 2]), np.array([50.0, 250.0]), np.array([50.0, 50.0])
    marks = grid_marks(offset, x, y, np.array([0.0, 200.0]), 10.0)
    half = tuple(np.array([value]) for value in (0, 0.0, 0.5, 0.0, 100.0))
    field = time_field(half, np.array([200.0]), marks, np.empty((0, 6)), 10.0, (-5, -5, 20, 64), 30.0, 1.0)
    assert field.shape == (20, 64)
    at = lambda row, column: field[row + 5, column + 5]  # noqa: E731
    assert [at(5, column) for column in (5, 10, 15)] == pytest.approx([0, 50, 100])
    assert at(7, 10) == pytest.approx(min(*(10 * (c - 5) + 10 * np.hypot(2, c - 10) for c in range(8, 13))))
    assert at(5, 19) == np.inf
    assert at(9, 10) == np.inf
    back = tuple(np.array([value]) for value in (0, 0.5, 1.0, 100.0, 0.0))
    field = time_field(back, np.array([200.0]), marks, np.empty((0, 6)), 10.0, (-5, -5, 20, 64), 30.0, 1.0)
    assert [at(5, column) for column in (15, 20, 25)] == pytest.approx([100, 50, 0])
    way = np.array([[100.0, 120.0, 40.0, 150.0, 120.0, 90.0]])
    field = time_field(half, np.array([200.0]), marks, way, 10.0, (-5, -5, 24, 64), 30.0, 1.0)
    assert [at(12, column) for column in (10, 12, 15)] == pytest.approx([40, 60, 90])
