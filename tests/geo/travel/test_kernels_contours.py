"""Rings around levels of small fields: what they hold, where they run, and what lies in what."""

from itertools import pairwise

import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from geo.travel.kernels_contours import contour_rings, polynomials

FAR = 1e6


def framed(values):
    """Return a field that is above every level all along its border."""
    return np.pad(np.asarray(values, np.float32), 1, constant_values=FAR)


def rings(field, levels, inner=FAR, outer=FAR):
    points, offset, parent, level, size = contour_rings(
        field, np.array(levels, np.float32), inner, np.full(len(levels), outer)
    )
    return [points[a:b] for a, b in pairwise(offset)], parent, level, size


def signed(ring):
    x, y = ring.T
    return float(x @ np.roll(y, -1) - y @ np.roll(x, -1)) / 2


@settings(max_examples=25)
@given(st.integers(0, 10_000), st.integers(2, 6), st.integers(3, 21), st.floats(0.1, 0.9))
def test_rings_hold_just_the_grid_points_up_to_the_level(seed, rows, columns, share):
    random = np.random.default_rng(seed)
    field = framed(random.random((rows, columns)))
    field[1 + rows // 2, 1 : 1 + columns // 2] = 0.001  # a run of points that are all inside
    levels = (0.5 * share, share)
    corners, parent, level, size = rings(field, levels, 0.5, 0.5)
    for number, limit in enumerate(levels):
        own = [k for k in range(len(corners)) if level[k] == number]
        inside = [
            shapely.Polygon(corners[k], [corners[hole] for hole in own if parent[hole] == k])
            for k in own if parent[k] < 0
        ]  # fmt: skip
        held = shapely.union_all(inside)
        y, x = np.indices(field.shape)
        np.testing.assert_array_equal(shapely.contains_xy(held, x, y), field <= np.float32(limit))
        assert sum(shapely.area(inside)) == pytest.approx(sum(size[k] * (1 if parent[k] < 0 else -1) for k in own))
    for k, ring in enumerate(corners):
        # inside is on the left, and a hole's parent is an outer ring of its level
        assert signed(ring) == pytest.approx(size[k] if parent[k] < 0 else -size[k])
        assert parent[k] < 0 or (parent[parent[k]] < 0 and level[parent[k]] == level[k])


def test_a_ring_runs_where_the_field_between_two_points_is_at_the_level():
    # 0 in the middle, 4 around: a diamond whose corners are a quarter of the way out at level 1
    (ring,), parent, level, size = rings(framed([[4, 4, 4], [4, 0, 4], [4, 4, 4]]), [1.0])
    assert sorted(map(tuple, ring.round(6).tolist())) == [(1.75, 2.0), (2.0, 1.75), (2.0, 2.25), (2.25, 2.0)]
    assert (parent.tolist(), level.tolist()) == ([-1], [0])
    assert size[0] == pytest.approx(2 * 0.25**2)


def test_how_far_above_and_below_the_level_counts_is_limited():
    field = np.full((3, 3), np.inf, np.float32)
    field[1, 1] = -50
    (ring,), *_ = rings(field, [0.0], inner=3.0, outer=1.0)
    assert sorted(map(tuple, ring.round(6).tolist())) == [(0.25, 1.0), (1.0, 0.25), (1.0, 1.75), (1.75, 1.0)]
    (ring,), *_ = rings(field, [0.0], inner=0.0, outer=1.0)
    assert np.abs(ring - 1).max() == pytest.approx(0.001)
    (ring,), *_ = rings(field, [0.0], inner=3.0, outer=0.0)
    assert np.abs(ring - 1).max() == pytest.approx(0.999)


def test_a_lake_and_an_island_in_it():
    values = np.full((9, 20), 5.0)
    values[1:8, 1:19] = 0  # land
    values[2:7, 3:17] = 5  # a lake
    values[4, 8:12] = 0  # an island
    corners, parent, level, size = rings(framed(values), [1.0])
    assert sorted(parent.tolist()) == [-1, -1, 0]
    land, lake, island = np.argsort(-size)
    assert (parent[land], parent[lake], parent[island]) == (-1, land, -1)
    assert [signed(corners[k]) > 0 for k in (land, lake, island)] == [True, False, True]
    # straight sides need no corners between their ends, which are cut off, but where the ring begins
    assert len(corners[land]) == 9
    assert level.tolist() == [0, 0, 0]


def test_two_corners_opposite_each_other_are_two_areas():
    for diagonal in ([[0, 5], [5, 0]], [[5, 0], [0, 5]]):
        corners, parent, _, size = rings(framed(diagonal), [1.0])
        assert (len(corners), parent.tolist()) == (2, [-1, -1])
        assert size == pytest.approx([2 * 0.2**2 / 1] * 2, rel=0.9)


def test_many_corners_need_room():
    # stripes: far more corners than there is room for at first
    values = np.where(np.arange(900)[None] % 2, 5.0, 0.0).repeat(5, axis=0)
    corners, *_ = rings(framed(values), [1.0, 2.0])
    assert len(corners) == 2 * 450
    assert len({round(signed(ring), 3) for ring in corners[1:450]}) == 1


@settings(max_examples=25)
@given(st.integers(0, 10_000), st.integers(0, 5))
def test_polynomials_are_those_of_numpy(seed, degree):
    random = np.random.default_rng(seed)
    weights = random.normal(size=((degree + 1) * (degree + 2) // 2, 2))
    points, shift, scale, constant = random.normal(size=(4, 2)), (0.5, -0.25), 0.75, np.array([10.0, -20.0])
    u, v = (points[:, 0] + 0.5) * scale, (points[:, 1] - 0.25) * scale
    terms = [(i, j) for i in range(degree + 1) for j in range(degree + 1 - i)]
    expected = sum(np.outer(u**i * v**j, weights[k]) for k, (i, j) in enumerate(terms)) + constant
    np.testing.assert_allclose(polynomials(points, shift, scale, weights, constant), expected)
