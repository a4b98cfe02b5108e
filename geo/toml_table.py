"""TOML documents with numbers, read key by key, so that every error names its key and no key stays unread.

What a user gives is looked at before it is parsed: the parser takes memory that grows with the square of a key's parts.
"""

import hashlib
import json
import math
import re
import tomllib
from pathlib import Path
from typing import Any

from geo.clock import clock_minute
from geo.errors import InputError, NeedsError, shown
from geo.phrases import Phrase
from geo.tables import MODES

REGION = "region"
"""The value of a ratio that stands for the region's own."""
MOST_LETTERS = 2000
A_TIME = Phrase("a time like 22:30")
MOST_BYTES = 1_000_000
"""Of a file; those that people write have a few thousand."""
MOST_LEVELS = 16
"""Tables and lists within each other, and parts of one key: `a.b.c` has three."""

_MARK = re.compile(
    r"""
    \"{3} (?: [^"\\] | \\ (?s:.)? | "(?!"") )*+ "{0,5}
    | '{3} (?: [^'] | '(?!'') )*+ '{0,5}
    | " (?: [^"\\\n] | \\. )*+ "?
    | ' [^'\n]*+ '?
    | \# [^\n]*+
    | [\[\]{}.,=\n]
    """,
    re.VERBOSE,
)
"""Each text and remark as one, even if it doesn't end, of which the parser tells."""


def read_toml(path: Path, most_bytes: int = MOST_BYTES) -> dict[str, Any]:
    """Return the TOML document of a file, of which no more is read than it may have.

    Raises
    ------
    OSError
        It can't be read.
    InputError
        As `parse_toml`.
    """
    with path.open("rb") as file:
        return parse_toml(file.read(most_bytes + 1), most_bytes)


def parse_toml(content: bytes, most_bytes: int = MOST_BYTES) -> dict[str, Any]:
    """Return a TOML document all of whose values can be shown.

    Raises
    ------
    InputError
        It is too large, not TOML in UTF-8, nested too deeply, or holds a number that Python doesn't write (over 4,300
        digits).
    """
    if len(content) > most_bytes:
        raise InputError("it has over {most:,} bytes, the most that are read; is it the right file?", most=most_bytes)
    try:
        text = content.decode("utf-8")
        _check_levels(text)
        document = tomllib.loads(text)
        repr(document)
    except (UnicodeDecodeError, tomllib.TOMLDecodeError) as problem:
        raise InputError(str(problem)) from None
    except InputError:
        raise
    except ValueError:
        raise InputError("it holds a number of thousands of digits") from None
    return document


def _check_levels(text: str) -> None:
    depth = parts = 0
    for mark in _MARK.finditer(text):
        kind = mark[0][0]
        if kind == ".":
            parts += 1
        elif kind not in "\"'#":
            depth += (kind in "[{") - (kind in "]}")
            parts = 0
        if max(depth, parts) >= MOST_LEVELS:
            raise InputError("it is nested too deeply: {most} levels are the most", most=MOST_LEVELS)


def read_document(path: Path | str, folder: str) -> tuple[dict[str, Any], str]:
    """Return a TOML document and the name of its file: a bare name is a file shipped in `data/<folder>`.

    The shipped files lie in `data` beside `geo` in a checkout, and in `sources/_data` beside it once installed
    (`pyproject.toml` puts them there).

    Raises
    ------
    NeedsError
        The file is missing or not TOML.
    """
    chosen = Path(path)
    if not chosen.suffix and len(chosen.parts) == 1:
        chosen = _shipped(folder, chosen.name)
    try:
        return read_toml(chosen), chosen.name
    except FileNotFoundError:
        raise NeedsError(f"There is no {folder} file at {chosen}; check the path, or leave it out.") from None
    except (OSError, ValueError) as problem:
        raise NeedsError(f"The {folder} file {chosen} is not readable TOML: {problem}.") from None


def digest(document: dict[str, Any]) -> str:
    """Return the SHA-256 of a document in canonical form."""
    return hashlib.sha256(json.dumps(document, sort_keys=True, default=str).encode()).hexdigest()


def _shipped(folder: str, name: str) -> Path:
    beside = Path(__file__).resolve().parents[1]
    folders = (beside / "sources" / "_data" / folder, beside / "data" / folder)
    for place in folders:
        if (place / f"{name}.toml").is_file():
            return place / f"{name}.toml"
    return folders[-1] / f"{name}.toml"


class TomlTable:
    """Values of a table; `where` names it in errors. Every reader raises NeedsError."""

    def __init__(self, values: dict[str, Any], where: str) -> None:
        self.values, self.where, self.unread = values, where, set(values)

    def take(self, key: str, expected: Phrase | None = None) -> Any:
        """Return a value, now read."""
        if key not in self.values:
            if expected is None:
                raise NeedsError("{where} lacks the key {name!r}.", where=self.where, name=key)
            raise NeedsError(
                "{where} lacks the key {name!r}: {expected}.", where=self.where, name=key, expected=expected
            )
        self.unread.discard(key)
        return self.values[key]

    def refuse(self, key: str, expected: Phrase) -> NeedsError:
        """Return the error for a value that can't be used."""
        value = shown(self.values[key])
        return NeedsError(
            "{where}: {name} must be {expected}, not {value}.",
            where=self.where,
            name=key,
            expected=expected,
            value=value,
        )

    def number(self, key: str, least: float = 0.0, most: float = 1e9, above: float = -math.inf) -> float:
        """Return a number within bounds."""
        expected = Phrase("a number from {least:g} to {most:g}", least=least, most=most)
        if above >= least:
            expected = Phrase("a number above {above:g} to {most:g}", above=above, most=most)
        value = self.take(key, expected)
        number = isinstance(value, int | float) and not isinstance(value, bool)
        if not number or not (least <= value <= most and value > above):
            raise self.refuse(key, expected)
        return float(value)

    def ratio(self, key: str) -> float | None:
        """Return a ratio above 0, or None for the region's own."""
        if self.values.get(key) == REGION:
            self.take(key)
            return None
        return self.number(key, above=0)

    def text(self, key: str, allowed: tuple[str, ...] = ()) -> str:
        """Return text, one of `allowed` if given."""
        expected = Phrase("text of up to {letters:,} letters", letters=MOST_LETTERS)
        if allowed:
            expected = Phrase("one of {allowed}", allowed=", ".join(allowed))
        value = self.take(key, expected)
        if not isinstance(value, str) or not value.strip() or len(value) > MOST_LETTERS:
            raise self.refuse(key, expected)
        if allowed and value not in allowed:
            raise self.refuse(key, expected)
        return value

    def clock(self, key: str) -> int:
        """Return minutes after midnight."""
        return clock_minute(self.take(key, A_TIME), f"{self.where}: {key}")

    def texts(self, key: str, allowed: tuple[str, ...]) -> tuple[str, ...]:
        """Return a list of allowed texts."""
        value = self.take(key)
        if not isinstance(value, list) or any(item not in allowed for item in value):
            raise self.refuse(key, Phrase("a list of {allowed}", allowed=", ".join(allowed)))
        return tuple(value)

    def by_mode(self, key: str, **bounds: float) -> dict[str, float]:
        """Return a number for each mode: one number stands for all, a table names each."""
        if isinstance(self.values.get(key), dict):
            table = self.table(key)
            numbers = {mode: table.number(mode, **bounds) for mode in MODES}
            table.finish()
            return numbers
        return dict.fromkeys(MODES, self.number(key, **bounds))

    def table(self, key: str) -> "TomlTable":
        """Return a table within this one."""
        value = self.take(key)
        if not isinstance(value, dict):
            raise self.refuse(key, Phrase("a table"))
        return TomlTable(value, f"{self.where}: {key}")

    def tables(self, key: str) -> list["TomlTable"]:
        """Return a list of tables, named by their `name` or number."""
        value = self.take(key)
        if not isinstance(value, list) or not value or not all(isinstance(row, dict) for row in value):
            raise self.refuse(key, Phrase("a list of tables"))
        return [TomlTable(row, f"{self.where}: {key}: {row.get('name', number)}") for number, row in enumerate(value)]

    def finish(self) -> None:
        """Refuse a key that nobody has read."""
        if self.unread:
            known = ", ".join(sorted(set(self.values) - self.unread))
            raise NeedsError(f"{self.where} has the unknown key {min(self.unread)!r}; known keys are {known}.")
