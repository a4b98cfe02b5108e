"""Files to take along: whole or not at all, and harmless in a spreadsheet."""

import csv
import io
from pathlib import Path

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from geo.errors import InputError
from layers.export import quoted, table_text, write_table, write_whole


def test_numbers_stay_numbers_and_formulas_become_text(tmp_path: Path) -> None:
    table = pd.DataFrame({"name": ["=1+1", "@cmd", "-2", "plain", None], "minutes": [-1.5, 2, 3, 4, 5]})
    write_table(table, tmp_path / "out.csv")
    lines = (tmp_path / "out.csv").read_text(encoding="utf-8").splitlines()
    assert lines == ["name,minutes", "'=1+1,-1.5", "'@cmd,2.0", "'-2,3.0", "plain,4.0", ",5.0"]


@given(st.text())
def test_no_text_cell_begins_like_a_formula(text: str) -> None:
    cell = quoted(pd.DataFrame({"name": pd.Series([text], dtype="string")}))["name"].iloc[0]
    assert not cell.startswith((*"=+-@＝＋－＠", "\t", "\n", "\r", "\x00"))
    assert not {"\x00", "\r"} & {*cell}


@pytest.mark.parametrize("kind", ["string", "object", "category"])
@given(st.lists(st.text(st.sampled_from('a=＝＋－＠\r\n,;"\t \x00')) | st.none(), min_size=1, max_size=4))
def test_a_table_has_as_many_rows_in_its_file(kind: str, cells: list[str | None]) -> None:
    text = table_text(pd.DataFrame({"name": pd.Series(cells, dtype=kind), "minutes": 1}))
    rows = list(csv.reader(io.StringIO(text, newline="")))
    assert len(rows) == len(cells) + 1
    assert not any(row[0].startswith((*"=+-@＝＋－＠", "\t", "\n", "\r")) for row in rows[1:])
    assert [row[1] for row in rows[1:]] == ["1"] * len(cells)


def test_a_category_that_is_a_number_stays_one() -> None:
    assert table_text(pd.DataFrame({"band": pd.Series([1, 2], dtype="category")})) == "band\n1\n2\n"


def test_real_formula_payloads_are_quoted(shared: Path) -> None:
    payloads = pd.read_json(shared / "badinputs" / "synthetic-attacks" / "csv_formula.json", typ="series")
    cells = quoted(pd.DataFrame({"name": payloads.astype("string")}))["name"]
    assert not cells.str.match(r"[=+\-@\t\r\x00]").any()


def test_parquet_keeps_the_table_as_it_is(tmp_path: Path) -> None:
    table = pd.DataFrame({"id": pd.Series(["010", "020"], dtype="string"), "minutes": [1.5, float("inf")]})
    write_table(table, tmp_path / "out.parquet")
    pd.testing.assert_frame_equal(pd.read_parquet(tmp_path / "out.parquet"), table, check_dtype=False)


def test_an_unknown_ending_or_folder_is_one_sentence(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"\.csv or \.parquet"):
        write_table(pd.DataFrame({"id": ["1"]}), tmp_path / "out.xls")
    with pytest.raises(InputError, match="can't be written"):
        write_whole(tmp_path / "nowhere" / "out.csv", b"x")
    assert list(tmp_path.iterdir()) == []
