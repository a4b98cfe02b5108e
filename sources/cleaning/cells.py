"""Cells of strangers, cut to what is read and what is kept of them; each cut is told, but for those of ids."""

from collections.abc import Callable
from typing import Any

from geo.tables import Table
from sources.cleaning.clean import LONGEST_READ
from sources.cleaning.report import Notes

LONGEST_ID = 150
"""Letters of a source's own id; the rest of a longer one tells nobody anything."""


def cut_row(row: Any, tell: Callable[[str, str], None]) -> None:
    """Cut every text of a record of a feed, however deep it lies, to `LONGEST_READ` letters; in place.

    Parameters
    ----------
    tell
        Takes code and reason of each cut: `Notes.repaired` of the present row.
    """
    queue = [row] if isinstance(row, dict | list) else []
    while queue:
        box = queue.pop()
        long: list[tuple[Any, str]] = []
        for key, value in box.items() if isinstance(box, dict) else enumerate(box):
            if isinstance(value, str):
                if len(value) > LONGEST_READ:
                    long.append((key, value))
            elif isinstance(value, dict | list):
                queue.append(value)
        for key, value in long:
            box[key] = value[:LONGEST_READ]
            name = f"Its {key.strip(chr(0))[:40]!r}" if isinstance(key, str) else "One of its texts"
            hint = "; is a quotation mark missing?" if "\n" in value else "."
            tell("long_text", f"{name} has {len(value):,} letters, of which {LONGEST_READ:,} are read{hint}")


def cut_cells(cells: dict[str, Any], table: Table, notes: Notes) -> dict[str, Any]:
    """Return cells of which no text is longer than its column of a table holds; what is cut or left out is noted.

    The table's key stays: it is a source's own id here (`LONGEST_ID`).
    """
    cut: dict[str, str | None] = {}
    for column in table.columns:
        value, longest = cells.get(column.name), column.longest
        if not isinstance(value, str) or longest is None or len(value) <= longest or column.name in table.key:
            continue
        done = "left empty" if column.whole else "cut there"
        notes.repaired("long_text", f"Its {column.name} is longer than {longest:,} letters and is {done}.")
        part = value[: longest + 1].rpartition(";")[0] if column.joined else ""
        cut[column.name] = None if column.whole else part or value[:longest].rstrip()
    return cells | cut if cut else cells
