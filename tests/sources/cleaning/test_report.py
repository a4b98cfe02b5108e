"""Kept + repaired + set aside = rows in, and a reader that loses a row is caught."""

import pandas as pd
import pytest

from geo.tables import SET_ASIDE, ZONES, conform, validate
from sources.cleaning.report import Notes, Parsed, SetAside, count, give_up


def zones(*ids: str) -> pd.DataFrame:
    return conform(pd.DataFrame({"zone_id": ids, "lon": 1.0, "lat": 2.0}), ZONES)


def test_a_row_repaired_twice_counts_once_and_not_if_set_aside() -> None:
    notes = Notes("s", row="a")
    notes.repaired("x", "X.")
    notes.repaired("y", "Y.")
    notes.row = "b"
    notes.repaired("x", "X.")
    notes.set_aside(SetAside("z", "Z."))
    notes.unknown("code", "Q")
    notes.unknown("code", "Q")
    parsed = Parsed({"zones": zones("a", "c")}, validate(notes.table(), SET_ASIDE), 3)
    counts = count(parsed)
    assert (counts.rows_in, counts.kept, counts.repaired, counts.set_aside) == (3, 1, 1, 1)
    assert counts.reasons["notice:unknown_code"] == 1
    assert "2 row(s)" in parsed.set_aside["reason"].iloc[-1]


def test_a_lost_row_is_a_fault() -> None:
    with pytest.raises(AssertionError):
        count(Parsed({"zones": zones("a")}, Notes("s").table(), 2))


def test_giving_up_rows_keeps_the_sum() -> None:
    notes = Notes("s", row="a")
    notes.repaired("x", "X.")
    parsed = Parsed({"zones": zones("a", "b", "c")}, notes.table(), 3)
    less = give_up(parsed, "zones", "zone_id", {"a": ("outside_region", "Outside.")}, "s")
    counts = count(less)
    assert (counts.kept, counts.repaired, counts.set_aside) == (2, 0, 1)
    assert count(parsed).repaired == 1
