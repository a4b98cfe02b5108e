"""The telephone line for people in a crisis, of the countries of `data/crisis_lines.toml`."""

import tomllib
from dataclasses import dataclass
from functools import cache

from sources.formats.embedded import embedded


@dataclass(frozen=True)
class CrisisLine:
    """A line's name and number, whether it answers text messages, and the page that says so.

    `chat`: the page on which one can write to it. `spanish_key`, `spanish_word`: what to press, and what to text, to be
    answered in Spanish. `helpline`, `helpline_name`: who tells of treatment, day and night, as `helpline_source` says.
    """

    name: str
    number: str
    text: bool
    source: str
    chat: str = ""
    spanish_key: str = ""
    spanish_word: str = ""
    spanish_source: str = ""
    helpline: str = ""
    helpline_name: str = ""
    helpline_source: str = ""


@cache
def crisis_lines() -> dict[str, CrisisLine]:
    """Return the lines that are known, by country: two letters in lower case."""
    table = tomllib.loads(embedded("crisis_lines.toml").read_text(encoding="utf-8"))
    return {country: CrisisLine(**line) for country, line in table.items()}
