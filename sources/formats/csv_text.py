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
_COORDINATES = ("lat", "latitude", "lon", "lng", "long", "longitude")
_SEPARATOR_LINE = re.compile(r'"?sep=([,;\t|])"?[,;\t]*\r?\n[\r\n]*', re.IGNORECASE)


def read_csv(raw: bytes, where: str) -> list[dict[str, str]]:
    """Return the rows as dictionaries from column name to text.

    UTF-8 is expected (a byte order mark is passed over), or UTF-16 with its mark; what is neither is read as
    Windows-1252, which US agencies' spreadsheets write. Comma, semicolon and tab are told apart by the header, or by
    a line before it that says so (``sep=;``). NULs are dropped. Cells beyond the header's are joined under `EXTRA`.

    Raises
    ------
    SourceError
        It is no CSV table: empty, binary, or without a header; or two columns tell the same coordinate.
    """
    header, rows, _ = _table(raw, where)
    records = [dict(zip(header, cells, strict=False)) for cells in rows]
    for row, cells in zip(records, rows, strict=True):
        if any(extra := cells[len(header) :]):
            row[EXTRA] = ", ".join(cell.strip() for cell in extra)
    return records


def without_columns(
    raw: bytes,
    where: str,
    is_unwanted: Callable[[str], bool],
    rewrite: Callable[[str, str], str] | None = None,
    is_unwanted_row: Callable[[dict[str, str]], bool] | None = None,
) -> bytes:
    """Return a table without the columns of some names; the same bytes if nothing changes.

    Parameters
    ----------
    rewrite
        What to make of every other cell, from its column's name and its text.
    is_unwanted_row
        Which rows to leave out, from all their cells.

    Raises
    ------
    SourceError
        As `read_csv`.
    """
    header, rows, delimiter = _table(raw, where)
    unwanted = {at for at, name in enumerate(header) if is_unwanted(name)}
    names = [*header, *[""] * max((len(cells) - len(header) for cells in rows), default=0)]
    wanted = [
        cells for cells in rows if not (is_unwanted_row and is_unwanted_row(dict(zip(header, cells, strict=False))))
    ]
    kept = [[rewrite(names[at], cell) for at, cell in enumerate(cells)] if rewrite else cells for cells in wanted]
    if not unwanted and kept == rows:
        return raw
    written = io.StringIO()
    writer = csv.writer(written, delimiter=delimiter, lineterminator="\n")
    for cells in [header, *kept]:
        writer.writerow([cell for at, cell in enumerate(cells) if at not in unwanted])
    return written.getvalue().encode()


def plain_name(column: str) -> str:
    """Return a column's name for comparing: lower case letters and digits only."""
    return re.sub(r"[^a-z0-9]", "", column.lower())


def _without_separator_line(text: str) -> tuple[str, str | None]:
    """Return a table without the line in which Excel says what stands between cells (``sep=;``), and that mark."""
    found = _SEPARATOR_LINE.match(text)
    return (text[found.end() :], found[1]) if found else (text, None)


def _table(raw: bytes, where: str) -> tuple[list[str], list[list[str]], str]:
    """Return header, rows that hold anything, and the mark between cells."""
    try:
        text = raw.decode("utf-16" if raw[:2] in (b"\xff\xfe", b"\xfe\xff") else "utf-8-sig")
    except UnicodeDecodeError:
        text = raw.decode("cp1252", errors="replace")
    text = text.replace("\0", "")
    text, told = _without_separator_line(text.lstrip("\r\n"))
    header_line = text.split("\n", 1)[0]
    if not header_line.strip() or len(re.findall(r"[\x01-\x08\x0e-\x1f]", text[:4096])) > 8:
        raise SourceError(f"{where} is no CSV table: it needs a first line with the names of its columns.")
    delimiter = told or max(",;\t", key=header_line.count)
    try:
        reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
        header = [" ".join(name.split())[:_LONGEST_HEADING] for name in next(reader)]
        if len(header) > _MOST_COLUMNS:
            raise SourceError(f"{where} has {len(header)} columns; it is no table of places or zones.")
        plain = [plain_name(name) for name in header]
        for name in _COORDINATES:
            if plain.count(name) > 1:
                raise SourceError(f"{where} has {plain.count(name)} columns named {name}; keep the one that is meant.")
        return header, [cells for cells in reader if any(cell.strip() for cell in cells)], delimiter
    except csv.Error as problem:
        raise SourceError(f"{where} is no readable CSV table: {problem}.") from None
