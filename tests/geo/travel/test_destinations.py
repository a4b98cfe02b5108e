"""Which places are one and the same, against every pair."""

import pandas as pd
from hypothesis import given
from hypothesis import strategies as st

from geo.travel.destinations import same_places

PLACES = st.lists(st.tuples(st.sampled_from([-87.0, -86.5, -86.0]), st.sampled_from([39.0, 39.5])), max_size=7)


@given(PLACES, PLACES, st.integers(0, 3), st.integers(0, 7))
def test_the_same_longitude_and_latitude_are_the_same_place(origins, destinations, first, last):
    here, there = (pd.DataFrame(rows, columns=["lon", "lat"], dtype=float) for rows in (origins, destinations))
    rows = slice(0, 1) if len(origins) == 1 else slice(first, last)
    pairs = zip(*(part.tolist() for part in same_places(here, there, rows)), strict=True)
    assert sorted(pairs) == [
        (o, d) for o, place in enumerate(origins[rows]) for d, other in enumerate(destinations) if place == other
    ]
