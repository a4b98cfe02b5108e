"""The letters of printed pages: DejaVu Sans, as matplotlib brings it, and what of a text it can show."""

import re
from functools import cache
from pathlib import Path

from layers.escaping import plain

MISSING = "\N{REPLACEMENT CHARACTER}"
_SHAPED = re.compile("[\u0590-\u08ff\u0900-\u0dff\u0e00-\u0fff\ufb1d-\ufdff\ufe70-\ufefe]")
"""Scripts written from right to left, or with letters that change by their neighbors."""


def font_files() -> tuple[Path, Path]:
    """Return the regular and the bold font."""
    import matplotlib as mpl

    folder = Path(mpl.get_data_path()) / "fonts" / "ttf"
    return folder / "DejaVuSans.ttf", folder / "DejaVuSans-Bold.ttf"


def printable(value: object) -> str:
    """Return a value as one line of text; letters that the fonts lack become the replacement character."""
    letters = _letters()
    return "".join(mark if ord(mark) in letters else MISSING for mark in plain(value))


def is_shaped(text: str) -> bool:
    """Return whether a text needs shaping: right-to-left or joined letters, set as their readers write them."""
    return _SHAPED.search(text) is not None


@cache
def _letters() -> frozenset[int]:
    """Return the letters that both fonts have."""
    from fontTools.ttLib import TTFont

    letters = []
    for path in font_files():
        with TTFont(path, lazy=True) as font:
            letters.append(frozenset(font.getBestCmap()))
    return letters[0] & letters[1]
