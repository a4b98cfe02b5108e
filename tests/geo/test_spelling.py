"""Names as one compares them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from geo.spelling import name_key, plain_words


@pytest.mark.parametrize(
    ("text", "plain"),
    [
        ("Al\u2011Anon", "Al Anon"),
        ("Al\u2010Anon", "Al Anon"),
        ("Big\u00adBook", "BigBook"),
        ("a.a. & N.A.", "AA NA"),
        ("A. A. meeting", "AA meeting"),
        ("plan A. A new one", "plan A. A new one"),
        ("C.A", "CA"),
        ("St. Matthew, 12.5 km", "St. Matthew, 12.5 km"),
        ("Alcohólicos_Anónimos", "Alcoholicos Anonimos"),
    ],
)
def test_hyphens_periods_and_accents(text: str, plain: str) -> None:
    assert plain_words(text) == plain


@given(st.text())
def test_what_is_plain_stays(text: str) -> None:
    assert plain_words(text) == " ".join(plain_words(text).split())


@pytest.mark.parametrize("text", ["Al-Anon", "Al\u2011Anon", "AL ANON", "alanon", "Al_Anon "])
def test_all_spellings_of_a_name_have_one_key(text: str) -> None:
    assert name_key(text) == "alanon"


@given(st.text())
def test_a_key_is_its_own_key(text: str) -> None:
    assert name_key(name_key(text)) == name_key(text)
