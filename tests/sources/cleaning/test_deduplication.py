"""The same clinic from several feeds becomes one row; different ones stay apart."""

import datetime
from typing import Any

import pandas as pd
import pytest

from geo.tables import RESOURCES, SESSIONS, conform
from geo.units import METERS_PER_DEGREE
from sources.cleaning import deduplication

TRUST = {"good": 90, "fair": 50}
TODAY = datetime.date(2026, 11, 30)


def merge(table: pd.DataFrame, trust: dict[str, int]) -> pd.DataFrame:
    return deduplication.merge(table, trust, TODAY)


def rows(*given: dict[str, Any]) -> pd.DataFrame:
    base = {
        "source": "good", "name": "Quay Street Clinic", "category": "primary_care", "dimension": "health",
        "lon": -84.5, "lat": 39.08, "location_precision": "rooftop",
    }  # fmt: skip
    made = [base | {"resource_id": f"{row.get('source', 'good')}:{n}"} | row for n, row in enumerate(given)]
    return conform(pd.DataFrame(made), RESOURCES)


def ids(*given: dict[str, Any]) -> list[str]:
    return merge(rows(*given), TRUST)["resource_id"].tolist()


def test_fields_come_from_the_most_trusted_and_gaps_from_the_others() -> None:
    merged = merge(
        rows(
            {"source": "fair", "phone": "555-0100", "url": "http://fair.example.org", "name": "Quay St. Clinic, Inc."},
            {"phone": None, "url": "http://good.example.org"},
        ),
        TRUST,
    )
    row = merged.iloc[0]
    assert len(merged) == 1
    assert (row["resource_id"], row["also_listed_by"]) == ("good:1", "fair:0")
    assert (row["phone"], row["url"], row["name"]) == ("555-0100", "http://good.example.org", "Quay Street Clinic")


def test_a_later_verified_row_wins_among_equals() -> None:
    trust = {"a": 1, "b": 1}
    merged = merge(
        rows({"source": "a", "verified_on": "2020-01-01"}, {"source": "b", "verified_on": "2024-01-01"}), trust
    )
    assert merged["resource_id"].tolist() == ["b:1"]


def test_a_shared_telephone_makes_up_for_a_name() -> None:
    other = {"source": "fair", "name": "Quay Street Health", "phone": "(859) 555-0100"}
    assert len(ids({"phone": "859-555-0100"}, other)) == 1
    assert len(ids({"phone": "859-555-0111"}, other)) == 2


def test_different_places_stay_apart() -> None:
    assert len(ids({}, {"source": "fair", "name": "Mill Road Dental"})) == 2
    assert len(ids({}, {"source": "fair", "category": "pharmacy"})) == 2
    assert len(ids({}, {"source": "fair", "lat": 39.09})) == 2
    assert len(ids({}, {})) == 2
    numbered = [{"name": f"Serenity House {n}", "source": source} for n, source in ((1, "good"), (2, "fair"))]
    assert len(ids(*numbered)) == 2
    assert len(ids(numbered[0], {"name": "Serenity House", "source": "fair"})) == 1
    known = [{"address": "12 Elm St", "phone": "859-555-0101"}, {"address": "34 Elm St", "phone": "859-555-0102"}]
    assert len(ids(known[0], known[1] | {"source": "fair"})) == 2
    assert len(ids(known[0], known[1] | {"source": "fair", "address": "12 Elm Street"})) == 1


def test_what_one_feed_lists_twice_on_the_spot_with_one_telephone_is_one() -> None:
    assert len(ids({"phone": "555-0100"}, {"phone": "555-0100", "name": "Quay Street Clinic, Inc."})) == 1


def test_two_places_of_one_feed_do_not_become_one_through_a_third() -> None:
    near = {"source": "fair", "lon": -84.5005}
    assert len(ids({"lon": -84.5}, {"lon": -84.501}, near)) == 2


def test_meetings_are_never_merged() -> None:
    assert len(ids({"category": "meeting"}, {"category": "meeting", "source": "fair"})) == 2


def test_the_order_of_rows_changes_nothing() -> None:
    table = rows({}, {"source": "fair"}, {"source": "fair", "name": "Mill Road Dental"}, {"lon": -84.6})
    pd.testing.assert_frame_equal(merge(table, TRUST), merge(table.iloc[::-1], TRUST))


def test_online_meetings_without_a_place_stay() -> None:
    online = {"category": "meeting", "lon": None, "lat": None, "attendance": "online"}
    assert len(ids(online, online | {"source": "fair"})) == 2
    assert ids() == []


@pytest.mark.parametrize(("own", "theirs", "kept"), [
    ("2026-11-20", "2026-03-12", "2026-03-12"), ("2026-01-01", "2026-03-12", "2026-03-12"),
    (None, "2026-03-12", "2026-03-12"),
    ("2026-11-20", None, None),
])  # fmt: skip
def test_free_beds_of_another_source_come_with_its_date(own: str | None, theirs: str | None, kept: str | None) -> None:
    shared = {"name": "Lark House", "category": "recovery_residence", "dimension": "home", "lon": -84.5, "lat": 39.1}
    rows = pd.DataFrame(
        [
            shared | {"resource_id": "a:1", "source": "a", "verified_on": own},
            shared | {"resource_id": "b:1", "source": "b", "verified_on": theirs, "open_beds": 2},
        ]
    )
    (row,) = merge(conform(rows, RESOURCES), {"a": 2, "b": 1}).to_dict("records")
    assert row["open_beds"] == 2
    assert (None if pd.isna(row["verified_on"]) else row["verified_on"]) == kept


@pytest.mark.parametrize(("own", "theirs", "beds"), [
    ((2, "2026-01-05"), (0, "2026-11-20"), (0, "2026-11-20")),
    ((0, "2026-11-20"), (2, "2026-01-05"), (0, "2026-11-20")),
    ((2, None), (0, "2026-11-20"), (0, "2026-11-20")), ((2, "2026-11-20"), (0, None), (2, "2026-11-20")),
    ((2, "2026-11-20"), (0, "2026-11-20"), (2, "2026-11-20")), ((2, None), (0, None), (2, None)),
])  # fmt: skip
def test_a_house_that_was_full_last_is_not_free(
    own: tuple[int, str | None], theirs: tuple[int, str | None], beds: tuple[int, str | None]
) -> None:
    shared = {"name": "Lark House", "category": "recovery_residence", "dimension": "home"}
    given = [
        shared | {"source": source, "open_beds": free, "verified_on": day}
        for source, (free, day) in (("good", own), ("fair", theirs))
    ]
    (row,) = merge(rows(*given), TRUST).to_dict("records")
    assert row["source"] == "good"
    assert (row["open_beds"], None if pd.isna(row["verified_on"]) else row["verified_on"]) == beds


@pytest.mark.parametrize(("own", "theirs", "kept"), [
    # beds, open beds, verified on: of the list that is trusted more, of the other, of the place
    ((8, 5, "2026-03-12"), (6, 2, "2026-11-20"), (6, 2, "2026-11-20")),
    ((8, 5, "2026-11-20"), (6, 2, "2026-03-12"), (8, 5, "2026-11-20")),
    ((4, None, "2026-03-12"), (None, 6, "2026-11-20"), (4, 4, "2026-11-20")),
    ((None, None, None), (None, 6, "2026-11-20"), (None, 6, "2026-11-20")),
    ((None, None, "2026-11-20"), (6, 2, "2026-03-12"), (6, 2, "2026-03-12")),
    # a day that is still to come is no later word
    ((8, 5, "2026-11-20"), (6, 2, "2042-11-20"), (8, 5, "2026-11-20")),
    ((8, 5, "2042-11-20"), (6, 2, "2026-11-20"), (6, 2, "2026-11-20")),
    ((8, 5, None), (6, 2, "2042-11-20"), (8, 5, None)),
])  # fmt: skip
def test_free_beds_and_the_beds_that_they_are_of_are_one_word(own: Any, theirs: Any, kept: Any) -> None:
    shared = {"name": "Lark House", "category": "recovery_residence", "dimension": "home"}
    names = ("beds", "open_beds", "verified_on")
    given = [shared | {"source": source} | dict(zip(names, told, strict=True))
             for source, told in (("good", own), ("fair", theirs))]  # fmt: skip
    (row,) = merge(rows(*given), TRUST).to_dict("records")
    assert tuple(None if pd.isna(row[name]) else row[name] for name in names) == kept


def test_a_day_that_is_still_to_come_makes_no_row_the_later_one_among_equals() -> None:
    given = [{"source": source, "verified_on": day} for source, day in (("a", "2026-01-01"), ("b", "2042-01-01"))]
    assert merge(rows(*given), {"a": 1, "b": 1})["resource_id"].tolist() == ["a:0"]


def lettered(same: int, other: str) -> str:
    """Return a name of 25 letters of which the first are the same: alike by 200 · same / 50 %."""
    return "x" * same + other * (25 - same)


@pytest.mark.parametrize(("same", "phone", "places"), [(22, None, 1), (21, None, 2), (15, "859-555-0100", 1),
                                                       (14, "859-555-0100", 2), (15, None, 2)])  # fmt: skip
def test_how_alike_names_must_be(same: int, phone: str | None, places: int) -> None:
    one, other = ({"name": lettered(same, mark), "phone": phone} for mark in "ab")
    assert len(ids(one, other | {"source": "fair"})) == places


@pytest.mark.parametrize(
    ("name", "meters", "places"),
    [
        ("Quay Street Clinic", 140, 1), ("Quay Street Clinic", 160, 2),
        ("Quay Street Clinic – Main Office for Outpatients", 29, 1),
        ("Quay Street Clinic – Main Office for Outpatients", 32, 2),
    ],
)  # fmt: skip
def test_how_near_places_must_be(name: str, meters: float, places: int) -> None:
    assert len(ids({}, {"source": "fair", "name": name, "lat": 39.08 + meters / METERS_PER_DEGREE})) == places


def test_a_short_name_within_a_longer_one_says_too_little() -> None:
    longer = {"source": "fair", "name": "Harbor Main Office for Outpatients"}
    assert len(ids({"name": "Harbor"}, longer)) == 1
    assert len(ids({"name": "Haven"}, longer | {"name": "Haven Main Office for Outpatients"})) == 2


def test_one_feed_s_rows_are_one_only_on_the_spot_with_a_telephone() -> None:
    listed = {"phone": "859-555-0100"}
    assert len(ids(listed, listed)) == 1
    assert len(ids(listed, listed | {"lat": 39.08 + 3 / METERS_PER_DEGREE})) == 2
    assert len(ids(listed, listed | {"phone": "859-555-0199"})) == 2


def test_numbers_in_words_of_ranks_keep_houses_apart() -> None:
    assert len(ids({"name": "Serenity House II"}, {"name": "Serenity House III", "source": "fair"})) == 2


def test_addresses_keep_places_apart_only_where_telephones_do_too() -> None:
    one, other = {"address": "12 Elm St", "phone": "859-555-0101"}, {"source": "fair", "address": "34 Elm St"}
    assert len(ids(one, other)) == 1
    assert len(ids(one, other | {"phone": "859-555-0101"})) == 1
    assert len(ids(one | {"address": "Elm St"}, other | {"phone": "859-555-0102"})) == 1


def test_of_three_lists_the_best_is_kept_and_both_others_are_named() -> None:
    three = rows({"source": "fair"}, {"source": "unheard of"}, {})
    merged = merge(three, TRUST)
    assert merged[["resource_id", "also_listed_by"]].to_numpy().tolist() == [["good:2", "fair:0;unheard of:1"]]
    assert merge(three.iloc[:2], TRUST)["resource_id"].tolist() == ["fair:0"]
    assert merge(rows({"source": "b"}, {"source": "a"}), {})["resource_id"].tolist() == ["a:1"]


def test_the_nearest_of_two_is_the_same_place() -> None:
    def north(meters: float) -> dict[str, float]:
        return {"lat": 39.08 + meters / METERS_PER_DEGREE}

    merged = merge(rows(north(0), north(100), north(90) | {"source": "fair"}), TRUST).set_index("resource_id")
    assert merged["also_listed_by"].fillna("").to_dict() == {"good:0": "", "good:1": "fair:2"}


def test_when_a_van_comes_is_known_by_any_of_its_lists() -> None:
    van = {"name": "Example Care Van", "category": "opioid_treatment_program"}
    merged = merge(rows(van, {"source": "fair"} | van, {"name": "Quay Hall", "lat": 39.2}), TRUST)
    held = {"weekday": 0, "start_minute": 540, "end_minute": 720, "time_zone": "America/New_York", "weeks": None}
    sessions = conform(pd.DataFrame([held | {"resource_id": one} for one in ("fair:1", "good:2", "gone:9")]), SESSIONS)
    kept = deduplication.sessions_of_merged(sessions, merged)
    assert kept["resource_id"].tolist() == ["good:0", "good:2"]
    both = pd.concat([sessions, sessions.assign(resource_id="good:0", weekday=4)], ignore_index=True)
    own = deduplication.sessions_of_merged(both, merged)
    assert own.loc[own["resource_id"] == "good:0", "weekday"].tolist() == [4, 4, 4]
