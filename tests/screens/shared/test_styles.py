"""Styles of the screens: what they color where a button can't be pressed."""

import re
from pathlib import Path

import pytest

SCREENS = Path(__file__).parents[3] / "screens"


@pytest.mark.parametrize("sheet", sorted(SCREENS.rglob("*.css")), ids=lambda path: f"{path.parent.name}-{path.stem}")
def test_no_main_button_that_is_disabled_has_the_letters_of_one_that_is_not(sheet: Path) -> None:
    """A disabled one has no color of its own behind its letters: white ones can't be read."""
    for selectors, rules in re.findall(r"([^{}]+)\{([^{}]*)\}", sheet.read_text("utf-8")):
        if "--rr-on-brand" in rules:
            buttons = [one for one in selectors.split(",") if "stBaseButton-primary" in one]
            assert all(":not(:disabled)" in one for one in buttons), selectors
