"""Places that are typed in the app: one is taken where it is meant, several are offered."""

from types import SimpleNamespace
from typing import Any

import pandas as pd
import pytest

from geo.tables import GAZETTEER, conform
from screens.shared.place_search import looked_up

ROWS = [
    ("Alder Street & Main Street", "alder st main st", "crossing", -84.5),
    ("Alder Street & Main Street", "alder st main st", "crossing", -84.4),
    ("Alder Street & Mill Lane", "alder st mill ln", "crossing", -84.5),
    ("00301", "00301", "zip", -84.5),
]


@pytest.mark.parametrize(
    ("typed", "meant", "near"),
    [
        ("Alder & Mill", "Alder Street & Mill Lane", []),
        ("Esquina de Mill y Alder", "Alder Street & Mill Lane", []),
        ("00301", "00301", []),
        ("Alder & Main", None, ["(39.1000, -84.5000)", "(39.1000, -84.4000)"]),
        ("&", None, []),
    ],
)
def test_one_that_is_meant_is_taken_and_several_are_offered_by_names_of_their_own(
    typed: str, meant: str | None, near: list[str]
) -> None:
    table = pd.DataFrame(ROWS, columns=["text", "search", "kind", "lon"])
    region: Any = SimpleNamespace(gazetteer=conform(table.assign(lat=39.1), GAZETTEER))
    taken, offered = looked_up(region, typed)
    assert (taken.name if taken else None) == meant
    assert [place.name.removeprefix("Alder Street & Main Street ") for place in offered][:2] == near
