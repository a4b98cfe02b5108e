"""What two builds differ in: opened, closed and moved places; a lost place apart from a failed feed."""

from dataclasses import replace
from typing import Any

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from screens.shared.changes_text import place_sentences
from screens.shared.words import Say
from sources.region.changes import CHANGES, RESOURCE_COLUMNS, Build, changes, feed_changes

Place = tuple[str, str, float]
FEEDS = {"houses": None, "pantries": None}


def build(*places: tuple[Any, ...], feeds: dict[str, str | None] = FEEDS) -> Build:
    """Return a build of places: id, name, latitude, and the ids that were merged into it."""
    rows = [
        {
            "resource_id": one[0],
            "name": one[1],
            "lat": one[2],
            "lon": -84.5,
            "also_listed_by": one[3] if len(one) > 3 else None,
            "source": one[0].partition(":")[0],
            "category": "recovery_residence",
        }
        for one in places
    ]
    return Build(pd.DataFrame(rows, columns=list(RESOURCE_COLUMNS)), feeds)


def changes_of(before: Build, after: Build) -> list[tuple[str, str]]:
    return [(row.change, row.name) for row in changes(before, after).itertuples(index=False)]


LARK, WREN = ("houses:1", "Lark House", 39.0), ("houses:2", "Wren House", 39.1)


def test_what_opened_closed_and_moved_is_told() -> None:
    before = build(LARK, WREN)
    after = build(("houses:1", "Lark House", 39.01), ("houses:3", "Finch House", 39.2))
    assert changes_of(before, after) == [("opened", "Finch House"), ("closed", "Wren House"), ("moved", "Lark House")]
    moved = changes(before, after).query("change == 'moved'")
    assert moved["meters"].iloc[0] == pytest.approx(1112, abs=1)


@pytest.mark.parametrize("feeds", [{"pantries": None}, {"houses": "It did not answer.", "pantries": None}])
def test_a_place_that_only_its_failed_or_missing_feed_hides_is_not_closed(feeds: dict[str, str | None]) -> None:
    assert changes_of(build(LARK), build(feeds=feeds)) == [("unconfirmed", "Lark House")]


def test_a_place_whose_row_may_just_be_unreadable_now_is_not_closed() -> None:
    before = build(LARK)
    unread = replace(build(), unread={"houses": 1})
    assert changes_of(before, unread) == [("unconfirmed", "Lark House")]
    assert changes_of(replace(before, unread={"houses": 1}), unread) == [("closed", "Lark House")]


def test_a_place_of_two_feeds_is_closed_only_by_the_word_of_both() -> None:
    both = ("houses:1", "Lark House", 39.0, "pantries:9")
    assert changes_of(build(both), build()) == [("closed", "Lark House")]
    assert changes_of(build(both), build(feeds={"houses": None, "pantries": "late"})) == [("unconfirmed", "Lark House")]


def test_a_place_whose_best_feed_drops_it_is_still_the_one_that_another_lists() -> None:
    before = build(("houses:1", "Lark House", 39.0, "pantries:9"))
    assert changes_of(before, build(("pantries:9", "The Lark", 39.0))) == []


def test_a_place_by_an_older_copy_of_its_feed_is_stale() -> None:
    assert changes_of(build(LARK), build(LARK, feeds={"houses": "late"})) == [("stale", "Lark House")]


def test_a_list_that_is_new_here_opens_no_place() -> None:
    after = build(LARK, WREN, feeds=FEEDS)
    assert changes_of(build(LARK, feeds={"houses": None}), after) == [("opened", "Wren House")]
    assert changes_of(build(feeds={"pantries": None}), build(LARK)) == [("newly_listed", "Lark House")]
    assert feed_changes(build(feeds={"old": None}), build(feeds={"new": "late"})) == {
        "new": ("new",),
        "gone": ("old",),
        "failed": ("new",),
    }


def test_a_new_id_is_the_same_place_where_its_name_is_its_alone() -> None:
    assert changes_of(build(LARK), build(("houses:7", "LARK HOUSE", 39.0))) == []
    twins = build(("houses:8", "Lark House", 39.0), ("houses:9", "Lark House", 39.3))
    assert sorted(changes_of(build(LARK), twins)) == [
        ("closed", "Lark House"),
        ("opened", "Lark House"),
        ("opened", "Lark House"),
    ]


def test_a_list_that_came_back_empty_closes_nothing() -> None:
    before, after = replace(build(LARK), rows={"houses": 1}), replace(build(), rows={"houses": 0})
    assert changes_of(before, after) == [("unconfirmed", "Lark House")]
    assert after.is_empty("houses", before)
    assert not after.is_empty("houses", after)  # it was empty all along
    some = replace(build(WREN), rows={"houses": 1})
    assert changes_of(before, some) == [("opened", "Wren House"), ("closed", "Lark House")]


def test_two_rows_that_are_merged_or_parted_open_and_close_nothing() -> None:
    apart = build(LARK, ("pantries:9", "The Lark", 39.0))
    merged = build(("houses:1", "Lark House", 39.0, "pantries:9"))
    assert changes_of(apart, merged) == []
    assert changes_of(merged, apart) == []


PLACES = st.lists(
    st.tuples(
        st.sampled_from(["houses:1", "houses:2", "pantries:3"]), st.sampled_from("AB"), st.sampled_from([39.0, 39.5])
    ),
    unique_by=lambda place: place[0],
    max_size=3,
)


@given(PLACES, PLACES)
def test_every_place_is_accounted_for_and_nothing_twice(before: list[Place], after: list[Place]) -> None:
    table = changes(build(*before), build(*after))
    come, gone = (
        table[table["change"].isin(kinds)] for kinds in (("opened", "newly_listed"), ("closed", "unconfirmed"))
    )
    assert len(before) - len(gone) == len(after) - len(come)
    assert not table.duplicated(["change", "resource_id"]).any()
    assert set(table["change"]) <= set(CHANGES)
    assert changes(build(*after), build(*after)).empty


def test_places_of_one_name_are_told_apart_by_their_addresses() -> None:
    before, after = build(LARK, ("houses:3", "Lark House", 39.2), WREN), build(LARK)
    first = before.resources.assign(address=["1 Oak St", "9 Elm St", "2 Fir St"])
    told = changes(replace(before, resources=first), after)
    assert told["name"].tolist() == ["Lark House", "Wren House"]
    assert told["address"].fillna("").tolist() == ["9 Elm St", ""]
    (sentence,) = place_sentences(told, Say("en"))
    assert "Lark House (9 Elm St) and Wren House" in sentence[1]
