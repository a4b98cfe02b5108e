"""The form of one's own list and what a build changed, without a browser."""

from types import SimpleNamespace

import pandas as pd
import pytest

from geo.tables import CATEGORIES
from screens.data_health import lists
from screens.shared.advice import advice
from screens.shared.catalogs import WORDS
from screens.shared.changes_text import NAMES_AT_MOST, changes_lines
from screens.shared.words import Say
from sources.region.changes import CHANGES, COLUMNS
from sources.region.own_lists import columns_read
from sources.region.update import Changes

NO_FEEDS: dict[str, tuple[str, ...]] = {"new": (), "gone": (), "failed": ()}


@pytest.mark.parametrize("source", ["table", "recovery_residences"])
def test_every_column_that_a_heading_may_be_matched_to_has_a_name(source: str) -> None:
    assert [ours for ours in columns_read(source) if f"column_{ours}" not in WORDS] == []


def test_a_workbook_is_read_once_while_it_is_on_the_page(monkeypatch: pytest.MonkeyPatch) -> None:
    read: list[str] = []
    monkeypatch.setattr(lists.st, "session_state", {})
    monkeypatch.setattr(lists.spreadsheets, "sheet_as_csv", lambda raw, where: read.append(where) or raw)
    file = SimpleNamespace(name="houses.XLSX", file_id="1", getvalue=lambda: b"name")
    assert [lists.as_table(file) for _ in range(3)] == [("houses.csv", b"name")] * 3
    assert read == ["houses.XLSX"]
    lists.as_table(SimpleNamespace(name="houses.xlsx", file_id="2", getvalue=lambda: b"name"))
    assert len(read) == 2


def test_what_to_do_is_always_said() -> None:
    say = Say("en")
    assert advice("not_located", say) == say("mend_not_located")
    assert advice("a_code_of_tomorrow", say) == say("mend_other")


@pytest.mark.parametrize("language", ["en", "es"])
def test_every_kind_of_change_is_told_with_names_and_how_many_more(language: str) -> None:
    say = Say(language)
    rows = [
        (change, "food", f"{change} {number}", None, "x:1", "x", 500.0 if change == "moved" else float("nan"))
        for change in CHANGES
        for number in range(NAMES_AT_MOST + 3)
    ]
    feeds = NO_FEEDS | {"failed": ("pantries",)}
    lines = changes_lines(
        Changes(pd.DataFrame(rows, columns=list(COLUMNS)), feeds, "2026-11-02 10:00 UTC"), "America/New_York", say
    )
    assert len(lines) == 2 + len(CHANGES)
    assert "pantries" in lines[1]
    for change, line in zip(CHANGES, lines[2:], strict=True):
        assert say("food") in line
        assert f"{change} 0" in line
        assert say("changed_more", names="", count=3).strip() in line
    moved = lines[2 + CHANGES.index("moved")]
    assert say.habits.distance(500.0) in moved


def test_where_nothing_changed_that_is_said() -> None:
    say = Say("en")
    nothing = Changes(pd.DataFrame(columns=list(COLUMNS)), NO_FEEDS, "2026-11-02 10:00 UTC")
    assert changes_lines(nothing, "America/New_York", say)[1].strip() == say("changed_nothing")
    assert set(CATEGORIES) <= set(WORDS)


def test_after_going_back_the_other_build_is_called_the_later_one() -> None:
    say, nothing = Say("en"), pd.DataFrame(columns=list(COLUMNS))
    lines = [
        changes_lines(Changes(nothing, NO_FEEDS, "2026-11-02 10:00 UTC", back), "America/New_York", say)[0]
        for back in (False, True)
    ]
    assert lines[0].startswith("Since the build of ")
    assert "later build" in lines[1]
