"""What files to take along are called."""

import datetime
import re

import pytest
import streamlit as st

from screens.shared.file_names import file_name, forget_names

DAY = datetime.date(2026, 11, 29)


def test_file_names_tell_the_day_and_what_they_hold_and_never_collide(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(st, "session_state", {})
    first, second = (file_name("homes", DAY, needs, "pdf") for needs in ("Needs(age=34)", "Needs(age=35)"))
    assert re.fullmatch(r"homes-2026-11-29-[0-9a-f]{6}\.pdf", first)
    assert first != second
    assert file_name("homes", DAY, "Needs(age=34)", "pdf") == first
    monkeypatch.setattr(st, "session_state", {})
    assert file_name("homes", DAY, "Needs(age=34)", "pdf") != first, "a name can't be guessed from the needs"
    first = file_name("homes", DAY, "Needs(age=34)", "pdf")
    forget_names()
    assert file_name("homes", DAY, "Needs(age=34)", "pdf") != first, "the next visit's names have nothing in common"
