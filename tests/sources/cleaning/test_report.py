"""Kept + repaired + set aside = rows in, and a reader that loses a row is caught."""

import datetime
from dataclasses import replace

import pandas as pd
import pytest

from geo.tables import SET_ASIDE, ZONES, conform, validate
from sources.cleaning.report import (
    BuildReport,
    Counts,
    Notes,
    Parsed,
    SetAside,
    SourceResult,
    count,
    give_up,
    join_notes,
    reasons,
)  # fmt: skip


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


def test_reasons_are_counted_most_first_then_by_name() -> None:
    notes = Notes("s", row="a")
    for code in ("x", "b", "a", "x"):
        notes.notice(code, "Said.")
    assert list(reasons(notes.table()).items()) == [("notice:x", 2), ("notice:a", 1), ("notice:b", 1)]


def test_notes_of_several_readers_are_one_table() -> None:
    tables = []
    for row in ("a", "b"):
        notes = Notes("s", row=row)
        notes.notice("x", "X.")
        tables.append(notes.table())
    joined = join_notes([tables[0], Notes("s").table(), tables[1]])
    assert joined["row"].to_dict() == {0: "a", 1: "b"}
    assert validate(join_notes([]), SET_ASIDE).empty


def test_a_note_on_an_unknown_code_says_how_many_rows_have_it() -> None:
    notes = Notes("s", row="a")
    for code in ("Q" * 50, "Q" * 50, "P"):
        notes.unknown("type", code)
    assert notes.table()["reason"].tolist() == [
        "The type 'P' is not known here; 1 row(s) have it.",
        f"The type {'Q' * 40!r} is not known here; 2 row(s) have it.",
    ]


def built(**changes: object) -> BuildReport:
    counts = Counts(9, 5, 1, 3, {"set_aside:no_point": 3, "repaired:swapped": 1})
    sources = (
        SourceResult("meetings", "bmlt", "bmlt.json", counts, counts.reasons, 0.5),
        SourceResult("streets", "osm", "town.osm", None, {}, 1.0),
        SourceResult("buses", "gtfs", "bus.zip", None, {"notice:old": 2}, 1.0),
        SourceResult("clean", "hrsa", "hrsa.csv", Counts(2, 2, 0, 0, {}), {}, 0.5),
    )
    report = BuildReport(
        "quay", "Quay", "f00d", sources, {"places": 1200}, False, None, {"Streets": 1.25, "Store": 0.5}, None
    )
    return replace(report, **changes)  # type: ignore[arg-type]


def test_a_build_is_told_line_by_line() -> None:
    assert built().lines() == [
        "Quay (quay) is built.",
        "  bmlt.json as bmlt: 9 rows in = 5 kept + 1 repaired + 3 set aside (3 set_aside no_point, 1 repaired swapped)",
        "  town.osm: nothing to note",
        "  bus.zip: 2 notice old",
        "  hrsa.csv as hrsa: 2 rows in = 2 kept + 0 repaired + 0 set aside",
        "  holds 1,200 places",
        "  slopes are not counted, for no heights were given (--elevation)",
        "  streets 1.2 s, store 0.5 s; 1.8 s in all",
    ]


def test_a_build_says_what_was_made_anew_gone_stale_or_lacking() -> None:
    more = built(redone=("streets", "score"), gone=("old.csv",), stale={"bmlt": "no answer"}, lacks=("No turns.",),
                 slopes=True, peak_memory_mb=1234.0, timetable_ended=datetime.date(2026, 1, 2)).lines()  # fmt: skip
    assert more[1:4] == ["  made anew: streets, score", "  no longer in it: old.csv", "  stale: bmlt: no answer"]
    assert more[-4:-2] == ["    No turns.", "  holds 1,200 places"]
    assert "January 2, 2026" in more[-2]
    assert more[-1].endswith("in all; at most 1,234 MB")
    assert not any("slopes" in line for line in more)
    assert built(redone=()).lines()[1] == "  made anew: nothing, because nothing has changed"


def test_a_build_as_values_for_machines() -> None:
    document = built(redone=("streets",), service_dates=("2026-01-01", "2026-02-01")).as_dict()
    assert document["sources"][0] | {"reasons": {}} == {
        "label": "meetings", "source": "bmlt", "file": "bmlt.json", "rows_in": 9, "kept": 5, "repaired": 1,
        "set_aside": 3, "reasons": {},
    }  # fmt: skip
    assert document["sources"][2] == {
        "label": "buses",
        "source": "gtfs",
        "file": "bus.zip",
        "reasons": {"notice:old": 2},
    }
    assert (document["seconds"], document["seconds_in_all"]) == ({"Streets": 1.25, "Store": 0.5}, 1.75)
    assert (document["service_dates"], document["redone"]) == (["2026-01-01", "2026-02-01"], ["streets"])
    assert (built().as_dict()["service_dates"], built().as_dict()["redone"]) == (None, None)
