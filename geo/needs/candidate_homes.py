"""Recovery residences as candidates for one person: which have a bed and fit, and why the others don't."""

import numpy as np
import pandas as pd

from geo.needs.eligibility import misfits
from geo.needs.needs import Needs
from geo.needs.schedule import curfew_limit
from geo.points import with_degrees

NO_BED, NO_PLACE = "open_beds", "location_precision"


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
        is isn't public, so nothing can be said of what is in reach.

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
    unknown |= {NO_BED: houses["open_beds"].isna().to_numpy(dtype=bool)}
    return houses.assign(reasons=_named(wrong, len(houses)), unknown=_named(unknown, len(houses)))


def house_curfew(needs: Needs, curfew: object, night_ends: int) -> int | None:
    """Return the curfew that binds a person in a house, minutes after midnight: the earlier of theirs and the house's.

    Parameters
    ----------
    curfew
        The house's, as HH:MM; anything else counts as none.
    night_ends
        Clock times before this minute belong to the evening before.
    """
    own = needs.curfew_minute
    try:
        hour, minute = (int(part) for part in str(curfew).split(":"))
    except ValueError:
        return own
    if not (0 <= hour <= 24 and 0 <= minute < 60 and hour * 60 + minute <= 24 * 60):
        return own
    return min((one for one in (own, hour * 60 + minute) if one is not None), key=lambda m: curfew_limit(m, night_ends))


def _named(flags: dict[str, np.ndarray], count: int) -> pd.Series:
    names = [tuple(name for name, flag in flags.items() if flag[row]) for row in range(count)]
    return pd.Series(names, dtype=object)
