"""The vocabulary: what is declared is what is checked, documented and stored."""

import os
from pathlib import Path

import pandas as pd
import pytest

from geo.errors import InputError
from geo.tables import CATEGORIES, DIMENSIONS, SESSIONS, TABLES, conform, dictionary, empty, validate

DOCUMENT = Path(__file__).parents[2] / "docs" / "data-dictionary.md"


def test_the_data_dictionary_is_up_to_date() -> None:
    if os.environ.get("RECOVERY_REACH_WRITE_DOCS"):
        DOCUMENT.write_text(dictionary(), "utf-8")
    assert DOCUMENT.read_text(encoding="utf-8") == dictionary(), "docs/data-dictionary.md is behind: run `make docs`"


def test_every_category_supports_a_dimension() -> None:
    assert set(CATEGORIES.values()) == set(DIMENSIONS)


@pytest.mark.parametrize("table", TABLES, ids=lambda table: table.name)
def test_columns_are_declared_once_and_an_empty_table_is_valid(table) -> None:
    assert len(set(table.names)) == len(table.names)
    assert validate(empty(table), table).columns.tolist() == table.names


def test_a_value_outside_its_declaration_is_named() -> None:
    session = {"resource_id": "a:1", "weekday": 7, "start_minute": 0, "end_minute": 60, "time_zone": "America/New_York"}
    with pytest.raises(InputError, match="weekday"):
        validate(conform(pd.DataFrame([session]), SESSIONS), SESSIONS)
    good = conform(pd.DataFrame([session | {"weekday": 6}]), SESSIONS)
    assert len(validate(good, SESSIONS)) == 1
