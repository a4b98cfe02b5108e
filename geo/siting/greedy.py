"""Greedy choice with its proven bound: one site after another, each the one that adds most.

Where a site's gain never grows as others are added (`submodular`), what a site added earlier on bounds what it adds
now, so most need not be asked again (Minoux 1978); k sites so chosen have at least 1 − 1/e of the best gain
(Nemhauser, Wolsey & Fisher 1978), and the gains that are left bound the best from above, often far more closely.
"""

import time
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from geo.siting.objectives import ROUNDING, Floats, Objective

_AT_ONCE = 32
"""Candidates that are asked anew together."""
_ASKED_FOR_BOUND = 4
"""At the end, so many times as many gains as there are sites are asked anew; what was added earlier bounds others."""


@dataclass(frozen=True)
class Means:
    """What may be built: at most so many `sites`, and where there is a `budget`, of so much of their `costs` in all."""

    sites: int
    costs: Floats | None = None
    budget: float | None = None

    def affordable(self, sites: Sequence[int], candidates: int) -> NDArray[np.bool_]:
        """Return which candidates may be added to these."""
        left = np.ones(candidates, np.bool_)
        left[list(sites)] = False
        if len(sites) >= self.sites:
            left[:] = False
        if self.budget is not None and self.costs is not None:
            left &= self.costs + self.costs[list(sites)].sum() <= self.budget * (1 + ROUNDING)
        return left

    def allow(self, sites: Sequence[int]) -> bool:
        """Return whether all of these may be built together."""
        if self.budget is None or self.costs is None:
            return len(sites) <= self.sites
        return len(sites) <= self.sites and bool(self.costs[list(sites)].sum() <= self.budget * (1 + ROUNDING))


@dataclass(frozen=True)
class Path:
    """Sites chosen one by one, and after each what every candidate still adds at most; `steps` begins with none.

    Each step: the objective's value, and float64[candidates], empty where nothing bounds what is left.
    """

    sites: tuple[int, ...]
    steps: tuple[tuple[float, Floats], ...]

    def bound(self, means: Means) -> float:
        """Return what no choice exceeds; infinite where nothing bounds it."""
        return min((value + at_most(most, means) for value, most in self.steps if len(most)), default=np.inf)


def greedy(objective: Objective, means: Means) -> Path:
    """Return sites chosen one by one: by gain; and with a budget, by gain per cost where that comes to more."""
    path = _by_gain(objective, means, per_cost=False)
    if means.budget is None:
        return path
    other = _by_gain(objective, means, per_cost=True)
    best = max(path, other, key=lambda one: objective.value(one.sites))
    return Path(best.sites, path.steps + other.steps)


def best_addition(objective: Objective, means: Means, sites: Sequence[int]) -> tuple[int, ...]:
    """Return the sites and the one that adds most to them, if any may be added and adds anything."""
    allowed = np.flatnonzero(means.affordable(sites, objective.candidates))
    if not len(allowed):
        return tuple(sites)
    values = objective.values_with(sites, allowed)
    best = _first_best(values)
    return (*sites, int(allowed[best])) if values[best] > objective.value(sites) else tuple(sites)


def exchanged(objective: Objective, means: Means, sites: Sequence[int], seconds: float) -> tuple[int, ...]:
    """Return the sites with one after another exchanged for the best in its stead, until none is or time is over."""
    deadline, best, kept = time.monotonic() + seconds, list(sites), 0
    value = objective.value(best)
    while best and kept < len(best) and time.monotonic() < deadline:
        others = best[1:]  # the first is looked at, and then stands last
        more = best_addition(objective, means, others)
        better = objective.value(more)
        exchange = len(more) > len(others) and better > value + ROUNDING * max(abs(value), 1.0)
        best, value, kept = ([*more], better, 0) if exchange else ([*others, best[0]], value, kept + 1)
    return tuple(best)


def in_order(objective: Objective, sites: Sequence[int]) -> tuple[int, ...]:
    """Return the sites in the order in which each adds most, so that the first few are worth most too."""
    left, ordered = sorted(sites), list[int]()
    while left:
        values = objective.values_with(ordered, np.array(left, np.int64))
        ordered.append(left.pop(_first_best(values)))
    return tuple(ordered)


def at_most(gains: Floats, means: Means) -> float:
    """Return a bound of what sites add together, if each adds at most its gain."""
    gains = np.maximum(gains, 0.0)
    bound = float(np.sort(gains)[::-1][: means.sites].sum())
    if means.budget is None or means.costs is None:
        return bound
    gains = np.where(means.costs <= means.budget * (1 + ROUNDING), gains, 0.0)
    worth = np.divide(gains, means.costs, out=np.full(len(gains), np.inf), where=means.costs > 0)
    order = np.argsort(-worth, kind="stable")
    spent = np.cumsum(means.costs[order])
    room = np.clip(means.budget * (1 + ROUNDING) - (spent - means.costs[order]), 0.0, means.costs[order])
    part = np.divide(room, means.costs[order], out=np.ones(len(order)), where=means.costs[order] > 0)
    return min(bound, float((gains[order] * part).sum()))


def _by_gain(objective: Objective, means: Means, *, per_cost: bool) -> Path:
    """Return sites by the gain of each, or by gain per cost."""
    sites, count = list[int](), objective.candidates
    rank = np.ones(count)
    if per_cost and means.costs is not None:
        rank = 1.0 / np.maximum(means.costs, ROUNDING * means.costs.max(initial=1.0))
    most = np.where(means.affordable((), count), np.inf, 0.0)
    value, steps = objective.value(()), list[tuple[float, Floats]]()
    while (allowed := means.affordable(sites, count)).any():
        if not objective.submodular:
            most[allowed] = np.inf
        best = _ask(objective, sites, value, allowed, most, rank)
        steps.append((value, most.copy()))
        if best is None:
            break
        sites.append(best)
        most[best], value = 0.0, objective.value(sites)
    again = np.argsort(-most, kind="stable")[: _ASKED_FOR_BOUND * means.sites]
    if objective.submodular:
        most[again] = np.minimum(most[again], np.maximum(objective.values_with(sites, again) - value, 0.0))
        steps.append((value, most))
    return Path(tuple(sites), tuple(steps) if objective.submodular else ())


def _ask(
    objective: Objective, sites: Sequence[int], value: float, allowed: NDArray[np.bool_], most: Floats, rank: Floats
) -> int | None:
    """Return the allowed candidate that adds most by its rank, of equals the first; None if none adds anything.

    What each of those asked adds is written into `most`, which holds what it adds at most.
    """
    stale = allowed.copy()
    at_once = _AT_ONCE if np.isfinite(most[allowed]).all() else len(most)
    first = len(most)
    while True:
        promise = np.where(allowed, most * rank, 0.0)
        best = float(promise[~stale].max(initial=0.0))
        if best > 0:
            first = int(np.flatnonzero(~stale & (promise >= best * (1 - ROUNDING)))[0])
        before_it = np.arange(len(most)) < first  # one that comes later and only ties would not be chosen
        again = np.flatnonzero(stale & (promise > best * np.where(before_it, 1 - ROUNDING, 1 + ROUNDING)))
        if not len(again):
            break
        again = again[np.argsort(-promise[again], kind="stable")][:at_once]
        most[again] = np.maximum(objective.values_with(sites, again) - value, 0.0)
        stale[again] = False
    if not best > ROUNDING * max(abs(value), 1.0) * float(rank.min()):
        return None
    return first


def _first_best(values: Floats) -> int:
    """Return the first of the values that are as high as any."""
    best = float(values.max())
    return int(np.flatnonzero(values >= best - ROUNDING * max(abs(best), 1.0))[0])
