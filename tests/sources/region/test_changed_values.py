"""What places of two builds tell otherwise, and a later build as far as its feeds' words go."""

from dataclasses import replace
from typing import Any

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from geo.tables import RESOURCES, SESSIONS, conform
from screens.shared.changes_text import named
from screens.shared.words import Say
from sources.region import changes as place_changes
from sources.region.changed_values import as_far_as_known, changed_values, in_order
from sources.region.changes import Build, changes

FEEDS = {"houses": None, "pantries": None}
LARK = {"resource_id": "houses:1", "name": "Lark House", "lat": 39.0, "beds": 8, "phone": "(859) 555-0100"}
WREN = {"resource_id": "houses:2", "name": "Wren House", "lat": 39.1}
NO_HOURS = pd.DataFrame({"resource_id": []})


def build(*places: dict[str, Any], feeds: dict[str, str | None] = FEEDS) -> Build:
    usual = {"category": "recovery_residence", "dimension": "home", "lon": -84.5, "location_precision": "rooftop"}
    rows = [usual | {"source": one["resource_id"].partition(":")[0]} | one for one in places]
    return Build(conform(pd.DataFrame(rows, columns=None if rows else ["resource_id"]), RESOURCES), feeds)


def sessions(*rows: tuple[str, int, int]) -> pd.DataFrame:
    table = pd.DataFrame(list(rows), columns=["resource_id", "weekday", "start_minute"])
    return conform(table.assign(end_minute=table["start_minute"] + 60, time_zone="America/New_York"), SESSIONS)


def told(before: Build, after: Build, **more: Any) -> list[tuple[str, str, str, str]]:
    table = changed_values(before, after, **more)
    return list(table[["change", "what", "before", "after"]].itertuples(index=False, name=None))


def test_places_of_one_name_are_told_apart_by_their_addresses() -> None:
    one, other = LARK | {"address": "1 Oak St"}, LARK | {"resource_id": "houses:3", "address": "9 Elm St", "lat": 39.2}
    before, after = build(one, other, WREN), build(one, other | {"beds": 9}, WREN | {"beds": 4})
    rows = changed_values(before, after)
    assert rows["address"].fillna("").tolist() == ["9 Elm St", ""]
    assert [named(row, Say("en")) for row in rows.to_dict("records")] == ["Lark House (9 Elm St)", "Wren House"]


def test_hours_beds_what_it_accepts_and_its_telephone() -> None:
    after = LARK | {"beds": 10, "accepts_moud": True, "phone": "859-555-0199", "opening_hours": "Mo-Fr 09:00-17:00"}
    assert told(build(LARK | {"accepts_moud": False}), build(after)) == [
        ("changed", "phone", "(859) 555-0100", "859-555-0199"),
        ("changed", "beds", "8", "10"),
        ("changed", "accepts_moud", "no", "yes"),
        ("newly_told", "opening_hours", "", "Mo-Fr 09:00-17:00"),
    ]
    assert told(build(LARK), build(LARK | {"beds": None})) == [("no_longer_told", "beds", "8", "")]
    one, other = sessions(("houses:1", 0, 1140)), sessions(("houses:1", 0, 1200), ("houses:1", 4, 1140))
    assert told(build(LARK), build(LARK), sessions=(one, other)) == [
        ("changed", "sessions", "Monday 19:00-20:00", "Monday 20:00-21:00; Friday 19:00-20:00")
    ]


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ({"phone": "+1 859 555 0100"}, {}),
        ({"name": "LARK  HOUSE"}, {}),
        ({"formats": "open; women"}, {"formats": "women;open"}),
        ({"open_beds": 2, "verified_on": "2026-01-02", "notes": "Ring twice"}, {"open_beds": 3}),
    ],
)
def test_another_spelling_is_no_change(one: dict[str, Any], other: dict[str, Any]) -> None:
    assert told(build(LARK | one), build(LARK | other)) == []


def test_the_ids_of_a_build_are_read_once(monkeypatch: pytest.MonkeyPatch) -> None:
    read, usual = [], place_changes.ids_of

    def noted(resources: pd.DataFrame, *at: int) -> object:
        read.append(len(resources))
        return usual(resources, *at)

    monkeypatch.setattr(place_changes, "ids_of", noted)
    before, after = build(LARK, WREN), build(LARK | {"also_listed_by": "pantries:9; pantries:8", "beds": 9})
    assert changes(before, after)["change"].tolist() == ["closed"]
    assert [row[1] for row in told(before, after)] == ["beds"]
    as_far_as_known(before, after, (NO_HOURS, NO_HOURS))
    assert sorted(read) == [1, 2]
    assert after.ids == [["houses:1", "pantries:9", "pantries:8"]]


def test_what_a_failed_or_a_new_feed_tells_is_not_a_change_of_the_place() -> None:
    both = LARK | {"also_listed_by": "pantries:9"}
    less = LARK | {"phone": None}
    assert told(build(both), build(less, feeds={"houses": None})) == [("unconfirmed", "phone", "(859) 555-0100", "")]
    assert told(build(less, feeds={"houses": None}), build(both)) == [("unconfirmed", "phone", "", "(859) 555-0100")]


def known(before: Build, after: Build) -> list[tuple[str, float, float]]:
    table, _ = as_far_as_known(before, after, (NO_HOURS, NO_HOURS))
    return [(row.resource_id, row.lat, row.beds) for row in table.fillna({"beds": 0}).itertuples(index=False)]


def test_a_place_of_a_failed_feed_stays_as_it_was() -> None:
    failed = {"houses": "It did not answer.", "pantries": None}
    before = build(LARK, WREN)
    assert known(before, build(LARK | {"beds": 3}, feeds=failed)) == [("houses:1", 39.0, 8), ("houses:2", 39.1, 0)]
    assert known(before, build(LARK | {"beds": 3})) == [("houses:1", 39.0, 3)]
    assert known(before, build(feeds={"pantries": None})) == [("houses:1", 39.0, 8), ("houses:2", 39.1, 0)]


def test_a_place_of_a_new_feed_is_not_there_yet_and_one_that_opened_is() -> None:
    after = build(LARK, WREN | {"resource_id": "pantries:7"})
    assert known(build(LARK, feeds={"houses": None}), after) == [("houses:1", 39.0, 8)]
    assert known(build(LARK), after) == [("houses:1", 39.0, 8), ("pantries:7", 39.1, 0)]


def test_merged_and_parted_places_are_there_once() -> None:
    merged = LARK | {"also_listed_by": "pantries:9"}
    apart = (LARK, LARK | {"resource_id": "pantries:9"})
    assert known(build(*apart), build(merged)) == [("houses:1", 39.0, 8)]
    assert len(known(build(merged), build(*apart))) == 2
    failed = {"houses": "It did not answer.", "pantries": None}
    assert known(build(merged), build(*apart, feeds=failed))[0] == ("houses:1", 39.0, 8)


def test_sessions_are_those_of_the_side_from_which_a_place_is() -> None:
    before, after = build(LARK, WREN | {"resource_id": "pantries:2"}), build(LARK, WREN | {"resource_id": "pantries:2"})
    failed = replace(after, feeds={"houses": "late", "pantries": None})
    sides = (
        sessions(("houses:1", 0, 600), ("pantries:2", 0, 600)),
        sessions(("houses:1", 1, 600), ("pantries:2", 1, 600)),
    )
    _, held = as_far_as_known(before, failed, sides)
    assert held[["resource_id", "weekday"]].to_numpy().tolist() == [["houses:1", 0], ["pantries:2", 1]]


def house(number: int, feed: str, lat: float, beds: int | None) -> dict[str, Any]:
    return {"resource_id": f"{feed}:{number}", "name": f"House {number}", "lat": lat, "beds": beds}


PLACES = st.lists(
    st.builds(
        house,
        st.integers(1, 3),
        st.sampled_from(sorted(FEEDS)),
        st.sampled_from([39.0, 39.5]),
        st.sampled_from([None, 4, 8]),
    ),
    unique_by=lambda place: place["resource_id"],
    max_size=5,
)


@given(PLACES, PLACES)
def test_a_build_against_itself_changes_nothing_and_whole_words_give_the_later_one(
    before: list[dict[str, Any]], after: list[dict[str, Any]]
) -> None:
    one, other = build(*before), build(*after)
    assert changed_values(other, other).empty
    table, _ = as_far_as_known(one, other, (NO_HOURS, NO_HOURS))
    expected, _ = in_order(other.resources, conform(NO_HOURS, SESSIONS))
    pd.testing.assert_frame_equal(table, expected)
    lost = replace(other, feeds={})
    kept, _ = as_far_as_known(one, lost, (NO_HOURS, NO_HOURS))
    assert set(one.resources["resource_id"]) <= set(kept["resource_id"])
