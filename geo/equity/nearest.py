"""The nearest place by area: how many small zones of each reach one in time, how long it takes, and where none does."""

import numpy as np
import pandas as pd

from geo.equity.areas import GEOID_DIGITS, area_ids, levels
from geo.errors import InputError

STATES = ("reached", "partly", "unreachable", "no_data")
COLUMNS = ("area_id", "zones", "reached", "within", "share_within", "mean_minutes", "longest_minutes", "state")


def nearest_by_area(minutes: pd.Series, area: pd.Series, limit_minutes: float = 30.0) -> pd.DataFrame:
    """Return, for each area, what its zones' minutes to the nearest place come to.

    Parameters
    ----------
    minutes
        Minutes of each zone to the nearest place, indexed by zone: infinite where none can be reached, NaN where
        nothing is known.
    area
        Area of each zone, the same index.
    limit_minutes
        A zone is `within` if its minutes are at most this.

    Returns
    -------
    DataFrame
        One row an area, by id: `zones` of which something is known; how many `reached` any place, and how many
        are `within` the limit; `share_within` of the zones known, 0–1; `mean_minutes` and `longest_minutes` of those
        that reached one (NaN where none did); and `state`: `reached` (every zone), `partly`, `unreachable` (no
        zone: an answer, and never blank), or `no_data` (nothing is known of any zone).

    Raises
    ------
    InputError
        The two have other indexes, or minutes are negative.
    """
    if not minutes.index.equals(area.index):
        raise InputError("Minutes and areas are of other zones; both need the same index.")
    values = minutes.astype("float64")
    if (values < 0).any():
        raise InputError(f"Minutes can't be negative; zone {values.index[(values < 0).argmax()]!r} has some.")
    finite = values.where(np.isfinite(values))
    parts = pd.DataFrame(
        {
            "area_id": area.astype("string"),
            "known": values.notna(),
            "reached": finite.notna(),
            "within": finite <= limit_minutes,
            "minutes": finite,
        }
    )
    groups = parts.groupby("area_id", sort=True)
    table = groups.agg(
        zones=("known", "sum"),
        reached=("reached", "sum"),
        within=("within", "sum"),
        mean_minutes=("minutes", "mean"),
        longest_minutes=("minutes", "max"),
    ).reset_index()
    table["share_within"] = table["within"] / table["zones"].where(table["zones"] > 0)
    none, every = table["reached"] == 0, table["reached"] == table["zones"]
    table["state"] = np.select([table["zones"] == 0, none, every], ["no_data", "unreachable", "reached"], "partly")
    return table[list(COLUMNS)]


def nearest_minutes(minutes: pd.DataFrame, origins: pd.Series) -> pd.Series:
    """Return the fewest minutes of each origin over all destinations; infinite where none is within the limit.

    Parameters
    ----------
    minutes
        The MINUTES table (geo.tables), of one mode; of several percentiles the lowest counts.
    origins
        The ids of the origins.
    """
    fewest = minutes.groupby("origin_id")["minutes"].min()
    ids = origins.astype("string")
    return pd.Series(fewest.reindex(ids).fillna(np.inf).to_numpy("float64"), index=ids.to_numpy(dtype=object))


def nearest_in_areas(minutes: pd.DataFrame, origins: pd.DataFrame, level: str, limit_minutes: float) -> pd.DataFrame:
    """Return `nearest_by_area` for origins (`id`, `lon`, `lat`) put together by one of `geo.equity.areas.LEVELS`.

    Raises
    ------
    InputError
        There is no such level, or the ids don't tell it; `place` needs named places, and is not one here.
    """
    nowhere = pd.DataFrame({"name": [], "lon": [], "lat": []})
    if level in GEOID_DIGITS and level not in levels(origins["id"].astype(str), nowhere):
        raise InputError(
            f"The origins' ids don't tell their {level}: each must be the GEOID of a census block, block group or "
            "tract, which has 15, 12 or 11 digits; areas by grid need none."
        )
    area = area_ids(origins, level, nowhere)
    nearest = nearest_minutes(minutes, origins["id"])
    return nearest_by_area(nearest, pd.Series(area.to_numpy(dtype=object), index=nearest.index), limit_minutes)
