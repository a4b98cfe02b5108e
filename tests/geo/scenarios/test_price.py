"""What scenarios cost for each person whom they help: told, or why it isn't, by the command and the page alike."""

from typing import get_args

import pandas as pd
import pytest

from commands.scenarios import _price
from geo.scenarios.changes import Scenario
from geo.scenarios.effects import Effect
from geo.scenarios.price import NoPrice, Price, price_of
from screens.funder.scenario_text import price_text
from screens.shared.words import Say

DEAR, CHEAP, FREE, UNSAID = (Scenario(title, (), "", cost) for title, cost in
                             (("Dear", 900.0), ("Cheap", 300.0), ("Free", 0.0), ("Unsaid", None)))  # fmt: skip


def effect(gaining: float = 0.0, newly: float | None = None, counted: float = 1000.0) -> Effect:
    """Return an effect of so many people; reach isn't asked for without `newly`."""
    reach = None if newly is None else {"before": 0.0, "after": newly, "newly": newly, "no_more": 30.0}
    none = pd.DataFrame()
    people = {"people": counted, "gaining": gaining, "losing": 20.0 if counted else 0.0}
    return Effect("total", people, reach, none, none, none, none)


CASES: list[tuple[list[Scenario], list[Scenario], Effect, Price]] = [
    ([DEAR, CHEAP], [], effect(400), Price(1200.0, 3.0, "")),
    ([DEAR], [CHEAP], effect(400, newly=300), Price(600.0, 2.0, "")),
    ([FREE], [], effect(400), Price(0.0, 0.0, "")),
    ([UNSAID], [UNSAID], effect(400), Price(None, None, "no_cost", ("Unsaid", "Unsaid"))),
    ([DEAR, UNSAID], [CHEAP], effect(400), Price(None, None, "cost_of_some", ("Unsaid",))),
    ([CHEAP], [DEAR], effect(400), Price(-600.0, None, "less")),
    ([DEAR], [], effect(400, newly=0), Price(900.0, None, "nobody_newly")),
    ([DEAR], [], effect(0), Price(900.0, None, "nobody_gains")),
    ([DEAR], [], effect(0, counted=0), Price(900.0, None, "no_number")),
    ([DEAR], [], effect(0, newly=300, counted=0), Price(900.0, 3.0, "")),
]


@pytest.mark.parametrize(("scenarios", "against", "who", "price"), CASES)
def test_a_price_or_why_there_is_none(
    scenarios: list[Scenario], against: list[Scenario], who: Effect, price: Price
) -> None:
    assert price_of(who, scenarios, against) == price
    assert bool(price.why_not_text) == bool(price.why_not) == (price.per_person_usd is None)


def test_every_reason_has_its_case() -> None:
    assert {price.why_not for _, _, _, price in CASES} == set(get_args(NoPrice))


@pytest.mark.parametrize(
    ("case", "told", "shown"),
    [
        (0, "$1,200: $3.00 for each resident who gains; 20 residents lose", "$1,200, which is $3 for each person who"),
        (1, "$600: $2.00 for each resident newly in reach; 30 residents are in reach no more", "$2 for each person"),
        (3, "No cost per person: no scenario states its cost (cost_usd).", "No cost is given"),
        (4, "No cost per person: 'Unsaid' states no cost_usd, so that what all", "no cost is given for Unsaid."),
        (5, "$600 less than what it is held against, so no cost per person; 20 residents lose", "It costs $600 less"),
        (6, "$900: no cost per person, for nobody is newly in reach; 30 residents", "$900. Nobody is newly in reach"),
        (7, "$900: no cost per person, for nobody gains; 20 residents lose", "Cost: $900. Nobody gains, so"),
        (
            8,
            "$900: no cost per person, for who gains isn't known; who loses isn't known",
            "Cost: $900. Who gains isn't known",
        ),
    ],
)
def test_the_command_and_the_page_say_it(case: int, told: str, shown: str) -> None:
    _, _, who, price = CASES[case]
    assert _price(price, who).startswith(told)
    english, spanish = (price_text(price, in_reach=who.reach is not None, say=Say(code)) for code in ("en", "es"))
    assert shown in english
    assert english != spanish
