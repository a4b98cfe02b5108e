"""Curves in closed form, and against the indices that they are the pictures of."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from geo.equity import curves
from geo.equity.inequality import concentration_index, gini
from geo.errors import InputError
from geo.tables import PAY

PEOPLE = st.lists(
    st.tuples(
        st.integers(0, 100).map(float), st.integers(1, 500).map(float), st.sampled_from([15_000.0, 30_000.0, 60_000.0])
    ),
    min_size=1,
    max_size=12,
)


def area_under(curve):
    return float(np.trapezoid(curve["access"], curve["people"]))


def test_a_curve_in_closed_form():
    """A uniform access on 0–1 has L(p) = p²: of n equal areas with access 1, 2 … n the corners lie on k(k+1)/n(n+1)."""
    n = 200
    curve = curves.lorenz_curve(np.arange(1, n + 1), np.full(n, 7.0))
    k = np.arange(n + 1)
    assert curve["people"].to_numpy() == pytest.approx(k / n)
    assert curve["access"].to_numpy() == pytest.approx(k * (k + 1) / (n * (n + 1)))
    assert curves.share_at(curve, [0, 0.5, 1]) == pytest.approx([0, 100 * 101 / (n * (n + 1)), 1])


def test_where_all_have_the_same_or_nothing_the_curve_is_the_diagonal():
    for access in ([5, 5], [0, 0]):
        assert curves.share_at(curves.lorenz_curve(access, [10, 30]), [0.3, 0.8]) == pytest.approx([0.3, 0.8])
    alike = curves.concentration_curve([10, 30], [50, 50], [20_000, 20_000])
    assert alike.to_numpy().tolist() == [[0, 0], [1, 1]]  # nobody comes first: one step


@given(PEOPLE)
def test_indices_are_the_areas_beside_the_diagonal(rows):
    access, people, income = (np.array(column) for column in zip(*rows, strict=True))
    lorenz = curves.lorenz_curve(access, people)
    assert 1 - 2 * area_under(lorenz) == pytest.approx(gini(access, people) if access.any() else 0, abs=1e-9)
    assert (np.diff(lorenz["access"]) >= -1e-12).all()
    assert (lorenz["access"] <= lorenz["people"] + 1e-9).all()  # never above: the least come first
    by_income = curves.concentration_curve(access, people, income)
    expected = concentration_index(access, people, income, "standard")
    assert 1 - 2 * area_under(by_income) == pytest.approx(expected, abs=1e-9)
    at = np.linspace(0, 1, 11)  # of any order, that by access itself bends furthest
    assert (curves.share_at(by_income, at) >= curves.share_at(lorenz, at) - 1e-9).all()


def test_numbers_that_are_none_are_refused():
    with pytest.raises(InputError, match="equally long"):
        curves.lorenz_curve([1, 2], [1])
    with pytest.raises(InputError, match="nothing can be compared"):
        curves.concentration_curve([1], [0], [1])


def test_groups_are_told_by_bands_in_whole_percents_and_only_where_they_are_large():
    surface = pd.DataFrame({"total": [10.0, 30.0, 100.0, np.nan]})
    bands = [f"workers_{wage}_wage" for wage, _ in PAY]
    zones = pd.DataFrame({"population": [100.0] * 4} | {name: [300.0, 900.0, 800.0, 5000.0] for name in bands})
    zones[bands[0]] = [99.0, 500.0, 500.0, 9000.0]
    told = curves.bands_by_group(surface, zones).set_index("group")
    assert told.loc["mid_wage", list(curves.BAND_COLUMNS)].tolist() == [15, 45, 0, 0, 40]
    assert told.loc["low_wage", list(curves.BAND_COLUMNS)].isna().all()  # 1,099 of them have a number
