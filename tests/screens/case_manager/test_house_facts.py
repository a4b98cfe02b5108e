"""What is stated of life in a house, in words; what nobody states is not made up."""

import pandas as pd
import pytest

from screens.case_manager.house_facts import model_text
from screens.shared.words import Say
from tests.screens.case_manager.invented_homes import house


@pytest.mark.parametrize(
    ("facts", "words"),
    [
        ({}, "run by residents or peers, no shared meals, asks for work, school or volunteering, stay up to 90 days"),
        ({"peer_run": False, "work_required": False, "stay_limit_days": 0},
         "run by staff, no shared meals, asks for no work or school, no limit on the stay"),
        (dict.fromkeys(("peer_run", "shared_meals", "work_required", "stay_limit_days"), pd.NA), ""),
    ],
)  # fmt: skip
def test_what_is_stated_alone_is_said(facts: dict[str, object], words: str) -> None:
    assert model_text(house(**facts), Say("en")) == words


def test_it_is_said_in_spanish_too() -> None:
    assert model_text(house(), Say("es")).startswith("la llevan residentes o pares")
