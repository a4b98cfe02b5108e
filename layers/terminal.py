"""What the command line shows: lines, tables and JSON, with nothing in them that could steer a terminal."""

import codecs
import io
import json
import re
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any

from geo.errors import InputError
from layers.substitutes import SUBSTITUTES

Step = Callable[..., None]
"""Called with the share done (0–1) and, if it changed, what is being done."""


_BEYOND_ASCII = re.compile(r"[^\n -~]")


def prepare_streams() -> None:
    """Make standard output and errors take any text: a terminal or pipe that isn't UTF-8 gets substitutes."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors=SUBSTITUTES)


def typed_line() -> str:
    """Return the next line that is typed, or piped in, with its end; empty where input has ended.

    Raises
    ------
    InputError
        Its bytes are no text in the encoding of standard input.
    """
    try:
        return sys.stdin.readline()
    except UnicodeDecodeError:
        raise InputError(
            f"What was typed is no text in {sys.stdin.encoding}; set PYTHONIOENCODING to the encoding of your "
            "terminal, like utf-8 or cp1252."
        ) from None


def plain(text: str) -> str:
    """Return text without control and direction marks, so that a feed can't steer the terminal."""
    return "".join(mark for mark in text if mark == "\t" or (mark.isprintable() and mark not in "\u2028\u2029"))


def say(text: str) -> None:
    """Tell the person something that is not the result, on standard error."""
    sys.stderr.write(plain(text) + "\n")


def print_json(value: object) -> None:
    """Print a result for machines."""
    print_json_text(json.dumps(value, ensure_ascii=False, indent=1, allow_nan=False, default=str) + "\n")


def print_json_text(text: str) -> None:
    """Print a JSON document; marks that aren't seen, or steer a terminal, as JSON escapes them.

    Where the output isn't UTF-8, each mark beyond ASCII is escaped.
    """
    is_utf_8 = codecs.lookup(getattr(sys.stdout, "encoding", None) or "utf-8").name == "utf-8"

    def written(mark: re.Match[str]) -> str:
        return mark[0] if is_utf_8 and mark[0].isprintable() else json.dumps(mark[0])[1:-1]

    sys.stdout.write(_BEYOND_ASCII.sub(written, text))


def print_lines(lines: Sequence[str]) -> None:
    """Print a result as lines of text, at once: a server may follow and run for hours."""
    sys.stdout.write("\n".join(plain(line) for line in lines) + "\n")
    sys.stdout.flush()


def print_rows(rows: Sequence[Mapping[str, Any]]) -> None:
    """Print a result as a table; all rows have the first one's columns, and those without any value are left out."""
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    if not rows:
        say("Nothing to show.")
        return
    table = Table(box=None)
    names = [name for name in rows[0] if not all(_is_missing(row[name]) for row in rows)]
    for name in names:
        table.add_column(Text(str(name)))
    for row in rows:
        table.add_row(*(Text(plain(_cell(name, row[name]))) for name in names))
    Console(width=None if sys.stdout.isatty() else 200).print(table)


@contextmanager
def progress(title: str) -> Iterator[Step]:
    """Show a progress bar on standard error, if that is a terminal; yields the function that moves it."""
    from rich.console import Console
    from rich.markup import escape
    from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn

    columns = (TextColumn("{task.description}"), BarColumn(), TimeElapsedColumn())
    console = Console(stderr=True)
    with Progress(*columns, console=console, transient=True, disable=not console.is_terminal) as bar:
        task = bar.add_task(title, total=1.0)

        def step(share: float, text: str = title) -> None:
            bar.update(task, completed=share, description=escape(plain(text)))

        yield step


def _cell(name: str, value: object) -> str:
    if _is_missing(value):
        return "–"
    if isinstance(value, float):
        return f"{value:.5f}" if name in ("lat", "lon") else f"{value:,.1f}"
    return str(value)


def _is_missing(value: object) -> bool:
    return value is None or value != value or str(value) == "<NA>"  # noqa: PLR0124  NaN differs from itself
