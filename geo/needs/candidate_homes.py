"""Recovery residences as candidates for one person: which have a bed and fit, and why the others don't."""

import datetime

import numpy as np
import pandas as pd

from geo.clock import clock_minute
from geo.errors import NeedsError
from geo.needs.curfew import Curfew, stricter
from geo.needs.eligibility import misfits
from geo.needs.free_beds import FreeBedRule, free_beds
from geo.needs.needs import Needs
from geo.needs.schedule import work_days
from geo.points import with_degrees

NO_BED, NO_PLACE, CURFEW = "open_beds", "location_precision", "curfew"


def candidates(
    resources: pd.DataFrame, needs: Needs, rule: FreeBedRule | None = None, today: datetime.date | None = None
) -> pd.DataFrame:
    """Return the region's recovery residences, each with why it doesn't fit and what isn't known of it.

    Parameters
    ----------
    resources
        The RESOURCES table.
    rule, today
        How a word on free beds ages, and until when; without both, each holds as if it were said today.

    Returns
    -------
    DataFrame
        The rows of recovery residences, with `reasons` and `unknown`: tuples of the columns that decide. A house
        without reasons is a candidate. `open_beds` among the reasons: no bed is free, as was said lately;
        `location_precision`: where it is isn't public, so nothing can be said of what is in reach. Among what is
        unknown, `open_beds`: nothing is said of free beds, or too long ago; `curfew`: the house states one that is no
        clock time. With a rule, the columns of `geo.needs.free_beds.free_beds` too.

    Examples
    --------
    >>> houses = candidates(region.resources, Needs())
    >>> houses["category"].unique().tolist()
    ['recovery_residence']
    >>> free = houses[houses["reasons"].map(len) == 0]
    >>> bool((free["open_beds"] == 0).any())
    False
    """
    resources = with_degrees(resources, "resources")
    houses = resources[resources["category"] == "recovery_residence"].reset_index(drop=True)
    wrong, unknown = misfits(houses, needs)
    hidden = houses["location_precision"].eq("hidden").fillna(False) | houses["lon"].isna() | houses["lat"].isna()
    is_full = houses["open_beds"].eq(0).fillna(False).to_numpy(dtype=bool)
    is_current = houses["open_beds"].notna().to_numpy(dtype=bool)
    if rule is not None and today is not None:
        known = free_beds(houses, rule, today)
        is_current = known["is_bed_current"].to_numpy(dtype=bool)
        houses = houses.join(known)
    wrong |= {
        NO_BED: is_full & is_current,
        NO_PLACE: hidden.to_numpy(dtype=bool),
    }
    stated = houses["curfew"].fillna("").str.strip()
    unread = stated.ne("") & stated.map(_minute).isna()
    unknown |= {NO_BED: ~is_current, CURFEW: unread.to_numpy(dtype=bool)}
    return houses.assign(reasons=_named(wrong, len(houses)), unknown=_named(unknown, len(houses)))


def house_curfew(needs: Needs, curfew: object) -> Curfew | None:
    """Return the curfew that binds a person in a house: by evening the earlier of theirs and the house's.

    What is excused from theirs isn't from the house's: that is for the house to say.

    Parameters
    ----------
    curfew
        The house's, as HH:MM. One that can't be read binds nobody, as if there were none; `candidates` names such
        houses.
    """
    return stricter(needs.curfew, _minute(curfew), work_days(needs.shifts))


def _minute(curfew: object) -> int | None:
    """Return a clock time as minutes after midnight; None where it is none."""
    try:
        return clock_minute(str(curfew).strip(), "curfew")
    except NeedsError:
        return None


def _named(flags: dict[str, np.ndarray], count: int) -> pd.Series:
    names = [tuple(name for name, flag in flags.items() if flag[row]) for row in range(count)]
    return pd.Series(names, dtype=object)
