"""Small fonts: every letter and sign that the screens need, as the whole font draws it."""

import io
import re
from pathlib import Path

import pytest
import streamlit as st
import uharfbuzz
from fontTools.ttLib import TTFont

from screens.shared import small_fonts

SCREENS = Path(small_fonts.__file__).parents[1]


@pytest.fixture(scope="module")
def fonts(tmp_path_factory: pytest.TempPathFactory) -> dict[str, tuple[TTFont, TTFont]]:
    """Return each font, whole and small."""
    both = {}
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("RECOVERY_REACH_HOME", str(tmp_path_factory.mktemp("home")))
        for address, name in small_fonts.addresses().items():
            original = Path(st.__file__).parent / "static" / "static" / "media" / Path(address).name
            small = small_fonts.small_font(address)
            assert len(small) < original.stat().st_size / 4
            both[name] = (TTFont(io.BytesIO(original.read_bytes())), TTFont(io.BytesIO(small)))
    return both


def test_every_letter_of_our_languages_in_every_weight(fonts: dict[str, tuple[TTFont, TTFont]]) -> None:
    whole, small = fonts[small_fonts.WORDS]
    wanted = set(small_fonts.LETTERS) & set(whole.getBestCmap())
    assert wanted <= set(small.getBestCmap())
    assert {ord(letter) for letter in "aáñüÑ¿¡ạữẹ–’“”…→"} <= set(small.getBestCmap())
    axes = [[(a.axisTag, a.minValue, a.maxValue) for a in font["fvar"].axes] for font in (whole, small)]
    assert axes[0] == axes[1]


def drawn(font: TTFont, text: str) -> list[str]:
    """Return the names of what a font draws for a text."""
    file = io.BytesIO()
    font.flavor = None
    font.save(file)
    buffer = uharfbuzz.Buffer()
    buffer.add_str(text)
    buffer.guess_segment_properties()
    uharfbuzz.shape(uharfbuzz.Font(uharfbuzz.Face(file.getvalue())), buffer)
    order = TTFont(io.BytesIO(file.getvalue())).getGlyphOrder()
    return [order[one.codepoint] for one in buffer.glyph_infos]


def test_a_sign_is_drawn_for_its_name_and_letters_for_others(fonts: dict[str, tuple[TTFont, TTFont]]) -> None:
    _, small = fonts[small_fonts.SIGNS]
    ours = {name for path in SCREENS.rglob("*.py") for name in re.findall(r":material/(\w+):", path.read_text())}
    for name in ours | {"keyboard_arrow_right", "keyboard_arrow_down", "upload", "close", "check"}:
        assert len(drawn(small, name)) == 1, name
    assert len(drawn(small, "quietly")) == len("quietly")
