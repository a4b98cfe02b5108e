"""The best choice of sites and how sure that is: greedy first, then exactly for as long as there is time."""

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from geo.siting.exact import Best, improve
from geo.siting.greedy import Means, Path, best_addition, exchanged, greedy, in_order
from geo.siting.objectives import Ints, Objective

NEAR = 0.02
"""Choices whose gain is less than the best by at most this share are nearly as good."""
_LAST_SHARE = 0.6
"""The share of the time that the choice of most sites has, of all those of a curve."""
_EXCHANGE_SHARE = 0.3
"""The share of the time in which chosen sites are exchanged for others, before HiGHS is asked."""


@dataclass(frozen=True)
class Choice:
    """Sites (positions of candidates) in the order in which each adds most, and what they come to.

    `value`: the objective with them; `before`: without any; `bound`: what no choice exceeds.
    """

    sites: tuple[int, ...]
    value: float
    before: float
    bound: float

    @property
    def exact(self) -> bool:
        """Return whether no choice is better, for certain."""
        return self.bound <= self.value

    @property
    def gap(self) -> float:
        """Return what share of the best gain is missing at most, 0–1; NaN where nothing bounds it."""
        if self.exact:
            return 0.0
        return (self.bound - self.value) / (self.bound - self.before) if np.isfinite(self.bound) else np.nan


def gain_curve(
    objective: Objective,
    means: Means,
    seconds: float = 30.0,
    progress: Callable[[float], None] | None = None,
    own: Sequence[int] = (),
) -> list[Choice]:
    """Return the best choice of one site, of two … up to `means.sites`; no more sites are ever worth less.

    Parameters
    ----------
    seconds
        How long to look for certainty: what was found by then has its bound. That of the most sites has `_LAST_SHARE`
        of it, and each other an even share of what is left.
    progress
        Called with the share done, 0–1.
    own
        A choice to begin with: no choice of as many sites is worse, where it may be built.
    """
    path, deadline = greedy(objective, means), time.monotonic() + seconds
    last = _improved(objective, means, path, _LAST_SHARE * seconds if means.sites > 1 else seconds, [own])
    curve: list[Choice] = []
    for count in range(1, means.sites):
        fewer = Means(count, means.costs, means.budget)
        chosen = path if means.budget is None else greedy(objective, fewer)
        start = best_addition(objective, fewer, curve[-1].sites) if curve else ()
        left = (deadline - time.monotonic()) / (means.sites - count)
        curve.append(_improved(objective, fewer, chosen, left, [start, own]))
        if progress is not None:
            progress(count / means.sites)
    start = best_addition(objective, means, curve[-1].sites) if curve else ()
    value = objective.value(start)
    if value > last.value:
        last = Choice(in_order(objective, start), value, last.before, max(last.bound, value))
    return [*curve, last]


def _improved(
    objective: Objective, means: Means, path: Path, seconds: float, starts: Sequence[Sequence[int]]
) -> Choice:
    """Return the best choice that is found in time, beginning with the path's first sites, or a better start."""
    before, first = objective.value(()), path.sites[: means.sites]
    best = Best(objective, means, first, objective.value(first), path.bound(means), time.monotonic() + seconds)
    for start in starts:
        best.offer(start)
    if means.sites == 1:
        best.bound = best.value  # every candidate was asked
    if not best.closed and seconds > 0:
        best.offer(exchanged(objective, means, best.sites, _EXCHANGE_SHARE * seconds))
        improve(best)
    sites = first if best.sites == first and means.budget is None else in_order(objective, best.sites)
    return Choice(sites, best.value, before, best.value if best.closed else best.bound)


def near_ties(objective: Objective, means: Means, choice: Choice) -> list[Ints]:
    """Return, for each site of a choice, the candidates that may stand for it: at most `NEAR` of the gain is lost.

    Each site is among its own.
    """
    least = choice.value - NEAR * (choice.value - choice.before)
    ties = []
    for site in choice.sites:
        others = [one for one in choice.sites if one != site]
        allowed = means.affordable(others, objective.candidates)
        allowed[site] = False
        more = np.flatnonzero(allowed)
        values = objective.values_with(others, more) if len(more) else np.empty(0)
        ties.append(np.sort(np.append(more[values >= least], site)))
    return ties
