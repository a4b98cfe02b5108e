"""How parts are put together, by hand: dimensions, what has data, other weights."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from geo.errors import InputError
from geo.score.aggregation import (
    Part,
    combine,
    dimensions_without_data,
    gives_total,
    own_home_part,
    reweighed,
    share_with_data,
    weakest,
)
from geo.score.parameters import load_parameters
from geo.tables import DIMENSIONS
from tests.geo.main_street import resource

EVEN = replace(load_parameters(), dimension_weights=dict.fromkeys(DIMENSIONS, 1.0), floor=1.0, least_data_share=0.5,
               needed=())  # fmt: skip


def piece(dimension, score=0.5, weight=1.0, status="scored", name=None):
    return Part(name or dimension, dimension, dimension, weight, status, score, 1.0, score)


def test_a_dimension_is_the_weighted_mean_of_what_counts():
    parts = [
        piece("health", 0.2, 3), piece("health", 0.6), piece("health", 0.0, 4, "no_data"),
        piece("health", 1.0, 9, "not_needed"), piece("health", 0.9, 0), piece("home", 0, 2, "unreachable"),
        piece("home", 0.5, 2),
    ]  # fmt: skip
    total, dimensions = combine(parts, EVEN)
    assert dimensions == dict.fromkeys(DIMENSIONS) | {
        "health": pytest.approx(100 * (0.6 + 0.6) / 4), "home": pytest.approx(25),
    }  # fmt: skip
    assert total == pytest.approx((30 * 25) ** 0.5)


def test_dimensions_count_by_their_weights_and_never_less_than_the_floor():
    parts = [piece("health", 0.81), piece("home", 0.0, status="unreachable")]
    weighted = replace(EVEN, dimension_weights=dict.fromkeys(DIMENSIONS, 1.0) | {"health": 3.0})
    total, dimensions = combine(parts, weighted)
    assert dimensions["home"] == 1.0
    assert total == pytest.approx(81 ** (3 / 4))
    assert combine(parts, replace(weighted, floor=16.0))[0] == pytest.approx((81**3 * 16) ** 0.25)


def test_nothing_that_counts_is_no_score():
    for parts in ([], [piece("health", status="no_data")], [piece("health", weight=0)]):
        with pytest.raises(InputError, match="no data on any class"):
            combine(parts, EVEN)
    with pytest.raises(InputError, match="no data on any class"):
        combine([piece("health")], replace(EVEN, dimension_weights=dict.fromkeys(DIMENSIONS, 0.0)))


def test_the_share_of_what_applies_that_has_data():
    parts = [piece("health", weight=1), piece("health", weight=3, status="no_data"), piece("home", weight=5),
             piece("home", weight=7, status="not_needed"), piece("purpose", status="not_needed")]  # fmt: skip
    assert share_with_data(parts, EVEN) == pytest.approx((1 / 4 + 1) / 2)
    heavy = replace(EVEN, dimension_weights=dict.fromkeys(DIMENSIONS, 1.0) | {"health": 3.0})
    assert share_with_data(parts, heavy) == pytest.approx((3 / 4 + 1) / 4)
    without = replace(EVEN, dimension_weights=dict.fromkeys(DIMENSIONS, 1.0) | {"health": 0.0})
    assert share_with_data(parts, without) == 1
    assert share_with_data([], EVEN) == 0
    unreachable = [piece("health", status="unreachable"), piece("health", status="no_data")]
    assert share_with_data(unreachable, EVEN) == 0.5


def test_too_little_data_or_none_on_what_is_needed_gives_no_total():
    parts = [piece("health"), piece("health", status="no_data"), piece("home", status="no_data")]
    assert dimensions_without_data(parts, EVEN) == ("home",)
    assert share_with_data(parts, EVEN) == 0.25
    without = replace(EVEN, dimension_weights=dict.fromkeys(DIMENSIONS, 1.0) | {"home": 0.0})
    assert dimensions_without_data(parts, without) == (), "what counts for nothing isn't missed"
    for least, needed, gives in (
        (0.25, (), True),
        (0.26, (), False),
        (0.1, ("home",), False),
        (0.1, ("purpose",), True),
    ):
        settings = replace(EVEN, least_data_share=least, needed=needed)
        assert gives_total(parts, settings) == gives
        assert (combine(parts, settings)[0] is not None) == gives


@given(st.lists(st.tuples(st.sampled_from(DIMENSIONS), st.floats(0, 1), st.floats(0.1, 5)), min_size=1, max_size=8),
       st.floats(0.1, 10))  # fmt: skip
def test_weights_count_by_their_ratios_alone(rows, factor):
    parts = [piece(dimension, score, weight, name=str(k)) for k, (dimension, score, weight) in enumerate(rows)]
    total, dimensions = combine(parts, EVEN)
    weights = {part.name: factor * part.weight for part in parts} | dict.fromkeys(DIMENSIONS, factor)
    again, dimensions_again = reweighed(parts, EVEN, weights)
    assert total is not None
    assert again == pytest.approx(total)
    assert all(dimensions_again[name] == pytest.approx(value) for name, value in dimensions.items() if value)
    known = [value for value in dimensions.values() if value is not None]
    assert min(known) - 1e-9 <= total <= max(known) + 1e-9
    assert dimensions[weakest(dimensions)] == min(known)


def test_other_weights_are_of_known_names_and_not_negative():
    parts = [
        piece("health", 0.2, name="pharmacy"),
        piece("health", 0.6, name="clinic"),
        piece("home", 0.5, name="house"),
    ]
    _, dimensions = reweighed(parts, EVEN, {"pharmacy": 0})
    assert dimensions["health"] == pytest.approx(60)
    total, _ = reweighed(parts, EVEN, {"home": 0})
    assert total == pytest.approx(40)
    for weights in ({"casino": 1.0}, {"pharmacy": -0.1}, {"home": float("inf")}, {"home": float("nan")}):
        with pytest.raises(InputError):
            reweighed(parts, EVEN, weights)


def test_the_credit_of_a_home_that_is_a_residence(region):
    houses = [
        resource("recovery_residence", 100, k, certified=certified) for k, certified in enumerate((True, False, None))
    ]
    support = region([*houses, resource("pharmacy", 400)])
    rule = support.parameters.own_home
    given = [own_home_part(support, house["resource_id"]).score for house in houses]
    assert given == [rule.certified, rule.not_certified, rule.not_certified]
    assert own_home_part(support, None) is None
    for other in ("toy:pharmacy-400-0", "nobody"):
        with pytest.raises(InputError, match="no recovery residence"):
            own_home_part(support, other)
