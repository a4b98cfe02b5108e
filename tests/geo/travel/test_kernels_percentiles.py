"""The ranks of times equal those of sorted times."""

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from geo.travel.kernels_percentiles import ranked
from geo.travel.kernels_raptor import UNREACHED

TIMES = st.one_of(st.integers(0, 9), st.integers(0, 2**31 - 2), st.just(int(UNREACHED)))


@settings(deadline=None)
@given(
    rows=st.tuples(st.integers(1, 9), st.integers(0, 5)).flatmap(lambda shape: arrays(np.int32, shape, elements=TIMES))
)
def test_ranks_are_those_of_sorted_times(rows: np.ndarray) -> None:
    ranks = np.arange(len(rows))
    ranks_of_times = np.empty((rows.shape[1], len(ranks)), np.int32)
    ranked(rows, ranks, int(UNREACHED), ranks_of_times)
    np.testing.assert_array_equal(ranks_of_times, np.sort(rows, axis=0).T)
