"""A cell in a list's own words: made plain to compare, small counts in it, and the note where it can't be read."""

from typing import Any

from sources.cleaning import clean
from sources.cleaning.report import Notes

_NUMBERS = {
    "zero": 0,
    "one": 1,
    "two": 2,
    "three": 3,
    "four": 4,
    "five": 5,
    "six": 6,
    "seven": 7,
    "eight": 8,
    "nine": 9,
    "ten": 10,
    "eleven": 11,
    "twelve": 12,
}
COUNT = rf"(?P<count>\d{{1,3}}(?:\.0)?|{'|'.join(_NUMBERS)})"
"""A whole number in a plain cell, in digits or in a word, for `counted`."""


def plain(cell: Any) -> str:
    """Return a cell in lower case with single spaces, without marks at its end."""
    return clean.single_spaced(cell).rstrip("!.*").strip().lower()


def counted(word: str) -> int:
    """Return the number that a match of `COUNT` means."""
    return _NUMBERS[word] if word in _NUMBERS else int(float(word))


def note_unread(column: str, cell: Any, notes: Notes) -> None:
    """Note that a cell which says something can't be read; nothing of one that is empty."""
    if (stated := clean.text(cell, 40)) is not None:
        notes.notice("unclear_value", f"Its {column} can't be read and is left empty: {stated!r}.")
