"""Recovery residences as candidates for one person: which have a bed and fit, and why the others don't."""

import numpy as np
import pandas as pd

from geo.clock import clock_minute
from geo.errors import NeedsError
from geo.needs.curfew import Curfew, stricter
from geo.needs.eligibility import misfits
from geo.needs.needs import Needs
from geo.needs.schedule import work_days
from geo.points import with_degrees

NO_BED, NO_PLACE, CURFEW = "open_beds", "location_precision", "curfew"


def candidates(resources: pd.DataFrame, needs: Needs) -> pd.DataFrame:
    """Return the region's recovery residences, each with why it doesn't fit and what isn't known of it.

    Parameters
    ----------
    resources
        The RESOURCES table.

    Returns
    -------
    DataFrame
        The rows of recovery residences, with `reasons` and `unknown`: tuples of the columns that decide. A house
        without reasons is a candidate. `open_beds` among the reasons: no bed is free; `location_precision`: where it
        is isn't public, so nothing can be said of what is in reach. `curfew` among what is unknown: the house states
        one that is no clock time.

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
    wrong |= {
        NO_BED: houses["open_beds"].eq(0).fillna(False).to_numpy(dtype=bool),
        NO_PLACE: hidden.to_numpy(dtype=bool),
    }
    stated = houses["curfew"].fillna("").str.strip()
    unread = stated.ne("") & stated.map(_minute).isna()
    unknown |= {NO_BED: houses["open_beds"].isna().to_numpy(dtype=bool), CURFEW: unread.to_numpy(dtype=bool)}
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
