"""What is said of ways near a place."""

import pytest

from screens.shared.near_text import sentence


@pytest.mark.parametrize(
    ("text", "whole"), [("Home at 7:00 PM", "Home at 7:00 PM."), ("En casa a las 7:00 p.m.", "En casa a las 7:00 p.m.")]
)
def test_a_sentence_ends_with_one_full_stop(text: str, whole: str) -> None:
    assert sentence(text) == whole
