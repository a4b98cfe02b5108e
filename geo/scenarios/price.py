"""What scenarios cost for each person whom they help, or why that can't be told."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from geo.scenarios.changes import Scenario
from geo.scenarios.effects import Effect

NoPrice = Literal["", "no_cost", "cost_of_some", "less", "nobody_newly", "nobody_gains", "no_number"]
_WHY: dict[NoPrice, str] = {
    "no_cost": "no scenario states its cost (cost_usd)",
    "less": "it costs less than what it is held against",
    "nobody_newly": "nobody is newly in reach",
    "nobody_gains": "nobody gains",
    "no_number": "who gains isn't known",
}


@dataclass(frozen=True)
class Price:
    """What scenarios cost together, less those that they are held against, and for each person whom they help.

    Attributes
    ----------
    cost_usd
        US dollars; None where one of them doesn't say.
    per_person_usd
        For each person newly in reach, or who gains where no reach was asked for; None where it can't be told.
    why_not
        Why it can't: no scenario states a cost, or some (`without_cost`) don't; it costs less than what it is held
        against; nobody is newly in reach, or gains; nobody has the number asked about. Empty where it is told.
    without_cost
        Titles of scenarios that state no cost.
    """

    cost_usd: float | None
    per_person_usd: float | None
    why_not: NoPrice
    without_cost: tuple[str, ...] = ()

    @property
    def why_not_text(self) -> str:
        """Return in English why no cost per person can be told; empty where it is."""
        if self.why_not == "cost_of_some":
            return f"{', '.join(map(repr, self.without_cost))} states no cost_usd, so that what all cost isn't known"
        return _WHY.get(self.why_not, "")


def price_of(effect: Effect, scenarios: Sequence[Scenario], against: Sequence[Scenario] = ()) -> Price:
    """Return what scenarios cost together, less those that they are held against, for whom they help."""
    every = [*scenarios, *against]
    without = tuple(one.title for one in every if one.cost_usd is None)
    if without:
        return Price(None, None, "no_cost" if len(without) == len(every) else "cost_of_some", without)
    cost = sum(one.cost_usd or 0.0 for one in scenarios) - sum(one.cost_usd or 0.0 for one in against)
    helped = effect.people["gaining"] if effect.reach is None else effect.reach["newly"]
    if cost < 0:
        return Price(cost, None, "less")
    if effect.reach is None and not effect.people["people"]:
        return Price(cost, None, "no_number")
    if helped <= 0:
        return Price(cost, None, "nobody_gains" if effect.reach is None else "nobody_newly")
    return Price(cost, cost / helped, "")
