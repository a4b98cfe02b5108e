"""Drafts: found by their own key alone, forgotten when told to, after an hour, and when there are too many."""

from collections.abc import Iterator

import pytest

from screens.case_manager import drafts


@pytest.fixture(autouse=True)
def now(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[float]]:
    """Return the clock that drafts go by, to be moved on."""
    at = [1000.0]
    monkeypatch.setattr(drafts.time, "monotonic", lambda: at[0])
    drafts._DRAFTS.clear()
    yield at
    drafts._DRAFTS.clear()


def test_each_tab_finds_its_own_draft() -> None:
    drafts.keep("a", {"curfew": "22:00"})
    drafts.keep("b", {"curfew": "21:00"})
    drafts.keep("a", {"curfew": "23:00"})
    assert drafts.kept("a") == {"curfew": "23:00"}
    assert drafts.kept("b") == {"curfew": "21:00"}
    assert drafts.kept("c") == {}


def test_the_key_itself_is_kept_nowhere() -> None:
    drafts.keep("0123456789abcdef", {"curfew": "22:00"})
    assert "0123456789abcdef" not in repr(drafts._DRAFTS)


def test_a_draft_is_forgotten_when_told_to() -> None:
    drafts.keep("a", {"curfew": "22:00"})
    drafts.forget("a")
    drafts.forget("never kept")
    assert drafts.kept("a") == {}


def test_a_draft_is_gone_an_hour_after_it_was_last_kept(now: list[float]) -> None:
    drafts.keep("a", {"curfew": "22:00"})
    now[0] += drafts.KEPT_SECONDS
    assert drafts.kept("a")
    now[0] += 1
    drafts.keep("b", {"curfew": "21:00"})
    assert len(drafts._DRAFTS) == 1
    assert drafts.kept("a") == {}


def test_visitors_cannot_fill_the_memory() -> None:
    drafts.keep("first", {"curfew": "22:00"})
    for number in range(drafts.KEPT_AT_MOST):
        drafts.keep(str(number), {"curfew": "21:00"})
    assert len(drafts._DRAFTS) == drafts.KEPT_AT_MOST
    assert drafts.kept("first") == {}


def test_what_is_handed_out_changes_nothing_that_is_kept() -> None:
    drafts.keep("a", {"curfew": "22:00"})
    drafts.kept("a")["curfew"] = "never"
    assert drafts.kept("a") == {"curfew": "22:00"}
