"""Fields: what is typed is read or refused by name, never repeated."""

import datetime as dt
import math
import os
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from geo.errors import InputError
from people.kinds import BARC10_COLUMNS, DOMAINS, KINDS, LONGEST, checked, dictionary

PERSON = {"name": "Person One", "manager": "u"}
CALL = {"resource_id": "x:1", "house": "Example House", "called_on": "2026-11-20"}


def test_values_are_read_as_their_type_and_empty_ones_left_out():
    typed = {"free_beds": "2", "weekly_rent_usd": np.float64(165.5), "accepts_medications": "methadone;naltrexone",
             "called_on": dt.datetime(2026, 11, 20, 9, tzinfo=dt.UTC), "note": "  ", "hold_until": None}  # fmt: skip
    assert checked("house_call", CALL | typed) == CALL | {
        "free_beds": 2, "weekly_rent_usd": 165.5, "accepts_medications": "methadone;naltrexone",
    }  # fmt: skip
    asked = {"asked_on": "2026-11-20", "asked_by": "Example Ana"}
    for yes in (True, np.True_, "yes", "TRUE", 1):
        assert checked("engagement", asked | {"sponsor_or_mentor": yes})["sponsor_or_mentor"] is True


@pytest.mark.parametrize(
    ("typed", "read"),
    [
        ("12/3/2026", "2026-12-03"),
        ("2026-12-03T09:30:00Z", "2026-12-03"),
        (dt.date(2026, 12, 3), "2026-12-03"),
        ("2026-12-03 at the latest", None),
        ("13/3/2026", None),
        ("12/3/2026-12/9/2026", None),
        ("2026-12-03 - 2026-12-09", None),
        ("2026-12-031", None),
        (20261203, None),
    ],
)
def test_dates_as_spreadsheets_write_them(typed, read):
    if read:
        assert checked("person", PERSON | {"discharge_on": typed})["discharge_on"] == read
    else:
        with pytest.raises(InputError, match="discharge_on must be a date"):
            checked("person", PERSON | {"discharge_on": typed})


@pytest.mark.parametrize(
    ("kind", "values", "field"),
    [
        ("person", PERSON | {"name": " \x00"}, "name"),
        ("person", PERSON | {"born_on": "1980-13-01"}, "born_on"),
        ("person", PERSON | {"lives_lat": 91}, "lives_lat"),
        ("person", PERSON | {"note": "n" * (LONGEST + 1)}, "note"),
        ("person", PERSON | {"diagnosis": "x"}, "diagnosis"),
        ("house_call", CALL | {"free_beds": True}, "free_beds"),
        ("house_call", CALL | {"weekly_rent_usd": math.inf}, "weekly_rent_usd"),
        ("house_call", CALL | {"accepts_medications": "methadone;"}, "accepts_medications"),
        ("short_list", {"resource_id": "x", "house": "x", "state": "maybe", "on": "2026-11-20"}, "state"),
        (
            "engagement",
            {"asked_on": "2026-11-20", "asked_by": "A", "sponsor_or_mentor": "perhaps"},
            "sponsor_or_mentor",
        ),
    ],
)
def test_what_cannot_be_kept_is_named_by_its_field(kind, values, field):
    with pytest.raises(InputError, match=field):
        checked(kind, values)


@given(st.text())
@settings(max_examples=25)
def test_no_value_is_in_an_error(text):
    with pytest.raises(InputError) as raised:
        checked("person", PERSON | {"born_on": "x" + text})
    assert str(raised.value) == "born_on must be a date like 2026-11-23."


def test_no_wording_of_an_item_is_shipped():
    assert list(BARC10_COLUMNS) == list(DOMAINS)
    assert len(set(BARC10_COLUMNS.values())) == 10


def test_the_list_of_what_is_held_is_true():
    page = Path(__file__).parents[2] / "docs" / "vault-fields.md"
    if os.environ.get("RECOVERY_REACH_WRITE_DOCS"):
        page.write_text(dictionary(), "utf-8")
    assert page.read_text("utf-8") == dictionary(), "docs/vault-fields.md is behind the code: run `make docs`"


def test_every_field_says_what_it_means():
    for table in KINDS.values():
        assert table.meaning
        assert all(column.meaning for column in table.columns)
        assert len(set(table.names)) == len(table.names)
