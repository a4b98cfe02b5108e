"""CSV as people publish it, read as text: identifiers keep their zeros, and nothing is guessed to be a number."""

import csv
import io
import re

from geo.errors import SourceError

_MOST_COLUMNS = 2000
_LONGEST_HEADING = 100


def read_csv(raw: bytes, where: str) -> list[dict[str, str]]:
    """Return the rows as dictionaries from column name to text.

    UTF-8 is expected (a byte order mark is passed over); what isn't UTF-8 is read as Windows-1252, which US
    agencies' spreadsheets write. Comma, semicolon and tab are told apart by the header. NULs are dropped.

    Raises
    ------
    SourceError
        It is no CSV table: empty, binary, or without a header.
    """
    try:
        text = raw.decode("utf-8-sig")
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
        return [dict(zip(header, cells, strict=False)) for cells in reader if any(cell.strip() for cell in cells)]
    except csv.Error as problem:
        raise SourceError(f"{where} is no readable CSV table: {problem}.") from None


def plain_name(column: str) -> str:
    """Return a column's name for comparing: lower case letters and digits only."""
    return re.sub(r"[^a-z0-9]", "", column.lower())
