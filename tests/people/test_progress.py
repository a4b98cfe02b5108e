"""BARC-10 scoring: the published range and cut-off."""

import datetime as dt
import json

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from geo.errors import EditConflictError, InputError
from geo.tables import DIMENSIONS
from people.caseload import edit_person
from people.entries import history, undo
from people.progress import (
    BARC10_CUTOFF,
    DOMAINS,
    LOW_DIMENSION,
    CurrentHome,
    add_barc10,
    add_engagement,
    add_home_score,
    barc10,
    current_home,
    edit_barc10,
    engagement,
    home_scores,
    low_dimensions,
    low_domains,
    moves,
    score_barc10,
)
from people.short_list import put_on_short_list


def test_cases(shared):
    published = json.loads((shared / "conformance" / "barc10_scoring" / "cases.json").read_text())
    assert published["cutoff_sustained_remission"] == BARC10_CUTOFF
    assert list(DOMAINS) == published["domains_one_item_each"]
    for dimension, domains in published["suggested_samhsa_map"].items():
        assert [name for name, own in DOMAINS.items() if own == dimension.lower()] == domains
    for case in published["cases"]:
        if "error" in case:
            with pytest.raises(InputError):
                score_barc10(case["items"])
        else:
            scored = score_barc10(case["items"])
            assert (scored.total, scored.at_or_above_cutoff) == (case["total"], case["at_or_above_cutoff"])


def test_each_item_is_a_domain():
    scored = score_barc10([1, 2, 3, 4, 5, 6, 1, 2, 3, 4])
    assert scored.domains["housing & safety"] == 1
    assert sum(scored.domains.values()) == scored.total
    assert set(DOMAINS.values()) == set(DIMENSIONS)


@pytest.mark.parametrize("items", [[7] + [1] * 9, [1.5] + [1] * 9, [True] + [1] * 9, ["6"] + [1] * 9, [], [1] * 11])
def test_what_cant_be_scored(items):
    with pytest.raises(InputError):
        score_barc10(items)


def test_answers_are_kept_by_domain_with_who_asked_and_drawn_over_time(vault, person):
    later, earlier = dict.fromkeys(DOMAINS, 5), dict.fromkeys(DOMAINS, 1) | {"risk taking": 6}
    add_barc10(vault, person, "2026-11-29", "Example Ana", later)
    add_barc10(vault, person, "2026-08-01", "Example Ben", earlier)
    table = barc10(vault, person)
    assert table["asked_on"].tolist() == ["2026-08-01", "2026-11-29"]
    assert table["total"].tolist() == [15, 50]
    assert table["at_or_above_cutoff"].tolist() == [False, True]
    assert table["risk taking"].tolist() == [6, 5]
    assert list(table.columns[-10:]) == list(DOMAINS)


@given(st.lists(st.integers(1, 6), min_size=10, max_size=10))
def test_totals_lie_from_10_to_60_and_are_the_sum_of_the_domains(items):
    scored = score_barc10(items)
    assert 10 <= scored.total <= 60
    assert scored.total == sum(scored.domains.values())


@pytest.mark.parametrize("answers", [{}, dict.fromkeys(list(DOMAINS)[:9], 3), dict.fromkeys(DOMAINS, 0),
                                     dict.fromkeys(DOMAINS, 3) | {"wealth": 3}])  # fmt: skip
def test_a_missing_answer_is_never_guessed(vault, person, answers):
    with pytest.raises(InputError):
        add_barc10(vault, person, "2026-11-29", "Example Ana", answers)
    assert barc10(vault, person).empty


def test_engagement_and_the_score_of_the_home_over_time(vault, person):
    asked = {"asked_by": "Example Ana", "meetings_attended": 12, "sponsor_or_mentor": True, "role_models": 2}
    add_engagement(vault, person, asked | {"asked_on": "2026-11-29"})
    add_engagement(vault, person, {"asked_by": "Example Ana", "asked_on": "2026-08-01", "groups": 1})
    table = engagement(vault, person)
    assert table["asked_on"].tolist() == ["2026-08-01", "2026-11-29"]
    assert table["meetings_attended"].tolist() == [pd.NA, 12]
    scored = {"lives_at": "x:1", "region": "demo", "region_hash": "0" * 64, "d_health": 70.5}
    add_home_score(vault, person, scored | {"scored_on": "2026-11-29", "total": 63})
    add_home_score(vault, person, scored | {"scored_on": "2026-08-01"})
    assert home_scores(vault, person)["total"].fillna(-1).tolist() == [-1, 63]


def test_answers_are_changed_and_a_colleague_s_change_is_not_overwritten(vault, person):
    entry = add_barc10(vault, person, "2026-11-29", "Example Ana", dict.fromkeys(DOMAINS, 3))
    better = dict.fromkeys(DOMAINS, 3) | {"social support": 6}
    edit_barc10(vault, entry, "2026-11-28", "Example Ben", better, seen=1)
    table = barc10(vault, person)
    assert (table["total"].tolist(), table["asked_on"].tolist(), table["version"].tolist()) == (
        [33],
        ["2026-11-28"],
        [2],
    )
    with pytest.raises(EditConflictError):
        edit_barc10(vault, entry, "2026-11-28", "Example Ben", dict.fromkeys(DOMAINS, 1), seen=1)
    with pytest.raises(InputError):
        edit_barc10(vault, entry, "2026-11-28", "Example Ben", {"social support": 6}, seen=2)
    undo(vault, int(history(vault, person)["change_id"].iloc[0]))
    assert barc10(vault, person)["total"].tolist() == [30]


@given(st.lists(st.integers(1, 6), min_size=10, max_size=10))
def test_low_domains_are_those_that_disagree_the_lowest_first(items):
    answers = dict(zip(DOMAINS, items, strict=True))
    low = low_domains(answers)
    assert sorted(answers[domain] for domain in low) == [answers[domain] for domain in low]
    assert set(low) == {domain for domain in DOMAINS if answers[domain] in (1, 2, 3)}


def test_a_dimension_is_low_below_what_its_reference_amounts_earn():
    assert round(LOW_DIMENSION, 1) == 63.2
    dimensions = {"health": 63.3, "home": 63.1, "purpose": None, "community": 1.0}
    assert low_dimensions(dimensions) == ["community", "home"]


def test_a_person_lives_where_they_moved_in_last_else_where_their_record_says(vault, person):
    assert current_home(vault, person) is None
    edit_person(vault, person, {"lives_at": "9 Example Street", "lives_lon": -113.4, "lives_lat": 40.3})
    assert current_home(vault, person) == CurrentHome("9 Example Street", "9 Example Street", None, -113.4, 40.3)
    put_on_short_list(vault, person, "x:1", "House One", "moved_in", "near work", dt.date(2026, 5, 4))
    put_on_short_list(vault, person, "x:2", "House Two", "moved_in", "cheaper", dt.date(2026, 9, 1))
    put_on_short_list(vault, person, "x:3", "House Three", "offered")
    assert current_home(vault, person) == CurrentHome("x:2", "House Two", "2026-09-01")
    assert moves(vault, person)["house"].tolist() == ["House One", "House Two"]
