"""People from a CSV: looked at first, refused by row, all at once or nobody."""

import contextlib
import datetime
import io

import openpyxl
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from geo.errors import EditConflictError, InputError, SourceError
from geo.needs.needs import Needs
from people import importing as im
from people.caseload import caseload
from people.entries import history, undo
from people.last_comparison import HOMES, keep_comparison
from people.person_needs import save_needs

FILE = (
    b"Client Name,DOB,Discharge Date,Phone,Color\n"
    b"Person One,1980-02-03,2026-12-03,202-555-0101,blue\n"
    b"Person Two,,2026-12-10,,green\n"
    b"person  ONE,1991-05-06,,,red\n"
)


def look(vault, content=FILE, columns=None):
    table = im.read_people(content)
    return im.preview(vault, table, im.suggest_columns(table) if columns is None else columns)


def test_columns_are_suggested_by_their_names():
    assert im.suggest_columns(im.read_people(FILE)) == {
        "name": "Client Name", "born_on": "DOB", "discharge_on": "Discharge Date", "phone": "Phone",
    }  # fmt: skip


def test_a_look_first_saves_nothing_and_shows_everything(vault, person):
    seen = look(vault)
    assert len(caseload(vault)) == 1
    assert seen.rows["name"].tolist() == ["Person One", "Person Two", "person  ONE"]
    assert seen.unused == ("Color",)
    assert seen.errors.empty


def test_two_people_of_one_name_are_pointed_out_and_stay_two(vault, person):
    seen = look(vault)
    assert seen.same_names.to_dict("records") == [
        {"row": 1, "other": "on the caseload"}, {"row": 3, "other": "1"}, {"row": 3, "other": "on the caseload"},
    ]  # fmt: skip
    im.import_people(vault, seen)
    names = caseload(vault)["name"].str.casefold().tolist()
    assert sorted(names) == ["person  one", "person one", "person one", "person two"]


def test_errors_are_told_by_row_and_nobody_is_imported(vault):
    seen = look(vault, FILE.replace(b"2026-12-10", b"next week").replace(b"Person Two", b" "))
    assert seen.errors.astype({"problem": str}).to_dict("records") == [
        {"row": 2, "column": "Client Name", "problem": "name can't be empty."},
        {"row": 2, "column": "Discharge Date", "problem": "discharge_on must be a date like 2026-11-23."},
    ]
    with pytest.raises(InputError, match="Nobody was imported: 2 cells"):
        im.import_people(vault, seen)
    assert caseload(vault).empty


def test_an_import_is_one_edit_that_is_undone_at_once(vault):
    ids = im.import_people(vault, look(vault))
    assert set(caseload(vault)["person_id"]) == set(ids)
    undo(vault, vault.connection.execute("SELECT max(change_id) FROM changes").fetchone()[0])
    assert caseload(vault).empty


def test_an_import_is_taken_back_while_nobody_worked_on_its_people(vault, person):
    with pytest.raises(InputError, match="imported nobody"):
        im.undo_import(vault)
    im.import_people(vault, look(vault))
    assert im.undo_import(vault) == 3
    assert caseload(vault)["person_id"].tolist() == [person]
    with pytest.raises(EditConflictError):
        im.undo_import(vault)
    first, second, _ = im.import_people(vault, look(vault))
    keep_comparison(vault, first, pd.DataFrame(columns=list(HOMES)), Needs(), "region", "hash")
    assert im.undo_import(vault) == 3  # looking at somebody's homes is no work
    _, second, _ = im.import_people(vault, look(vault))
    save_needs(vault, second, Needs(age=40))
    with pytest.raises(EditConflictError, match="worked on"):
        im.undo_import(vault)
    with pytest.raises(EditConflictError, match="worked on"):
        undo(vault, int(history(vault, second)["change_id"].iloc[-1]))
    assert len(caseload(vault)) == 4


def test_the_person_may_choose_other_columns(vault):
    im.import_people(vault, look(vault, columns={"name": "Client Name", "note": "Color"}))
    assert caseload(vault).set_index("name").loc["Person Two", "note"] == "green"


def test_an_excel_workbook_is_read_as_the_csv_it_would_be_saved_as():
    book = openpyxl.Workbook()
    for row in (["Client Name", "DOB"], ["Person One", datetime.date(1980, 2, 3)]):
        book.worksheets[0].append(row)
    content = io.BytesIO()
    book.save(content)
    assert im.read_people(content.getvalue()).to_dict("records") == [{"Client Name": "Person One", "DOB": "1980-02-03"}]
    with pytest.raises(SourceError, match="no Excel workbook"):
        im.read_people(b"PK\x03\x04 and no more")


@pytest.mark.parametrize("columns", [{}, {"name": "Nome"}, {"note": "Color"}])
def test_a_refused_choice_of_columns_says_which_there_are(vault, columns):
    with pytest.raises(InputError, match="columns are Client Name, DOB, Discharge Date, Phone, Color"):
        look(vault, columns=columns)


@pytest.mark.parametrize("columns", [{}, {"name": "Nome"}, {"name": "Client Name", "manager": "Color"}])
def test_what_no_columns_are(vault, columns):
    with pytest.raises(InputError):
        look(vault, columns=columns)


@pytest.mark.parametrize("content", [b"", b"name\n", b"\x00\x01\x02\x03\x04\x05\x06\x0e\x0f\x10\x11\x12"])
def test_what_is_no_list_of_people(content):
    with pytest.raises((InputError, SourceError)):
        im.read_people(content)


@given(st.binary(max_size=80) | st.text("name,;\t\n\"'\x00é", max_size=60).map(str.encode))
@settings(max_examples=60)
def test_any_bytes_are_a_list_or_one_sentence(content):
    with contextlib.suppress(InputError, SourceError):
        im.suggest_columns(im.read_people(content))


def test_a_preview_shows_nobody_when_printed(vault):
    assert "Person" not in repr(look(vault))
