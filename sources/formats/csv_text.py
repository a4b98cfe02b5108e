"""CSV as people publish it, read as text: identifiers keep their zeros, and nothing is guessed to be a number."""

import csv
import io
import re
import unicodedata
from collections.abc import Callable, Sequence

from geo.errors import SourceError

EXTRA = "\0extra"
"""The key, which no column can have, of what a row holds beyond its header's columns."""

csv.field_size_limit(2**31 - 1)
"""The library gives a file up for one cell of over 131,072 letters; readers of rows cut such a cell, and tell of it."""

MOST_CELLS, MOST_ROWS = 20_000_000, 2_000_000
"""More is no list of places or zones, and would fill the memory."""
MOST_COLUMNS = 2000
_HEADER_BYTES = 1_000_000
_LONGEST_HEADING = 100
_COORDINATES = ("lat", "latitude", "lon", "lng", "long", "longitude")
_SEPARATOR_LINE = re.compile(r'"?sep=([,;\t|])"?[,;\t]*\r?\n[\r\n]*', re.IGNORECASE)


def read_csv(raw: bytes, where: str) -> list[dict[str, str]]:
    """Return the rows as dictionaries from column name to text.

    UTF-8 is expected (a byte order mark is passed over), or UTF-16 with its mark; what is neither is read as
    Windows-1252, which US agencies' spreadsheets write. Comma, semicolon and tab are told apart by the header, or by
    a line before it that says so (``sep=;``). Remarks before the header, lines that begin with ``#`` and have no more
    than half as many cells, are passed over. NULs are dropped. Cells beyond the header's are joined under `EXTRA`.

    Raises
    ------
    SourceError
        It is no CSV table: empty, binary, or without a header; two columns tell the same coordinate; or it is too long.
    """
    return read_table(raw, where)[1]


def read_table(raw: bytes, where: str) -> tuple[list[str], list[dict[str, str]]]:
    """Return the names of the columns as `read_headings` and the rows as `read_csv`, read once.

    Raises
    ------
    SourceError
        As `read_csv`.
    """
    header, rows, _ = _table(raw, where)
    records = [dict(zip(header, cells, strict=False)) for cells in rows]
    for row, cells in zip(records, rows, strict=True):
        if any(extra := cells[len(header) :]):
            row[EXTRA] = ", ".join(cell.strip() for cell in extra)
    return header, records


def read_headings(raw: bytes, where: str) -> list[str]:
    """Return the names of a table's columns as its first line has them, one that is there twice included.

    Raises
    ------
    SourceError
        As `read_csv`.
    """
    return _table(raw, where)[0]


def check_columns(raw: bytes, where: str) -> None:
    """Refuse a table of more columns than any has, before a library for which each takes as long as those before it.

    Raises
    ------
    SourceError
        It has over 2,000.
    """
    header = next(csv.reader(io.StringIO(raw[:_HEADER_BYTES].decode("utf-8", "replace"), newline="")), [])
    _check_number(header, where)


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
    """Return a column's name for comparing: lower case letters without accents, and digits."""
    return re.sub(r"[^a-z0-9]", "", unicodedata.normalize("NFKD", column).lower())


def _without_separator_line(text: str) -> tuple[str, str | None]:
    """Return a table without the line in which Excel says what stands between cells (``sep=;``), and that mark."""
    line = _SEPARATOR_LINE.match(text)
    return (text[line.end() :], line[1]) if line else (text, None)


def _without_remarks(text: str) -> str:
    """Return a table without the lines before its header that begin with `#`.

    A heading may begin so too ("# of beds"): what has over half as many cells as the line below is the header.
    """
    remarks: list[str] = []
    for line in io.StringIO(text):
        if line.strip() and not line.lstrip('"').startswith("#"):
            mark = max(",;\t", key=line.count)
            wide = line.count(mark) + 1
            is_header = any(2 * sum(map(bool, map(str.strip, one.split(mark)))) > wide for one in remarks)
            return text if is_header else text[sum(map(len, remarks)) :]
        remarks.append(line)
    return text


def _check_number(header: Sequence[str], where: str) -> None:
    if len(header) > MOST_COLUMNS:
        sentence = "{path} has {number} columns; it is no table of places or zones."
        raise SourceError(sentence, path=where, number=len(header))


def _table(raw: bytes, where: str) -> tuple[list[str], list[list[str]], str]:
    """Return header, rows that hold anything, and the mark between cells."""
    try:
        text = raw.decode("utf-16" if raw[:2] in (b"\xff\xfe", b"\xfe\xff") else "utf-8-sig")
    except UnicodeDecodeError:
        text = raw.decode("cp1252", errors="replace")
    text = text.replace("\0", "")
    text, separator = _without_separator_line(text.lstrip("\r\n"))
    text = _without_remarks(text)
    header_line = text.split("\n", 1)[0]
    if not header_line.strip() or len(re.findall(r"[\x01-\x08\x0e-\x1f]", text[:4096])) > 8:
        raise SourceError("{path} is no CSV table: it needs a first line with the names of its columns.", path=where)
    delimiter = separator or max(",;\t", key=header_line.count)
    if text.count(delimiter) > MOST_CELLS or text.count("\n") + text.count("\r") > 2 * MOST_ROWS:
        sentence = "{path} holds over {rows:,} rows or {cells:,} cells; no list of places or zones does."
        raise SourceError(sentence, path=where, rows=MOST_ROWS, cells=MOST_CELLS)
    try:
        reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
        header = [" ".join(name.split())[:_LONGEST_HEADING] for name in next(reader)]
        _check_number(header, where)
        plain = [plain_name(name) for name in header]
        for name in _COORDINATES:
            if plain.count(name) > 1:
                raise SourceError(
                    "{path} has {number} columns named {name}; keep the one that is meant.",
                    path=where, number=plain.count(name), name=name,
                )  # fmt: skip
        return header, [cells for cells in reader if any(cell.strip() for cell in cells)], delimiter
    except csv.Error as problem:
        raise SourceError("{path} is no readable CSV table: {problem}.", path=where, problem=str(problem)) from None
