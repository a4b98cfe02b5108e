"""What new sites are to raise: people newly in reach, the mean score, that of the worst off, or evenness.

Every objective is a number of a set of candidates (by position), and the more the better. Sites never take from
anyone: what a cell has in reach can only grow. Counts of people are of whole cells, as `geo.equity.gaps` counts them.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Protocol

import numpy as np
import scipy.sparse
from numpy.typing import NDArray
from scipy.optimize import linprog

from geo.equity.inequality import rich_and_poor
from geo.errors import InputError
from geo.siting.dominance import undominated

LOWEST = 0.1
"""The share of people who count as worst off."""
TIE_WEIGHT = 1e-3
"""What the mean of all counts beside that of the worst off, so that sites that do as much for them are told apart."""
LEAST_POOREST = 0.01
"""The mean score of the poorest, 0–100, below which a ratio to it says nothing."""
ROUNDING = 1e-9
"""Values that differ by less, of their size, are equal."""
_AT_ONCE = 4_000_000
"""Cells × candidates held as numbers at a time."""

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Flags = NDArray[np.bool_]


class Objective(Protocol):
    """A number to raise, over sets of candidates; `submodular`: a further site adds less, the more there are."""

    @property
    def candidates(self) -> int:
        """Return how many candidates there are."""

    @property
    def submodular(self) -> bool:
        """Return whether a site's gain never grows as others are added; greedy choices then have a proven bound."""

    def value(self, sites: Sequence[int]) -> float:
        """Return the objective with these candidates built."""

    def values_with(self, sites: Sequence[int], more: Ints) -> Floats:
        """Return the objective with these built and one of `more`, for each of them."""


@dataclass(frozen=True)
class Reached:
    """People of cells that come within reach of any site.

    `near`: bool[cells, candidates], sparse; `people`: of each cell, those already within reach being nobody.
    """

    near: scipy.sparse.csc_array
    people: Floats
    submodular: bool = True

    @property
    def candidates(self) -> int:
        """Return how many candidates there are."""
        return int(self.near.shape[1])

    @cached_property
    def undominated(self) -> Ints:
        """Return the candidates among which the best choice of any number is, where cost is no matter."""
        return undominated(self.near.tocsr()[self.people > 0])

    def value(self, sites: Sequence[int]) -> float:
        """Return the people within reach of any of the sites."""
        return float(self.people[self._in_reach(sites)].sum())

    def values_with(self, sites: Sequence[int], more: Ints) -> Floats:
        """Return the people within reach with one more site, for each of `more`."""
        left = np.where(self._in_reach(sites), 0.0, self.people)
        return np.asarray(self.value(sites) + left @ self.near[:, more], np.float64)

    def _in_reach(self, sites: Sequence[int]) -> Flags:
        return np.asarray(self.near[:, list(sites)].sum(axis=1) > 0)


@dataclass(frozen=True)
class Served:
    """People whom sites within reach can take, each at most `capacity`: the largest flow from cells to sites."""

    near: scipy.sparse.csc_array
    people: Floats
    capacity: Floats
    submodular: bool = True

    @property
    def candidates(self) -> int:
        """Return how many candidates there are."""
        return int(self.near.shape[1])

    def value(self, sites: Sequence[int]) -> float:
        """Return how many people the sites can take."""
        return float(self.people.sum() - self._left(sites)[0].sum())

    def values_with(self, sites: Sequence[int], more: Ints) -> Floats:
        """Return how many people can be taken with one more site, for each of `more`.

        One more takes those who are left, and may free others' slots for people whom they leave. Only where it may be
        more than the former is the flow asked for anew.
        """
        left, reached = self._left(sites)
        value = float(self.people.sum() - left.sum())
        near, capacity = self.near[:, more], self.capacity[more]
        least = np.minimum(left @ near, capacity)
        most = np.minimum(np.minimum(self.people @ near, left @ near + left[reached].sum()), capacity)
        values: Floats = value + least
        for one in np.flatnonzero(most > least + ROUNDING * np.maximum(most, 1.0)):
            values[one] = self.value([*sites, int(more[one])])
        return values

    def _left(self, sites: Sequence[int]) -> tuple[Floats, Flags]:
        """Return the people of each cell whom no site can take, and which cells any site reaches."""
        chosen = sorted(set(sites))
        reach = self.near[:, chosen].toarray() > 0
        patterns, which = np.unique(reach, axis=0, return_inverse=True)
        which = which.ravel()
        people = np.bincount(which, self.people, len(patterns))
        group, site = np.nonzero(patterns)
        if not len(group):
            return self.people, np.zeros(len(self.people), np.bool_)
        flows = np.arange(len(group))
        limits = scipy.sparse.csr_array(
            (np.ones(2 * len(flows)), (np.concatenate([group, len(patterns) + site]), np.tile(flows, 2))),
            shape=(len(patterns) + len(chosen), len(flows)),
        )
        most = np.concatenate([people, self.capacity[chosen]])
        taken = np.bincount(group, linprog(-np.ones(len(flows)), limits, most, method="highs").x, len(patterns))
        share = np.divide(people - taken, people, out=np.zeros(len(people)), where=people > 0)
        return self.people * np.clip(share, 0.0, 1.0)[which], reach.any(axis=1)


@dataclass(frozen=True)
class Access:
    """What cells have in reach of a class, and what each candidate would add, in units of the class's A_ref.

    `there`: float64[cells]; `added`: float64[cells, candidates]. The class's score is 100 · (1 − exp(−access)).
    """

    there: Floats
    added: Floats

    @cached_property
    def filled(self) -> Floats:
        """Return the share of what a cell lacks that each candidate fills: float64[cells, candidates]."""
        filled: Floats = -np.expm1(-self.added)
        return filled

    def scores(self, sites: Sequence[int]) -> Floats:
        """Return each cell's score of the class with these candidates built, 0–100."""
        scores: Floats = 100.0 * -np.expm1(-(self.there + self.added[:, list(sites)].sum(axis=1)))
        return scores

    def scores_with(self, sites: Sequence[int], more: Ints) -> Floats:
        """Return the scores with one more site, float64[cells, more]."""
        lacking = 100.0 - self.scores(sites)
        scores: Floats = 100.0 - lacking[:, None] * (1.0 - self.filled[:, more])
        return scores


@dataclass(frozen=True)
class MeanScore:
    """The mean of the class's score over people."""

    access: Access
    people: Floats
    submodular: bool = True

    @property
    def candidates(self) -> int:
        """Return how many candidates there are."""
        return int(self.access.added.shape[1])

    @property
    def share(self) -> Floats:
        """Return each cell's share of the people."""
        share: Floats = self.people / self.people.sum()
        return share

    def value(self, sites: Sequence[int]) -> float:
        """Return the mean score, 0–100."""
        return float(self.share @ self.access.scores(sites))

    def values_with(self, sites: Sequence[int], more: Ints) -> Floats:
        """Return the mean score with one more site, for each of `more`."""
        lacking = self.share * (100.0 - self.access.scores(sites))
        parts = [lacking @ self.access.filled[:, part] for part in _parts(more, len(lacking))]
        return self.value(sites) + np.concatenate([np.empty(0), *parts])


@dataclass(frozen=True)
class WorstOff:
    """The mean score of the tenth of people who have least; of what is equal for them, the mean of all."""

    access: Access
    people: Floats
    submodular: bool = False

    @property
    def candidates(self) -> int:
        """Return how many candidates there are."""
        return int(self.access.added.shape[1])

    def value(self, sites: Sequence[int]) -> float:
        """Return the mean score of the worst off, and a thousandth of everyone's."""
        return float(self._of(self.access.scores(sites)[:, None])[0])

    def values_with(self, sites: Sequence[int], more: Ints) -> Floats:
        """Return the value with one more site, for each of `more`."""
        return _values_with(self._of, self.access, sites, more)

    def lowest(self, sites: Sequence[int]) -> float:
        """Return the mean score of the worst off alone, 0–100."""
        return float(self._of(self.access.scores(sites)[:, None], 0.0)[0])

    def weights(self, scores: Floats) -> Floats:
        """Return how the value rises with each cell's score; for any scores it is at most their sum of products."""
        shares: Floats = (
            _worst_shares(scores[:, None], self.people)[:, 0] + TIE_WEIGHT * self.people / self.people.sum()
        )
        return shares

    def _of(self, scores: Floats, tie_weight: float = TIE_WEIGHT) -> Floats:
        shares = _worst_shares(scores, self.people)
        mean = (self.people / self.people.sum()) @ scores
        return np.asarray((shares * scores).sum(axis=0) + tie_weight * mean, np.float64)


@dataclass(frozen=True)
class Evenness:
    """The Palma ratio, negated: the mean score of the richest tenth over that of the poorest four tenths.

    `rich`, `poor`: each cell's share of the people of these; see `evenness_of`.

    Raises
    ------
    InputError
        The poorest have nothing in reach, or next to nothing: a ratio to it is no number, and no gain is a share of it.
    """

    access: Access
    rich: Floats
    poor: Floats
    submodular: bool = False

    def __post_init__(self) -> None:
        if self.parts(())[1] < LEAST_POOREST:
            raise InputError(
                "The poorest four tenths have nothing of this class in reach, so no Palma ratio can be told before and "
                "after; choose another objective, such as worst-off."
            )

    @property
    def candidates(self) -> int:
        """Return how many candidates there are."""
        return int(self.access.added.shape[1])

    def value(self, sites: Sequence[int]) -> float:
        """Return minus the Palma ratio."""
        return float(self._of(self.access.scores(sites)[:, None])[0])

    def parts(self, sites: Sequence[int]) -> tuple[float, float]:
        """Return the mean score of the richest tenth and that of the poorest four tenths."""
        scores = self.access.scores(sites)
        return float(self.rich @ scores), float(self.poor @ scores)

    def values_with(self, sites: Sequence[int], more: Ints) -> Floats:
        """Return the value with one more site, for each of `more`."""
        return _values_with(self._of, self.access, sites, more)

    def _of(self, scores: Floats) -> Floats:
        return np.asarray(-(self.rich @ scores) / (self.poor @ scores), np.float64)


def evenness_of(access: Access, people: Floats, income: Floats) -> Evenness:
    """Return the objective of the Palma ratio, with people ranked by their area's income, as `palma_ratio` ranks them.

    Raises
    ------
    InputError
        No income is known, or all people are of areas of one income; or as `Evenness`.
    """
    rich, poor = (np.where(part, people, 0.0) for part in rich_and_poor(people, income))
    if not (rich.sum() > 0 and poor.sum() > 0):
        raise InputError(
            "Equity ranks people by the income or pay of their area, and the region tells none, or the same of all; "
            "choose another objective."
        )
    return Evenness(access, rich / rich.sum(), poor / poor.sum())


def _values_with(of: Callable[[Floats], Floats], access: Access, sites: Sequence[int], more: Ints) -> Floats:
    """Return the value `of` the scores with one more site, for each of `more`."""
    parts = [of(access.scores_with(sites, part)) for part in _parts(more, len(access.there))]
    return np.concatenate([np.empty(0), *parts])


def _worst_shares(scores: Floats, people: Floats) -> Floats:
    """Return each cell's share of the worst off, float64[cells, many]; of cells that tie, the first fill it first."""
    whole = LOWEST * people.sum()
    order = np.argsort(scores, axis=0, kind="stable")
    mass = people[order]
    before = np.cumsum(mass, axis=0) - mass
    taken = np.clip(whole - before, 0.0, mass) / whole
    shares: Floats = np.empty_like(taken)
    np.put_along_axis(shares, order, taken, axis=0)
    return shares


def _parts(more: Ints, cells: int) -> list[Ints]:
    """Return positions in parts that are held at once."""
    step = max(1, _AT_ONCE // max(cells, 1))
    return [more[first : first + step] for first in range(0, len(more), step)]
