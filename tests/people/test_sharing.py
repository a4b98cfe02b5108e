"""What leaves about many people: points that never average back to a home, counts from which no few can be told."""

import itertools

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from geo.crs import apart_meters
from people import sharing as s
from people.caseload import add_person

HOME = (-84.5, 39.05)
SIDE = np.linspace(-0.03, 0.03, 31)
ZONES = pd.DataFrame(
    [(HOME[0] + dx, HOME[1] + dy, 40.0) for dx, dy in itertools.product(SIDE, SIDE)],
    columns=["lon", "lat", "population"],
)


def moved(points, key=b"k" * 32, **settings):
    return s.displaced(points, ZONES, key, s.DisplacementSettings(**settings))


def meters(table, home=HOME):
    return apart_meters(table["lon"].to_numpy(), table["lat"].to_numpy(), *home)


def at_home(count=1):
    return pd.DataFrame({"id": range(count), "lon": HOME[0], "lat": HOME[1]})


def test_many_exports_averaged_give_no_better_than_one():
    exports = pd.concat([moved(at_home()) for _ in range(100)])
    one = meters(exports.head(1))[0]
    assert meters(exports[["lon", "lat"]].mean().to_frame().T)[0] == pytest.approx(one)
    assert one >= 100


def test_eight_people_in_one_house_averaged_give_no_better_than_one():
    eight = moved(at_home(8))
    assert eight[["lon", "lat"]].drop_duplicates().shape == (1, 2)
    again = moved(at_home(8).assign(lon=HOME[0] + 1e-6))
    assert apart_meters(again["lon"].to_numpy()[:1], again["lat"].to_numpy()[:1], *eight[["lon", "lat"]].iloc[0]) < 1


def test_other_keys_and_other_homes_move_otherwise():
    one = moved(at_home())
    assert (moved(at_home(), key=b"l" * 32)["lon"] != one["lon"]).all()
    near = moved(pd.DataFrame({"lon": [HOME[0] + 0.001], "lat": [HOME[1]]}))
    shift = near["lon"].iloc[0] - one["lon"].iloc[0]
    assert abs(shift - 0.001) > 1e-5


def test_points_move_beyond_the_nearest_people_and_not_out_of_the_neighborhood():
    homes = pd.DataFrame({"lon": HOME[0] + SIDE / 10, "lat": HOME[1] + SIDE / 20})
    far = apart_meters(*(moved(homes, least_people=400, most_people=4000)[axis].to_numpy() for axis in ("lon", "lat")),
                       homes["lon"], homes["lat"])  # fmt: skip
    assert far.min() > 250
    assert far.max() < 1500
    sparse = apart_meters(*(s.displaced(homes, ZONES.assign(population=0.1), b"k" * 32)[axis].to_numpy()
                            for axis in ("lon", "lat")), homes["lon"], homes["lat"])  # fmt: skip
    assert sparse.min() >= 2400
    assert sparse.max() <= 5010


def test_directions_and_distances_are_evenly_drawn():
    homes = pd.DataFrame({"lon": np.linspace(-84.6, -84.4, 400), "lat": 39.05})
    table = moved(homes)
    quarters = pd.Series(
        list(zip(table["lon"] > homes["lon"], table["lat"] > homes["lat"], strict=True))
    ).value_counts()
    assert len(quarters) == 4
    assert quarters.between(70, 130).all()


def test_what_leaves_the_caseload_has_no_names_and_no_order(vault):
    for number in range(5):
        add_person(vault, {"name": f"Person {number}", "lives_lon": HOME[0] + number / 500, "lives_lat": HOME[1]})
    add_person(vault, {"name": "Person without a home"})
    table = s.displaced_caseload(vault, ZONES)
    assert list(table.columns) == ["lon", "lat"]
    assert len(table) == 5
    assert table["lon"].is_monotonic_increasing
    pd.testing.assert_frame_equal(table, s.displaced_caseload(vault, ZONES))
    assert s.displaced(table.head(0), ZONES, b"k").empty


@pytest.mark.parametrize(
    ("counts", "shown"),
    [
        ([30, 20, 40], [30, 20, 40]),
        ([30, 5, 40], [None, None, 40]),
        ([30, 5, 6, 40], [30, None, None, 40]),
        ([30, 1, 2, 40], [None, None, None, 40]),
        ([30, 10, 10, 40], [None, None, None, 40]),
        ([30, 0, 40], [30, 0, 40]),
        ([5], [None]),
        ([5, 0], [None, 0]),
        ([], []),
    ],
)
def test_small_counts_and_those_that_give_them_away_are_empty(counts, shown):
    left = s.suppressed(pd.Series(counts, dtype="Int64"))
    assert [None if pd.isna(value) else value for value in left] == shown


@given(st.lists(st.integers(0, 60), min_size=1, max_size=12))
def test_no_small_count_can_be_worked_out_from_the_total(counts):
    left = s.suppressed(pd.Series(counts, dtype="Int64"))
    hidden = left.isna()
    if not hidden.any():
        assert all(count == 0 or count >= 11 for count in counts)
        return
    whole = sum(count for count, gone in zip(counts, hidden, strict=True) if gone)
    assert all(gone == (count > 0) or count >= 11 or count == 0 for count, gone in zip(counts, hidden, strict=True))
    assert all(gone for count, gone in zip(counts, hidden, strict=True) if 0 < count < 11)
    some_left = any(count > 0 for count, gone in zip(counts, hidden, strict=True) if not gone)
    assert not some_left or (hidden.sum() > 1 and whole >= 11)
