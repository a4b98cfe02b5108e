"""Curves of how access is shared out: Lorenz's, the concentration curve, and how much each group of people has.

Both curves are the pictures behind an index of `geo.equity.inequality`: the Gini index is twice the area between the
Lorenz curve and the diagonal, the standard concentration index twice that between the concentration curve and it
(negative where the curve lies above).

Sources: Lorenz 1905, *Methods of measuring the concentration of wealth*, Publications of the American Statistical
Association 9; Kakwani, Wagstaff & van Doorslaer 1997, *Socioeconomic inequalities in health*, Journal of Econometrics
77 (concentration curves, groups of equal rank as one).
"""

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike, NDArray

from geo.equity.gaps import LEAST_GROUP, group_people
from geo.equity.inequality import known_columns

PERCENTS = tuple(range(0, 101, 5))
"""Shares of people at which a curve is published, in percent."""
BANDS = tuple(range(0, 101, 20))
"""Borders of the bands of a score by which groups are told: those of the map's five shades."""
BAND_COLUMNS = tuple(f"percent_{low}_{low + 20}" for low in BANDS[:-1])

Floats = NDArray[np.float64]


def lorenz_curve(access: ArrayLike, population: ArrayLike) -> pd.DataFrame:
    """Return which share of all access the people with least of it have.

    Returns
    -------
    DataFrame
        `people` and `access`, both 0–1 and cumulative, from (0, 0) to (1, 1), a row for each level of access. Where
        nobody has any access, the diagonal.

    Raises
    ------
    InputError
        No area has people and a known access, or the columns aren't numbers of equal length.

    Examples
    --------
    >>> lorenz_curve(access=[0, 40], population=[300, 100]).to_numpy().tolist()
    [[0.0, 0.0], [0.75, 0.0], [1.0, 1.0]]
    """
    values, people = known_columns(access, population)
    return _curve(values, people, values)


def concentration_curve(access: ArrayLike, population: ArrayLike, income: ArrayLike) -> pd.DataFrame:
    """Return which share of all access the poorest people have; `people`, `access` as `lorenz_curve` gives them.

    People of equal income are one step: none of them comes first.

    Examples
    --------
    >>> concentration_curve(access=[30, 10], population=[50, 50], income=[15_000, 60_000]).to_numpy().tolist()
    [[0.0, 0.0], [0.5, 0.75], [1.0, 1.0]]
    """
    return _curve(*known_columns(access, population, income))


def share_at(curve: pd.DataFrame, people: ArrayLike) -> Floats:
    """Return the share of access, 0–1, that the first so many people have (0–1): between corners, a straight line."""
    at = np.asarray(people, dtype=np.float64)
    shares: Floats = np.interp(at, curve["people"].to_numpy(), curve["access"].to_numpy())
    return shares


def bands_by_group(surface: pd.DataFrame, zones: pd.DataFrame, measure: str = "total") -> pd.DataFrame:
    """Return how many of a hundred people of each published group live in each band of twenty points.

    Parameters
    ----------
    surface, zones
        The surface and the ZONES table, one row a cell each, in the same order.
    measure
        `total`, a dimension, or `class_<name>`.

    Returns
    -------
    DataFrame
        `kind`, `group`, `of`, and BAND_COLUMNS: whole percents of those who have a number; NaN for groups of fewer
        than `geo.equity.gaps.LEAST_GROUP` people, so that a step of one percent stands for at least 11 of them.
    """
    values = surface[measure].to_numpy(dtype=np.float64)
    band = np.clip(np.floor(np.nan_to_num(values) / BANDS[1]), 0, len(BAND_COLUMNS) - 1).astype(int)
    rows = []
    for kind, of, groups in group_people(zones):
        for group, people in groups.items():
            counted = np.where(np.isnan(values), 0.0, np.nan_to_num(people))
            size = float(counted.sum())
            there = np.bincount(band, counted, minlength=len(BAND_COLUMNS))
            shares = np.round(100.0 * there / size) if size >= LEAST_GROUP else np.full(len(BAND_COLUMNS), np.nan)
            rows.append((kind, group, of, *shares.tolist()))
    return pd.DataFrame(rows, columns=["kind", "group", "of", *BAND_COLUMNS])


def _curve(values: Floats, people: Floats, rank: Floats) -> pd.DataFrame:
    """Return cumulative shares in the order of a rank, one step for each of its levels."""
    _, level = np.unique(rank, return_inverse=True)
    there: Floats = np.bincount(level, people).astype(np.float64)
    had: Floats = np.bincount(level, people * values).astype(np.float64)
    had = had if had.sum() > 0 else there
    return pd.DataFrame({"people": _from_zero(there), "access": _from_zero(had)})


def _from_zero(amounts: Floats) -> Floats:
    upto = np.concatenate(([0.0], np.cumsum(amounts)))
    shares: Floats = upto / upto[-1]
    return shares
