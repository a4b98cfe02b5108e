"""The letters of printed pages: DejaVu Sans, as matplotlib brings it, and what of a text it can show."""

from functools import cache
from pathlib import Path

from layers.escaping import plain

MISSING = "\N{REPLACEMENT CHARACTER}"
_SHAPED = ((0x0590, 0x08FF), (0x0900, 0x0DFF), (0x0E00, 0x0FFF), (0xFB1D, 0xFDFF), (0xFE70, 0xFEFE))
"""Scripts written from right to left, or with letters that change by their neighbors."""


def font_files() -> tuple[Path, Path]:
    """Return the regular and the bold font."""
    import matplotlib as mpl

    folder = Path(mpl.get_data_path()) / "fonts" / "ttf"
    return folder / "DejaVuSans.ttf", folder / "DejaVuSans-Bold.ttf"


def printable(value: object) -> str:
    """Return a value as one line of text; letters that the fonts lack become the replacement character."""
    return "".join(mark if ord(mark) in _letters() else MISSING for mark in plain(value))


def is_shaped(text: str) -> bool:
    """Return whether a text needs shaping: right-to-left or joined letters, set as their readers write them."""
    return any(low <= ord(mark) <= high for mark in text for low, high in _SHAPED)


@cache
def _letters() -> frozenset[int]:
    """Return the letters that both fonts have."""
    from fontTools.ttLib import TTFont  # type: ignore[import-untyped]

    letters = []
    for path in font_files():
        with TTFont(path, lazy=True) as font:
            letters.append(frozenset(font.getBestCmap()))
    return letters[0] & letters[1]
