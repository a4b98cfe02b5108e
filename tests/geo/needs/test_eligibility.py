"""Which resources fit a person, and what doesn't where they don't."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from geo import tables
from geo.nearby.places import Wishes, wished
from geo.needs.eligibility import fits, fits_person, is_for_families, misfits, of_one_gender
from geo.needs.needs import Needs
from geo.tables import RESOURCES, conform

CATEGORIES = sorted(tables.CATEGORIES)
WORDS = [None, "", "women", "men;all", "methadone", "buprenorphine", "adults", "open;women"]
FLAGS, RENTS = [None, True, False], [None, 0.0, 180.0]


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


@given(rows=st.lists(st.tuples(*map(st.sampled_from, (CATEGORIES, WORDS, WORDS, FLAGS, RENTS))), min_size=1))
def test_nothing_asked_leaves_nothing_out_and_nothing_unsure(rows):
    category, words, others, flag, rent = (list(column) for column in zip(*rows, strict=True))
    table = pd.DataFrame({"resource_id": [f"r{k}" for k in range(len(rows))], "category": category})
    table = table.assign(**dict.fromkeys(("medications", "genders", "ages", "formats", "fellowship"), words))
    table = table.assign(**dict.fromkeys(("languages", "payment", "certification_level", "location_precision"), others))
    table = table.assign(**dict.fromkeys(("children", "wheelchair", "accepts_moud"), flag), weekly_rent_usd=rent)
    table = conform(table, RESOURCES)
    fit, unsure = fits(table, Needs())
    assert fit.all()
    assert not unsure.any()
    wrong, unknown = misfits(table, Needs())
    assert not any(flags.any() for flags in (*wrong.values(), *unknown.values()))
    listed, maybe = wished(table, Wishes(kinds=tuple(CATEGORIES)))
    assert listed.all()
    assert not maybe.any()


FELLOWSHIPS = ["AA", "Al-Anon", "Alateen", "AA;Al-Anon", None, "Nar-Anon Family Groups", "Women for Sobriety"]


@pytest.mark.parametrize(
    ("chosen", "expected"),
    [
        ((), [True, False, False, True, True, False, True]),
        (("Al-Anon",), [False, True, False, True, True, False, False]),
        (("AA", "alateen"), [True, False, True, True, True, False, False]),
        (("al anon",), [False, True, False, True, True, False, False]),
        (("AlAnon",), [False, True, False, True, True, False, False]),
        (("A.A.",), [True, False, False, True, True, False, False]),
        (("Anon",), [False, False, False, False, True, False, False]),
    ],
)
def test_groups_of_families_count_where_they_are_chosen(chosen, expected):
    table = conform(
        pd.DataFrame({"resource_id": [str(k) for k in range(7)], "category": "meeting", "fellowship": FELLOWSHIPS}),
        RESOURCES,
    )
    fit, unsure = fits_person(table, Needs(fellowships=chosen))
    assert fit.tolist() == expected
    assert not (unsure & ~fit).any()
    assert fits_person(table[:0], Needs())[0].size == 0


@pytest.mark.parametrize(
    "name",
    ["Al Anon", "AL-ANON", "Al\u2011Anon", "Al\u2010Anon Family Groups", "AlAnon", "A.F.G.", "Nar Anon",
     "Nar\u2011Anon", "Co-Anon", "Gam Anon", "S-Anon", "PAL", "P.A.L.", "Parents of Addicted Loved Ones", "GRASP",
     "Learn to Cope", "SMART Recovery Family & Friends", "SMART Recovery Family and Friends", "Families Anonymous",
     "Al Anon;Alateen"],
)  # fmt: skip
def test_fellowships_of_families_are_known_however_they_are_written(name):
    assert is_for_families(name)


@pytest.mark.parametrize(
    "name", ["", "AA", "SMART Recovery", "Palm Group", "Alanonymous", "AA;Al Anon", "Co-Dependents"]
)
def test_fellowships_of_one_s_own_recovery_are_not(name):
    assert not is_for_families(name)


def test_who_needs_methadone_asks_programs_for_it():
    table = houses(medications=["methadone;naltrexone", "naltrexone", None]).assign(category="opioid_treatment_program")
    fit, unsure = fits(table, Needs(medications=("methadone",)))
    assert (fit.tolist(), unsure.tolist()) == ([True, False, True], [False, False, True])
    assert fits(table, Needs(medications=("buprenorphine",)))[0].all()


def test_houses_of_one_gender():
    assert of_one_gender(houses(genders=["men", "women", "all", "women;men", None, "women;nonbinary", "any", ""])) == 3
