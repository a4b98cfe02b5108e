"""Free beds: what a house's word on them is still worth some days later."""

import datetime
from dataclasses import dataclass

import numpy as np
import pandas as pd

from geo.dates import days_since


@dataclass(frozen=True)
class FreeBedRule:
    """How fast a house's word on its free beds ages, and the chance of one where nothing is known of them, 0–1."""

    half_life_days: float
    unknown_chance: float
    source: str


@dataclass(frozen=True)
class BedWord:
    """What one house's word on its free beds is worth, 0–1, and whether it is known to be young enough to rely on."""

    worth: float
    is_current: bool


def free_beds(houses: pd.DataFrame, rule: FreeBedRule, today: datetime.date) -> pd.DataFrame:
    """Return what is known of a free bed in each house today.

    A word is worth w = ½^(age / half-life): the chance of a free bed moves with age from what was said (1 or 0) to that
    of a house of which nothing is known, c = c₀ + (said − c₀)·w. An undated word is at least a half-life old, and at
    least as old as the list that it came with. See `geo.dates.days_since` for dates that are still to come.

    Parameters
    ----------
    houses
        Rows of the RESOURCES table: `open_beds`, `verified_on`, `retrieved_on`.

    Returns
    -------
    DataFrame
        One row a house, with its index: `bed_age_days` (empty: undated), `bed_worth` w (0 where nothing is said),
        `bed_chance` c, and `is_bed_current`: something is said, and its age is known and within the half-life.
    """
    beds = houses["open_beds"].to_numpy(dtype=np.float64, na_value=np.nan)
    age, listed = (days_since(houses[name], today) for name in ("verified_on", "retrieved_on"))
    is_said = ~np.isnan(beds)
    at_least = np.fmax(np.nan_to_num(listed), rule.half_life_days)
    worth = np.where(is_said, 0.5 ** (np.where(np.isnan(age), at_least, age) / rule.half_life_days), 0.0)
    return pd.DataFrame(
        {
            "bed_age_days": np.where(is_said, age, np.nan),
            "bed_worth": worth,
            "bed_chance": rule.unknown_chance + ((beds > 0) - rule.unknown_chance) * worth,
            "is_bed_current": is_said & (age <= rule.half_life_days),
        },
        index=houses.index,
    )
