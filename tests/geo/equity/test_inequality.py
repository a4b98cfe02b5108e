"""Equity measures: published values, closed forms, and what they keep."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from geo.access import measures
from geo.equity import inequality
from geo.errors import InputError

IDS = ["89a88cd909bffff", "89a88cdb57bffff", "89a88cdb597ffff", "89a88cdb5b3ffff", "89a88cdb5cfffff"]
PEOPLE = st.lists(st.tuples(st.floats(0.01, 1000), st.integers(1, 1000)), min_size=2, max_size=30)


@pytest.fixture(scope="module")
def land_use(shared):
    return pd.read_csv(shared / "conformance" / "ipea_belo_horizonte" / "land_use.csv").set_index("id")


@pytest.fixture(scope="module")
def jobs_in_30(shared, land_use):
    table = pd.read_csv(shared / "conformance" / "ipea_belo_horizonte" / "travel_matrix.csv.gz")
    return measures.cumulative(measures.pairs(table, "from_id", "to_id", "travel_time"), land_use["jobs"], 30)


def test_values_asserted_by_the_accessibility_package(land_use, jobs_in_30):
    some, values = land_use.loc[IDS], jobs_in_30.loc[IDS]
    assert inequality.gini(values, some["population"]) == pytest.approx(0.1386, abs=5e-5)
    income = some["income_per_capita"]
    standard = inequality.concentration_index(values, some["population"], income, "standard")
    assert standard == pytest.approx(-0.0248, abs=5e-5)
    assert inequality.concentration_index(values, some["population"], income) == pytest.approx(-0.1314, abs=5e-5)
    assert inequality.poverty(values, some["population"], 10_000) == (0, 0, 0)
    expected = pytest.approx((1, 0.5588, 0.3256), abs=5e-5)
    assert inequality.poverty(values, some["population"], 100_000) == expected


def test_palma_ranks_incomes_over_the_whole_region(land_use, jobs_in_30):
    income = land_use["income_per_capita"]
    for ids, expected in ((IDS, 1.0911), (IDS[:4], 0.5249)):
        known = jobs_in_30.loc[ids].reindex(land_use.index)
        assert inequality.palma_ratio(known, land_use["population"], income) == pytest.approx(expected, abs=5e-5)
    assert np.isnan(inequality.palma_ratio([1, 2], [0, 0], [1, 2]))
    assert np.isnan(inequality.palma_ratio([1, 2], [5, 5], [np.nan, np.nan]))
    only_rich = jobs_in_30.loc[["89a88cdb57bffff"]].reindex(land_use.index)
    assert np.isnan(inequality.palma_ratio(only_rich, land_use["population"], income))


def test_theil_splits_into_groups(land_use, jobs_in_30):
    ids = ["89a88cd900bffff", *IDS[1:]]
    some = land_use.loc[ids]
    theil = inequality.theil_t(jobs_in_30.loc[ids], some["population"], some["income_decile"])
    assert (theil.total, theil.between, theil.within) == pytest.approx((0.0852, 0.0515, 0.0337), abs=5e-5)
    assert theil.groups == (1, 3, 6, 10)
    assert theil.between_by_group == pytest.approx((0.0243, -0.0579, -0.0042, 0.0894), abs=5e-5)
    assert theil.within_by_group == pytest.approx((0, 0, 0, 0.0337), abs=5e-5)
    assert inequality.theil_t(jobs_in_30.loc[ids], some["population"]).total == pytest.approx(0.0852, abs=5e-5)


def test_closed_forms():
    assert inequality.gini([1, 1, 1], [5, 1, 9]) == pytest.approx(0)
    assert inequality.gini([0, 0, 0, 4], [1, 1, 1, 1]) == pytest.approx(0.75)
    assert inequality.gini([0, 0], [1, 1]) == 0
    # one of n people has everything: Theil's T is ln n
    assert inequality.theil_t([0, 0, 0, 1], [1, 1, 1, 1]).total == pytest.approx(np.log(4))
    # access proportional to rank: concentration by hand for (1, 3) with equal halves: 2/2 · Σ ½·(±1)·(±¼) = 0.25
    assert inequality.concentration_index([1, 3], [1, 1], [10, 20], "standard") == pytest.approx(0.25)
    assert inequality.concentration_index([3, 1], [1, 1], [10, 20], "standard") == pytest.approx(-0.25)
    assert inequality.concentration_index([3, 1], [1, 1], [10, 10], "standard") == pytest.approx(0)
    # who has exactly the line is poor in the paper ("having income no greater than z"), and not with "<"
    assert inequality.poverty([2, 8, 10], [1, 1, 2], 10) == pytest.approx((1, 0.25, 0.17))
    assert inequality.poverty([2, 8, 10], [1, 1, 2], 10, boundary="<") == pytest.approx((0.5, 0.25, 0.17))
    assert inequality.poverty([30, 60], [1, 1], 40, below=False) == pytest.approx((0.5, 0.25, 0.125))
    assert inequality.weighted_quantile(np.array([1.0, 2.0, 3.0]), np.array([1.0, 1.0, 1.0]), 0.5) == 2


@given(PEOPLE)
def test_order_and_scale_change_nothing(people):
    values, weights = (np.array(column, dtype=float) for column in zip(*people, strict=True))
    income = np.arange(len(values))
    for measure in (
        lambda v, w, _i: inequality.gini(v, w),
        lambda v, w, _i: inequality.theil_t(v, w).total,
        lambda v, w, i: inequality.concentration_index(v, w, i, "standard"),
        inequality.palma_ratio,
    ):
        index = measure(values, weights, income)
        again = measure(values[::-1] * 7, weights[::-1] / weights.sum(), income[::-1])
        assert index == pytest.approx(again, nan_ok=True, abs=1e-9)


@given(PEOPLE)
def test_bounds(people):
    values, weights = (np.array(column, dtype=float) for column in zip(*people, strict=True))
    assert -1e-12 <= inequality.gini(values, weights) < 1
    theil = inequality.theil_t(values, weights, np.arange(len(values)) % 3)
    assert theil.total >= -1e-12
    assert theil.between + theil.within == pytest.approx(theil.total)
    headcount, gap, severity = inequality.poverty(values, weights, 100)
    assert 0 <= severity <= gap <= headcount <= 1


def test_areas_without_people_or_numbers_dont_enter():
    assert inequality.gini([0, 0, 4, 9], [1, 1, 2, 0]) == inequality.gini([0, 0, 4, np.nan], [1, 1, 2, 5])


@pytest.mark.parametrize(
    "call",
    [
        lambda: inequality.gini([1, -2], [1, 1]),
        lambda: inequality.gini([1, 2], [1, -1]),
        lambda: inequality.gini([1, np.inf], [1, 1]),
        lambda: inequality.gini([1, 2], [1]),
        lambda: inequality.gini([1, 2], [0, 0]),
        lambda: inequality.gini(["a", "b"], [1, 1]),
        lambda: inequality.poverty([1], [1], 0),
        lambda: inequality.concentration_index([1], [1], [1], "other"),
    ],
)
def test_what_makes_no_sense_is_refused(call):
    with pytest.raises(InputError):
        call()
