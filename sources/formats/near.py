"""Names that are near one which isn't there, for sentences that refuse it."""

from collections.abc import Iterable

from geo.spelling import closest_names
from sources.formats.csv_text import plain_name

_NEAR, _NAMED = 0.7, 30
"""What is named beside a name that isn't there: names with that share of its letters, else so many of all."""


def near(word: str, names: Iterable[str]) -> str:
    """Return a sentence that says which names are near a word, or which there are where none is."""
    known = list(names)
    close = closest_names(word, known, plain_name, _NEAR)
    return f"Did you mean {' or '.join(map(repr, close))}?" if close else f"There are: {', '.join(known[:_NAMED])}."
