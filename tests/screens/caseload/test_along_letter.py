"""What a letter claims of the chosen home: true of all homes that are known, and seen in the numbers as printed."""

from collections.abc import Sequence
from dataclasses import replace
from types import SimpleNamespace

import numpy as np
import pytest

from geo.needs.needs import Needs
from geo.score.errands import Reach
from screens.case_manager.homes import Compared
from screens.caseload.along.letter import Letter, advantages, letter
from screens.shared.words import Say
from sources.region.model import Region
from tests.screens.case_manager.invented_homes import compared, house
from tests.screens.caseload.test_along import GIVEN, MADE, text_of

EN = Say("en")
ACCESS, DAYS, NEAREST = EN("along_most_access"), EN("along_most_days"), EN("along_nearest_to", to=EN("to_work"))


def told(*homes: tuple[float | None, float | None, float | None], scored: Sequence[bool] = ()) -> Compared:
    """Return homes of these totals, days with a meeting and minutes to work; None is not known."""
    answer = compared(*(house(name=f"House {number}", weekly_rent_usd=None) for number in range(len(homes))))
    changed = []
    for number, (home, (total, days, minutes)) in enumerate(zip(answer.homes, homes, strict=True)):
        rows = [row for row in home.asked.score.classes if row["name"] != "meetings"]  # type: ignore[union-attr]
        rows += [{"name": "meetings", "status": "no_data" if days is None else "scored"}]
        own = vars(home.asked.score) | {"total": total, "meetings": {"days_covered": days or 0.0}, "classes": rows}
        reaches = () if minutes is None else (Reach(minutes, "walk"), Reach(np.inf, "walk"))
        score = SimpleNamespace(**own) if not scored or scored[number] else None
        changed.append(replace(home, asked=replace(home.asked, score=score, errands=reaches)))  # type: ignore[arg-type]
    return replace(answer, homes=tuple(changed))


def claims(*homes: tuple[float | None, float | None, float | None]) -> list[str]:
    answer = told(*homes)
    return advantages(answer.homes, answer, EN)


@pytest.mark.parametrize(
    ("homes", "expected"),
    [
        ([(64.0, 5.0, 10.0), (63.0, 4.9, 11.0)], [ACCESS, DAYS, NEAREST]),
        ([(63.4, 5.04, 10.4), (63.3, 4.96, 10.45)], []),
        ([(63.0, 0.0, np.inf), (None, None, None)], []),
        ([(64.0, 5.0, 10.0), (None, None, None)], []),
        ([(None, None, None), (3.0, 1.0, 90.0)], []),
        ([(1.0, 0.0, np.inf), (1.0, 0.0, np.inf)], []),
        ([(1.0, 0.1, 90.0), (0.0, 0.0, np.inf)], [ACCESS, DAYS, NEAREST]),
    ],
)
def test_a_home_leads_over_known_values_by_what_shows(
    homes: list[tuple[float | None, float | None, float | None]], expected: list[str]
) -> None:
    assert claims(*homes) == expected


def test_of_how_many_others_it_is_not_known_is_said() -> None:
    beyond = " Of 1 other that isn't known."
    assert claims((64.0, 5.0, 10.0), (60.0, 3.0, 20.0), (None, None, None)) == [
        one + beyond for one in (ACCESS, DAYS, NEAREST)
    ]


def paper(region: Region, answer: Compared, say: Say = EN) -> str:
    about = Letter("Person One", "Example Ana", "It is near work.")
    return " ".join(text_of(letter(region, answer, "h1", ["h2"], about, GIVEN, MADE, say)).split())


def test_homes_without_a_score_are_not_counted_as_compared(region: Region) -> None:
    text = paper(region, told((64.0, 5.0, 10.0), (60.0, 3.0, 20.0), (None, None, None), scored=[True, True, False]))
    assert "2 homes were compared. 1 other in the table couldn't be worked out." in text


@pytest.mark.parametrize("profile", ["bicycle", "car"])
@pytest.mark.parametrize("language", ["en", "es"])
def test_the_method_is_by_the_ways_that_the_person_has(region: Region, profile: str, language: str) -> None:
    say = Say(language)
    text = paper(region, replace(told((64.0, 5.0, 10.0)), needs=Needs(profile=profile)), say)
    assert f", {say(f'plan_ways_{profile}')}, " in text
    assert "without a car" not in text
    assert "sin auto" not in text


@pytest.mark.parametrize(("language", "words"), [("en", ("wheelchair", "step-free")), ("es", ("silla", "escalones"))])
def test_a_letter_tells_of_no_wheelchair(region: Region, language: str, words: tuple[str, ...]) -> None:
    say = Say(language)
    text = paper(region, replace(told((64.0, 5.0, 10.0)), needs=Needs(profile="wheelchair")), say)
    assert not [word for word in words if word in text]
    assert text == paper(region, replace(told((64.0, 5.0, 10.0)), needs=Needs(profile="no-car")), say)
    assert f", {say('along_ways')}, " in text
