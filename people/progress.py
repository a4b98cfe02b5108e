"""Recovery capital: scoring the BARC-10 (Vilsaint et al. 2017), one of the three indicators of progress.

Ten items, each answered from 1 (strongly disagree) to 6 (strongly agree), one for each domain of recovery capital
(Groshkova, Best & White 2013). The wording of the items is not shipped. An item left out is never guessed.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from geo.errors import InputError

BARC10_CUTOFF = 47
"""From this total on, remission of a year or more is likely (Vilsaint et al. 2017)."""

DOMAINS: Mapping[str, str] = {
    "substance use & sobriety": "health",
    "global psychological health": "health",
    "global physical health": "health",
    "citizenship/community involvement": "community",
    "social support": "community",
    "meaningful activities": "purpose",
    "housing & safety": "home",
    "risk taking": "home",
    "coping & life functioning": "health",
    "recovery experience": "community",
}
"""Domain of each item, in the order of the items → the dimension of the score it goes with (our suggestion)."""


@dataclass(frozen=True)
class Barc10:
    """A scored BARC-10: `total` from 10 to 60, whether it reaches the published cut-off, and each domain's 1 to 6."""

    total: int
    at_or_above_cutoff: bool
    domains: Mapping[str, int]


def score_barc10(items: Sequence[int]) -> Barc10:
    """Score ten answers.

    Raises
    ------
    InputError
        There are not ten answers, or one is no whole number from 1 to 6.
    """
    if len(items) != len(DOMAINS):
        raise InputError(f"The BARC-10 needs all ten answers, not {len(items)}; a missing one is never guessed.")
    for number, item in enumerate(items, 1):
        if isinstance(item, bool) or not isinstance(item, int) or not 1 <= item <= 6:
            raise InputError(f"Answer {number} of the BARC-10 must be a whole number from 1 to 6, not {item!r}.")
    total = sum(items)
    return Barc10(total, total >= BARC10_CUTOFF, dict(zip(DOMAINS, items, strict=True)))
