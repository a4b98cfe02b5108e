"""Tables of a saved web page as text: nothing in the page is run, followed or trusted."""

import re
from html.parser import HTMLParser

from geo.errors import SourceError

_CELLS = frozenset({"td", "th"})
_COUNTED = _CELLS | {"table", "tr"}
_SILENT = frozenset({"script", "style", "template"})
MOST_CELLS = 2_000_000
_HUGE_REFERENCE = re.compile(r"&#(?:\d{21,}|[xX][0-9a-fA-F]{21,});?")


def read_page_tables(raw: bytes, where: str) -> list[list[list[str]]]:
    """Return each table of a page as rows of cells, in the order in which they begin; empty rows are left out.

    A table inside a cell is a table of its own. UTF-8 is expected; what isn't is read as Windows-1252. What follows a
    tag that never ends is no part of the page.

    Raises
    ------
    SourceError
        It holds over two million tables, rows and cells.
    """
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError:
        text = raw.decode("cp1252", errors="replace")
    reader = _Reader(where)
    # Never closed: the library would look for each open tag's end anew. A tag at the end lets go what it holds back.
    reader.feed(without_huge_references(text.replace("\0", "")) + "<p>")
    tables = [[["".join(pieces) for pieces in row] for row in table] for table in reader.tables]
    return [[row for row in table if any(cell.strip() for cell in row)] for table in tables]


def without_huge_references(text: str) -> str:
    """Return markup with a space for each numeric reference to no letter, of more digits than Python may read."""
    return _HUGE_REFERENCE.sub(" ", text)


class _Reader(HTMLParser):
    """Keeps the cells of the innermost open table; tags that are never closed close with the next of their kind."""

    def __init__(self, where: str) -> None:
        super().__init__(convert_charrefs=True)
        self.where = where
        self.tables: list[list[list[list[str]]]] = []
        self._open: list[list[list[list[str]]]] = []
        self._in_cell: list[bool] = []
        self._silent = 0
        self._cells = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:  # noqa: ARG002
        if tag in _COUNTED:
            self._cells += 1
            if self._cells > MOST_CELLS:
                raise SourceError(f"{self.where} holds over {MOST_CELLS:,} cells; it is no table of places.")
        if tag == "table":
            self._open.append([])
            self._in_cell.append(False)
            self.tables.append(self._open[-1])
        elif tag in _SILENT:
            self._silent += 1
        elif self._open and tag == "tr":
            self._open[-1].append([])
            self._in_cell[-1] = False
        elif self._open and tag in _CELLS:
            if not self._open[-1]:
                self._open[-1].append([])
            self._open[-1][-1].append([])
            self._in_cell[-1] = True
        elif tag == "br":
            self.handle_data(" ")

    def handle_endtag(self, tag: str) -> None:
        if tag == "table" and self._open:
            self._open.pop()
            self._in_cell.pop()
        elif tag in _SILENT:
            self._silent = max(0, self._silent - 1)
        elif tag in _CELLS | {"tr"} and self._in_cell:
            self._in_cell[-1] = False

    def handle_data(self, data: str) -> None:
        if self._in_cell and self._in_cell[-1] and not self._silent:
            self._open[-1][-1][-1].append(data)
