"""The same clinic from several feeds becomes one row; different ones stay apart."""

from typing import Any

import pandas as pd

from geo.tables import RESOURCES, conform
from sources.cleaning.deduplication import merge

TRUST = {"good": 90, "fair": 50}


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
