"""An Excel workbook of a stranger as the CSV that its first sheet would be saved as."""

import csv
import datetime
import io
import re
import zipfile
from itertools import islice
from typing import Any

from geo.errors import SourceError
from sources.formats.zip_archive import unzip

ENDING = ".xlsx"
MAX_BYTES, MAX_UNPACKED_BYTES = 20_000_000, 100_000_000
"""A workbook, packed and unpacked; no agency's list of places is as large."""
MAX_ROWS, MAX_COLUMNS = 100_000, 500


def is_workbook(raw: bytes) -> bool:
    """Tell whether bytes may be a workbook, by how they begin."""
    return raw.startswith(b"PK")


def sheet_as_csv(raw: bytes, where: str) -> bytes:
    """Return the first sheet of a workbook as CSV (UTF-8), its rows from the first that holds anything.

    Dates are written as ISO, times as HH:MM, and numbers with the zeros that their format puts before them (ZIP codes).
    Of formulas the values count that were saved with them.

    Raises
    ------
    SourceError
        It is no workbook, is protected by a password, has no sheet that holds anything, or unpacks to too much.
    """
    _check(raw, where)
    rows = _rows(raw, where)
    if len(rows) > MAX_ROWS:
        raise SourceError(f"The first sheet of {where} has over {MAX_ROWS:,} rows; a list of places has fewer.")
    if any(len(row) > MAX_COLUMNS for row in rows):
        raise SourceError(f"The first sheet of {where} has over {MAX_COLUMNS} columns; a list of places has fewer.")
    filled = [number for number, row in enumerate(rows) if any(row)]
    if not filled:
        raise SourceError(f"The first sheet of {where} is empty; put the list there, with headings in its first row.")
    rows = rows[filled[0] :]
    rows[0] = [" ".join(heading.split()) for heading in rows[0]]
    written = io.StringIO()
    wide = len(rows[0])
    csv.writer(written, lineterminator="\n").writerows([*row, *[""] * (wide - len(row))] for row in rows)
    return written.getvalue().encode()


def _check(raw: bytes, where: str) -> None:
    """Refuse what could fill the memory, before anything is made of it."""
    if len(raw) > MAX_BYTES:
        raise SourceError(f"{where} has {len(raw) / 1e6:,.0f} MB; a list of places has at most {MAX_BYTES / 1e6:,.0f}.")
    if not is_workbook(raw) or not zipfile.is_zipfile(io.BytesIO(raw)):
        raise SourceError(f"{where} is no Excel workbook (.xlsx), or has a password; save it anew, or as CSV.")
    files = unzip(raw, where)
    if sum(map(len, files.values())) > MAX_UNPACKED_BYTES:
        raise SourceError(f"{where} unpacks to far more than an honest list; it is not used.")
    if any(b"<!DOCTYPE" in content[:4096] or b"<!ENTITY" in content[:4096] for content in files.values()):
        raise SourceError(f"{where} declares entities, which no workbook does; it is not used.")


def _rows(raw: bytes, where: str) -> list[list[str]]:
    import openpyxl

    try:
        book = openpyxl.load_workbook(io.BytesIO(raw), read_only=True, data_only=True)
        sheet = book.worksheets[0]
        sheet.reset_dimensions()  # what a file says of its size may be wrong
        rows = islice(sheet.iter_rows(max_col=MAX_COLUMNS + 1), MAX_ROWS + 1)
        return [_without_empty_end([_text(cell) for cell in row]) for row in rows]
    except (
        ArithmeticError, AttributeError, LookupError, OSError, SyntaxError, TypeError, ValueError, zipfile.BadZipFile,
    ) as problem:  # fmt: skip
        raise SourceError(f"{where} is no Excel workbook that can be read ({problem}); save it as CSV.") from None


def _without_empty_end(cells: list[str]) -> list[str]:
    return cells[: next((at for at in range(len(cells), 0, -1) if cells[at - 1]), 0)]


def _text(cell: Any) -> str:
    """Return a cell as a person would type it."""
    value = cell.value
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, datetime.datetime):
        return value.isoformat(" ", "minutes").removesuffix(" 00:00")
    if isinstance(value, datetime.time):
        return value.isoformat("minutes")
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    if isinstance(value, int) and re.fullmatch("0+", str(cell.number_format)):
        return str(value).zfill(len(cell.number_format))
    return "" if value is None else str(value)
