"""Equity: how evenly access is shared out among people.

All functions take arrays of equal length, one element an area: access, the people who live there, and what ranks
or groups them. Areas without people, and those whose access is not known (NaN), don't enter, except that
`palma_ratio` still ranks incomes over all of them.

Sources: Gini 1912 by the Lorenz curve's trapezes; Palma 2011 as adapted to access (Pereira et al. 2019); Kakwani
1997, van Doorslaer & Koolman 2004 and Erreygers 2009 (concentration); Theil 1967; Foster, Greer & Thorbecke 1984.
"""

from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
from numpy.typing import ArrayLike, NDArray

from geo.access.decay import Boundary
from geo.access.measures import ROUNDING
from geo.errors import InputError

Floats = NDArray[np.float64]
Flags = NDArray[np.bool_]


@dataclass(frozen=True)
class TheilT:
    """Theil's T, and its parts between and within groups; `between` and `within` add up to `total`."""

    total: float
    between: float
    within: float
    groups: tuple[Any, ...]
    between_by_group: tuple[float, ...]
    within_by_group: tuple[float, ...]


def gini(access: ArrayLike, population: ArrayLike) -> float:
    """Return the Gini index: 0 = all alike, towards 1 = one person has everything.

    Examples
    --------
    >>> gini(access=[0, 40], population=[300, 100])
    0.75
    """
    values, people = known_columns(access, population)
    order = np.argsort(values, kind="stable")
    share = people[order] / people.sum()
    lorenz = np.cumsum(people[order] * values[order])
    if lorenz[-1] == 0:
        return 0.0
    lorenz = lorenz / lorenz[-1]
    return float(1.0 - np.sum((lorenz + np.concatenate(([0.0], lorenz[:-1]))) * share))


def palma_ratio(access: ArrayLike, population: ArrayLike, income: ArrayLike) -> float:
    """Return the mean access of the richest tenth over that of the poorest two fifths; NaN if either has nobody.

    Who is rich and who is poor is told by `rich_and_poor` over every area, also those whose access is NaN, so that a
    subset of areas can be judged by the whole region's limits.

    Examples
    --------
    >>> palma_ratio([10, 20, 30, 60], population=[40, 40, 10, 10], income=[15_000, 30_000, 60_000, 90_000])
    6.0
    """
    values, people, incomes = _numbers(access, "access"), _numbers(population, "population"), _numbers(income, "income")
    _same_length(values, people, incomes)
    judged = ~np.isnan(values)
    rich, poor = (judged & part for part in rich_and_poor(people, incomes))
    if not poor.any() or not rich.any():
        return float("nan")
    low = float(np.average(values[poor], weights=people[poor]))
    high = float(np.average(values[rich], weights=people[rich]))
    return high / low if low > 0 else float("inf") if high > 0 else float("nan")


def rich_and_poor(people: Floats, income: Floats) -> tuple[Flags, Flags]:
    """Return which areas are of the richest tenth of people, and which of the poorest two fifths (Palma 2011).

    The limits are weighted quantiles over the areas with people whose income is known; no other is of either.

    Examples
    --------
    >>> rich, poor = rich_and_poor(np.array([40.0, 50, 10]), np.array([15_000.0, 30_000, 60_000]))
    >>> rich.tolist(), poor.tolist()
    ([False, False, True], [True, False, False])
    """
    ranked = (people > 0) & ~np.isnan(income)
    if not ranked.any():
        return ranked, ranked
    poor_limit, rich_limit = (weighted_quantile(income[ranked], people[ranked], share) for share in (0.4, 0.9))
    return ranked & (income > rich_limit), ranked & (income <= poor_limit)


def concentration_index(
    access: ArrayLike,
    population: ArrayLike,
    income: ArrayLike,
    kind: Literal["standard", "corrected"] = "corrected",
) -> float:
    """Return the concentration index over people ranked by income: below 0 favors the poor, above 0 the rich.

    `standard`: 2/μ · Σ share·(a − μ)·(rank − ½), with fractional ranks (people of equal income share theirs).
    `corrected`: Erreygers', 4μ/(b − a) times it, with the observed bounds a and b.

    Examples
    --------
    >>> concentration_index(access=[0, 10], population=[50, 50], income=[15_000, 60_000], kind="standard")
    0.5
    """
    if kind not in ("standard", "corrected"):
        raise InputError(f"The kind of concentration index must be standard or corrected, not {kind!r}.")
    values, people, incomes = known_columns(access, population, income)
    share = people / people.sum()
    distinct, level = np.unique(incomes, return_inverse=True)
    level_share = np.bincount(level, share, len(distinct))
    rank = (np.cumsum(level_share) - level_share / 2)[level]
    mean = float(np.sum(share * values))
    spread = float(values.max() - values.min())
    if mean == 0 or spread == 0:
        return 0.0
    index = 2.0 / mean * float(np.sum(share * (values - mean) * (rank - 0.5)))
    return index if kind == "standard" else index * 4.0 * mean / spread


def theil_t(access: ArrayLike, population: ArrayLike, groups: ArrayLike | None = None) -> TheilT:
    """Return Theil's T, Σ share · (a/μ) · ln(a/μ), in all and by group; an access of 0 adds 0, its limit.

    Examples
    --------
    >>> parts = theil_t(access=[10, 10, 30, 30], population=[1, 1, 1, 1], groups=["east", "east", "west", "west"])
    >>> round(parts.between, 4), parts.within
    (0.1308, 0.0)
    """
    labels = np.zeros(len(np.atleast_1d(np.asarray(access))), dtype=int) if groups is None else np.asarray(groups)
    values, people = _numbers(access, "access"), _numbers(population, "population")
    _same_length(values, people, labels)
    keep = (people > 0) & ~np.isnan(values) & ~_missing(labels)
    values, people, labels = values[keep], people[keep], labels[keep]
    if not len(values) or not (people * values).sum() > 0:
        return TheilT(0.0, 0.0, 0.0, (), (), ())
    names, member = np.unique(labels, return_inverse=True)
    population_share = np.bincount(member, people) / people.sum()
    access_share = np.bincount(member, people * values) / (people * values).sum()
    between = _x_log_x(access_share, population_share)
    overall = people * values / (people * values).sum()
    everyone = people / people.sum()
    total_by_group = np.bincount(member, _x_log_x(overall, everyone))
    within = total_by_group - between
    within[np.abs(within) < 1e-15] = 0.0
    return TheilT(
        float(between.sum() + within.sum()),
        float(between.sum()),
        float(within.sum()),
        tuple(names.tolist()),
        tuple(between.tolist()),
        tuple(within.tolist()),
    )


def poverty(
    access: ArrayLike, population: ArrayLike, line: float, below: bool = True, boundary: Boundary = "<="
) -> tuple[float, float, float]:
    """Return Foster, Greer & Thorbecke's FGT0, FGT1, FGT2: how many are access-poor, how far, how unevenly.

    Parameters
    ----------
    line
        The poverty line, above 0.
    below
        True: who has no more than the line is poor (opportunities); False: who has no less (travel cost).
    boundary
        `"<="`: who has exactly the line is among the poor, as in the paper; `"<"`: is not. Only FGT0 differs.
    """
    if not line > 0 or np.isinf(line):
        raise InputError(f"The poverty line must be a number above 0, not {line}.")
    if boundary not in ("<=", "<"):
        raise InputError(f"The boundary must be '<=' or '<', not {boundary!r}.")
    values, people = known_columns(access, population)
    gap = (line - values) / line if below else (values - line) / line
    poor = gap >= 0 if boundary == "<=" else gap > 0
    measures = [float(np.average(np.where(poor, gap**power, 0.0), weights=people)) for power in (0, 1, 2)]
    return measures[0], measures[1], measures[2]


def weighted_quantile(values: Floats, weights: Floats, probability: float) -> float:
    """Return the least value up to which at least this share of the weight lies, the same in any unit of weight.

    It is what interpolated quantiles of single people (R's type 7) come to as people grow many.
    """
    order = np.argsort(values, kind="stable")
    upto = np.cumsum(weights[order])
    at = np.searchsorted(upto, probability * upto[-1] * (1.0 - ROUNDING))
    return float(values[order][at])


def _x_log_x(part: Floats, whole: Floats) -> Floats:
    """Return part · ln(part / whole), 0 where the part is 0."""
    return part * np.log(np.where(part > 0, part / whole, 1.0))


def known_columns(access: ArrayLike, population: ArrayLike, *others: ArrayLike) -> tuple[Floats, ...]:
    """Return access, population and any further columns without areas that nobody lives in or that miss a number.

    Raises
    ------
    InputError
        They aren't numbers from 0 up of equal length, or nothing is left.
    """
    columns = [_numbers(access, "access"), _numbers(population, "population"), *(_numbers(o, "income") for o in others)]
    _same_length(*columns)
    keep = columns[1] > 0
    for column in columns:
        keep &= ~np.isnan(column)
    if not keep.any():
        raise InputError("No area has both people and a known access, so nothing can be compared.")
    return tuple(column[keep] for column in columns)


def _numbers(values: ArrayLike, what: str) -> Floats:
    try:
        numbers = np.atleast_1d(np.asarray(values, dtype=np.float64))
    except (TypeError, ValueError):
        raise InputError(f"The {what} must be numbers.") from None
    if (numbers < 0).any() or (what != "access" and np.isinf(numbers).any()):
        raise InputError(f"The {what} must be numbers from 0 up, not {numbers[(numbers < 0) | np.isinf(numbers)][0]}.")
    if np.isinf(numbers).any():
        raise InputError("The access has infinite values; treat areas that reach nothing before comparing.")
    return numbers


def _same_length(*columns: NDArray[Any]) -> None:
    if len({len(column) for column in columns}) > 1:
        raise InputError(f"The columns must be equally long, but have {[len(column) for column in columns]} rows.")


def _missing(labels: NDArray[Any]) -> NDArray[np.bool_]:
    """Return where a group label is empty (None or NaN)."""
    return np.array([label is None or label != label for label in labels.tolist()], dtype=bool)  # noqa: PLR0124
