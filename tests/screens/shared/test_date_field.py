"""Fields for dates: one order on all of them, said beside each."""

import re
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

import screens
from screens.shared.date_field import FORMAT


def asking(language: str) -> None:
    import datetime

    from screens.shared.date_field import date_field
    from screens.shared.words import Say

    date_field("Day", Say(language), value=datetime.date(2026, 3, 4), key="day")


@pytest.mark.parametrize(("language", "label"), [("en", "Day (month/day/year)"), ("es", "Day (mes/día/año)")])
def test_a_field_says_its_order(language: str, label: str) -> None:
    page = AppTest.from_function(asking, args=(language,), default_timeout=60).run()
    assert not page.exception
    (field,) = page.date_input
    assert (field.label, field.proto.format) == (label, FORMAT)


def test_there_is_no_other_field_for_dates() -> None:
    files = [path for path in Path(screens.__file__).parent.rglob("*.py") if path.name != "date_field.py"]
    assert len(files) > 100
    assert [path.name for path in files if re.search(r"\bdate_input\(", path.read_text("utf-8"))] == []
