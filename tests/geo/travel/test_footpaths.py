"""Walks as tables: through gates to stops, the shortest of each pair, nearest first, and the other way round."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from geo.errors import InputError
from geo.timetables.station_entrances import Doors
from geo.travel.footpaths import gates, links, shortest, through, transposed, whole_seconds
from geo.travel.network import build_network
from geo.travel.settings import TravelSettings

PAIRS = st.lists(st.tuples(st.integers(0, 4), st.integers(0, 3), st.integers(0, 900)), max_size=20)


def columns(rows, width=3):
    return tuple(np.array([row[k] for row in rows], np.int64) for k in range(width))


def listed(given):
    row = np.repeat(np.arange(len(given.offset) - 1), np.diff(given.offset))
    return list(zip(row.tolist(), given.target.tolist(), given.seconds.tolist(), strict=True))


@given(PAIRS)
def test_links_are_grouped_by_their_rows_nearest_first(pairs):
    made = links(*columns(pairs), 5)
    assert len(made.offset) == 6
    assert listed(made) == sorted(pairs, key=lambda pair: (pair[0], pair[2], pair[1]))
    back = transposed(made, 4)
    assert len(back.offset) == 5
    assert sorted(listed(back)) == sorted((column, row, seconds) for row, column, seconds in pairs)
    assert (back.target.dtype, back.seconds.dtype, back.offset.dtype) == (np.int32, np.int32, np.int64)


@given(PAIRS)
def test_of_each_pair_the_least_seconds_are_kept(pairs):
    least = {}
    for row, column, seconds in pairs:
        least[row, column] = min(seconds, least.get((row, column), 10_000))
    rows = [(*pair, seconds) for pair, seconds in sorted(least.items())]
    assert list(zip(*(part.tolist() for part in shortest(*columns(pairs))), strict=True)) == rows


@given(PAIRS, st.lists(st.tuples(st.integers(0, 5), st.integers(0, 3), st.integers(0, 600)), max_size=8))
def test_walks_go_on_through_every_door_of_a_gate_within_the_longest_walk(walked, doors):
    gate, stop, inside = columns(doors)
    settings = TravelSettings(max_walk_minutes=15)
    ways = through(Doors(gate, stop, inside), *columns(walked), settings)
    expected = [
        (place, door_stop, seconds + more)
        for place, at, seconds in walked for door_gate, door_stop, more in doors
        if at == door_gate and seconds + more <= 900
    ]  # fmt: skip
    assert sorted(zip(*(part.tolist() for part in ways), strict=True)) == sorted(expected)


def test_seconds_are_rounded_up_but_for_what_sums_are_wrong_by():
    assert whole_seconds(np.array([0.0, 60.0, 60.009, 60.02, 60.5, np.inf])).tolist() == [0, 60, 60, 61, 61, np.inf]


def test_without_a_timetable_there_are_no_gates(lay_streets):
    streets = lay_streets({"A": (0, 0), "B": (100, 0)}, ["A B: highway=residential"])
    with pytest.raises(InputError, match="no timetable"):
        gates(build_network(streets, None, "UTC"), TravelSettings())
