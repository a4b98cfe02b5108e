"""What is asked of siting: so many sites of a class, what they are to raise, and what limits them."""

import math
import re
from dataclasses import dataclass

from geo.clock import MORNING_PEAK
from geo.errors import InputError
from geo.phrases import Phrase

WITHIN, SCORE, WORST_OFF, EQUITY = "within", "score", "worst-off", "equity"
OBJECTIVES = (WITHIN, SCORE, WORST_OFF, EQUITY)
WEIGHTS = ("population", "need")
MOST_MINUTES = 120


@dataclass(frozen=True)
class Question:
    """What is asked: so many `sites` of a class, and what they are to raise.

    Attributes
    ----------
    objective
        `within` (people newly within `minutes` of one), `score` (the mean of the class's score), `worst-off` (that of
        the tenth of people who have least) or `equity` (a lower Palma ratio).
    weight
        Whom cells count by: `population`, or `need`.
    window
        First departure and the end of all, seconds after midnight; for `within` alone: scores have windows of their
        own.
    capacity
        Column of the candidates, or a number for all: how many people each can take; beds, for a class that has beds.
    cost, budget
        Column of the candidates, or a number for all; and what may be spent in all.
    seconds
        How long to look for certainty.

    Raises
    ------
    InputError
        What is asked for can't be meant.
    """

    class_name: str
    sites: int
    objective: str = WITHIN
    minutes: float = 30.0
    weight: str = "population"
    window: tuple[int, int] = MORNING_PEAK
    capacity: str | float | None = None
    cost: str | float | None = None
    budget: float | None = None
    seconds: float = 20.0

    def __post_init__(self) -> None:
        if self.sites < 1:
            raise InputError("Ask for at least one site, not {sites}.", sites=self.sites)
        if self.objective not in OBJECTIVES:
            raise InputError(
                "An objective is one of {known}, not {objective!r}.",
                known=", ".join(OBJECTIVES),
                objective=self.objective,
            )
        if self.weight not in WEIGHTS:
            raise InputError(
                "Cells count by one of {known}, not by {weight!r}.", known=", ".join(WEIGHTS), weight=self.weight
            )
        check_minutes(self.minutes)
        if self.budget is not None and self.cost is None:
            raise InputError("A budget needs what each candidate costs: give the cost, as a column or a number.")
        amounts = (
            (Phrase("The capacity"), self.capacity),
            (Phrase("The cost"), self.cost),
            (Phrase("The budget"), self.budget),
            (Phrase("The time in seconds"), self.seconds),
        )
        for what, amount in amounts:
            if isinstance(amount, int | float) and not 0 <= amount < math.inf:
                raise InputError("{what} must be a number from 0 up, not {amount}.", what=what, amount=str(amount))


def check_minutes(minutes: float) -> None:
    """Refuse minutes within which nothing is called in reach.

    Raises
    ------
    InputError
        They are 0 or fewer, or more than `MOST_MINUTES`.
    """
    if not 0 < minutes <= MOST_MINUTES:
        raise InputError("Minutes must lie between 0 and {most}, not {minutes:g}.", most=MOST_MINUTES, minutes=minutes)


def objective_from(text: str) -> tuple[str, float]:
    """Return the objective and the minutes that a text means, as `within:30`, `score`, `worst-off` or `equity`.

    Raises
    ------
    InputError
        It means none.

    Examples
    --------
    >>> objective_from("within:20")
    ('within', 20.0)
    """
    match = re.fullmatch(r"within(?::(\d+(?:\.\d+)?))?", text)
    if match:
        return WITHIN, float(match[1] or 30)
    if text in OBJECTIVES:
        return text, 30.0
    raise InputError(
        "An objective is within:MINUTES (like within:30), score, worst-off or equity, not {objective!r}.",
        objective=text,
    )
