"""Counting puts keys in the order that a stable sort does."""

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from geo.streets.kernels_nearest import in_order


@given(st.lists(st.integers(0, 6), max_size=30))
@settings(deadline=None)
def test_counts_into_the_order_of_a_stable_sort(keys: list[int]) -> None:
    offset, position = in_order(np.array(keys, np.int32), 7)
    assert position.tolist() == np.argsort(np.array(keys, np.int32), kind="stable").tolist()
    assert offset.tolist() == [sum(key < k for key in keys) for k in range(8)]
