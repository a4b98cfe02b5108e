"""Which resources fit a person, and what doesn't where they don't."""

import numpy as np
import pandas as pd
import pytest

from geo.needs.eligibility import fits, misfits
from geo.needs.needs import Needs
from geo.tables import RESOURCES, conform


def houses(**columns):
    count = len(next(iter(columns.values())))
    table = pd.DataFrame({"resource_id": [f"h{k}" for k in range(count)], **columns})
    return conform(table.assign(category="recovery_residence"), RESOURCES)


@pytest.mark.parametrize(
    ("age", "expected"),
    [
        (16, [True, False, False, False, True, True, False]),
        (20, [True, True, True, False, True, True, True]),
        (40, [True, True, False, False, True, True, False]),
        (70, [True, True, False, True, True, True, False]),
    ],
)
def test_age_groups_in_words_and_figures(age, expected):
    table = houses(ages=[None, "18+", "young adults", "seniors", "0-99", "everyone who asks", "12-15;18–25"])
    fit, unsure = fits(table, Needs(age=age))
    assert fit.tolist() == expected
    assert unsure.tolist() == [True, False, False, False, False, True, False]


def test_what_does_not_fit_is_named_and_what_is_unknown_keeps_the_house():
    table = houses(
        genders=["men", "all", "women", None],
        weekly_rent_usd=[120.0, 200.0, None, 90.0],
        accepts_moud=pd.array([True, False, None, True], dtype="boolean"),
    )
    needs = Needs(gender="women", weekly_budget_usd=150, medications=("buprenorphine",))
    wrong, unknown = misfits(table, needs)
    assert wrong["genders"].tolist() == [True, False, False, False]
    assert wrong["weekly_rent_usd"].tolist() == [False, True, False, False]
    assert wrong["accepts_moud"].tolist() == [False, True, False, False]
    assert unknown["genders"].tolist() == [False, False, False, True]
    assert unknown["weekly_rent_usd"].tolist() == [False, False, True, False]
    fit, unsure = fits(table, needs)
    assert fit.tolist() == (~np.logical_or.reduce(list(wrong.values()))).tolist() == [False, False, True, True]
    assert unsure.tolist() == [False, False, True, True]


def test_nothing_asked_leaves_nothing_out():
    wrong, unknown = misfits(houses(genders=["men", None]), Needs())
    assert not any(flags.any() for flags in (*wrong.values(), *unknown.values()))
