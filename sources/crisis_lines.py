"""The telephone line for people in a crisis, of the countries of `data/crisis_lines.toml`."""

import tomllib
from dataclasses import dataclass
from functools import cache

from sources.formats.embedded import embedded


@dataclass(frozen=True)
class CrisisLine:
    """A line's name and number, whether it answers text messages, and the page that says so."""

    name: str
    number: str
    text: bool
    source: str


@cache
def crisis_lines() -> dict[str, CrisisLine]:
    """Return the lines that are known, by country: two letters in lower case."""
    table = tomllib.loads(embedded("crisis_lines.toml").read_text(encoding="utf-8"))
    return {country: CrisisLine(**line) for country, line in table.items()}
