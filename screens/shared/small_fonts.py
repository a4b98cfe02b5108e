"""The fonts of Streamlit with the letters and signs that the screens need: 0.1 MB instead of 0.5.

Made once from the fonts that came with Streamlit, and kept beside the regions.
"""

import re
import secrets
from functools import cache
from pathlib import Path

import streamlit as st

from sources.region.folders import data_folder

_STATIC = Path(st.__file__).parent / "static" / "static"
_SCREENS = Path(__file__).parents[1]

WORDS, SIGNS = "SourceSansVF-Upright", "MaterialSymbols-Rounded"
"""How the files of the two fonts begin."""

LETTERS = (
    *range(0x20, 0x250),
    *range(0x1E00, 0x1F00),
    *range(0x2010, 0x2040),
    *(0x20AC, 0x2122, 0x2190, 0x2191, 0x2192, 0x2193, 0x2212),
)
"""Latin letters, those of Vietnamese too, and punctuation; all others come from the reader's own fonts."""

_NAME_LETTERS = tuple(map(ord, "abcdefghijklmnopqrstuvwxyz0123456789_"))
_NAME = re.compile(r"""["'`/]([a-z][a-z0-9_]{2,40})["'`:]""")
"""A sign's name in a script (`"close"`), or written by us (`:material/delete:`): the font draws it as the sign."""


def small_font(address: str) -> bytes | None:
    """Return what is sent where one of Streamlit's own fonts is asked for; None where the disk takes no file."""
    try:
        return _kept(Path(address).name, addresses()[address]).read_bytes()
    except OSError:
        return None


@cache
def addresses() -> dict[str, str]:
    """Return the addresses of the fonts that are sent smaller, and what they are for: `WORDS` or `SIGNS`.

    They hold digests, so what they give may be kept for ever.
    """
    return {f"/static/media/{_file(name)}": name for name in (WORDS, SIGNS)}


def words_address() -> str:
    """Return the address of the font that words are written in."""
    return f"/static/media/{_file(WORDS)}"


def ready() -> None:
    """Make the fonts unless they were made before; it takes some seconds."""
    for address in addresses():
        small_font(address)


def _file(name: str) -> str:
    return next((_STATIC / "media").glob(f"{name}*.woff2")).name


def _kept(file: str, name: str) -> Path:
    """Return the small font of a file of Streamlit's, made if it isn't there yet."""
    path = data_folder() / "fonts" / file
    if not path.exists():
        from fontTools import subset

        options = subset.Options(flavor="woff2")
        if name == SIGNS:  # found by the letters of their names: all of these would bring back every sign
            options.layout_features, options.layout_closure = ["*"], False
        path.parent.mkdir(parents=True, exist_ok=True)
        unfinished = path.with_name(f"{path.name}.{secrets.token_hex(4)}")
        with subset.load_font(_STATIC / "media" / file, options) as font:
            chooser = subset.Subsetter(options)
            if name == SIGNS:
                chooser.populate(unicodes=_NAME_LETTERS, glyphs=_signs() & set(font.getGlyphOrder()))
            else:
                chooser.populate(unicodes=LETTERS)
            chooser.subset(font)
            subset.save_font(font, unfinished, options)
        unfinished.replace(path)
    return path


def _signs() -> set[str]:
    """Return every word in Streamlit's scripts and in ours that may name a sign."""
    scripts = [*(_STATIC / "js").glob("*.js"), *_SCREENS.rglob("*.py")]
    return {name for script in scripts for name in _NAME.findall(script.read_text(encoding="utf-8"))}
