"""Tables of a saved web page as text: nothing in the page is run, followed or trusted."""

from html.parser import HTMLParser

from geo.errors import SourceError

_CELLS = frozenset({"td", "th"})
_SILENT = frozenset({"script", "style", "template"})
MOST_CELLS = 2_000_000


def read_page_tables(raw: bytes, where: str) -> list[list[list[str]]]:
    """Return each table of a page as rows of cells, in the order in which they begin; empty rows are left out.

    A table inside a cell is a table of its own. UTF-8 is expected; what isn't is read as Windows-1252.

    Raises
    ------
    SourceError
        It holds over two million cells.
    """
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError:
        text = raw.decode("cp1252", errors="replace")
    reader = _Reader(where)
    reader.feed(text.replace("\0", ""))
    reader.close()
    return [[row for row in table if any(cell.strip() for cell in row)] for table in reader.tables]


class _Reader(HTMLParser):
    """Keeps the cells of the innermost open table; tags that are never closed close with the next of their kind."""

    def __init__(self, where: str) -> None:
        super().__init__(convert_charrefs=True)
        self.where = where
        self.tables: list[list[list[str]]] = []
        self._open: list[list[list[str]]] = []
        self._in_cell: list[bool] = []
        self._silent = 0
        self._cells = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:  # noqa: ARG002
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
            self._open[-1][-1].append("")
            self._in_cell[-1] = True
            self._cells += 1
            if self._cells > MOST_CELLS:
                raise SourceError(f"{self.where} holds over {MOST_CELLS:,} cells; it is no table of places.")
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
            self._open[-1][-1][-1] += data
