"""What changed since homes were last compared: kept in the vault, said once, never made up from other needs."""

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from geo.errors import NotAllowedError
from geo.needs.needs import Needs
from geo.needs.toml_writer import needs_toml
from people.caseload import add_person
from people.last_comparison import (
    CHANGES,
    HOMES,
    LastComparison,
    changes_since,
    is_for,
    keep_comparison,
    read_comparison,
)

NEEDS = Needs(weekly_budget_usd=150)


def homes(*rows: tuple[object, ...]) -> pd.DataFrame:
    return pd.DataFrame(list(rows), columns=list(HOMES)).astype(HOMES)


OAK, ELM = ("x:oak", "Example Oak House", 61.2, 2, 150.0), ("x:elm", "Example Elm, House", 48.0, pd.NA, pd.NA)


def before(*rows: tuple[object, ...], needs: Needs = NEEDS) -> LastComparison:
    return LastComparison("2026-11-20", "demo", "old", needs_toml(needs), homes(*rows))


def said(changes: pd.DataFrame) -> list[tuple[str, str, object, object]]:
    plain = changes.astype(object).where(changes.notna(), None)
    return list(plain[["resource_id", "what", "before", "after"]].itertuples(index=False, name=None))


def test_what_is_kept_is_read_as_it_was(vault, person):
    assert read_comparison(vault, person, "demo") is None
    keep_comparison(vault, person, homes(OAK, ELM), NEEDS, "demo", "state 1")
    last = read_comparison(vault, person, "demo")
    pd.testing.assert_frame_equal(last.homes, homes(OAK, ELM))
    assert (last.compared_on, last.region, last.region_hash) == ("2026-11-29", "demo", "state 1")
    assert is_for(last, NEEDS)
    assert not is_for(last, Needs(weekly_budget_usd=151))
    keep_comparison(vault, person, homes(OAK), Needs(), "demo", "state 2")
    last = read_comparison(vault, person, "demo")
    assert (last.region_hash, len(last.homes)) == ("state 2", 1)
    assert changes_since(last, homes(OAK), Needs()).empty


def test_each_region_keeps_its_own(vault, person):
    """A look at a neighboring county between two visits must not swallow what changed at home."""
    keep_comparison(vault, person, homes(OAK, ELM), NEEDS, "demo", "state 1")
    keep_comparison(vault, person, homes(("y:far", "Example Far House", 30.0, 1, 90.0)), NEEDS, "next county", "a")
    last = read_comparison(vault, person, "demo")
    assert last.region == "demo"
    assert changes_since(last, homes(OAK, ELM), NEEDS).empty
    keep_comparison(vault, person, homes(OAK), NEEDS, "demo", "state 2")
    assert read_comparison(vault, person, "demo").region_hash == "state 2"
    assert read_comparison(vault, person, "next county").homes["house"].tolist() == ["Example Far House"]
    assert read_comparison(vault, person, "a third") is None


def test_another_s_comparison_is_not_read(vault, bens):
    hers = add_person(vault, {"name": "Person One"})
    with pytest.raises(NotAllowedError):
        read_comparison(bens, hers, "demo")


def test_beds_rents_scores_and_houses_that_came_and_went():
    now = homes(("x:oak", "Example Oak House", 58.0, 0, 160.0), ("x:ash", "Example Ash House", 50.0, 1, 100.0))
    assert said(changes_since(before(OAK, ELM), now, NEEDS)) == [
        ("x:ash", "new", None, None),
        ("x:elm", "gone", None, None),
        ("x:oak", "open_beds", 2.0, 0.0),
        ("x:oak", "total", 61.2, 58.0),
        ("x:oak", "weekly_rent_usd", 150.0, 160.0),
    ]


def test_a_word_that_comes_or_goes_is_a_change():
    now = homes(("x:oak", "Example Oak House", 61.2, pd.NA, 150.0), (*ELM[:3], 1, pd.NA))
    assert said(changes_since(before(OAK, ELM), now, NEEDS)) == [
        ("x:elm", "open_beds", None, 1.0),
        ("x:oak", "open_beds", 2.0, None),
    ]


def test_other_needs_say_nothing_of_scores_or_of_who_fits():
    now = homes(("x:oak", "Example Oak House", 20.0, 0, 150.0))
    assert said(changes_since(before(OAK, ELM), now, Needs(age=40))) == [("x:oak", "open_beds", 2.0, 0.0)]


ROWS = st.lists(
    st.tuples(
        st.sampled_from(["x:1", "x:2", "x:3"]),
        st.just("Example House"),
        st.one_of(st.none(), st.floats(0, 100)),
        st.one_of(st.none(), st.integers(0, 20)),
        st.one_of(st.none(), st.floats(0, 500)),
    ),
    max_size=3,
    unique_by=lambda row: row[0],
)


@given(ROWS)
def test_nothing_changes_by_itself(rows):
    changes = changes_since(before(*rows), homes(*rows), NEEDS)
    assert changes.empty
    assert tuple(changes.columns) == CHANGES


def test_the_houses_of_a_metropolis_are_kept_too(vault, person):
    many = homes(
        *((f"state list:{number}", f"Example House {number} of Recovery", 50.0, 1, 150.0) for number in range(900))
    )
    keep_comparison(vault, person, many, NEEDS, "demo", "state 1")
    pd.testing.assert_frame_equal(read_comparison(vault, person, "demo").homes, many)
