"""TOML documents with numbers, read key by key, so that every error names its key and no key stays unread."""

import hashlib
import json
import tomllib
from pathlib import Path
from typing import Any

from geo.clock import clock_minute
from geo.errors import NeedsError
from geo.tables import MODES

REGION = "region"
"""The value of a ratio that stands for the region's own."""


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
        return tomllib.loads(chosen.read_text(encoding="utf-8")), chosen.name
    except FileNotFoundError:
        raise NeedsError(f"There is no {folder} file at {chosen}; check the path, or leave it out.") from None
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError, RecursionError) as problem:
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

    def take(self, key: str) -> Any:
        """Return a value, now read."""
        if key not in self.values:
            raise NeedsError(f"{self.where} lacks the key {key!r}.")
        self.unread.discard(key)
        return self.values[key]

    def refuse(self, key: str, expected: str) -> NeedsError:
        """Return the error for a value that can't be used."""
        return NeedsError(f"{self.where}: {key} must be {expected}, not {self.values[key]!r}.")

    def number(self, key: str, least: float = 0.0, most: float = 1e9, above: float = -1.0) -> float:
        """Return a number within bounds."""
        value = self.take(key)
        number = isinstance(value, int | float) and not isinstance(value, bool)
        if not number or not (least <= value <= most and value > above):
            lowest = f"above {above:g}" if above >= least else f"from {least:g}"
            raise self.refuse(key, f"a number {lowest} to {most:g}")
        return float(value)

    def ratio(self, key: str) -> float | None:
        """Return a ratio above 0, or None for the region's own."""
        if self.values.get(key) == REGION:
            self.take(key)
            return None
        return self.number(key, above=0)

    def text(self, key: str, allowed: tuple[str, ...] = ()) -> str:
        """Return text, one of `allowed` if given."""
        value = self.take(key)
        if not isinstance(value, str) or not value.strip() or (allowed and value not in allowed):
            raise self.refuse(key, f"one of {', '.join(allowed)}" if allowed else "text")
        return value

    def clock(self, key: str) -> int:
        """Return minutes after midnight."""
        return clock_minute(self.take(key), f"{self.where}: {key}")

    def texts(self, key: str, allowed: tuple[str, ...]) -> tuple[str, ...]:
        """Return a list of allowed texts."""
        value = self.take(key)
        if not isinstance(value, list) or any(item not in allowed for item in value):
            raise self.refuse(key, f"a list of {', '.join(allowed)}")
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
            raise self.refuse(key, "a table")
        return TomlTable(value, f"{self.where}: {key}")

    def tables(self, key: str) -> list["TomlTable"]:
        """Return a list of tables, named by their `name` or number."""
        value = self.take(key)
        if not isinstance(value, list) or not value or not all(isinstance(row, dict) for row in value):
            raise self.refuse(key, "a list of tables")
        return [TomlTable(row, f"{self.where}: {key}: {row.get('name', number)}") for number, row in enumerate(value)]

    def finish(self) -> None:
        """Refuse a key that nobody has read."""
        if self.unread:
            known = ", ".join(sorted(set(self.values) - self.unread))
            raise NeedsError(f"{self.where} has the unknown key {min(self.unread)!r}; known keys are {known}.")
