"""CSV as people publish it, read as text: identifiers keep their zeros, and nothing is guessed to be a number."""

import csv
import io
import re
from collections.abc import Callable

from geo.errors import SourceError

EXTRA = "\0extra"
"""The key, which no column can have, of what a row holds beyond its header's columns."""

_MOST_COLUMNS = 2000
_LONGEST_HEADING = 100


def read_csv(raw: bytes, where: str) -> list[dict[str, str]]:
    """Return the rows as dictionaries from column name to text.

    UTF-8 is expected (a byte order mark is passed over), or UTF-16 with its mark; what is neither is read as
    Windows-1252, which US agencies' spreadsheets write. Comma, semicolon and tab are told apart by the header. NULs
    are dropped. Cells beyond the header's are joined under `EXTRA`.

    Raises
    ------
    SourceError
        It is no CSV table: empty, binary, or without a header.
    """
    header, rows, _ = _table(raw, where)
    records = [dict(zip(header, cells, strict=False)) for cells in rows]
    for row, cells in zip(records, rows, strict=True):
        if any(extra := cells[len(header) :]):
            row[EXTRA] = ", ".join(cell.strip() for cell in extra)
    return records


def without_columns(raw: bytes, where: str, is_unwanted: Callable[[str], bool]) -> bytes:
    """Return a table without the columns of some names, every other cell as it was; the same bytes if it has none.

    Raises
    ------
    SourceError
        As `read_csv`.
    """
    header, rows, delimiter = _table(raw, where)
    unwanted = {at for at, name in enumerate(header) if is_unwanted(name)}
    if not unwanted:
        return raw
    written = io.StringIO()
    writer = csv.writer(written, delimiter=delimiter, lineterminator="\n")
    for cells in [header, *rows]:
        writer.writerow([cell for at, cell in enumerate(cells) if at not in unwanted])
    return written.getvalue().encode()


def plain_name(column: str) -> str:
    """Return a column's name for comparing: lower case letters and digits only."""
    return re.sub(r"[^a-z0-9]", "", column.lower())


def _table(raw: bytes, where: str) -> tuple[list[str], list[list[str]], str]:
    """Return header, rows that hold anything, and the mark between cells."""
    try:
        text = raw.decode("utf-16" if raw[:2] in (b"\xff\xfe", b"\xfe\xff") else "utf-8-sig")
    except UnicodeDecodeError:
        text = raw.decode("cp1252", errors="replace")
    text = text.replace("\0", "")
    header_line = text.lstrip("\r\n").split("\n", 1)[0]
    if not header_line.strip() or len(re.findall(r"[\x01-\x08\x0e-\x1f]", text[:4096])) > 8:
        raise SourceError(f"{where} is no CSV table: it needs a first line with the names of its columns.")
    delimiter = max(",;\t", key=header_line.count)
    try:
        reader = csv.reader(io.StringIO(text.lstrip("\r\n"), newline=""), delimiter=delimiter)
        header = [" ".join(name.split())[:_LONGEST_HEADING] for name in next(reader)]
        if len(header) > _MOST_COLUMNS:
            raise SourceError(f"{where} has {len(header)} columns; it is no table of places or zones.")
        return header, [cells for cells in reader if any(cell.strip() for cell in cells)], delimiter
    except csv.Error as problem:
        raise SourceError(f"{where} is no readable CSV table: {problem}.") from None
